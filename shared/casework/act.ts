import type { CaseChange } from '../ports/case-store.ts';
import { recordAid } from './act/aid.ts';
import { correctDeclaration, recordCheck, signCommitment } from './act/application.ts';
import { asksTheSame } from './act/asked-before.ts';
import { assign, claim, returnToPool } from './act/assignment.ts';
import { pauseClock, raiseGrade, resumeClock } from './act/clock.ts';
import { close, filePapers, isClosedAs, lookAgain } from './act/closing.ts';
import { decide } from './act/decide.ts';
import { answerProposal } from './act/desk-check.ts';
import type { ActContext, Move } from './act/move.ts';
import { attach, comment, giveConsent } from './act/record.ts';
import { addReferral, answerIsThere, answerReferral, recallIsThere, recallReferral, supply } from './act/referral.ts';
import { chooseVisit, recordVisit, visitIsThere } from './act/visit.ts';
import type { CaseAction } from './actions.ts';
import type { Case } from './case.ts';
import { answers, possibleActions } from './possible-actions.ts';
import { type ActionRefusal, type Refusal, refuse } from './refusals.ts';
import { settle } from './settle.ts';
import { transitions } from './transitions.ts';

/** What came of an action: a change to be saved, nothing because it was done before, or why not. */
export type Acted =
  | { readonly kind: 'acted'; readonly change: CaseChange }
  | { readonly kind: 'already'; readonly case: Case }
  | { readonly kind: 'refused'; readonly refusal: ActionRefusal };

/**
 * What a person does to a case. Pure: same case, action and context, same answer. The order of the checks is part of the
 * promise: the role; then whether the referral that is answered is the actor's department's, since who is answered sees it;
 * then whether the same was done before (same request key, same visit, same answer), which is answered as already done
 * whatever the stage; then the stage; then what the action itself asks.
 */
export function act(found: Case, action: CaseAction, context: ActContext): Acted {
  const row = transitions.find((one) => one.action === action.action);
  if (row === undefined || !row.roles.some((role) => context.actor.roles.includes(role))) {
    return refused(found, context, refuse('not-your-role').refusal);
  }
  if (isOfAnotherDepartment(found, action, context)) return refused(found, context, refuse('not-your-department').refusal);
  const before = found.history.find((entry) => entry.request === context.request);
  if (before !== undefined && !asksTheSame(before, action)) {
    return refused(found, context, refuse('request-key-reused').refusal);
  }
  if (before !== undefined || isRepeat(found, action)) return { kind: 'already', case: found };
  if (!row.from.includes(found.stage) && row.keptIn?.includes(found.stage) !== true) {
    const closed = found.stage === 'closed';
    return refused(found, context, refuse(closed ? 'case-closed' : 'not-in-this-stage', found).refusal);
  }
  return finished(found, action, context, move(found, action, context));
}

function finished(found: Case, { action }: CaseAction, context: ActContext, made: Move): Acted {
  switch (made.kind) {
    case 'already':
      return { kind: 'already', case: found };
    case 'refused':
      return refused(found, context, made.refusal);
    case 'moved': {
      const { request, now, actor } = context;
      const { codes, note } = made;
      return { kind: 'acted', change: settle(found, made.case, { what: action, by: actor.id, now, request, codes, note }) };
    }
  }
}

function refused(found: Case, { actor }: ActContext, refusal: Refusal): Acted {
  return { kind: 'refused', refusal: { ...refusal, possible: possibleActions(found, actor) } };
}

function isOfAnotherDepartment(found: Case, action: CaseAction, { actor }: ActContext): boolean {
  if (action.action !== 'answer-referral') return false;
  const there = found.referrals.find(({ id }) => id === action.referral);
  return there !== undefined && !answers(actor, there);
}

/** Whether what is sent says what the case holds already, so that a double click or a second delivery is no error. */
function isRepeat(found: Case, action: CaseAction): boolean {
  if (action.action === 'record-visit') return visitIsThere(found, action);
  if (action.action === 'answer-referral') return answerIsThere(found, action);
  if (action.action === 'recall-referral') return recallIsThere(found, action);
  return (action.action === 'close' || action.action === 'look-again') && isClosedAs(found, action.outcome);
}

function move(found: Case, action: CaseAction, context: ActContext): Move {
  switch (action.action) {
    case 'answer-proposal':
      return answerProposal(found, action, context);
    case 'claim':
      return claim(found, action, context);
    case 'assign':
      return assign(found, action, context);
    case 'return-to-pool':
      return returnToPool(found, action, context);
    case 'record-visit':
      return recordVisit(found, action, context);
    case 'choose-visit':
      return chooseVisit(found, action, context);
    case 'decide':
      return decide(found, action, context);
    case 'file-papers':
      return filePapers(found, action, context);
    case 'add-referral':
      return addReferral(found, action, context);
    case 'answer-referral':
      return answerReferral(found, action, context);
    case 'supply':
      return supply(found, action, context);
    case 'recall-referral':
      return recallReferral(found, action, context);
    case 'record-aid':
      return recordAid(found, action, context);
    case 'give-consent':
      return giveConsent(found, action, context);
    case 'pause-clock':
      return pauseClock(found, action, context);
    case 'resume-clock':
      return resumeClock(found, action, context);
    case 'raise-grade':
      return raiseGrade(found, action, context);
    case 'record-check':
      return recordCheck(found, action, context);
    case 'sign-commitment':
      return signCommitment(found, action, context);
    case 'correct-declaration':
      return correctDeclaration(found, action, context);
    case 'look-again':
      return lookAgain(found, action, context);
    case 'close':
      return close(found, action, context);
    case 'attach':
      return attach(found, action, context);
    case 'comment':
      return comment(found, action);
  }
}
