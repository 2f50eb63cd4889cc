import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSettings, type Settings } from '../../../infra/local/settings.ts';
import { withFolder } from '../../shared/adapters/embedded/data-folder.ts';

const SETTINGS = JSON.stringify({ areaPacks: [{ prefix: '', packs: ['henan-low-income'] }] });

/** Reads settings that hold these bytes. */
async function read(content: string | Buffer): Promise<Settings | undefined> {
  let settings: Settings | undefined;
  await withFolder(async (folder) => {
    writeFileSync(join(folder, 'settings.json'), content);
    settings = loadSettings(folder);
  });
  return settings;
}

describe('settings that somebody wrote', () => {
  it('may begin with the mark that some editors put before UTF-8', async () => {
    expect(await read(`\ufeff${SETTINGS}`)).toEqual(JSON.parse(SETTINGS));
  });

  it.each([
    ['no JSON', '{', '不是有效的 JSON / not valid JSON'],
    ['another encoding', Buffer.from([0x7b, 0xb1, 0xea]), '不是 UTF-8 编码，请另存为 UTF-8 / not in UTF-8'],
    ['no list', '{"areaPacks": {}}', 'areaPacks'],
  ])('with %s are refused, and it is said why', async (_, content, expected) => {
    await expect(read(content)).rejects.toThrow(expected);
  });
});
