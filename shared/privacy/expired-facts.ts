import type { PlainDate } from '../calendar/plain-date.ts';
import type { Catalog, FeedId } from '../catalog/feed.ts';
import { coverageOfList } from '../facts/coverage.ts';
import type { DeletionMark, FactChunk, PersonKey } from '../facts/fact.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { CorrectionStore } from '../ports/correction-store.ts';
import type { ExpiredPage, ExpiredThing } from '../ports/expired-data.ts';
import type { FactStore } from '../ports/fact-store.ts';
import type { FileRegister } from '../ports/file-register.ts';
import type { HouseholdRegistry, PersonRegistration } from '../ports/household-registry.ts';
import type { KeptFacts } from '../ports/kept-facts.ts';
import type { StandingStore } from '../ports/standing-store.ts';
import type { HouseholdId } from '../registry/household.ts';
import { membershipOn } from '../registry/membership.ts';
import type { CompiledPack } from '../scoring/compiled.ts';
import type { Standing } from '../warnings/warning.ts';
import { type ExpiredKey, feedsAskedAtPresent, type Keeping, keysPastKeeping, withMarks } from './facts-past-keeping.ts';

/** What finding and deleting facts past keeping needs. */
export interface FactKeepingDeps {
  readonly catalog: Catalog;
  readonly facts: Pick<FactStore, 'ofPersons'>;
  readonly keptFacts: KeptFacts;
  readonly registry: Pick<HouseholdRegistry, 'ofPersons'>;
  readonly standings: Pick<StandingStore, 'load'>;
  readonly cases: Pick<CaseStore, 'current'>;
  readonly corrections: Pick<CorrectionStore, 'list'>;
  readonly register: Pick<FileRegister, 'deliveries'>;
}

/** Which facts: of these feeds, over before this day. */
export interface FactScope {
  readonly feeds: ReadonlySet<FeedId>;
  readonly before: PlainDate;
  readonly today: PlainDate;
  /** Every pack in force anywhere. */
  readonly packs: readonly CompiledPack[];
}

/** Facts past keeping, a page of people at a time. */
export interface ExpiredFacts {
  page(after: string | undefined, limit: number): Promise<ExpiredPage>;
  /** Puts a mark in place of what is still past keeping; answers how many facts. */
  remove(things: readonly ExpiredThing[], mark: DeletionMark): Promise<number>;
}

const NOTICES = 500;

/**
 * Facts past keeping. Nothing goes of people with whom somebody is busy: while a warning or case of their household is open, or
 * a department has not answered yet about a row of theirs.
 */
export async function expiredFacts(deps: FactKeepingDeps, { packs, ...scope }: FactScope): Promise<ExpiredFacts> {
  const keeping: Keeping = {
    ...scope,
    catalog: deps.catalog,
    askedAtPresent: feedsAskedAtPresent(packs),
    coverage: coverageOfList(await deps.register.deliveries()),
  };
  const awaited = await peopleAwaited(deps.corrections);
  const judge = (persons: readonly PersonKey[]) => judged(deps, keeping, awaited, persons);
  return {
    async page(after, limit) {
      const { people, next } = await deps.keptFacts.people(after, limit);
      const things = (await judge(people)).flatMap(({ person, keys }) => keys.map((key) => thingOf(person, key)));
      return next === undefined ? { things } : { things, next };
    },
    async remove(things, mark) {
      const meant = new Set(things.map(({ key }) => key));
      const persons = [...new Set(things.map(({ key }) => key.slice(0, key.indexOf(' ')) as PersonKey))];
      const still = (await judge(persons)).flatMap(({ person, chunks, keys }) => {
        const going = keys.filter((key) => meant.has(thingOf(person, key).key));
        return going.length === 0 ? [] : [{ going, changes: withMarks(chunks, going, mark, deps.catalog) }];
      });
      const replaced = await deps.keptFacts.replace(still.map(({ changes }) => changes));
      return still.reduce((count, { going }, index) => count + (replaced[index] === true ? going.length : 0), 0);
    },
  };
}

function thingOf(person: PersonKey, { feed, key }: ExpiredKey): ExpiredThing {
  return { kind: feed, key: `${person} ${feed} ${key}` };
}

interface Judged {
  readonly person: PersonKey;
  readonly chunks: readonly FactChunk[];
  readonly keys: readonly ExpiredKey[];
}

async function judged(
  deps: FactKeepingDeps,
  keeping: Keeping,
  awaited: ReadonlySet<PersonKey>,
  persons: readonly PersonKey[],
): Promise<readonly Judged[]> {
  const told = [...(await deps.facts.ofPersons(persons))].filter(
    ([person, chunks]) => !awaited.has(person) && chunks.some(({ rows }) => rows.some(({ from }) => from < keeping.before)),
  );
  const registrations = await deps.registry.ofPersons(told.map(([person]) => person));
  const households = [...registrations.values()].flatMap(({ memberships }) => memberships.map(({ household }) => household));
  const known = await householdsKnown(deps, [...new Set(households)]);
  return told.flatMap(([person, chunks]) => {
    const registration = registrations.get(person);
    // Facts that were just kept: where the person belongs is not written down yet.
    if (registration === undefined || registration.memberships.some(({ household }) => known.busy.has(household))) return [];
    const keys = keysPastKeeping(chunks, countyOf(registration, known.standings, keeping.today), keeping);
    return keys.length === 0 ? [] : [{ person, chunks, keys }];
  });
}

async function householdsKnown(deps: FactKeepingDeps, households: readonly HouseholdId[]) {
  const [standings, cases] = await Promise.all([deps.standings.load(households), deps.cases.current(households)]);
  const busy = new Set<HouseholdId>();
  for (const [household, of] of standings) if (of.some(({ warning }) => warning?.status === 'open')) busy.add(household);
  for (const [household, { stage }] of cases) if (stage !== 'closed') busy.add(household);
  return { standings, busy };
}

/** The county in which the person's household of today was assessed. */
function countyOf(
  { memberships }: PersonRegistration,
  standings: ReadonlyMap<HouseholdId, readonly Standing[]>,
  today: PlainDate,
): string | undefined {
  const household = membershipOn(memberships, today)?.household;
  const area = household === undefined ? undefined : standings.get(household)?.[0]?.area;
  return area === undefined || area.length < 6 ? undefined : area.slice(0, 6);
}

/** Everybody about whom a department was asked to correct a row and has not said its last word. */
async function peopleAwaited(corrections: Pick<CorrectionStore, 'list'>): Promise<ReadonlySet<PersonKey>> {
  const people = new Set<PersonKey>();
  let after: string | undefined;
  do {
    const page = await corrections.list({
      areas: [''],
      awaiting: true,
      limit: NOTICES,
      ...(after === undefined ? {} : { after }),
    });
    for (const { person } of page.notices) people.add(person);
    after = page.next;
  } while (after !== undefined);
  return people;
}
