import type { CaseChange } from '../ports/case-store.ts';
import type { CaseWorkflow } from '../ports/case-workflow.ts';
import type { StaffDirectory } from '../ports/staff-directory.ts';
import type { Assignment, Case, ClosureProposal } from './case.ts';
import type { CaseRules } from './case-rules.ts';
import { type ChangeDeps, changeCase, withRetries } from './change-case.ts';
import { type HandlingDeps, handleWarnings } from './handle-warnings.ts';
import type { Mover } from './stage-moves.ts';
import type { StepAnswer, StepCall, WaitCall } from './step.ts';
import {
  assignVisit,
  deskCheck,
  endRun,
  followUp,
  isFollowUpDue,
  noteWait,
  raiseLight,
  type SecondLook,
  sendReferral,
} from './steps.ts';
import { answerOf } from './waits.ts';

/** What the workflow's steps need. What they must know of the world is asked for only when a step wants it. */
export interface StepDeps extends ChangeDeps, HandlingDeps {
  readonly rules: CaseRules;
  readonly workflow: Pick<CaseWorkflow, 'wake'>;
  readonly staff: Pick<StaffDirectory, 'inCharge'>;
  /** Closures that what is known of the household speaks for. */
  readonly proposals: (found: Case) => Promise<readonly ClosureProposal[]>;
  /** Who is to visit: the coordinator of the village, whoever covers, or a pool. Undefined: as it is. */
  readonly visitor: (found: Case) => Promise<Assignment | undefined>;
  /** The household as it is assessed now. */
  readonly look: (found: Case) => Promise<SecondLook>;
}

/**
 * Does one step of a case's run and answers where to go on. Safe to repeat: what was saved before is found done. A run that
 * another has taken the place of is told to end and changes nothing.
 */
export async function runStep(deps: StepDeps, call: StepCall): Promise<StepAnswer> {
  const made = await changeCase(deps, call.case, async (found) => {
    const current = call.run >= found.workflow.run;
    return { found, change: current ? await changeOf(deps, call, found) : undefined };
  });
  const after = made.change?.case ?? made.found;
  if (call.step === 'close' && call.run >= after.workflow.run) await finish(deps, call, after);
  return answerOf(after, deps.clock.now(), deps.rules.clocks, call);
}

/**
 * What closing asks for, and then the note that it is done: without it tending has it done again. A case that the household's
 * next one has followed is kept as it is.
 */
async function finish(deps: StepDeps, { case: id, run }: StepCall, closed: Case): Promise<void> {
  await handleWarnings(deps, closed);
  await withRetries(deps, id, async () => {
    const now = (await deps.cases.current([closed.household])).get(closed.household);
    return { change: now?.id === id && run >= now.workflow.run ? endRun(now) : undefined };
  });
}

/** Notes where a wait is to be answered; one that nothing is waited for any more is woken at once. */
export async function noteWaiting(deps: StepDeps, call: WaitCall): Promise<void> {
  const made = await changeCase(deps, call.case, (found) => {
    const noted = noteWait(found, call);
    return noted === undefined || noted === 'noted' ? { found, noted: noted === 'noted' } : { found, noted: true, change: noted };
  });
  if (made.noted) return;
  await deps.workflow.wake(call.token, answerOf(made.found, deps.clock.now(), deps.rules.clocks, call));
}

async function changeOf(deps: StepDeps, call: StepCall, found: Case): Promise<CaseChange | undefined> {
  const mover: Mover = { now: deps.clock.now(), rules: deps.rules };
  switch (call.step) {
    case 'enter':
    case 'close':
      return undefined;
    case 'desk-check':
      return found.stage === 'opened' ? deskCheck(found, await deps.proposals(found), mover) : undefined;
    case 'assign-visit':
      return found.stage === 'visit' ? assignVisit(found, await deps.visitor(found), mover) : undefined;
    case 'send-referral':
      return sentBy(deps, call.referral, found, mover);
    case 'raise-light':
      return call.wait === undefined ? undefined : raiseLight(found, call.wait, call.referral, mover);
    case 'follow-up':
      return lookedAt(deps, found, mover);
  }
}

async function sentBy(deps: StepDeps, id: string | undefined, found: Case, mover: Mover): Promise<CaseChange | undefined> {
  const there = found.referrals.find((one) => one.id === id && one.status === 'to-send');
  if (there === undefined) return undefined;
  const handlers = await deps.staff.inCharge('handler', found.area, there.department);
  return sendReferral(found, there.id, handlers.length > 0, mover);
}

async function lookedAt(deps: StepDeps, found: Case, mover: Mover): Promise<CaseChange | undefined> {
  if (isFollowUpDue(found, mover)) return followUp(found, await deps.look(found), mover);
  return raiseLight(found, 'follow-up', undefined, mover);
}
