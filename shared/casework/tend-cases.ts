import { SYSTEM } from '../audit/make-event.ts';
import type { TendCases } from '../ports/case-messages.ts';
import type { CaseChange } from '../ports/case-store.ts';
import type { CaseWorkflow } from '../ports/case-workflow.ts';
import { RetryLaterError } from '../ports/errors.ts';
import { LogCode } from '../ports/log.ts';
import type { QueueSender } from '../ports/queue.ts';
import { type Case, type CaseClock, stages } from './case.ts';
import { changeCase } from './change-case.ts';
import { runStep, type StepDeps } from './run-step.ts';
import { settle } from './settle.ts';
import type { Mover } from './stage-moves.ts';
import { anotherRun } from './steps.ts';
import { type FileAnswerDeps, takeFileAnswers } from './take-file-answers.ts';
import { answerOf, type NamedWait, oversleptWaits, waitKey } from './waits.ts';

/** What tending cases needs. */
export interface TendDeps extends FileAnswerDeps, StepDeps {
  readonly workflow: Pick<CaseWorkflow, 'alive' | 'wake'>;
  readonly queue: QueueSender;
}

/** Cases looked after for one message. */
const PAGE = 200;
const OPEN = stages.filter((stage) => stage !== 'closed');
/** A run that ends with its case takes moments; one that has not in an hour will not. */
const ENDING_MS = 3_600_000;

/**
 * Looks after a page of cases, and sends for the next page: first all that are open, then the closed ones whose run has not
 * ended. Safe to repeat, by two at once. Answers the cases that could not be looked after, each with the name of its error: one of
 * them must not keep all those behind it waiting. Throws RetryLaterError, which may pass.
 *
 * - Answers that departments gave by file find their referrals.
 * - A case whose run is not under way gets another: the one before failed, was never started, or is so old that the engine
 *   would soon end it.
 * - A wait that was slept through is woken, or when its token leads nowhere the case gets another run; what its time would
 *   have brought (a light, the look after help) is done here and now.
 * - Clocks are planned again by the calendar as it is now known.
 */
export async function tendCases(
  deps: TendDeps,
  { closed, after }: Pick<TendCases, 'closed' | 'after'>,
): Promise<readonly string[]> {
  const { cases, next } = await deps.cases.list({
    areas: [''],
    stages: closed ? ['closed'] : OPEN,
    order: 'due',
    limit: PAGE,
    ...(after === undefined ? {} : { after }),
  });
  // Closed cases whose run is ending are listed first; all others, by far the most, after them.
  const tended = closed ? cases.filter(({ workflow }) => workflow.ending === true) : cases;
  let changed = 0;
  const failed: string[] = [];
  for (const found of tended) {
    try {
      if (await (closed ? endLost(deps, found) : tend(deps, found))) changed += 1;
    } catch (error) {
      if (error instanceof RetryLaterError) throw error;
      failed.push(`${found.id} (${error instanceof Error ? error.name : 'unknown'})`);
    }
  }
  deps.log.info(LogCode.CasesTended, { cases: tended.length, changed });
  const more = next !== undefined && (!closed || tended.length === cases.length);
  if (more) await sendFor(deps, { ...(closed && { closed }), after: next });
  else if (!closed) await sendFor(deps, { closed: true });
  return failed;
}

async function sendFor({ queue }: TendDeps, page: Pick<TendCases, 'closed' | 'after'>): Promise<void> {
  const message: TendCases = { v: 1, kind: 'tend-cases', ...page };
  await queue.send('cases', [{ body: JSON.stringify(message) }]);
}

async function tend(deps: TendDeps, listed: Case): Promise<boolean> {
  const answers = await takeFileAnswers(deps, listed);
  const { run } = listed.workflow;
  const mover: Mover = { now: deps.clock.now(), rules: deps.rules };
  const overslept = oversleptWaits(listed, mover.now);
  const follows = (await deps.workflow.alive({ case: listed.id, run })) && (await areWoken(deps, listed, overslept));
  if (follows && overslept.length === 0 && replanned(listed, mover) === listed.clocks) return answers > 0;
  const made = await changeCase(deps, listed.id, (found) => {
    // Somebody gave it another run or closed it meanwhile.
    const lost = !follows && found.workflow.run === run && found.stage !== 'closed';
    return { found, change: lost ? anotherRun(found, mover) : plannedAnew(found, mover) };
  });
  const after = made.change?.case ?? made.found;
  for (const wait of overslept) {
    const step = wait.wait === 'follow-up' ? 'follow-up' : 'raise-light';
    await runStep(deps, { case: after.id, run: after.workflow.run, step, ...wait });
  }
  return made.change !== undefined || overslept.length > 0 || answers > 0;
}

/**
 * Wakes waits, before what their time brings is done: killed in between, the next tending finds them again. False when one
 * cannot be woken: nothing waits there any more.
 */
async function areWoken({ workflow, clock, rules }: TendDeps, found: Case, waits: readonly NamedWait[]): Promise<boolean> {
  for (const { wait, referral } of waits) {
    const token = found.waits[waitKey(wait, referral)];
    const asking = { run: found.workflow.run, ...(referral === undefined ? {} : { referral }) };
    const answer = answerOf(found, clock.now(), rules.clocks, asking);
    if (token === undefined || (await workflow.wake(token, answer)) === 'gone') return false;
  }
  return true;
}

/** Another run for a closed case, to do what closing asks for: the one before failed at it, or was never woken. */
async function endLost(deps: TendDeps, listed: Case): Promise<boolean> {
  const { id, household, outcome } = listed;
  const { run } = listed.workflow;
  const now = deps.clock.now();
  const overdue = outcome !== undefined && Date.parse(outcome.at) < Date.parse(now) - ENDING_MS;
  if (!overdue && (await deps.workflow.alive({ case: id, run }))) return false;
  // The household's next case has followed: this one is past, and kept as it is.
  if ((await deps.cases.current([household])).get(household)?.id !== id) return false;
  const made = await changeCase(deps, id, (found) => {
    const lost = found.workflow.run === run;
    return { change: lost ? anotherRun(found, { now, rules: deps.rules }) : undefined };
  });
  return made.change !== undefined;
}

/** The clocks of an open case by the calendar of now; undefined when none moves. */
function plannedAnew(found: Case, mover: Mover): CaseChange | undefined {
  const clocks = replanned(found, mover);
  if (found.stage === 'closed' || clocks === found.clocks) return undefined;
  return settle(found, { ...found, clocks }, { what: 'replan-clocks', by: SYSTEM, now: mover.now });
}

/** The same list when nothing moves. */
function replanned({ clocks, area }: Case, { now, rules }: Mover): readonly CaseClock[] {
  const again = clocks.map((clock) => rules.clocks.replan(clock, now, area));
  return again.some((clock, index) => clock !== clocks[index]) ? again : clocks;
}
