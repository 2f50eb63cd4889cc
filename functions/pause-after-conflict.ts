import { setTimeout as wait } from 'node:timers/promises';

const SHORTEST_MS = 100;
/** Whoever tries twenty times still answers within the time of an invocation. */
const LONGEST_MS = 3_200;

/** How long to wait before the try after this one, ms: a part, by chance, of what doubles with each try up to a limit. */
export function conflictPause(attempt: number, chance: number): number {
  return chance * Math.min(LONGEST_MS, SHORTEST_MS * 2 ** (attempt - 1));
}

/** Waits before another try after a write conflict. By chance, so that two writers that met once do not meet again. */
export function pauseAfterConflict(attempt: number): Promise<void> {
  return wait(conflictPause(attempt, Math.random()));
}
