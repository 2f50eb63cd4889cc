import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureInWords } from '../../../infra/local/failure-words.ts';
import { NotFoundError, PermanentError } from '../../../shared/ports/errors.ts';

describe('failureInWords', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'failure-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function thrownBy(act: () => unknown): Promise<unknown> {
    try {
      return await act();
    } catch (error) {
      return error;
    }
  }

  it('says what the machine could not do, and where, without a stack', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const said = failureInWords(await thrownBy(() => mkdir(join(file, 'below'))));
    expect(said).toBe(`${file}/below：路径中有一段是文件而不是目录 / a part of the path is a file, not a folder (ENOTDIR)`);
  });

  it('says that a database is damaged, and what to do', async () => {
    const path = join(folder, 'damaged.db');
    const database = new DatabaseSync(path);
    database.exec('CREATE TABLE t (x)');
    const [{ page_size: size }] = database.prepare('PRAGMA page_size').all() as [{ page_size: number }];
    database.close();
    await writeFile(path, Buffer.alloc(2 * size, 7), { flag: 'r+' });
    const said = failureInWords(await thrownBy(() => new DatabaseSync(path).exec('SELECT * FROM t')));
    expect(said).toMatch(/数据库.*从备份恢复 \/ the database/);
    expect(said).not.toContain('at ');
  });

  it('says that the disk is full, and that what is written stays', () => {
    const full = Object.assign(new Error('database or disk is full'), { errcode: 13 });
    expect(failureInWords(full)).toMatch(/磁盘空间不足.*从中断处继续 \/ the disk is full/);
  });

  it('puts the sense in Chinese before words that come in English alone', () => {
    expect(failureInWords(new NotFoundError('no such case'))).toBe('没有这项内容，或不在权限范围内，请核对编号 / no such case');
    expect(failureInWords(new PermanentError('x', '已关账 / closed'))).toBe('已关账 / closed');
  });

  it('keeps the stack of what nobody foresaw, for those who mend it', () => {
    const said = failureInWords(new TypeError('x is not a function'));
    expect(said).toMatch(/^意外错误.*unexpected error/);
    expect(said).toContain('failure-words.test.ts');
  });
});
