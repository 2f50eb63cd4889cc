import { emergencyMeasures } from '../assistance/measure.ts';
import { SYSTEM } from '../audit/make-event.ts';
import type { Instant } from '../calendar/plain-date.ts';
import type { CaseChange } from '../ports/case-store.ts';
import { answered, codesOfAnswer } from './act/referral.ts';
import {
  type Assignment,
  type Case,
  type CaseClock,
  type ClosureProposal,
  type Codes,
  type FollowUp,
  hasEnded,
  hasHelped,
  type Light,
  type Referral,
  type ReferralAnswer,
} from './case.ts';
import type { OutcomeCode } from './codes.ts';
import { type Deed, settle, settleNote } from './settle.ts';
import { type Mover, moveTo, restartRun, runningClock } from './stage-moves.ts';
import type { WaitName } from './step.ts';
import { isAwaited, waitKey } from './waits.ts';

/**
 * What the workflow's own steps do to a case. Pure, and safe to repeat: a step that was saved before finds nothing to do and
 * answers undefined. What a step must know of the world is given in.
 */

/** The desk check: closures it proposes wait for a person; with none the visit follows at once. */
export function deskCheck(found: Case, proposals: readonly ClosureProposal[], mover: Mover): CaseChange | undefined {
  if (found.stage !== 'opened') return undefined;
  // A warning may have been withdrawn before the desk check came to the same.
  const there = new Set(found.proposals.filter(({ answer }) => answer === undefined).map(({ code }) => code));
  const checked: Case = { ...found, proposals: [...found.proposals, ...proposals.filter(({ code }) => !there.has(code))] };
  const open = checked.proposals.some(({ answer }) => answer === undefined);
  const next = moveTo(checked, open ? 'desk-check' : 'visit', mover);
  return stepped(found, next, mover, 'desk-check', { proposals: proposals.map(({ code }) => code).join(' ') });
}

/** Gives the visit to somebody, or to a pool; a worker who has the case in hand keeps it. `cover` replaces an absent one. */
export function assignVisit(found: Case, to: Assignment | undefined, mover: Mover): CaseChange | undefined {
  if (found.stage !== 'visit' || to === undefined) return undefined;
  const { assignment: now } = found;
  const keeps = now?.user !== undefined && to.reason === undefined;
  if (keeps || (now?.user === to.user && now?.level === to.level && now?.area === to.area)) return undefined;
  const codes = { user: to.user ?? null, level: to.level, reason: to.reason ?? null, before: now?.user ?? null };
  return stepped(found, { ...found, assignment: to }, mover, 'assign-visit', codes);
}

/**
 * Sends a referral: from now on the department's time counts. A department with nobody to take it in gets it all the same,
 * and the county is told at once.
 */
export function sendReferral(found: Case, id: string, inbox: boolean, mover: Mover): CaseChange | undefined {
  const there = found.referrals.find((one) => one.id === id);
  if (found.stage !== 'referral' || there?.status !== 'to-send') return undefined;
  const { now, rules } = mover;
  const sent: Referral = {
    ...there,
    status: 'sent',
    sentAt: now,
    ...(inbox ? undefined : { escalatedAt: now, escalatedFor: 'no-inbox' as const }),
  };
  const clock = rules.clocks.start('referral-answer', found, now, { referral: id });
  const next: Case = { ...withReferral(found, sent), clocks: [...found.clocks, clock] };
  const escalated = inbox ? null : 'no-inbox';
  const codes = { referral: id, department: there.department, measure: there.measure, escalated, due: clock.redAt };
  return stepped(found, next, mover, 'send-referral', codes);
}

/**
 * A wait ran out: the light that is due by now is marked on its clock, and a department silent beyond its limit is told to
 * the county. Late closes nothing. Nothing changes while the clock is paused or the light was marked before.
 */
export function raiseLight(found: Case, wait: WaitName, referral: string | undefined, mover: Mover): CaseChange | undefined {
  if (!isAwaited(found, wait, referral)) return undefined;
  const clock = runningClock(found, referral);
  if (clock === undefined || clock.paused !== undefined) return undefined;
  const light = mover.rules.clocks.lightAt(clock, mover.now);
  if (light === clock.light) return undefined;
  const marked = withLight(found, clock, light);
  const next = isSilent(clock, light) ? escalated(marked, referral, mover.now) : marked;
  return stepped(found, next, mover, 'raise-light', { step: clock.step, referral: referral ?? null, light });
}

/** What looking again showed. */
export type SecondLook = Omit<FollowUp, 'at' | 'outcome'>;

/** The follow-up is due: the household as it is assessed now, with the outcome the help on record speaks for. */
export function followUp(found: Case, look: SecondLook, mover: Mover): CaseChange | undefined {
  const clock = runningClock(found);
  if (clock === undefined || !isFollowUpDue(found, mover)) return undefined;
  const light = mover.rules.clocks.lightAt(clock, mover.now);
  const seen: FollowUp = { ...look, at: mover.now, outcome: proposedOutcome(found) };
  const codes = { reached: look.grade, low: look.points.low, high: look.points.high, outcome: seen.outcome };
  const next: Case = { ...withLight(found, clock, light), followUp: seen };
  return stepped(found, next, mover, 'follow-up', { ...codes, light });
}

/** Whether the follow-up's time has come and nobody has looked since it began. */
export function isFollowUpDue(found: Case, { now, rules }: Mover): boolean {
  const clock = found.stage === 'follow-up' ? runningClock(found) : undefined;
  if (clock === undefined || clock.paused !== undefined) return false;
  const light = rules.clocks.lightAt(clock, now);
  const looked = found.followUp !== undefined && found.followUp.at >= clock.startedAt;
  return !looked && (light === 'red' || light === 'county');
}

/** The outcome the help on record speaks for; a person decides. */
export function proposedOutcome(found: Case): OutcomeCode {
  const measures = [
    ...found.aids.map(({ measure, department }) => ({ measure, department })),
    ...found.referrals.filter(hasHelped).map(({ measure, department }) => ({ measure, department })),
  ];
  if (measures.length > 0) {
    if (measures.every(({ department }) => department === 'charity')) return 'charity';
    return measures.every(({ measure }) => emergencyMeasures.has(measure)) ? 'temporary-aid' : 'helped-new';
  }
  const actions = found.decisions.flatMap((one) => one.actions);
  if (actions.includes('A1')) return 'policy-explained';
  return found.referrals.some((one) => one.answers.some(({ code }) => code === 'already-served'))
    ? 'already-covered'
    : 'not-in-need';
}

/** An answer that came by file: applied once per row, whatever the answer; a referral that has ended takes none. */
export function answerByFile(found: Case, id: string, answer: ReferralAnswer, mover: Mover): CaseChange | undefined {
  const there = found.referrals.find((one) => one.id === id);
  if (found.stage !== 'referral' || there === undefined || hasEnded(there)) return undefined;
  if (there.answers.some((one) => one.id === answer.id)) return undefined;
  const codes = codesOfAnswer(there, answer);
  const rows = answer.from === undefined ? undefined : { file: answer.from.file, row: answer.from.row };
  return stepped(found, answered(found, there, answer, mover), mover, 'answer-by-file', { ...codes, ...rows });
}

/** A wait announces its token. Undefined when the case has moved on or another run follows it: the wait is to be woken. */
export function noteWait(
  found: Case,
  call: { readonly run: number; readonly wait: WaitName; readonly referral?: string; readonly token: string },
): CaseChange | 'noted' | undefined {
  if (call.run !== found.workflow.run || !isAwaited(found, call.wait, call.referral)) return undefined;
  const key = waitKey(call.wait, call.referral);
  return found.waits[key] === call.token ? 'noted' : settleNote(found, { waits: { ...found.waits, [key]: call.token } });
}

/** All that closing asks for is done: nothing follows the case any more. */
export function endRun(found: Case): CaseChange | undefined {
  const { ending, ...workflow } = found.workflow;
  return ending === undefined ? undefined : settleNote(found, { workflow });
}

/** Another run takes over, because the one before was lost or is old. A closed case whose run has ended needs none. */
export function anotherRun(found: Case, mover: Mover): CaseChange | undefined {
  if (found.stage === 'closed' && found.workflow.ending === undefined) return undefined;
  const next = restartRun(found, mover);
  return stepped(found, next, mover, 'restart-run', { run: next.workflow.run });
}

function isSilent({ step }: CaseClock, light: Light): boolean {
  return step === 'referral-answer' && (light === 'red' || light === 'county');
}

function escalated(found: Case, referral: string | undefined, now: Instant): Case {
  const there = found.referrals.find(({ id }) => id === referral);
  if (there === undefined || there.escalatedAt !== undefined) return found;
  return withReferral(found, { ...there, escalatedAt: now, escalatedFor: 'silence' });
}

function withLight(found: Case, clock: CaseClock, light: Light): Case {
  return { ...found, clocks: found.clocks.map((one) => (one === clock ? { ...one, light } : one)) };
}

function withReferral(found: Case, next: Referral): Case {
  return { ...found, referrals: found.referrals.map((one) => (one.id === next.id ? next : one)) };
}

function stepped(before: Case, after: Case, { now }: Mover, what: string, codes: Codes): CaseChange {
  const deed: Deed = { what, by: SYSTEM, now, codes };
  return settle(before, after, deed);
}
