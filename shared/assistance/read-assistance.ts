import { allow } from '../access/policy.ts';
import { type Access, type ReadTrail, recordRead } from '../access/read-trail.ts';
import { dateInChina } from '../calendar/plain-date.ts';
import { caseFor } from '../casework/read-cases.ts';
import { foldFacts } from '../facts/fold.ts';
import type { CaseStore } from '../ports/case-store.ts';
import { NotFoundError } from '../ports/errors.ts';
import type { HouseholdId } from '../registry/household.ts';
import { areaOf } from '../registry/household-area.ts';
import { membersOn } from '../registry/membership.ts';
import type { AssistanceChain } from './chain-line.ts';
import { chainOf, type OfferSources, offersForCase } from './household-assistance.ts';
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
  const people = (await deps.registry.membersOf([id])).get(id) ?? [];
  const members = membersOn(id, people, dateInChina(deps.clock.now()));
  if (people.length === 0) throw new NotFoundError('no such household');
  const persons = (members.length === 0 ? people : members).map(({ person }) => person);
  const chunks = await deps.facts.ofPersons(persons);
  const facts = persons.flatMap((person) => foldFacts(chunks.get(person) ?? [], deps.catalog));
  allow(access.principal, 'household.read', { area: areaOf(facts, deps.catalog) });
  const chain = await chainOf(deps, id);
  await recordRead(deps, access, 'household.read', { household }, chain.lines.length);
  return chain;
}

/** Every measure held against the household of a case, offered or not, with the reasons. Recorded like reading the case. */
export async function readOffers(deps: AssistanceReading, access: Access, id: string): Promise<readonly Offer[]> {
  const { found } = await caseFor(deps, access, id);
  await recordRead(deps, access, 'cases.read', { case: found.id, household: found.household }, 1);
  return offersForCase(deps, found);
}
