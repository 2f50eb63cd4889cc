import { periodEnd } from '../calendar/period.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import type { Catalog, FeedId, FeedSpec } from '../catalog/feed.ts';
import type { Coverage } from '../facts/coverage.ts';
import {
  type DeletedRows,
  type DeletionMark,
  type Fact,
  type FactChunk,
  type FactRow,
  type FileSequence,
  firstRowOf,
} from '../facts/fact.ts';
import { foldFacts } from '../facts/fold.ts';
import { latestSnapshot } from '../facts/freshness.ts';
import type { ChangedChunk } from '../ports/kept-facts.ts';
import { bestPlacing, type Placing, placingsOf } from '../registry/household-area.ts';
import type { CompiledPack } from '../scoring/compiled.ts';

/** By what it is judged whether facts are past keeping. */
export interface Keeping {
  readonly catalog: Catalog;
  /** What ended before this day goes. */
  readonly before: PlainDate;
  /** Only these feeds. */
  readonly feeds: ReadonlySet<FeedId>;
  /** Feeds of which a rule pack in force asks whether a row still holds. */
  readonly askedAtPresent: ReadonlySet<FeedId>;
  readonly coverage: Coverage;
  readonly today: PlainDate;
}

/** A natural key all of whose rows are past keeping. */
export interface ExpiredKey {
  readonly feed: FeedId;
  readonly key: string;
}

/** Feeds of which one of these packs asks for what holds on the day, not for what happened in a time. */
export function feedsAskedAtPresent(packs: readonly CompiledPack[]): ReadonlySet<FeedId> {
  return new Set(
    packs.flatMap(({ leaves, feeds }) =>
      leaves.filter((leaf) => leaf.current).flatMap((leaf) => leaf.feeds.flatMap((index) => feeds[index]?.id ?? [])),
    ),
  );
}

/**
 * The natural keys of one person that are past keeping: what they came to ended before the day, and no row of theirs speaks of
 * a later one. `county` is where the person's household is assessed (six digits).
 *
 * Kept are: what still holds; a death, without which the dead would belong to their household again, and what placed them in
 * it, since their bills weigh on those who live; a list's row as long as no complete list came after it in every county that
 * sends the feed.
 */
export function keysPastKeeping(chunks: readonly FactChunk[], county: string | undefined, keeping: Keeping): ExpiredKey[] {
  const rows = new Map<string, { readonly feed: FeedId; readonly rows: FactRow[] }>();
  for (const { feed, rows: told } of chunks) {
    if (!keeping.feeds.has(feed)) continue;
    for (const row of told) {
      const name = `${feed} ${row.key}`;
      const there = rows.get(name);
      if (there === undefined) rows.set(name, { feed, rows: [row] });
      else there.rows.push(row);
    }
  }
  const over = [...rows].filter(([, { rows: told }]) => told.every(({ from }) => from < keeping.before));
  if (over.length === 0) return [];
  const facts = foldFacts(chunks, keeping.catalog);
  const counting = new Map(facts.map((fact) => [`${fact.feed} ${fact.key}`, fact]));
  const dead = facts.some(({ feed }) => keeping.catalog.get(feed)?.death !== undefined);
  return over.flatMap(([name, { feed, rows: told }]) => {
    const spec = keeping.catalog.get(feed);
    const key = told[0]?.key;
    if (spec === undefined || key === undefined || spec.death !== undefined) return [];
    if (dead && spec.household !== undefined) return [];
    const fact = counting.get(name);
    const ended = fact === undefined ? undefined : endOf(fact, spec, county, keeping);
    // What was taken back, or is closed already, has nothing left that could hold.
    return fact === undefined || (ended !== undefined && ended < keeping.before) ? [{ feed, key }] : [];
  });
}

/** The last day a fact bears on; undefined while it may still hold. */
function endOf(fact: Fact, spec: FeedSpec, county: string | undefined, keeping: Keeping): PlainDate | undefined {
  if (spec.household !== undefined) return fact.to;
  switch (spec.kind) {
    case 'event':
      return keeping.askedAtPresent.has(spec.id) ? fact.to : (fact.to ?? fact.from);
    case 'status':
      return fact.to;
    case 'snapshot':
      return endOfListed(fact.seq, spec, county, keeping);
  }
}

/** Where no list of the household's own county is on record, the newest row known stands in for one (scoring/deal.ts). */
function endOfListed(
  seq: FileSequence,
  spec: FeedSpec,
  county: string | undefined,
  { coverage, today }: Keeping,
): PlainDate | undefined {
  const counties = coverage.get(spec.id);
  if (counties === undefined || county === undefined) return undefined;
  if (!counties.has(county) && !counties.has('*')) return undefined;
  const listed = seq.slice(0, 10) as PlainDate;
  for (const name of counties.keys()) {
    const complete = latestSnapshot(spec, coverage, name, today)?.lastComplete;
    if (complete === undefined || periodEnd(complete) <= listed) return undefined;
  }
  return listed;
}

/**
 * A person's chunks with a mark in place of the rows under these keys, the latest file first: from the first one on no word on
 * a key counts that is still to be deleted, so whoever is interrupted leaves nothing that holds again. Where a deleted row alone
 * says best where the person lives, the mark that closes its key keeps the place.
 */
export function withMarks(
  chunks: readonly FactChunk[],
  keys: readonly ExpiredKey[],
  mark: DeletionMark,
  catalog: Catalog,
): readonly ChangedChunk[] {
  const going = new Set(keys.map(({ feed, key }) => `${feed} ${key}`));
  let placing = placingLost(chunks, going, catalog, mark.on);
  const latestFirst = chunks.toSorted((a, b) => (a.seq < b.seq ? 1 : a.seq > b.seq ? -1 : 0));
  return latestFirst.flatMap((before): ChangedChunk[] => {
    const goes = ({ key }: FactRow) => going.has(`${before.feed} ${key}`);
    const gone = before.rows.filter(goes);
    if (gone.length === 0) return [];
    const closed = placing?.feed === before.feed && gone.some(({ key }) => key === placing?.key) ? placing : undefined;
    const place = closed === undefined ? before.deleted?.place : placeOf(closed);
    if (closed !== undefined) placing = undefined;
    const deleted: DeletedRows = {
      firstRow: firstRowOf(before),
      keys: [...new Set([...(before.deleted?.keys ?? []), ...gone.map(({ key }) => key)])],
      under: [...(before.deleted?.under ?? []), mark],
      ...(place === undefined ? {} : { place }),
    };
    return [{ before, after: { ...before, rows: before.rows.filter((row) => !goes(row)), deleted } }];
  });
}

/** What says best where the person lives, if it is among those that go. */
function placingLost(
  chunks: readonly FactChunk[],
  going: ReadonlySet<string>,
  catalog: Catalog,
  on: PlainDate,
): Placing | undefined {
  const best = bestPlacing(placingsOf(foldFacts(chunks, catalog), chunks), catalog, on);
  return best?.key !== undefined && going.has(`${best.feed} ${best.key}`) ? best : undefined;
}

function placeOf({ area, areaAssumed, seq: first, saidAgain: seq = first }: Placing): DeletedRows['place'] {
  return area === undefined ? undefined : { area, seq, ...(areaAssumed ? { areaAssumed } : {}) };
}
