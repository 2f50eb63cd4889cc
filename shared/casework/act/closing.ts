import { type Case, isHelped } from '../case.ts';
import { helpOutcomes, type OutcomeCode, outcomeCodes } from '../codes.ts';
import { isDecider } from '../possible-actions.ts';
import { refuse } from '../refusals.ts';
import { afterHelp, closeCase, moveTo } from '../stage-moves.ts';
import { disputeIn } from './decide.ts';
import { type ActContext, type ActionOf, type Move, moved } from './move.ts';
import { lacksAttachment } from './record.ts';

/** Whether the case was closed before with this outcome. */
export function isClosedAs(found: Case, outcome: OutcomeCode | undefined): boolean {
  return found.stage === 'closed' && found.outcome?.code === outcome;
}

/** The papers of help that came first are complete: on to the departments, or to the follow-up. */
export function filePapers(found: Case, { papers, note }: ActionOf<'file-papers'>, context: ActContext): Move {
  if (lacksAttachment(found, papers)) return refuse('no-such-attachment');
  const next = afterHelp(found, context);
  return moved(next, { papers: papers.length, digests: papers.join(' ') }, note);
}

/** Looked at again after help: closed with an outcome, or back to the township to decide once more. */
export function lookAgain(found: Case, { outcome, note }: ActionOf<'look-again'>, context: ActContext): Move {
  if (outcome === undefined) return moved(moveTo(found, 'review', context), { outcome: null }, note);
  return closedAs(found, outcome, note, context);
}

/** Closed by a person, with an outcome. In conference only by the county. */
export function close(found: Case, { outcome, note }: ActionOf<'close'>, context: ActContext): Move {
  if (!isDecider(found, context.actor)) return refuse('county-decides');
  const disputed = disputeIn(found);
  if (disputed !== undefined) return { kind: 'refused', refusal: disputed };
  return closedAs(found, outcome, note, context);
}

/** An outcome that tells of help counts for the rules that led to it, so the help must be on record. */
function closedAs(found: Case, outcome: OutcomeCode, note: string | undefined, { actor, now }: ActContext): Move {
  if (!fits(found, outcome)) return refuse('outcome-unfit', outcome, PERSONS_CHOICE);
  if (TELLS_OF_HELP.includes(outcome) && !isHelped(found)) return refuse('help-not-recorded', outcome);
  return moved(closeCase(found, outcome, actor.id, now, note), { outcome }, note);
}

/** An entitlement is delivered only where one was in question. */
function fits({ source }: Case, outcome: OutcomeCode): boolean {
  return outcome !== 'entitlement-delivered' || source === 'entitlement';
}

const TELLS_OF_HELP: readonly OutcomeCode[] = helpOutcomes.filter((code) => code !== 'entitlement-delivered');
const PERSONS_CHOICE = (Object.keys(outcomeCodes) as OutcomeCode[]).filter((code) => code !== 'entitlement-delivered');
