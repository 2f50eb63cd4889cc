import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdLock } from '../../../shared/adapters/held-lock.ts';
import { openScratchFolder } from '../../../shared/adapters/scratch-folder.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'aidwatch-scratch-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

/** What a process that was killed leaves: its folder, and a lock nobody holds. */
function abandoned(name: string): string {
  const path = join(parent, name);
  mkdirSync(path);
  writeFileSync(join(path, 'rows'), 'half a table');
  writeFileSync(`${path}.lock`, '');
  return path;
}

describe('a scratch folder', () => {
  it('is made with its parent, and leaves nothing behind', () => {
    const { path, close } = openScratchFolder(join(parent, 'not', 'yet'));
    writeFileSync(join(path, 'rows'), 'a table');
    close();
    expect(readdirSync(join(parent, 'not', 'yet'))).toEqual([]);
  });

  it('stays while it is used, whoever else opens one', () => {
    const [one, other] = [openScratchFolder(parent), openScratchFolder(parent)];
    expect(one.path).not.toBe(other.path);
    expect([one.path, other.path].every((path) => existsSync(path))).toBe(true);
    one.close();
    expect(existsSync(other.path)).toBe(true);
    other.close();
  });

  it('removes those of work that was killed', () => {
    const left = abandoned('run-1');
    openScratchFolder(parent).close();
    expect(existsSync(left)).toBe(false);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('removes nothing that is locked, and nothing that is not its own', () => {
    const used = abandoned('run-1');
    const lock = holdLock(`${used}.lock`);
    const foreign = abandoned('keep-me');
    mkdirSync(join(parent, 'run-without-lock'));
    openScratchFolder(parent).close();
    expect(existsSync(used)).toBe(true);
    expect(existsSync(foreign)).toBe(true);
    expect(existsSync(join(parent, 'run-without-lock'))).toBe(true);
    lock?.release();
  });
});
