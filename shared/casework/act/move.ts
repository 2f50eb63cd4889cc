import type { Principal } from '../../access/principal.ts';
import type { StaffMember } from '../../access/staff.ts';
import { knownDepartments, nearDepartments, nearMeasures } from '../../assistance/known-names.ts';
import { measures } from '../../assistance/measures.ts';
import type { Instant } from '../../calendar/plain-date.ts';
import type { RowsInQuestion } from '../../corrections/locate-rows.ts';
import type { CaseAction, CaseActionName } from '../actions.ts';
import type { Case, Codes } from '../case.ts';
import type { CaseRules, GuardVerdict } from '../case-rules.ts';
import { type Refusal, refuse } from '../refusals.ts';

/** Who acts, when, under which request, and everything a transition must be told about the world. */
export interface ActContext {
  readonly actor: Pick<Principal, 'id' | 'roles' | 'departments'>;
  readonly now: Instant;
  /** Idempotency key: the same key on the same case is the same action. */
  readonly request: string;
  readonly rules: CaseRules;
  /** Of `assign`: the directory's entry of the worker named, if there is one whose role and area fit the case. */
  readonly assignee?: StaffMember;
  /** The double-aid guard on each aid of the action, in order; missing ones were not checked and are taken as fine. */
  readonly guard?: readonly GuardVerdict[];
  /** Of `decide` and `answer-proposal`: the rows they call wrong, as far as the facts know them, and those to choose from. */
  readonly rows?: RowsInQuestion;
}

/** One action by name. */
export type ActionOf<Name extends CaseActionName> = Extract<CaseAction, { readonly action: Name }>;

/**
 * What an action makes of a case, before version, history, waits and events are settled. `codes` and never `note` go into
 * the event. `already`: it was done before and nothing changes.
 */
export type Move =
  | { readonly kind: 'moved'; readonly case: Case; readonly codes?: Codes; readonly note?: string }
  | { readonly kind: 'already' }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Why something cannot be asked of a department, or given: a measure or department by that name is not known. A misspelt measure
 * is no other help to the guard against double aid, and a misspelt department has no inbox.
 */
export function unknownName({ measure, department }: { readonly measure: string; readonly department: string }) {
  if (!measures.has(measure)) return refuse('no-such-measure', nearMeasures(measure));
  return knownDepartments.has(department) ? undefined : refuse('no-such-department', nearDepartments(department));
}

export const ALREADY: Move = { kind: 'already' };

export function moved(next: Case, codes?: Codes, note?: string): Move {
  return {
    kind: 'moved',
    case: next,
    ...(codes === undefined ? undefined : { codes }),
    ...(note === undefined ? undefined : { note }),
  };
}
