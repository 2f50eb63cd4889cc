import type { PlainDate } from '../calendar/plain-date.ts';
import { type HouseholdBasis, type HouseholdCategory, type HouseholdId, type Membership, stretchOf } from './household.ts';

/** A stretch of membership as it stands in the text. */
type Told = readonly [
  household: HouseholdId,
  basis: HouseholdBasis,
  from: PlainDate | null,
  to: PlainDate | null,
  relation: string,
  head: boolean,
  category: HouseholdCategory,
  attributes: readonly (readonly [name: string, value: string | number | boolean])[],
];

/** Memberships as JSON text of lists, less than half as long as of objects. Equal for equal memberships, whatever order their properties are in. */
export function membershipText(memberships: readonly Membership[]): string {
  return JSON.stringify(
    memberships.map(({ household, basis, from = null, to = null, relation, head, category, attributes }): Told => {
      const named = Object.entries(attributes);
      if (named.length > 1) named.sort(([a], [b]) => (a < b ? -1 : 1));
      return [household, basis, from, to, relation, head, category, named];
    }),
  );
}

/** The memberships that `membershipText` made the text of. */
export function membershipsOfText(text: string): Membership[] {
  return (JSON.parse(text) as readonly Told[]).map(([household, basis, from, to, relation, head, category, named]) => {
    const attributes = Object.fromEntries(named);
    return stretchOf({ household, basis, relation, head, category, attributes }, from ?? undefined, to ?? undefined);
  });
}
