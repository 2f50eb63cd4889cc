import { allow, decide } from '../access/policy.ts';
import { type Access, recordRead } from '../access/read-trail.ts';
import { dateInChina, type PlainDate } from '../calendar/plain-date.ts';
import type { PersonKey } from '../facts/fact.ts';
import { foldFacts } from '../facts/fold.ts';
import type { HouseholdId } from './household.ts';
import { areaOf, placingsOf } from './household-area.ts';
import type { HouseholdReading } from './household-reading.ts';
import { parseIdentityNumber } from './identity-number.ts';
import { membershipOn } from './membership.ts';
import { shownIdentity } from './shown-identity.ts';

/** How many people of one name a search shows at most. */
const NAMESAKES = 50;
/** How many are looked at together, and in all: a name that more bear is asked for with the number. */
const LOOKED_AT = 250;
const MOST_LOOKED_AT = 5_000;

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

/** What a search found; `more` when there are, or may be, more of the name than shown. */
export interface Found {
  readonly hits: readonly SearchHit[];
  readonly more: boolean;
}

/**
 * People of exactly this number or name within the user's areas. Recorded with the households found and never with what
 * was searched for; somebody outside the user's areas is not found, the same as somebody unknown.
 */
export async function searchExact(deps: HouseholdReading, access: Access, query: SearchQuery): Promise<Found> {
  allow(access.principal, 'search.exact');
  const found = 'name' in query ? await ofName(deps, access, query.name) : await ofNumber(deps, access, query.number);
  const households = [...new Set(found.hits.map((hit) => hit.household))].join(' ');
  await recordRead(deps, access, 'search.exact', { households }, found.hits.length);
  return found;
}

async function ofNumber(deps: HouseholdReading, access: Access, text: string): Promise<Found> {
  const number = as18Digits(text);
  return { hits: number === undefined ? [] : await hitsAmong(deps, access, [deps.pseudonyms.person(number)]), more: false };
}

/** Goes on until enough of the user's areas are found: of a common name the first ones may all live elsewhere. */
async function ofName(deps: HouseholdReading, access: Access, name: string): Promise<Found> {
  const key = deps.pseudonyms.name(name);
  const hits: SearchHit[] = [];
  let after: PersonKey | undefined;
  for (let looked = 0; looked < MOST_LOOKED_AT && hits.length <= NAMESAKES; looked += LOOKED_AT) {
    const persons = await deps.vault.byName(key, LOOKED_AT, after);
    hits.push(...(await hitsAmong(deps, access, persons)));
    after = persons.at(-1);
    if (persons.length < LOOKED_AT) return { hits: hits.slice(0, NAMESAKES), more: hits.length > NAMESAKES };
  }
  return { hits: hits.slice(0, NAMESAKES), more: true };
}

/** Of these people those who live, or lived last, in the user's areas. */
async function hitsAmong(deps: HouseholdReading, access: Access, persons: readonly PersonKey[]): Promise<readonly SearchHit[]> {
  const asOf = dateInChina(deps.clock.now());
  const registrations = [...(await deps.registry.ofPersons(persons)).values()];
  const placed = registrations.flatMap(({ person, memberships }) => {
    const membership = membershipOn(memberships, asOf) ?? memberships.at(-1);
    return membership === undefined ? [] : [{ person, membership, current: membershipOn([membership], asOf) !== undefined }];
  });
  const standings = await deps.standings.load([...new Set(placed.map(({ membership }) => membership.household))]);
  const assessedArea = (household: HouseholdId) => standings.get(household)?.[0]?.area;
  const neverAssessed = placed.filter(({ membership }) => assessedArea(membership.household) === undefined);
  const chunks = await deps.facts.ofPersons(neverAssessed.map(({ person }) => person));
  const inside = placed.flatMap((place) => {
    const told = chunks.get(place.person) ?? [];
    const area =
      assessedArea(place.membership.household) ?? areaOf(placingsOf(foldFacts(told, deps.catalog), told), deps.catalog, asOf);
    const decision = decide(access.principal, 'search.exact', { area });
    return decision.allowed ? [{ ...place, area, disclosure: decision.disclosure }] : [];
  });
  const sealed = await deps.vault.get(inside.map(({ person }) => person));
  return inside.map(({ person, membership: { household, relation }, current, area, disclosure }) => ({
    household,
    area,
    ...shownIdentity(deps.sealer, sealed.get(person), disclosure),
    relation,
    current,
  }));
}
