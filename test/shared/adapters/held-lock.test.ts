import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdLock } from '../../../shared/adapters/held-lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aidwatch-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a lock', () => {
  it('is held by one at a time, and free again once it is let go', () => {
    const path = join(folder, 'owner.lock');
    const held = holdLock(path);
    expect(held).toBeDefined();
    expect(holdLock(path)).toBeUndefined();
    held?.release();
    expect(holdLock(path)).toBeDefined();
  });

  it('that cannot be taken for another reason is not said to be held: whoever waited for the holder would wait for ever', () => {
    const path = join(folder, 'owner.lock');
    // What a power cut may make of an empty file.
    writeFileSync(path, Buffer.alloc(4096, 7));
    expect(() => holdLock(path)).toThrow(/owner\.lock.*删除.*delete it/);
  });
});
