import { makeEvent } from '../audit/make-event.ts';
import type { Clock } from '../ports/clock.ts';
import { RetryLaterError } from '../ports/errors.ts';
import { type Log, LogCode } from '../ports/log.ts';
import type { StandingChange, StandingStore } from '../ports/standing-store.ts';
import { baselineOf } from '../warnings/decide-warning.ts';
import type { Standing } from '../warnings/warning.ts';
import type { Case } from './case.ts';
import { isSame } from './open-case.ts';

export interface HandlingDeps {
  readonly standings: Pick<StandingStore, 'load' | 'save'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly pause: (attempt: number) => Promise<void>;
}

const TRIES = 6;

/**
 * Marks the open warnings of a closed case as handled, with what was on the table as their baseline, so that only news
 * brings the household up again. Safe to repeat. A warning that has changed since the case last heard of it stays open: its
 * message is still to come and opens the next case, so that nothing nobody looked at is taken for handled.
 */
export async function handleWarnings(deps: HandlingDeps, closed: Case): Promise<void> {
  if (closed.stage !== 'closed' || closed.warnings.length === 0) return;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const standings = (await deps.standings.load([closed.household])).get(closed.household) ?? [];
    const changes = standings.flatMap((standing) => handled(closed, standing, deps));
    if (changes.length === 0 || (await deps.standings.save(changes)).length === 0) return;
    deps.log.warn(LogCode.WriteConflict, { case: closed.id, attempt });
    await deps.pause(attempt);
  }
  throw new RetryLaterError('the warnings of the case kept changing while they were marked as handled');
}

function handled(closed: Case, standing: Standing, { clock }: HandlingDeps): StandingChange[] {
  const { warning } = standing;
  if (warning?.status !== 'open' || !closed.warnings.includes(warning.id)) return [];
  const seen = closed.increments.findLast((one) => one.warning === warning.id);
  if (seen === undefined || !isSame(seen, warning)) return [];
  const at = clock.now();
  const next: Standing = {
    ...standing,
    version: standing.version + 1,
    warning: { ...warning, status: 'handled', changedAt: at },
    handled: baselineOf(warning, at),
  };
  const subject = { case: closed.id, household: closed.household, warning: warning.id };
  const data = { area: standing.area, family: standing.family, outcome: closed.outcome?.code ?? null };
  return [{ standing: next, events: [makeEvent('warning.handled', at, subject, data, String(next.version))], messages: [] }];
}
