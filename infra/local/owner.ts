import { join } from 'node:path';
import { type HeldLock, holdLock } from '../../shared/adapters/held-lock.ts';

/** Makes this process the one that works the queues of a data directory; undefined when another living one does. */
export function ownDataDir(dataDir: string): HeldLock | undefined {
  return holdLock(join(dataDir, 'owner.lock'));
}
