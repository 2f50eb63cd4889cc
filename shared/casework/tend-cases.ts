import { SYSTEM } from '../audit/make-event.ts';
import type { TendCases } from '../ports/case-messages.ts';
import type { CaseChange } from '../ports/case-store.ts';
import type { CaseWorkflow } from '../ports/case-workflow.ts';
import { LogCode } from '../ports/log.ts';
import type { QueueSender } from '../ports/queue.ts';
import { type Case, type CaseClock, stages } from './case.ts';
import { changeCase } from './change-case.ts';
import { settle } from './settle.ts';
import type { Mover } from './stage-moves.ts';
import { anotherRun } from './steps.ts';
import { type FileAnswerDeps, takeFileAnswers } from './take-file-answers.ts';

/** What tending cases needs. */
export interface TendDeps extends FileAnswerDeps {
  readonly workflow: Pick<CaseWorkflow, 'alive'>;
  readonly queue: QueueSender;
}

/** Cases looked after for one message. */
const PAGE = 200;
const OPEN = stages.filter((stage) => stage !== 'closed');

/**
 * Looks after a page of the open cases, and sends for the next page. Answers that departments gave by file find their
 * referrals. A case whose run is not under way gets another run: the
 * one before failed, was never started, or is so old that the engine would soon end it. Clocks are planned again by the
 * calendar as it is now known. Safe to repeat.
 */
export async function tendCases(deps: TendDeps, { after }: Pick<TendCases, 'after'>): Promise<void> {
  const { cases, next } = await deps.cases.list({
    areas: [''],
    stages: OPEN,
    order: 'due',
    limit: PAGE,
    ...(after === undefined ? {} : { after }),
  });
  let changed = 0;
  for (const found of cases) {
    const answers = await takeFileAnswers(deps, found);
    if ((await tend(deps, found)) || answers > 0) changed += 1;
  }
  deps.log.info(LogCode.CasesTended, { cases: cases.length, changed });
  if (next === undefined) return;
  const message: TendCases = { v: 1, kind: 'tend-cases', after: next };
  await deps.queue.send('cases', [{ body: JSON.stringify(message) }]);
}

async function tend(deps: TendDeps, listed: Case): Promise<boolean> {
  const { run } = listed.workflow;
  const alive = await deps.workflow.alive({ case: listed.id, run });
  const mover: Mover = { now: deps.clock.now(), rules: deps.rules };
  if (alive && replanned(listed, mover) === listed.clocks) return false;
  const made = await changeCase(deps, listed.id, (found) => {
    // Somebody gave it another run or closed it meanwhile.
    const lost = !alive && found.workflow.run === run;
    return { change: lost ? anotherRun(found, mover) : plannedAnew(found, mover) };
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
