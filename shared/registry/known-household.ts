import { dateInChina } from '../calendar/plain-date.ts';
import type { Catalog } from '../catalog/feed.ts';
import type { Fact, FactChunk, PersonKey } from '../facts/fact.ts';
import { foldFacts } from '../facts/fold.ts';
import type { Clock } from '../ports/clock.ts';
import { NotFoundError } from '../ports/errors.ts';
import type { FactStore } from '../ports/fact-store.ts';
import type { HouseholdRegistry, PersonRegistration } from '../ports/household-registry.ts';
import type { StandingStore } from '../ports/standing-store.ts';
import type { HouseholdId, Member } from './household.ts';
import { areaOf, placingsOf } from './household-area.ts';
import { membersOn } from './membership.ts';

/** Where people's facts are read. */
export interface FactSources {
  readonly catalog: Catalog;
  readonly facts: Pick<FactStore, 'ofPersons'>;
}

/** Where a household is read. */
export interface HouseholdSources extends FactSources {
  readonly registry: Pick<HouseholdRegistry, 'membersOf'>;
  readonly clock: Clock;
}

/** What departments told of some people: as it was stored, and what it comes to. */
export interface Told {
  readonly chunks: readonly FactChunk[];
  readonly facts: readonly Fact[];
}

/** A household as it is known today. */
export interface KnownHousehold extends Told {
  /** Everybody who belongs to it or ever did; nobody, when there is no such household. */
  readonly people: readonly PersonRegistration[];
  /** Who belongs to it today. */
  readonly members: readonly Member[];
  /**
   * Best known area code by what was told of today's members: who has moved away is told of elsewhere. Of a household nobody
   * belongs to any more, by what was told of those who did.
   */
  readonly area: string;
}

/** A household with its members of today and the facts of everybody who belongs or belonged to it. */
export async function knownHousehold(sources: HouseholdSources, household: HouseholdId): Promise<KnownHousehold> {
  const people = (await sources.registry.membersOf([household])).get(household) ?? [];
  const today = dateInChina(sources.clock.now());
  const members = membersOn(household, people, today);
  const told = await toldOf(
    sources,
    people.map(({ person }) => person),
  );
  const present = new Set(members.map(({ person }) => person));
  const placings = placingsOf(told.facts, told.chunks);
  const here = present.size === 0 ? placings : placings.filter(({ person }) => present.has(person));
  return { people, members, ...told, area: areaOf(here, sources.catalog, today) };
}

/** Where it is found out in which area a household lies. */
export interface PlaceSources extends HouseholdSources {
  readonly standings: Pick<StandingStore, 'load'>;
}

/** The area a household lies in: where it was last assessed, else as far as is known. Throws NotFoundError for none. */
export async function areaOfHousehold(sources: PlaceSources, household: HouseholdId): Promise<string> {
  const standing = (await sources.standings.load([household])).get(household)?.[0];
  if (standing !== undefined) return standing.area;
  const { people, area } = await knownHousehold(sources, household);
  if (people.length === 0) {
    throw new NotFoundError('没有这一户，请核对户编号 / no such household; check its id');
  }
  return area;
}

/** What departments told of people, whichever household they belong to. */
export async function toldOf({ facts, catalog }: FactSources, persons: readonly PersonKey[]): Promise<Told> {
  if (persons.length === 0) return { chunks: [], facts: [] };
  const stored = [...(await facts.ofPersons(persons)).values()];
  return { chunks: stored.flat(), facts: stored.flatMap((own) => foldFacts(own, catalog)) };
}
