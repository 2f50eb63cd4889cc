import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesToDrop } from '../../../infra/local/drop-files.ts';

const PLACE = 'medical-insurance/inpatient-settlement/2024-03';

describe('filesToDrop', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drop-'));
    const sent = [`${PLACE}/住院 结算 #1.csv`, `${PLACE}/扫描件.pdf`];
    const strays = ['.DS_Store', `${PLACE}/.DS_Store`, `${PLACE}/~$名册.xlsx`, `${PLACE}/Thumbs.db`, `${PLACE}/desktop.ini`];
    const halves = [`${PLACE}/a.csv.tmp`, `${PLACE}/b.csv.part`, '.git/a/b/c/d.csv', `__MACOSX/${PLACE}/住院.csv`];
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
