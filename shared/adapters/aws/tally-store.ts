import * as z from 'zod';
import type { Period } from '../../calendar/period.ts';
import { RetryLaterError } from '../../ports/errors.ts';
import type { AreaCounts, NumberedTally, TallyStore } from '../../ports/tally-store.ts';
import { areaAbove, byPlace, type PlaceTallies, withAdded } from '../../reports/tallies.ts';
import { inParallel } from './bounded-parallel.ts';
import { branded, packJson, parseStored, unpackJson } from './packed-json.ts';
import { ABSENT, type Condition, type Table, type TableItem, type TableKey, WIDTH } from './table.ts';

const COUNTED = { pk: 'TALLIED', sk: 'UP-TO' };
/** Stands for the whole deployment, where a key may not be empty. */
const EVERYWHERE = 'ALL';
const TRIES = 8;

const storedCounts = z.record(z.string(), z.number());
const storedPlace = z.object({ area: z.string(), month: branded<Period>(), upTo: z.number(), counts: z.unknown() });
const storedMark = z.object({ upTo: z.number() });

/** Partition of the areas right below one, in a month. */
function partitionOf(above: string | undefined, month: string): string {
  return `TALLY#${above === undefined ? 'TOP' : above || EVERYWHERE}#${month}`;
}

function keyOf(area: string, month: string): TableKey {
  return { pk: partitionOf(areaAbove(area), month), sk: area || EVERYWHERE };
}

function countsOf(item: TableItem): AreaCounts & { readonly upTo: number } {
  const { area, month, upTo, counts } = parseStored(storedPlace, item, 'counts');
  return { area, month, upTo, counts: unpackJson(storedCounts, counts, 'counts') };
}

/**
 * Counts for dashboards in DynamoDB: an item for each area and month, each with the number of the last event in it, so that
 * every one can be brought on by itself and by several at once; the mark of what is counted everywhere is moved last.
 */
export function dynamoTallyStore(table: Table): TallyStore {
  async function countedUpTo(): Promise<number> {
    const item = await table.get(COUNTED);
    return item === undefined ? 0 : parseStored(storedMark, item, 'mark of what is counted').upTo;
  }

  async function bring({ area, month, tallies }: PlaceTallies<NumberedTally>, upTo: number): Promise<void> {
    const key = keyOf(area, month);
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const item = await table.get(key);
      const stored = item === undefined ? undefined : countsOf(item);
      if (stored !== undefined && stored.upTo >= upTo) return;
      const counts = withAdded(
        stored?.counts ?? {},
        tallies.filter(({ number }) => number > (stored?.upTo ?? 0)),
      );
      const next = { ...key, area, month, upTo, counts: packJson(counts) };
      if (await table.put(next, stored === undefined ? ABSENT : at(stored.upTo))) return;
    }
    throw new RetryLaterError('others kept counting for the same area and month');
  }

  return {
    countedUpTo,
    async add(tallies, upTo) {
      const counted = await countedUpTo();
      if (upTo <= counted) return;
      await inParallel(WIDTH, byPlace(tallies), (place) => bring(place, upTo));
      const moved = await table.put({ ...COUNTED, upTo }, counted === 0 ? ABSENT : at(counted));
      // Whoever moved it meanwhile may have counted less far: the mark only ever tells too little, and is moved again.
      if (!moved && (await countedUpTo()) < upTo) throw new RetryLaterError('others counted at the same time');
    },
    async of(areas, months) {
      const keys = areas.flatMap((area) => months.map((month) => keyOf(area, month)));
      return (await table.getAll(keys)).map((item) => shown(countsOf(item)));
    },
    async below(area, month) {
      const found: AreaCounts[] = [];
      for await (const item of table.query({ partition: partitionOf(area, month) })) found.push(shown(countsOf(item)));
      return found;
    },
  };
}

function at(upTo: number): Condition {
  return { expression: '#u = :u', names: { '#u': 'upTo' }, values: { ':u': upTo } };
}

function shown({ area, month, counts }: AreaCounts): AreaCounts {
  return { area, month, counts };
}
