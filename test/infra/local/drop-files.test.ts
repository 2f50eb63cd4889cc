import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesToDrop, isReadable } from '../../../infra/local/drop-files.ts';

const PLACE = 'medical-insurance/inpatient-settlement/2024-03';

describe('filesToDrop', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drop-'));
    const sent = [`${PLACE}/住院 结算 #1.csv`, `${PLACE}/扫描件.pdf`];
    const strays = ['.DS_Store', `${PLACE}/.DS_Store`, `${PLACE}/~$名册.xlsx`, `${PLACE}/Thumbs.db`, `${PLACE}/desktop.ini`];
    const halves = [
      `${PLACE}/a.csv.tmp`,
      `${PLACE}/b.csv.part`,
      `${PLACE}/c.csv.filepart`,
      '.git/a/b/c/d.csv',
      `__MACOSX/${PLACE}/住院.csv`,
    ];
    for (const name of [...sent, ...strays, ...halves]) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), 'x');
    }
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('finds what departments sent, also of a kind that is refused, and passes over what editors and systems leave', async () => {
    const files = await filesToDrop([folder]);
    expect(files.map(({ path }) => path)).toEqual([`${PLACE}/住院 结算 #1.csv`, `${PLACE}/扫描件.pdf`]);
  });

  it('takes a file somebody names, whatever its name', async () => {
    const files = await filesToDrop([join(folder, PLACE, '~$名册.xlsx')]);
    expect(files.map(({ path }) => path)).toEqual([`${PLACE}/~$名册.xlsx`]);
  });
});

describe('a folder that may not be looked into', () => {
  it('is answered by its path, and its neighbours are found', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'drop-'));
    const shut = join(folder, 'medical-insurance/inpatient-settlement/2024-02');
    await mkdir(join(folder, PLACE), { recursive: true });
    await writeFile(join(folder, PLACE, 'a.csv'), 'x');
    await mkdir(shut);
    await chmod(folder, 0o755);
    await chmod(shut, 0o000);
    // The system's administrator may look into every folder.
    const administrator = process.geteuid?.() === 0;
    if (administrator) process.seteuid?.(65534);
    try {
      const files = await filesToDrop([folder]);
      expect(files.map(({ path }) => path)).toEqual(['medical-insurance/inpatient-settlement/2024-02', `${PLACE}/a.csv`]);
      expect(await isReadable(files[0]?.source ?? '')).toBe(false);
    } finally {
      if (administrator) process.seteuid?.(0);
      await chmod(shut, 0o755);
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('what is to be taken in', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drop-'));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is a file, or a link to one', async () => {
    await writeFile(join(folder, 'a.csv'), 'x');
    await symlink(join(folder, 'a.csv'), join(folder, 'b.csv'));
    expect([await isReadable(join(folder, 'a.csv')), await isReadable(join(folder, 'b.csv'))]).toEqual([true, true]);
  });

  it('is no device that would fill the disk, no pipe that waits for ever, and no link to nothing', async () => {
    await symlink('/dev/zero', join(folder, 'zero.csv'));
    await symlink(join(folder, 'gone.csv'), join(folder, 'broken.csv'));
    execFileSync('/usr/bin/env', ['mkfifo', join(folder, 'pipe.csv')]);
    for (const name of ['zero.csv', 'broken.csv', 'pipe.csv']) expect(await isReadable(join(folder, name)), name).toBe(false);
  });
});
