import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadOrCreateKeys } from '../../../../shared/adapters/embedded/key-file.ts';
import { withFolder } from './data-folder.ts';

describe('the key file', () => {
  it('is made on first use, for its owner only, with three different keys of 32 bytes, and read again later', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'data', 'keys.json');
      const keys = loadOrCreateKeys(path);
      const all = [keys.pseudonymKey, keys.dataKeys.keyOf(1) ?? new Uint8Array(), keys.tokenSecret];
      expect(all.map((key) => key.length)).toEqual([32, 32, 32]);
      expect(new Set(all.map((key) => Buffer.from(key).toString('hex'))).size).toBe(3);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(readdirSync(join(folder, 'data'))).toEqual(['keys.json']);
      const again = loadOrCreateKeys(path);
      expect([again.pseudonymKey, again.dataKeys.keyOf(1), again.tokenSecret]).toEqual(all);
    }));

  it.each([0o640, 0o604, 0o660, 0o644])('is refused with mode %o, saying what to do in both languages', (mode) =>
    withFolder(async (folder) => {
      const path = join(folder, 'keys.json');
      loadOrCreateKeys(path);
      chmodSync(path, mode);
      expect(() => loadOrCreateKeys(path)).toThrow(new RegExp(`权限为 ${mode.toString(8)}.*chmod 600.*mode ${mode.toString(8)}`));
    }),
  );

  it.each(['', '{', '{}', '{"v":1,"pseudonymKey":"c2hvcnQ=","dataKey":"c2hvcnQ=","tokenSecret":"c2hvcnQ="}'])(
    'is neither used nor replaced when it holds %j',
    (content) =>
      withFolder(async (folder) => {
        const path = join(folder, 'keys.json');
        writeFileSync(path, content, { mode: 0o600 });
        expect(() => loadOrCreateKeys(path)).toThrow(/不要删除.*do not delete/);
        expect(readFileSync(path, 'utf8')).toBe(content);
      }),
  );

  it('shows no key in the message about a damaged file', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'keys.json');
      const secret = Buffer.alloc(32, 7).toString('base64');
      writeFileSync(path, JSON.stringify({ v: 1, pseudonymKey: secret, dataKey: secret }), { mode: 0o600 });
      expect(() => loadOrCreateKeys(path)).toThrow(expect.not.objectContaining({ message: expect.stringContaining(secret) }));
    }));
});
