import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, makeOutFolder } from '../../../infra/local/make-folder.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aidwatch-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('making a folder', () => {
  it('makes those above it too, with the mode asked for, and is content with one that is there', () => {
    const folder = join(root, 'a', 'b', 'c');
    makeFolder(folder, 0o700);
    makeFolder(folder, 0o700);
    expect(statSync(join(root, 'a')).mode & 0o777).toBe(0o700);
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  it('says so when a part of the path is a file', () => {
    writeFileSync(join(root, 'file'), '');
    expect(() => makeFolder(join(root, 'file', 'x'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
    expect(() => makeOutFolder(join(root, 'file'))).toThrow(/^--out .*：不能建立此目录 \(ENOTDIR\)/);
  });

  it.skipIf(!existsSync('/proc/self'))('ends where a file system makes no folders', () => {
    expect(() => makeOutFolder('/proc/x/y')).toThrow(/^--out \/proc\/x\/y：不能建立此目录 \(ENOENT\)/);
  });
});
