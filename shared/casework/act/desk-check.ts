import type { Case } from '../case.ts';
import type { ClosureCode, OutcomeCode } from '../codes.ts';
import { refuse } from '../refusals.ts';
import { closeCase, moveTo } from '../stage-moves.ts';
import { type ActContext, type ActionOf, ALREADY, type Move, moved } from './move.ts';
import { codesOfRows, wrongRowsOf } from './wrong-rows.ts';

/** How a case ends whose proposed closure a person confirms. */
export const outcomeOfClosure: Readonly<Record<ClosureCode, OutcomeCode>> = {
  dead: 'dead',
  moved: 'moved',
  'already-served': 'already-covered',
  refunded: 'not-in-need',
  'paid-otherwise': 'not-in-need',
  'merged-with-case': 'already-covered',
  'over-asset-limit': 'not-in-need',
  'reason-taken-back': 'data-wrong',
  lapsed: 'not-in-need',
};

/** A person confirms a proposed closure, or dismisses it; when the desk check has none left the visit follows. */
export function answerProposal(found: Case, action: ActionOf<'answer-proposal'>, context: ActContext): Move {
  const there = found.proposals[action.index];
  if (there === undefined) return refuse('no-such-proposal');
  if (there.answer !== undefined) return there.answer.accepted === action.accepted ? ALREADY : refuse('proposal-answered');
  const wrong = wrongRowsOf(action, context);
  if ('kind' in wrong) return wrong;
  const answer = {
    accepted: action.accepted,
    by: context.actor.id,
    at: context.now,
    ...(wrong.rows.length === 0 ? undefined : { wrongRows: wrong.rows }),
  };
  const proposals = found.proposals.map((one, index) => (index === action.index ? { ...one, answer } : one));
  const next: Case = { ...found, proposals };
  const codes = { proposal: there.code, accepted: action.accepted, ...codesOfRows(wrong.rows) };
  if (action.accepted) {
    const closed = closeCase(next, outcomeOfClosure[there.code], context.actor.id, context.now, action.note);
    return moved(closed, codes, action.note);
  }
  const checked = found.stage === 'desk-check' && proposals.every((one) => one.answer !== undefined);
  return moved(checked ? moveTo(next, 'visit', context) : next, codes, action.note);
}
