import { RetryLaterError } from '../ports/errors.ts';

/** Who writes the same record at once: everybody who asks for one report, and whoever makes it. */
const TRIES = 20;

/**
 * Tries until something is saved that others may change at the same time: `attempt` reads it as it is now, and answers undefined
 * when somebody was quicker. Throws RetryLaterError when somebody always was.
 */
export async function againstOthers<Saved>(
  what: string,
  pause: (attempt: number) => Promise<void>,
  attempt: () => Promise<Saved | undefined>,
): Promise<Saved> {
  for (let count = 1; count <= TRIES; count += 1) {
    const saved = await attempt();
    if (saved !== undefined) return saved;
    await pause(count);
  }
  throw new RetryLaterError(`${what} kept being changed by others`);
}
