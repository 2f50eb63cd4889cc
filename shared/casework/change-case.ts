import type { CaseChange, CaseStore } from '../ports/case-store.ts';
import { NotFoundError, RetryLaterError } from '../ports/errors.ts';
import { type Log, LogCode } from '../ports/log.ts';
import type { Case, CaseId } from './case.ts';

/** What changing a case needs. */
export interface ChangeDeps {
  readonly cases: CaseStore;
  readonly log: Log;
  /** Waits before another try after a write conflict. */
  readonly pause: (attempt: number) => Promise<void>;
}

/** Writers of one case are a person, its run and its warnings: they meet, but not often. */
const TRIES = 6;

/**
 * Reads a case, works out a change and saves it; computed again when somebody else was faster. Answers with what `work` made
 * of the case that was saved. RetryLaterError when the case kept changing, NotFoundError when there is none.
 */
export async function changeCase<Made extends { readonly change?: CaseChange | undefined }>(
  deps: ChangeDeps,
  id: CaseId,
  work: (found: Case) => Made | Promise<Made>,
): Promise<Made> {
  return withRetries(deps, id, async () => {
    const found = await deps.cases.get(id);
    if (found === undefined) throw new NotFoundError('no such case');
    return work(found);
  });
}

/** `changeCase` for work that finds the case itself, or makes one. */
export async function withRetries<Made extends { readonly change?: CaseChange | undefined }>(
  deps: ChangeDeps,
  about: string,
  work: () => Promise<Made>,
): Promise<Made> {
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const made = await work();
    if (made.change === undefined || (await deps.cases.save([made.change])).length === 0) return made;
    deps.log.warn(LogCode.WriteConflict, { case: about, attempt });
    await deps.pause(attempt);
  }
  throw new RetryLaterError('the case kept changing while it was worked on');
}
