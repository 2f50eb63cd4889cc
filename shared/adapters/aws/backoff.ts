import { setTimeout as pause } from 'node:timers/promises';
import { RetryLaterError } from '../../ports/errors.ts';

/** How batch calls wait before they send again what came back undone. Injected in tests. */
export interface Backoff {
  /** From 0 up to but not including 1. */
  random(): number;
  sleep(ms: number): Promise<void>;
}

const BASE_MS = 50;
const LONGEST_MS = 5_000;
const ATTEMPTS = 10;

/** Real time and chance. */
export const realBackoff: Backoff = {
  random: Math.random,
  sleep: async (ms) => {
    await pause(ms);
  },
};

/**
 * Sends `items` until `send` gives none back: exponential backoff with full jitter between the rounds. Throws
 * RetryLaterError when some are still undone after ten rounds; the caller's message is then delivered again.
 */
export async function sendUntilDone<T>(
  operation: string,
  backoff: Backoff,
  items: readonly T[],
  send: (items: readonly T[]) => Promise<readonly T[]>,
): Promise<void> {
  let left = items;
  for (let attempt = 0; left.length > 0; attempt += 1) {
    if (attempt === ATTEMPTS) {
      throw new RetryLaterError(
        `${operation}：重试 ${ATTEMPTS} 次后仍有 ${left.length} 项未完成，将自动重试。 / ${operation}: ${left.length} items still undone after ${ATTEMPTS} rounds; it will be tried again.`,
        { busy: true },
      );
    }
    if (attempt > 0) await backoff.sleep(backoff.random() * Math.min(LONGEST_MS, BASE_MS * 2 ** attempt));
    left = await send(left);
  }
}
