import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PermanentError, RetryLaterError } from '../ports/errors.ts';
import { databaseCode, storeError } from './embedded/store-errors.ts';

/** A lock that is held until it is let go, or the process ends. */
export interface HeldLock {
  release(): void;
}

/** SQLite's answers to a file that is no database, or a torn one: nobody can hold a lock on it. */
const NO_LOCK_FILE = new Set([11, 26]);

/**
 * Takes the lock that a file stands for; undefined when a living process, or this one, holds it. The lock is the operating
 * system's, so a killed owner leaves none behind. The file stays. Throws when the lock cannot be taken for another reason, a full
 * disk for one (NoRoomError).
 */
export function holdLock(path: string): HeldLock | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
    return { release: () => lock.close() };
  } catch (error) {
    lock.close();
    const reason = storeError(error);
    if (reason instanceof RetryLaterError) return undefined;
    throw NO_LOCK_FILE.has(databaseCode(error) ?? 0) ? unusable(path) : reason;
  }
}

function unusable(path: string): PermanentError {
  return new PermanentError(
    'lock-file',
    `锁文件 ${path} 内容损坏，不能使用；其中没有数据，请删除后重试 / the lock file ${path} is damaged and cannot be used; it holds no data: delete it and try again`,
  );
}
