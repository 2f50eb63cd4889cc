import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A lock that is held until it is let go, or the process ends. */
export interface HeldLock {
  release(): void;
}

/**
 * Takes the lock that a file stands for; undefined when a living process, or this one, holds it. The lock is the operating
 * system's, so a killed owner leaves none behind. The file stays.
 */
export function holdLock(path: string): HeldLock | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
    return { release: () => lock.close() };
  } catch {
    lock.close();
    return undefined;
  }
}
