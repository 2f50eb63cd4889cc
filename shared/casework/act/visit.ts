import { dateInChina } from '../../calendar/plain-date.ts';
import type { Case, Visit } from '../case.ts';
import { trueFindings } from '../codes.ts';
import { contradictingActions, contradictsTruth, findingOf, lacksInvestigators, roundOf, visitsOfRound } from '../findings.ts';
import { type Refusal, refuse } from '../refusals.ts';
import { moveTo } from '../stage-moves.ts';
import { type ActContext, type ActionOf, type Move, moved } from './move.ts';

type Form = ActionOf<'record-visit'>['visit'];

/** Minutes a phone's clock may be ahead. */
const CLOCK_SKEW = 10;

/** Whether this visit has come in before: its id is made by the phone, once per visit. */
export function visitIsThere(found: Case, { visit }: ActionOf<'record-visit'>): boolean {
  return found.visits.some((one) => one.id === visit.id);
}

/**
 * Takes in a visit. Without need three answers are enough (truth, means, A0 or A1). A visit that says otherwise than
 * another of its round is kept beside it. After the case was closed, and in stages that have gone on to help, it is kept
 * without moving the case.
 */
export function recordVisit(found: Case, { visit: form }: ActionOf<'record-visit'>, context: ActContext): Move {
  const problem = problemOf(found, form, context);
  if (problem !== undefined) return { kind: 'refused', refusal: problem };
  const late = found.stage === 'closed';
  const contradicted = late ? [] : visitsOfRound(found).filter((one) => one.truth !== form.truth);
  const visit: Visit = {
    ...form,
    submittedAt: context.now,
    by: context.actor.id,
    round: roundOf(found),
    ...(contradicted.length === 0 ? undefined : { conflictsWith: contradicted.map(({ id }) => id) }),
    ...(late ? { late: true } : undefined),
  };
  const others = found.visits.map((one) =>
    contradicted.includes(one) ? { ...one, conflictsWith: [...(one.conflictsWith ?? []), visit.id] } : one,
  );
  const kept: Case = { ...found, visits: [...others, visit] };
  const codes = {
    visit: visit.id,
    means: visit.means,
    truth: visit.truth,
    proposed: visit.proposed.join(' '),
    needs: visit.needs.join(' '),
    conflict: contradicted.length > 0,
    late,
  };
  if (late) return moved(kept, codes);
  return moved(toReview(graded(kept, form, context), context), codes);
}

/** Which of several visits of the round counts; all of them stay. */
export function chooseVisit(found: Case, { visit, note }: ActionOf<'choose-visit'>, { actor, now }: ActContext): Move {
  const round = visitsOfRound(found);
  if (!round.some(({ id }) => id === visit)) return refuse('no-such-visit');
  if (new Set(round.map(({ truth }) => truth)).size < 2) return refuse('visits-agree');
  const finding = findingOf(found);
  if (finding !== undefined && 'visit' in finding && finding.visit.id === visit) return { kind: 'already' };
  const visits = found.visits.map((one) => (one.id === visit ? { ...one, chosen: { at: now, by: actor.id, note } } : one));
  return moved({ ...found, visits }, { visit }, note);
}

function problemOf({ area, openedAt }: Case, form: Form, { now, rules }: ActContext): Refusal | undefined {
  if (Date.parse(form.visitedAt) > Date.parse(now) + CLOCK_SKEW * 60_000) return refuse('visit-from-the-future').refusal;
  // What is dated earlier comes from a clock that stands wrong, such as a phone that lost its time and began again in 1970.
  const days = rules.daysBeforeCase(area, dateInChina(now));
  if (Date.parse(form.visitedAt) < Date.parse(openedAt) - days * 86_400_000) {
    return refuse('visit-before-case', openedAt, days).refusal;
  }
  const untrue = contradictsTruth(form.truth, form.proposed);
  if (untrue !== undefined) return refuse('truth-contradicts', form.truth, untrue).refusal;
  const pair = contradictingActions(form.proposed);
  if (pair !== undefined) return refuse('codes-contradict', ...pair).refusal;
  const alone = lacksInvestigators(form.proposed, form);
  if (alone !== undefined) return refuse('two-investigators', alone).refusal;
  const says = trueFindings.includes(form.truth);
  return says && form.proposed.length === 0 ? refuse('proposal-of-visit-missing', form.truth).refusal : undefined;
}

function graded(found: Case, { raisesGrade }: Form, { rules }: ActContext): Case {
  const urgent = rules.urgentGrade(found.area);
  return raisesGrade === true && urgent.rank < found.grade.rank ? { ...found, grade: urgent } : found;
}

function toReview(found: Case, context: ActContext): Case {
  const awaited = found.stage === 'opened' || found.stage === 'desk-check' || found.stage === 'visit';
  return awaited ? moveTo(found, 'review', context) : found;
}
