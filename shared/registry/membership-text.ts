import type { Membership } from './household.ts';

/** Text that is equal for equal memberships, whatever order their properties are in after a store gave them back. */
export function membershipText(memberships: readonly Membership[]): string {
  return JSON.stringify(
    memberships.map((m) => [
      m.household,
      m.basis,
      m.from ?? null,
      m.to ?? null,
      m.relation,
      m.head,
      m.category,
      Object.entries(m.attributes).sort(([a], [b]) => (a < b ? -1 : 1)),
    ]),
  );
}
