import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import type { PersonRegistration } from '../../shared/ports/household-registry.ts';
import type { SealedIdentity } from '../../shared/ports/identity-vault.ts';
import type { Membership } from '../../shared/registry/household.ts';
import { fileSequence, personKey } from './facts.ts';
import { householdId } from './standings.ts';

/** A declared membership in the n-th household, as its head. */
export function membership(household: number, changes: Partial<Membership> = {}): Membership {
  return {
    household: householdId(household),
    basis: 'declared',
    from: '2023-01-01' as PlainDate,
    relation: 'head',
    head: true,
    category: 'minimum-living-allowance',
    attributes: { residence: 'rural', monthlyAmount: 45_000 },
    ...changes,
  };
}

/** The n-th person's registration at a version. */
export function registration(person: number, version: number, memberships: readonly Membership[]): PersonRegistration {
  return { person: personKey(person), birth: '1956-08-19' as PlainDate, sex: 'female', memberships, version };
}

/** The n-th person's sealed identity, as the `seq`-th file gave it. */
export function sealedIdentity(person: number, changes: Partial<SealedIdentity> = {}): SealedIdentity {
  return {
    person: personKey(person),
    nameKey: `name-${person}`,
    sealed: Buffer.from(`sealed ${person}`).toString('base64'),
    seq: fileSequence(1),
    ...changes,
  };
}
