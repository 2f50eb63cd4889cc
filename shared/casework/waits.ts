import type { Instant } from '../calendar/plain-date.ts';
import type { WakeRun } from '../ports/case-messages.ts';
import type { OutboxMessage } from '../ports/outbox.ts';
import { type Case, hasEnded } from './case.ts';
import type { RunningClocks } from './clock-rules.ts';
import { nextTurn } from './clocks.ts';
import { runningClock } from './stage-moves.ts';
import type { StepAnswer, WaitName } from './step.ts';

/** Days after which a wait whose clock is paused, or that has none, is looked at again. */
const IDLE_DAYS = 7;

/** Under which name a wait's token is kept: `visit`, `referral:R1`. */
export function waitKey(wait: WaitName, referral?: string): string {
  return referral === undefined ? wait : `${wait}:${referral}`;
}

/** Whether the case still waits for this. */
export function isAwaited(found: Case, wait: WaitName, referral?: string): boolean {
  if (found.stage !== wait) return false;
  return wait !== 'referral' || found.referrals.some((one) => one.id === referral && !hasEnded(one));
}

/** A wait as the definition names it. */
export interface NamedWait {
  readonly wait: WaitName;
  readonly referral?: string;
}

/** A step that fails is tried again for the better part of an hour (workflow-definition.ts): only then its wait has been slept through. */
const OVERSLEPT_MS = 3_600_000;

/**
 * Waits that the engine should have ended long ago: their light came on more than an hour before `now` and nobody was told.
 * Its timer is lost, or it stood still.
 */
export function oversleptWaits(found: Case, now: Instant): readonly NamedWait[] {
  const waits: readonly NamedWait[] =
    found.stage === 'referral'
      ? found.referrals.map(({ id }) => ({ wait: 'referral', referral: id }))
      : found.stage === 'opened' || found.stage === 'closed'
        ? []
        : [{ wait: found.stage }];
  return waits.filter(({ wait, referral }) => {
    const clock = isAwaited(found, wait, referral) ? runningClock(found, referral) : undefined;
    const turn = clock === undefined || clock.paused !== undefined ? undefined : nextTurn(clock, now);
    return turn !== undefined && Date.parse(turn.at) < Date.parse(now) - OVERSLEPT_MS;
  });
}

/** What the workflow goes on with, for the run and the branch that ask. A run that was replaced is told to end. */
export function answerOf(
  found: Case,
  now: Instant,
  clocks: RunningClocks,
  asking: { readonly run: number; readonly referral?: string },
): StepAnswer {
  if (asking.run < found.workflow.run) return { stage: 'closed', referrals: [], seconds: 1, goesOn: false };
  const { referral } = asking;
  return {
    stage: found.stage,
    referrals:
      found.stage === 'referral' ? found.referrals.filter((one) => !hasEnded(one)).map(({ id }) => ({ referral: id })) : [],
    seconds: secondsToTurn(found, now, clocks, referral),
    goesOn: referral !== undefined && isAwaited(found, 'referral', referral),
  };
}

function secondsToTurn(found: Case, now: Instant, clocks: RunningClocks, referral: string | undefined): number {
  const clock = runningClock(found, referral);
  if (clock === undefined || clock.paused !== undefined) return IDLE_DAYS * 86_400;
  return Math.max(1, Math.ceil((Date.parse(clocks.nextTurn(clock, now)) - Date.parse(now)) / 1_000));
}

/**
 * Lets go of the waits a change has answered, with a message that wakes each: the case moved on, another run took over, or
 * the wait's clock is not the one it counts by any more.
 */
export function settleWaits(
  before: Case,
  after: Case,
): { readonly waits: Case['waits']; readonly messages: readonly OutboxMessage[] } {
  const waits: Record<string, string> = {};
  const messages: OutboxMessage[] = [];
  for (const [key, token] of Object.entries(before.waits)) {
    const [wait, referral] = partsOf(key);
    const sameRun = after.workflow.run === before.workflow.run;
    if (sameRun && isAwaited(after, wait, referral) && times(before, referral) === times(after, referral)) waits[key] = token;
    else messages.push(wakeMessage(before, token, referral));
  }
  return { waits, messages };
}

function partsOf(key: string): [WaitName, string | undefined] {
  const colon = key.indexOf(':');
  // Keys are made by `waitKey` alone.
  return colon === -1 ? [key as WaitName, undefined] : [key.slice(0, colon) as WaitName, key.slice(colon + 1)];
}

function times(found: Case, referral: string | undefined): string {
  const clock = runningClock(found, referral);
  return `${clock?.startedAt} ${clock?.step} ${clock?.yellowAt} ${clock?.redAt} ${clock?.countyAt} ${clock?.paused?.at}`;
}

function wakeMessage(found: Case, token: string, referral: string | undefined): OutboxMessage {
  const message: WakeRun = {
    v: 1,
    kind: 'wake-run',
    case: found.id,
    run: found.workflow.run,
    ...(referral === undefined ? undefined : { referral }),
    token,
  };
  return { queue: 'cases', message: { body: JSON.stringify(message) } };
}
