import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Makes this process the one that works the queues of a data directory; undefined when another living one does. The lock
 * is the operating system's, so a killed owner leaves none behind.
 */
export function ownDataDir(dataDir: string): { release(): void } | undefined {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(dataDir, 'owner.lock'), { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
    return { release: () => lock.close() };
  } catch {
    lock.close();
    return undefined;
  }
}
