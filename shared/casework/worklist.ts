import type { Instant } from '../calendar/plain-date.ts';
import { type Case, hasEnded, type Light, type UserId } from './case.ts';
import { higherLight, isRunning } from './clocks.ts';

/** Sorts after every time there is: no clock runs. */
export const NEVER = '9999-12-31T23:59:59.999Z' as Instant;

/** What worklists filter and sort by, taken from the case and nothing else. */
export interface WorklistPlace {
  readonly open: boolean;
  readonly rank: number;
  /** The nearest red light of its running clocks; of a closed case whose run has not ended, when it was closed. */
  readonly dueAt: Instant;
  /** The strongest light of its running clocks. */
  readonly light: Light;
  readonly assignee?: UserId;
  /** Departments with a referral that was sent and has not ended. */
  readonly departments: readonly string[];
}

/** Where a case stands in the worklists. */
export function placeOf({ stage, grade, clocks, assignment, referrals, outcome, workflow }: Case): WorklistPlace {
  const running = stage === 'closed' ? [] : clocks.filter(isRunning);
  const open = referrals.filter((one) => one.status !== 'to-send' && !hasEnded(one));
  return {
    open: stage !== 'closed',
    rank: grade.rank,
    dueAt: running.reduce(
      (first, { redAt }) => (redAt < first ? redAt : first),
      workflow.ending === true && outcome !== undefined ? outcome.at : NEVER,
    ),
    light: running.reduce<Light>((strongest, { light }) => higherLight(strongest, light), 'green'),
    ...(stage === 'closed' || assignment?.user === undefined ? {} : { assignee: assignment.user }),
    departments: stage === 'closed' ? [] : [...new Set(open.map(({ department }) => department))].sort(),
  };
}

/** The ordinal of a case among those of its household, from its id. */
export function ordinalOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('-') + 1));
}
