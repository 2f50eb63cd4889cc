import type { Case, Visit } from './case.ts';
import type { ActionCode, TruthCode } from './codes.ts';

/** Actions that give or ask for help. */
const HELP: ReadonlySet<ActionCode> = new Set(['A2', 'A3', 'A4', 'A5', 'A6', 'A7', 'A8', 'A9', 'A10', 'A11', 'A12', 'A13']);

/** Recognitions that a visit of at least two investigators must ground (最低生活保障审核确认办法 §16 and alike). */
const RECOGNITIONS: readonly ActionCode[] = ['A2', 'A3', 'A4', 'A5'];

/** Findings after which there is nobody here to help: wrong data, dead, moved away, not found. */
const NOBODY: ReadonlySet<TruthCode> = new Set(['T3', 'T4', 'T5', 'T6']);

/** Pairs of actions that exclude each other beside A0 with any help. */
const EXCLUDING: readonly (readonly [ActionCode, ActionCode])[] = [
  ['A13', 'A14'],
  ['A2', 'A3'],
];

/** The first two proposed actions that exclude each other. */
export function contradictingActions(actions: readonly ActionCode[]): readonly [ActionCode, ActionCode] | undefined {
  const help = actions.find((code) => HELP.has(code));
  if (actions.includes('A0') && help !== undefined) return ['A0', help];
  return EXCLUDING.find(([a, b]) => actions.includes(a) && actions.includes(b));
}

/** The first action of help proposed although the finding says there is nobody to help. */
export function contradictsTruth(truth: TruthCode, actions: readonly ActionCode[]): ActionCode | undefined {
  // A conference may still be asked for: who has moved or is in dispute is a complex case.
  return NOBODY.has(truth) ? actions.find((code) => HELP.has(code) && code !== 'A12') : undefined;
}

/** The first action of help. */
export function firstHelp(actions: readonly ActionCode[]): ActionCode | undefined {
  return actions.find((code) => HELP.has(code));
}

/** The first recognition among the actions, if fewer than two different people went there; a telephone call is no survey. */
export function lacksInvestigators(
  actions: readonly ActionCode[],
  { means, investigators }: Pick<Visit, 'means' | 'investigators'>,
): ActionCode | undefined {
  const people = new Set(investigators.map((name) => name.replaceAll(/\s/g, '')));
  return means === 'home' && people.size >= 2 ? undefined : RECOGNITIONS.find((code) => actions.includes(code));
}

/** The first recognition among the actions that no visit of the case by two people grounds. */
export function unfoundedRecognition(found: Case, actions: readonly ActionCode[]): ActionCode | undefined {
  const none = { means: 'home', investigators: [] } as const;
  const visits = found.visits.filter((visit) => visit.late === undefined);
  const lacking = [none, ...visits].map((visit) => lacksInvestigators(actions, visit));
  return lacking.includes(undefined) ? undefined : lacking[0];
}

/** Which round of visits the case is in: decisions so far, a conference called not counted. */
export function roundOf(found: Case): number {
  return found.decisions.filter((one) => one.kind !== 'conference').length;
}

/** Visits weighed together now, oldest first. */
export function visitsOfRound(found: Case): readonly Visit[] {
  const round = roundOf(found);
  return found.visits.filter((visit) => visit.round === round && visit.late === undefined);
}

/**
 * What this round's visits found. `disputed`: they contradict each other and nobody has chosen since. Undefined without a
 * visit.
 */
export function findingOf(found: Case): { readonly visit: Visit } | { readonly disputed: readonly Visit[] } | undefined {
  const visits = visitsOfRound(found);
  const chosen = visits
    .filter((visit) => visit.chosen !== undefined)
    .sort((a, b) => ((a.chosen?.at ?? '') < (b.chosen?.at ?? '') ? -1 : 1))
    .at(-1);
  const choiceAt = chosen?.chosen?.at ?? '';
  const open = visits.some((visit) => visit.submittedAt > choiceAt && visit.truth !== (chosen ?? visits[0])?.truth);
  if (open) return { disputed: visits };
  const visit = chosen ?? visits.at(-1);
  return visit === undefined ? undefined : { visit };
}
