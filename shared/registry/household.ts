import type { PlainDate } from '../calendar/plain-date.ts';
import type { PersonKey } from '../facts/fact.ts';

/** A household: `H` + 24 hex digits, a keyed hash of the number it was declared under, so it says nothing by itself. */
export type HouseholdId = string & { readonly __brand: 'HouseholdId' };

/**
 * Where a membership comes from, strongest first: declared to civil affairs; the police register's 户号; nothing known,
 * so a household of one. The last two are provisional.
 */
export type HouseholdBasis = 'declared' | 'registered' | 'alone';

/** Legal layer of low-income population (domain.md §2.1). `none`: in no register yet (潜在). */
export type HouseholdCategory =
  | 'minimum-living-allowance'
  | 'destitute-support'
  | 'near-poor'
  | 'rigid-expenditure'
  | 'falling-back-monitored'
  | 'other-hardship'
  | 'none';

/** One stretch of one person's belonging to one household. */
export interface Membership {
  readonly household: HouseholdId;
  readonly basis: HouseholdBasis;
  /** First day; absent when nobody said since when. */
  readonly from?: PlainDate;
  /** Last day; absent while it lasts. A death ends every membership on its date. */
  readonly to?: PlainDate;
  /** Canonical relation code of the feed (`head`, `spouse`, `child` …); `unknown` when not given. */
  readonly relation: string;
  readonly head: boolean;
  readonly category: HouseholdCategory;
  /** Free attributes of the declaration that packs may ask for, e.g. `residence: urban`. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** A person as a household's member, with what assessing needs. */
export interface Member {
  readonly person: PersonKey;
  readonly birth: PlainDate;
  readonly sex: 'male' | 'female';
  readonly membership: Membership;
}

/** A membership with those of its ends that are known. Whole objects: putting absent ends in by spreading costs more than the rest. */
export function stretchOf(
  { household, basis, relation, head, category, attributes }: Omit<Membership, 'from' | 'to'>,
  from: PlainDate | undefined,
  to: PlainDate | undefined,
): Membership {
  if (from === undefined) {
    return to === undefined
      ? { household, basis, relation, head, category, attributes }
      : { household, basis, to, relation, head, category, attributes };
  }
  return to === undefined
    ? { household, basis, from, relation, head, category, attributes }
    : { household, basis, from, to, relation, head, category, attributes };
}
