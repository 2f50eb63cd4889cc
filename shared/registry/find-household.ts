import { allow, decide } from '../access/policy.ts';
import { type Access, recordRead } from '../access/read-trail.ts';
import { dateInChina, type PlainDate } from '../calendar/plain-date.ts';
import { foldFacts } from '../facts/fold.ts';
import type { HouseholdId } from './household.ts';
import { areaOf, placingsOf } from './household-area.ts';
import type { HouseholdReading } from './household-reading.ts';
import { parseIdentityNumber } from './identity-number.ts';
import { membershipOn } from './membership.ts';
import { shownIdentity } from './shown-identity.ts';

/** How many people of one name a search shows at most. */
export const NAMESAKES = 50;

/** One person found, masked by role, and the household they belong to now (or belonged to last). */
export interface SearchHit {
  readonly household: string;
  readonly area: string;
  readonly name: string;
  readonly number: string | null;
  readonly relation: string;
  readonly current: boolean;
}

/** Looking for someone by exact identity number or by exact name. */
export type SearchQuery = { readonly number: string } | { readonly name: string };

function as18Digits(text: string): string | undefined {
  const read = parseIdentityNumber(text);
  return read.ok ? read.number : undefined;
}

/** The household of an id, or of the person with this identity number; undefined when there is none. */
export async function findHouseholdOf(
  deps: Pick<HouseholdReading, 'registry' | 'pseudonyms'>,
  reference: string,
  asOf: PlainDate,
): Promise<HouseholdId | undefined> {
  if (/^H[0-9a-f]{24}$/.test(reference)) return reference as HouseholdId;
  const number = as18Digits(reference);
  if (number === undefined) return undefined;
  const person = deps.pseudonyms.person(number);
  const memberships = (await deps.registry.ofPersons([person])).get(person)?.memberships ?? [];
  return (membershipOn(memberships, asOf) ?? memberships.at(-1))?.household;
}

/**
 * People of exactly this number or name within the user's areas. Recorded with the households found and never with what
 * was searched for; somebody outside the user's areas is not found, the same as somebody unknown.
 */
export async function searchExact(deps: HouseholdReading, access: Access, query: SearchQuery): Promise<readonly SearchHit[]> {
  allow(access.principal, 'search.exact');
  const asOf = dateInChina(deps.clock.now());
  const number = 'number' in query ? as18Digits(query.number) : undefined;
  const persons =
    'name' in query
      ? await deps.vault.byName(deps.pseudonyms.name(query.name), NAMESAKES)
      : number === undefined
        ? []
        : [deps.pseudonyms.person(number)];
  const registrations = [...(await deps.registry.ofPersons(persons)).values()];
  const places = registrations.flatMap(({ person, memberships }) => {
    const membership = membershipOn(memberships, asOf) ?? memberships.at(-1);
    return membership === undefined ? [] : [{ person, membership, current: membershipOn([membership], asOf) !== undefined }];
  });
  const [standings, chunks, sealed] = await Promise.all([
    deps.standings.load([...new Set(places.map((place) => place.membership.household))]),
    deps.facts.ofPersons(places.map((place) => place.person)),
    deps.vault.get(places.map((place) => place.person)),
  ]);
  const hits = places.flatMap(({ person, membership, current }): SearchHit[] => {
    const told = chunks.get(person) ?? [];
    const area =
      standings.get(membership.household)?.[0]?.area ??
      areaOf(placingsOf(foldFacts(told, deps.catalog), told), deps.catalog, asOf);
    const decision = decide(access.principal, 'search.exact', { area });
    if (!decision.allowed) return [];
    const shown = shownIdentity(deps.sealer, sealed.get(person), decision.disclosure);
    return [{ household: membership.household, area, ...shown, relation: membership.relation, current }];
  });
  const households = [...new Set(hits.map((hit) => hit.household))].join(' ');
  await recordRead(deps, access, 'search.exact', { households }, hits.length);
  return hits;
}
