import { dateInChina, type PlainDate } from '../../calendar/plain-date.ts';
import type { Case, CaseDecision } from '../case.ts';
import type { OutcomeCode } from '../codes.ts';
import { contradictingActions, findingOf, firstHelp, unfoundedRecognition } from '../findings.ts';
import { isDecider } from '../possible-actions.ts';
import { type Refusal, refuse } from '../refusals.ts';
import { afterHelp, closeCase, moveTo } from '../stage-moves.ts';
import { codesOf, give, isRapid } from './aid.ts';
import { type ActContext, type ActionOf, type Move, moved } from './move.ts';
import { refer } from './referral.ts';
import { codesOfRows, wrongRowsOf } from './wrong-rows.ts';

type Decide = ActionOf<'decide'>;

/** With which outcomes a decision may close. */
const CLOSING: Partial<Readonly<Record<Decide['kind'], readonly OutcomeCode[]>>> = {
  'no-need': ['not-in-need', 'already-covered', 'policy-explained', 'moved', 'dead', 'not-found', 'refused'],
  'data-wrong': ['data-wrong', 'moved', 'dead', 'not-found'],
};

/** The township's decision after the visit, or the county's in conference: the same choices at both. */
export function decide(found: Case, action: Decide, context: ActContext): Move {
  const problem = problemOf(found, action, context);
  if (problem !== undefined) return { kind: 'refused', refusal: problem };
  const wrong = wrongRowsOf(action, context);
  if ('kind' in wrong) return wrong;
  const asked = refer(found, action.referrals, context);
  if ('kind' in asked) return asked;
  const given = give(found, action.aids, context);
  if ('kind' in given) return given;
  const decision: CaseDecision = {
    at: context.now,
    by: context.actor.id,
    level: found.stage === 'conference' ? 'county' : 'township',
    kind: action.kind,
    actions: action.actions,
    ...(action.outcome === undefined ? undefined : { outcome: action.outcome }),
    ...(action.until === undefined ? undefined : { until: action.until }),
    ...(action.note === undefined ? undefined : { note: action.note }),
    ...(wrong.rows.length === 0 ? undefined : { wrongRows: wrong.rows }),
  };
  const decided: Case = {
    ...found,
    decisions: [...found.decisions, decision],
    referrals: asked.referrals,
    aids: [...found.aids, ...given.aids],
  };
  const codes = {
    kind: action.kind,
    level: decision.level,
    outcome: action.outcome ?? null,
    actions: action.actions.join(' '),
    departments: action.referrals.map(({ department }) => department).join(' '),
    ...(given.aids.length === 0 ? undefined : codesOf(given.aids)),
    ...codesOfRows(wrong.rows),
  };
  return moved(goOn(decided, action, context), codes, action.note);
}

/** Why an outcome does not fit, if it does not. */
export function outcomeProblem(outcome: OutcomeCode | undefined, fitting: readonly OutcomeCode[]): Refusal | undefined {
  if (outcome === undefined) return refuse('outcome-missing', fitting).refusal;
  return fitting.includes(outcome) ? undefined : refuse('outcome-unfit', outcome, fitting).refusal;
}

/** Why nothing can be decided yet: the visits of the round contradict each other and nobody has chosen. */
export function disputeIn(found: Case): Refusal | undefined {
  const finding = findingOf(found);
  if (finding === undefined || 'visit' in finding) return undefined;
  return refuse(
    'choose-visit-first',
    finding.disputed.map(({ id }) => id),
  ).refusal;
}

function problemOf(found: Case, action: Decide, context: ActContext): Refusal | undefined {
  if (!isDecider(found, context.actor)) return refuse('county-decides').refusal;
  // Contradicting visits may be the very reason to confer.
  const disputed = action.kind === 'conference' ? undefined : disputeIn(found);
  if (disputed !== undefined) return disputed;
  const pair = contradictingActions(action.actions);
  if (pair !== undefined) return refuse('codes-contradict', ...pair).refusal;
  const alone = unfoundedRecognition(found, action.actions);
  if (alone !== undefined) return refuse('two-investigators', alone).refusal;
  return problemOfKind(found, action, context);
}

function problemOfKind(found: Case, action: Decide, context: ActContext): Refusal | undefined {
  const helps = action.referrals.length + action.aids.length > 0;
  const help = firstHelp(action.actions);
  switch (action.kind) {
    case 'no-need':
    case 'data-wrong':
      if (helps) return refuse('decision-takes-no-help').refusal;
      if (help !== undefined) return refuse('codes-contradict', 'A0', help).refusal;
      return outcomeProblem(action.outcome, CLOSING[action.kind] ?? []) ?? missingRows(action, context);
    case 'conference':
      if (found.stage === 'conference') return refuse('in-conference-already').refusal;
      return helps ? refuse('decision-takes-no-help').refusal : undefined;
    case 'observe':
      if (helps) return refuse('decision-takes-no-help').refusal;
      return watchProblem(found, action.until, context);
    case 'help':
      if (action.actions.includes('A0')) return refuse('codes-contradict', 'A0', action.aids.length > 0 ? 'A6' : 'A8').refusal;
      return helps ? undefined : refuse('help-names-nothing').refusal;
    case 'urgent':
      return isRapid(action.aids) ? undefined : refuse('rapid-relief-missing').refusal;
  }
}

function watchProblem({ area }: Case, until: PlainDate | undefined, { now, rules }: ActContext): Refusal | undefined {
  const today = dateInChina(now);
  if (until === undefined || until <= today) return refuse('until-missing').refusal;
  const last = rules.watchUntil(area, today);
  return until <= last ? undefined : refuse('until-too-late', last).refusal;
}

/** Data are said to be wrong, rows are there to choose from, and none is named: the department could not be told. */
function missingRows({ kind, wrongRows = [], rowsUnknown }: Decide, { rows }: ActContext): Refusal | undefined {
  if (kind !== 'data-wrong' || wrongRows.length > 0 || rowsUnknown === true) return undefined;
  return rows === undefined || rows.offered.length === 0 ? undefined : refuse('wrong-rows-missing', rows.offered).refusal;
}

function goOn(decided: Case, { kind, outcome, until, note }: Decide, context: ActContext): Case {
  switch (kind) {
    case 'no-need':
    case 'data-wrong':
      return outcome === undefined ? decided : closeCase(decided, outcome, context.actor.id, context.now, note);
    case 'conference':
      return moveTo(decided, 'conference', context);
    case 'observe':
      return moveTo(decided, 'follow-up', context, until);
    case 'urgent':
      return moveTo(decided, 'papers', context);
    case 'help':
      return afterHelp(decided, context);
  }
}
