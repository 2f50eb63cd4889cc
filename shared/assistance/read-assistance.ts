import { allow } from '../access/policy.ts';
import { type Access, type ReadTrail, recordRead } from '../access/read-trail.ts';
import { caseFor } from '../casework/read-cases.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { NotFoundError } from '../ports/errors.ts';
import type { HouseholdId } from '../registry/household.ts';
import { knownHousehold } from '../registry/known-household.ts';
import type { AssistanceChain } from './chain-line.ts';
import { chainWith, type OfferSources, offersForCase } from './household-assistance.ts';
import type { Offer } from './offers.ts';

/** What reading chains and offers needs. */
export interface AssistanceReading extends OfferSources, ReadTrail {
  readonly cases: Pick<CaseStore, 'get' | 'ofHousehold'>;
}

/**
 * The assistance chain 救助链 of a household. Throws NotFoundError, or AccessError outside the reader's areas; recorded before
 * it is answered.
 */
export async function readChain(deps: AssistanceReading, access: Access, household: string): Promise<AssistanceChain> {
  allow(access.principal, 'household.read');
  const id = household as HouseholdId;
  const { people, area, facts } = await knownHousehold(deps, id);
  if (people.length === 0) throw new NotFoundError('no such household');
  allow(access.principal, 'household.read', { area });
  const chain = await chainWith(deps, id, facts);
  await recordRead(deps, access, 'household.read', { household }, chain.lines.length);
  return chain;
}

/** Every measure held against the household of a case, offered or not, with the reasons. Recorded like reading the case. */
export async function readOffers(deps: AssistanceReading, access: Access, id: string): Promise<readonly Offer[]> {
  const { found } = await caseFor(deps, access, id);
  await recordRead(deps, access, 'cases.read', { case: found.id, household: found.household }, 1);
  return offersForCase(deps, found);
}
