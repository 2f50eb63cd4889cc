import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadParameters } from '../../infra/local/parameters.ts';
import { readParametersFile, withParameters } from '../../infra/parameters-file.ts';
import { stageOf } from '../../infra/stages.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aidwatch-parameters-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What reading says of a file with this text. */
function said(text: string, read: (path: string) => unknown): string {
  const path = join(folder, 'parameters.json');
  writeFileSync(path, text);
  try {
    read(path);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
}

describe('a file of parameters for a deployment', () => {
  it('goes with the stage, wherever the functions are bundled from', () => {
    const path = join(folder, 'good.json');
    writeFileSync(path, '{}');
    const { parameters = '', ...stage } = withParameters(stageOf('test'), relative(process.cwd(), path));
    expect(stage).toEqual(stageOf('test'));
    expect([parameters, isAbsolute(parameters)]).toEqual([path, true]);
  });

  it.each([
    ['no JSON', '{"limits": [', '不是有效的 JSON / not valid JSON'],
    ['a misspelt list', '{"limit": []}', 'limit'],
    ['an area that is none', '{"days": [{"area": "4", "date": "2026-01-01", "working": true}]}', 'days.0.area'],
  ])('with %s is refused when it is deployed, in the words of the embedded host', (_, text, expected) => {
    const words = said(text, (path) => withParameters(stageOf('prod'), path));
    expect(words).toContain(expected);
    expect(words).toBe(said(text, () => loadParameters(folder)));
  });

  it('may begin with the mark that some editors put before UTF-8', () => {
    expect(said('\ufeff{}', readParametersFile)).toBe('');
  });

  it('saved in another encoding is refused, for the documents it names would be kept garbled', () => {
    const path = join(folder, 'gbk.json');
    writeFileSync(path, Buffer.concat([Buffer.from('{"limits":[{"basis":"'), Buffer.from([0xb1, 0xea, 0xd7, 0xbc])]));
    expect(() => readParametersFile(path)).toThrow('不是 UTF-8 编码，请另存为 UTF-8 / not in UTF-8: save it as UTF-8');
  });

  it('that is not there is said not to be there', () => {
    expect(() => readParametersFile(join(folder, 'none.json'))).toThrow('没有此文件或不能读取 / no such file, or not readable');
  });
});
