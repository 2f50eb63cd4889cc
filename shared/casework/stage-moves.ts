import { SYSTEM } from '../audit/make-event.ts';
import type { Instant, PlainDate } from '../calendar/plain-date.ts';
import { type Assignment, type Case, type CaseClock, type ClockStep, hasEnded, type Stage, type UserId } from './case.ts';
import type { CaseRules } from './case-rules.ts';
import { stopClock } from './clocks.ts';
import type { OutcomeCode } from './codes.ts';

/** The clock each stage runs on. Referrals have clocks of their own; `opened` lasts until the workflow has begun. */
const CLOCK_OF_STAGE: Partial<Readonly<Record<Stage, ClockStep>>> = {
  'desk-check': 'desk-check',
  visit: 'visit',
  review: 'review',
  conference: 'conference',
  papers: 'papers',
  'follow-up': 'follow-up',
};

/** Who moves the case, and when. */
export interface Mover {
  readonly now: Instant;
  readonly rules: CaseRules;
}

/** The clock a stage's wait runs on, or a referral's; undefined when none runs. */
export function runningClock(found: Case, referral?: string): CaseClock | undefined {
  const step = CLOCK_OF_STAGE[found.stage];
  return found.clocks.findLast(
    (clock) => clock.stoppedAt === undefined && clock.referral === referral && (referral !== undefined || clock.step === step),
  );
}

/**
 * Moves a case to a stage other than closed: clocks of the stage left stop, the new stage's begins, and the case goes to
 * those whose work the stage is. `until` (follow-up): looked at again after that day.
 */
export function moveTo(found: Case, stage: Exclude<Stage, 'closed'>, { now, rules }: Mover, until?: PlainDate): Case {
  const clocks = stopWhere(found.clocks, now, (clock) => clock.referral === undefined);
  const step = CLOCK_OF_STAGE[stage];
  const started = step === undefined ? [] : [rules.clocks.start(step, found, now, until === undefined ? {} : { until })];
  return handedOver({ ...found, stage, clocks: [...clocks, ...started] }, now);
}

/** Closes a case: every clock stops and referrals not ended are recalled, so that no department works on in vain. */
export function closeCase(found: Case, outcome: OutcomeCode, by: UserId, now: Instant, note?: string): Case {
  return {
    ...found,
    stage: 'closed',
    clocks: stopWhere(found.clocks, now, () => true),
    referrals: found.referrals.map((referral) =>
      hasEnded(referral) ? referral : { ...referral, status: 'recalled', recall: { code: 'solved-otherwise', at: now, by } },
    ),
    outcome: { code: outcome, at: now, by, ...(note === undefined ? undefined : { note }) },
    workflow: { ...found.workflow, ending: true },
  };
}

/** Another run follows the case from here, with the definition of today; the run before is told to end. */
export function restartRun(found: Case, { rules }: Mover): Case {
  return { ...found, workflow: { ...found.workflow, definition: rules.definition, run: found.workflow.run + 1 } };
}

/** Stops the running clocks that match. */
export function stopWhere(
  clocks: readonly CaseClock[],
  now: Instant,
  which: (clock: CaseClock) => boolean,
): readonly CaseClock[] {
  return clocks.map((clock) => (which(clock) ? stopClock(clock, now) : clock));
}

/** Where help goes on: to the departments while one has not ended, else to the follow-up. */
export function afterHelp(found: Case, mover: Mover): Case {
  const stage = found.referrals.every(hasEnded) ? 'follow-up' : 'referral';
  return stage === found.stage ? found : moveTo(found, stage, mover);
}

/** A village's work ends with the visit, the township's where the county confers: then the case waits in their pool. */
function handedOver(found: Case, now: Instant): Case {
  const level = levelOf(found.stage, found.assignment?.level);
  if (level === found.assignment?.level || level === undefined) return found;
  return { ...found, assignment: poolOf(found.area, level, now) };
}

function levelOf(stage: Stage, now: Assignment['level'] | undefined): Assignment['level'] | undefined {
  if (stage === 'conference') return 'county';
  if (stage === 'review') return now === 'county' ? 'county' : 'township';
  if (stage === 'papers' || stage === 'referral' || stage === 'follow-up') return 'township';
  return now;
}

/** The pool of the township or county an area lies in (GB/T 2260: 6 digits county, 9 township). */
export function poolOf(area: string, level: Assignment['level'], at: Instant, by: UserId = SYSTEM): Assignment {
  return { level, area: area.slice(0, level === 'county' ? 6 : level === 'township' ? 9 : 12), at, by };
}
