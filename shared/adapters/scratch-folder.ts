import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { holdLock } from './held-lock.ts';

/** A folder for the files of one piece of work, gone when it ends. */
export interface ScratchFolder {
  readonly path: string;
  close(): void;
}

const LOCK = '.lock';

/**
 * Makes a folder of its own for a piece of work, below `parent`, and first removes what work that was killed has left there. A
 * piece of work holds the lock beside its folder as long as it lives, so nothing that is in use is removed, whichever
 * process or container uses it.
 */
export function openScratchFolder(parent: string): ScratchFolder {
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  clearAbandoned(parent);
  for (;;) {
    const path = join(parent, `run-${randomUUID()}`);
    const lock = holdLock(path + LOCK);
    // Whoever cleared up between the making of the file and its locking took it for abandoned.
    if (lock === undefined) continue;
    if (!existsSync(path + LOCK)) {
      lock.release();
      continue;
    }
    mkdirSync(path, { mode: 0o700 });
    const close = () => {
      remove(path);
      lock.release();
    };
    return { path, close };
  }
}

function clearAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith('run-') || !name.endsWith(LOCK)) continue;
    const path = join(parent, name.slice(0, -LOCK.length));
    const lock = holdLock(path + LOCK);
    if (lock === undefined) continue;
    remove(path);
    lock.release();
  }
}

/** The folder first: what lies there without a lock would never be found again. */
function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
  rmSync(path + LOCK, { force: true });
}
