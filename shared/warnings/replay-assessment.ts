import { readEntry } from '../audit/chain.ts';
import { type DomainEvent, linesOf } from '../audit/event.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import type { Catalog } from '../catalog/feed.ts';
import { coverageOf, type Delivery } from '../facts/coverage.ts';
import { type DeletionMark, type Fact, type FactChunk, firstRowOf, type PersonKey } from '../facts/fact.ts';
import { foldFacts } from '../facts/fold.ts';
import type { StoredArchive } from '../ports/event-log.ts';
import type { FactStore } from '../ports/fact-store.ts';
import type { FileRegister } from '../ports/file-register.ts';
import { registrationOf } from '../registry/apply-updates.ts';
import type { HouseholdId } from '../registry/household.ts';
import type { Pseudonyms } from '../registry/pseudonym.ts';
import { assess } from '../scoring/assess.ts';
import type { CompiledPack } from '../scoring/compiled.ts';
import { inputOn } from './assess-households.ts';
import { deliveredOf } from './assessed-inputs.ts';
import { summaryOf } from './decide-warning.ts';

/** What replaying needs: the archive, the stores it speaks of, and the rules. */
export interface ReplayDeps {
  readonly archive: Pick<StoredArchive, 'parts'>;
  readonly facts: Pick<FactStore, 'ofPersons'>;
  readonly register: Pick<FileRegister, 'deliveries'>;
  readonly catalog: Catalog;
  readonly pseudonyms: Pseudonyms;
  readonly packsFor: (area: string) => readonly CompiledPack[];
}

/**
 * Why a decision could not be computed again. `inputs-not-told`: written by a version that did not say what was known;
 * `facts-deleted`: it does not come out, and some of what was known has been deleted since, its time being over;
 * `facts-missing`: the archive tells of facts the store no longer has, or of fewer than were known; `deliveries-differ`: what
 * was delivered then is no longer there, or cannot be told from what came later; `rules-not-here`: the rule pack is here in
 * another version or not at all.
 */
export type ReplayObstacle = 'inputs-not-told' | 'facts-deleted' | 'facts-missing' | 'deliveries-differ' | 'rules-not-here';

/** What came of replaying. `same`: bit for bit, by the digest over the whole trace. */
export type Replay = {
  readonly event: string;
  readonly number: number;
  readonly household: HouseholdId;
  readonly area: string;
} & (
  | { readonly outcome: 'same' | 'different'; readonly digest: string; readonly recomputed: string }
  | {
      readonly outcome: 'not-replayable';
      readonly obstacle: ReplayObstacle;
      /** Of `facts-deleted`: when, and under which certificates. */
      readonly deleted?: readonly DeletionMark[];
    }
);

/** What the event of an assessment says. */
interface Assessed {
  readonly number: number;
  readonly household: HouseholdId;
  readonly area: string;
  readonly asOf: PlainDate;
  readonly digest: string;
  readonly pack: string;
  readonly packVersion: string;
  readonly delivered: readonly (string | number)[] | undefined;
  readonly persons: readonly (readonly [PersonKey, number, number])[];
}

/**
 * Computes a decision again from what was known then: facts, memberships and deliveries in the order of the archive as far as
 * the event says they were known, by the version of the rules it names. Later files and corrections play no part. Undefined
 * when the archive has no assessment of this id. Reads the archive twice; memory grows with the household alone.
 */
export async function replayAssessment(deps: ReplayDeps, id: string): Promise<Replay | undefined> {
  const told = await assessedIn(deps.archive, id);
  if (told === undefined) return undefined;
  const { number, household, area, digest, persons, delivered, asOf } = told;
  const about = { event: id, number, household, area };
  const stopped = (obstacle: ReplayObstacle) => ({ ...about, outcome: 'not-replayable', obstacle }) as const;
  if (delivered === undefined) return stopped('inputs-not-told');
  const pack = deps.packsFor(area).find((one) => one.pack.id === told.pack && one.pack.version === told.packVersion);
  if (pack === undefined) return stopped('rules-not-here');
  const order = await orderOf(deps.archive, new Set(persons.map(([person]) => person)));
  const chunks = await chunksThen(deps, persons, order);
  if (chunks === undefined) return stopped('facts-missing');
  const deliveries = deliveredThen(await deps.register.deliveries(), order.files, delivered);
  if (deliveries === undefined) return stopped('deliveries-differ');
  const people = persons.map(([person, , version]) => registrationOf(deps, person, (chunks.get(person) ?? []).slice(0, version)));
  const facts = new Map<PersonKey, readonly Fact[]>(
    persons.map(([person, count]) => [person, foldFacts((chunks.get(person) ?? []).slice(0, count), deps.catalog)]),
  );
  const known = { coverage: coverageOf(deliveries), factsOf: (person: PersonKey) => facts.get(person) ?? [] };
  const recomputed = summaryOf(assess(pack, inputOn(asOf, household, people, area, known, deps.catalog))).digest;
  // The digest covers the whole trace: where it comes out the same, nothing that is gone played a part.
  if (recomputed === digest) return { ...about, outcome: 'same', digest, recomputed };
  const deleted = deletionsOf([...chunks.values()].flat());
  if (deleted.length > 0) return { ...stopped('facts-deleted'), deleted };
  return { ...about, outcome: 'different', digest, recomputed };
}

/** The deletions that took rows of these chunks, each once, by day. */
function deletionsOf(chunks: readonly FactChunk[]): readonly DeletionMark[] {
  const marks = chunks.flatMap(({ deleted }) => deleted?.under ?? []);
  const each = new Map(marks.map((mark) => [mark.certificate, mark]));
  return [...each.values()].toSorted((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.certificate < b.certificate ? -1 : 1));
}

/** The order in which the archive tells of files taken, and of the chunks of some people. */
interface Order {
  readonly files: readonly string[];
  readonly places: ReadonlyMap<string, readonly string[]>;
}

async function orderOf(archive: ReplayDeps['archive'], persons: ReadonlySet<string>): Promise<Order> {
  const files: string[] = [];
  const places = new Map<string, string[]>();
  for await (const { event } of eventsOf(archive, ['"file.taken"', ...persons])) {
    const file = event.subject['file'] ?? '';
    if (event.type === 'file.taken') files.push(file);
    if (event.type !== 'facts.recorded') continue;
    for (const [person = '', row = 0] of linesOf(event.data['chunks'])) {
      if (!persons.has(String(person))) continue;
      const own = places.get(String(person)) ?? [];
      places.set(String(person), own);
      own.push(placeOf(String(event.data['feed']), file, Number(row)));
    }
  }
  return { files, places };
}

function placeOf(feed: string, file: string, row: number): string {
  return `${feed} ${file} ${row}`;
}

/** Each person's first chunks by the order of the archive, as many as facts or memberships were made of. */
async function chunksThen(
  deps: ReplayDeps,
  persons: Assessed['persons'],
  { places }: Order,
): Promise<ReadonlyMap<PersonKey, readonly FactChunk[]> | undefined> {
  const stored = await deps.facts.ofPersons(persons.map(([person]) => person));
  const then = new Map<PersonKey, readonly FactChunk[]>();
  for (const [person, facts, version] of persons) {
    const count = Math.max(facts, version);
    const held = new Map((stored.get(person) ?? []).map((one) => [placeOf(one.feed, one.file, firstRowOf(one)), one]));
    const first = (places.get(person) ?? []).slice(0, count).flatMap((place) => held.get(place) ?? []);
    if (first.length < count) return undefined;
    then.set(person, first);
  }
  return then;
}

/** The deliveries of the first files taken, as many as were known; undefined when they are not those. */
function deliveredThen(
  deliveries: readonly Delivery[],
  files: readonly string[],
  [count, digest]: readonly (string | number)[],
): readonly Delivery[] | undefined {
  const ofFile = Map.groupBy(deliveries, (one): string => one.file);
  const first: Delivery[] = [];
  for (const file of files) {
    if (first.length >= Number(count)) break;
    first.push(...(ofFile.get(file) ?? []));
  }
  const made = deliveredOf(first)();
  return made.count === count && made.digest === digest ? first : undefined;
}

async function assessedIn(archive: ReplayDeps['archive'], id: string): Promise<Assessed | undefined> {
  for await (const { number, event } of eventsOf(archive, [`"id":"${id}"`])) {
    if (event.type !== 'household.assessed' || event.id !== id) continue;
    const { data, subject } = event;
    const text = (name: string) => String(data[name] ?? '');
    return {
      number,
      household: (subject['household'] ?? '') as HouseholdId,
      area: text('area'),
      asOf: text('asOf') as PlainDate,
      digest: text('digest'),
      pack: text('pack'),
      packVersion: text('packVersion'),
      delivered: linesOf(data['delivered'])[0],
      persons: linesOf(data['persons']).map(([person, facts, version]) => [
        String(person) as PersonKey,
        Number(facts),
        Number(version),
      ]),
    };
  }
  return undefined;
}

/** The events of an archive whose lines hold one of these texts, in order; the others are not even parsed. */
async function* eventsOf(
  archive: ReplayDeps['archive'],
  marks: readonly string[],
): AsyncGenerator<{ readonly number: number; readonly event: DomainEvent }> {
  for await (const part of archive.parts()) {
    for await (const piece of part.texts()) {
      if (!marks.some((mark) => piece.includes(mark))) continue;
      for (const line of piece.toString('utf8').split('\n')) {
        const entry = marks.some((mark) => line.includes(mark)) ? readEntry(line) : undefined;
        if (entry !== undefined) yield { number: entry.number, event: entry.event };
      }
    }
  }
}
