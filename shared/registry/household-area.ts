import type { PlainDate } from '../calendar/plain-date.ts';
import type { Catalog } from '../catalog/feed.ts';
import type { DeletedRows, Fact, FactChunk, PersonKey } from '../facts/fact.ts';

/** Where a row places a person: a fact, a row taken back, or what is left of a deleted one, which has no key. */
export type Placing = Pick<Fact, 'feed' | 'seq' | 'saidAgain' | 'person' | 'area' | 'areaAssumed' | 'to'> &
  Partial<Pick<Fact, 'key'>>;

/**
 * Best known area code of a household: what the declaration to civil affairs says, else the police register, else any
 * other row, else the place of first registration in an identity number, which is only a guess. A declaration or an entry that
 * has ended by `asOf` says less than one that holds, for the family may have moved, and more than other rows, which name no
 * village. Within a rank the latest file's word counts; where it names a county or town only, the village another row names
 * in it still holds. Empty when nothing is known.
 */
export function areaOf(placings: readonly Placing[], catalog: Catalog, asOf: PlainDate): string {
  return bestPlacing(placings, catalog, asOf)?.area ?? '';
}

/** The placing that says where a household is. */
export function bestPlacing(placings: readonly Placing[], catalog: Catalog, asOf: PlainDate): Placing | undefined {
  let best = latest(placings, catalog, asOf);
  while (best?.area !== undefined && best.area.length < VILLAGE) {
    const rank = rankOf(best, catalog, asOf);
    const within = best.area;
    const finer = placings.filter((one) => isWithin(one.area, within) && rankOf(one, catalog, asOf) === rank);
    if (finer.length === 0) break;
    best = latest(finer, catalog, asOf);
  }
  return best;
}

/** Digits of the code of a village. */
const VILLAGE = 12;

/** A longer code of the same place: medical insurance knows the county, a school the village. */
function isWithin(area: string | undefined, wider: string): boolean {
  return area !== undefined && area.length > wider.length && area.startsWith(wider);
}

/** The placing of the highest rank, and of these the last said. */
function latest(placings: readonly Placing[], catalog: Catalog, asOf: PlainDate): Placing | undefined {
  let best = '';
  let found: Placing | undefined;
  for (const placing of placings) {
    if (placing.area === undefined) continue;
    const { seq, saidAgain = seq, person, area } = placing;
    const claim = `${rankOf(placing, catalog, asOf)} ${saidAgain} ${person} ${area}`;
    if (claim > best) {
      best = claim;
      found = placing;
    }
  }
  return found;
}

function rankOf({ feed, areaAssumed, to }: Placing, catalog: Catalog, asOf: PlainDate): number {
  if (areaAssumed) return 0;
  const basis = catalog.get(feed)?.household?.basis;
  if (basis === undefined) return 1;
  const ended = to !== undefined && to < asOf;
  return (basis === 'declared' ? 3 : 2) + (ended ? 0 : 2);
}

/**
 * All that places people: their facts, and where rows placed them that were deleted. Of whom neither says where, also rows that
 * were taken back: a refund takes back what was paid, and not where the patient lives.
 */
export function placingsOf(facts: readonly Fact[], chunks: readonly FactChunk[]): readonly Placing[] {
  const left: Placing[] = [];
  for (const { feed, person, deleted } of chunks) {
    if (deleted?.place !== undefined) left.push({ feed, person, ...deleted.place, ...overBy(deleted) });
  }
  const unplaced = unplacedOf(facts, left, chunks);
  if (unplaced.length > 0) left.push(...takenBack(facts, unplaced));
  return left.length === 0 ? facts : [...facts, ...left];
}

/** Rows of people of whom nothing says where. Asked of everybody, and nearly always the first fact does. */
function unplacedOf(facts: readonly Fact[], left: readonly Placing[], chunks: readonly FactChunk[]): readonly FactChunk[] {
  const unplaced: FactChunk[] = [];
  let placed: PersonKey | undefined;
  for (const chunk of chunks) {
    const { person } = chunk;
    if (person === placed) continue;
    const says = (one: Placing) => one.person === person && one.area !== undefined && !one.areaAssumed;
    if (facts.some(says) || left.some((one) => one.person === person)) placed = person;
    else unplaced.push(chunk);
  }
  return unplaced;
}

/** Rows of which nothing is left, though nobody deleted them. */
function takenBack(facts: readonly Fact[], chunks: readonly FactChunk[]): Placing[] {
  const keyOf = (one: Pick<Fact, 'feed' | 'person'>, key: string) => `${one.feed} ${one.person} ${key}`;
  const known = new Set(facts.map((fact) => keyOf(fact, fact.key)));
  for (const chunk of chunks) for (const key of chunk.deleted?.keys ?? []) known.add(keyOf(chunk, key));
  return chunks.flatMap(({ feed, seq, person, rows }) =>
    rows.filter(({ key }) => !known.has(keyOf({ feed, person }, key))).map((row) => ({ ...row, feed, seq, person })),
  );
}

/** What was deleted had been over by then. */
function overBy({ under }: DeletedRows): Pick<Placing, 'to'> {
  const last = under.at(-1);
  return last === undefined ? {} : { to: last.before };
}
