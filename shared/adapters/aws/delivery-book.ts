import * as z from 'zod';
import type { Period } from '../../calendar/period.ts';
import type { FeedId } from '../../catalog/feed.ts';
import type { Delivery } from '../../facts/coverage.ts';
import type { FileId } from '../../facts/fact.ts';
import { RetryLaterError } from '../../ports/errors.ts';
import { branded, type PackedJson, packJson, parseStored, unpackJson } from './packed-json.ts';
import { ABSENT, type Table } from './table.ts';

/** What was delivered, told in the order in which it became known, so that a reader takes only what it has not read. */
export interface DeliveryBook {
  /** Adds to the book. Told twice is told once. */
  tell(deliveries: readonly Delivery[]): Promise<void>;
  /** Everything told before the call, and the same list object as before while nothing was. */
  all(): Promise<readonly Delivery[]>;
}

/** Where news stands, `NEWS#<number>` without gaps, and after it how often versions before this one added something. */
const NEWS = 'COVERAGE-STATE';
/** Where versions before this one put an item for each delivery. */
const LOOSE = 'COVERAGE';
/** News bound together, and copies of loose deliveries: what a reader begins with. */
const BOUND = 'COVERAGE-BOUND';

/** So many news are bound into a page: a reader that begins takes no more than these one by one. */
export const NEWS_PER_PAGE = 256;
/** Bytes of one item that are filled: DynamoDB takes 400 KiB, names and numbers included. */
const FILLED = 350_000;
/** Every time somebody else has told something first, so only very many writers at once come to the end of it. */
const TRIES = 200;

/** Deliveries of one file: feed, period, file, counties delivered whole, counties of which rows were refused. */
const storedRow = z.tuple([branded<FeedId>(), branded<Period>(), branded<FileId>(), z.array(z.string()), z.array(z.string())]);
type Row = z.infer<typeof storedRow>;
const storedRows: z.ZodType<Row[]> = z.array(storedRow);

const storedNews = z.object({ sk: z.string(), rows: z.unknown() });
const storedState = z.object({ revision: z.number() });
const storedPage = z.object({ sk: z.string(), upTo: z.number(), rows: z.unknown() });
const storedCopy = z.object({ revision: z.number(), parts: z.number(), rows: z.unknown() });
const storedLoose: z.ZodType<Delivery> = z.object({
  feed: branded<FeedId>(),
  county: z.string(),
  period: branded<Period>(),
  complete: z.boolean(),
  file: branded<FileId>(),
});

const digits = (number: number) => String(number).padStart(12, '0');
const newsKey = (number: number) => `NEWS#${digits(number)}`;
const pageKey = (from: number) => `PAGE#${digits(from)}`;
const copyKey = (revision: number, part: number) => `LOOSE#${digits(revision)}#${digits(part)}`;

function numberIn(sk: string): number {
  return Number(sk.slice(sk.indexOf('#') + 1));
}

/** Deliveries as rows, and back: the counties of a file stand together. */
function rowsOf(deliveries: Iterable<Delivery>): Row[] {
  const rows = new Map<string, Row>();
  for (const { feed, period, file, county, complete } of deliveries) {
    const key = `${feed} ${period} ${file}`;
    const row = rows.get(key) ?? [feed, period, file, [], []];
    rows.set(key, row);
    row[complete ? 3 : 4].push(county);
  }
  return [...rows.values()];
}

function* deliveriesIn([feed, period, file, whole, partly]: Row): Generator<Delivery> {
  for (const county of whole) yield { feed, county, period, complete: true, file };
  for (const county of partly) yield { feed, county, period, complete: false, file };
}

/** Cuts a list into stretches each of which fits into an item. */
function fitting<T>(
  list: readonly T[],
  rows: (stretch: readonly T[]) => readonly Row[],
): { list: readonly T[]; packed: PackedJson }[] {
  const packed = packJson(rows(list));
  if (packed.length <= FILLED || list.length < 2) return [{ list, packed }];
  const half = Math.ceil(list.length / 2);
  return [...fitting(list.slice(0, half), rows), ...fitting(list.slice(half), rows)];
}

/** Deliveries by what tells them apart; whatever comes once as complete is. */
class Known {
  readonly #held = new Map<string, Delivery>();

  add(deliveries: Iterable<Delivery>): void {
    for (const one of deliveries) {
      const key = `${one.feed} ${one.county} ${one.period} ${one.file}`;
      const held = this.#held.get(key);
      this.#held.set(key, held?.complete ? held : one);
    }
  }

  addPacked(packed: unknown): void {
    for (const row of unpackJson(storedRows, packed, 'deliveries')) this.add(deliveriesIn(row));
  }

  list(): readonly Delivery[] {
    return [...this.#held.values()];
  }
}

/** What one process has read so far. */
interface Read {
  /** Number of the last news. */
  readonly upTo: number;
  /** As which the loose deliveries were read. */
  readonly loose: number;
  readonly known: Known;
  readonly list: readonly Delivery[];
}

/**
 * The book of deliveries in DynamoDB. News has numbers without gaps: each is put under the condition that it is not there,
 * after the one before it was seen, so whoever has read up to a number asks for those after it and misses none. Every so many
 * are bound into a page, always the same ones, which never changes: a reader that begins takes the pages and the few after.
 */
export function dynamoDeliveryBook(table: Table): DeliveryBook {
  /** Number of the last news, and as which loose deliveries are there. */
  async function end(): Promise<{ readonly number: number; readonly loose: number }> {
    let loose = 0;
    for await (const item of table.query({ partition: NEWS, descending: true, pageSize: 2 })) {
      if (item['sk'] !== 'STATE') return { number: numberIn(String(item['sk'])), loose };
      loose = parseStored(storedState, item, 'state of deliveries').revision;
    }
    return { number: 0, loose };
  }

  async function append(rows: PackedJson): Promise<void> {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const last = await end();
      const number = last.number + 1;
      if (!(await table.put({ pk: NEWS, sk: newsKey(number), rows }, ABSENT))) continue;
      if (number === 1 || number % NEWS_PER_PAGE === 0) await bind(number, last.loose);
      return;
    }
    throw new RetryLaterError('多个文件正同时登记，将自动重试。 / many files are being entered at once; it will be tried again.');
  }

  /** Binds what is not bound yet; a page that was missed, because its writer died, is made up for with the next. */
  async function bind(number: number, loose: number): Promise<void> {
    let bound = 0;
    for await (const item of table.query({ partition: BOUND, prefix: 'PAGE#', descending: true, pageSize: 1 })) {
      bound = parseStored(storedPage, item, 'page of deliveries').upTo;
      break;
    }
    while (bound + NEWS_PER_PAGE <= number) {
      const news = await newsAfter(bound, NEWS_PER_PAGE);
      for (const { list, packed } of fitting(news, (some) => some.flatMap(({ rows }) => rows))) {
        const upTo = bound + list.length;
        await table.put({ pk: BOUND, sk: pageKey(bound + 1), upTo, rows: packed }, ABSENT);
        bound = upTo;
      }
    }
    if (loose > 0) await copyLoose(loose);
  }

  async function newsAfter(number: number, count: number): Promise<{ readonly rows: readonly Row[] }[]> {
    const news = [];
    for await (const item of table.query({ partition: NEWS, beyond: newsKey(number), pageSize: count })) {
      const { rows } = parseStored(storedNews, item, 'news of deliveries');
      news.push({ rows: unpackJson(storedRows, rows, 'deliveries') });
      if (news.length === count) break;
    }
    return news;
  }

  /** Loose deliveries took an item each; copied once, they are read in one two-hundredth of the requests. */
  async function copyLoose(revision: number): Promise<void> {
    if ((await table.get({ pk: BOUND, sk: copyKey(revision, 1) })) !== undefined) return;
    const parts = fitting(rowsOf(await looseDeliveries()), (some) => some);
    // The first last: while it is not there, the next writer copies anew.
    for (const [at, { packed: rows }] of [...parts.entries()].toReversed()) {
      await table.put({ pk: BOUND, sk: copyKey(revision, at + 1), revision, parts: parts.length, rows });
    }
  }

  async function looseDeliveries(): Promise<Delivery[]> {
    const deliveries: Delivery[] = [];
    for await (const item of table.query({ partition: LOOSE })) deliveries.push(parseStored(storedLoose, item, 'delivery'));
    return deliveries;
  }

  /** Pages, one following the other, and the latest copy of loose deliveries that is there whole. */
  async function bound(): Promise<Read> {
    const known = new Known();
    const copies = new Map<number, unknown[]>();
    let [upTo, loose] = [0, 0];
    for await (const item of table.query({ partition: BOUND })) {
      if (String(item['sk']).startsWith('LOOSE#')) {
        const { revision, parts, rows } = parseStored(storedCopy, item, 'copy of deliveries');
        const copy = copies.get(revision) ?? [];
        copies.set(revision, copy);
        copy.push(rows);
        if (copy.length === parts) loose = Math.max(loose, revision);
        continue;
      }
      const page = parseStored(storedPage, item, 'page of deliveries');
      if (numberIn(page.sk) > upTo + 1) break;
      known.addPacked(page.rows);
      upTo = Math.max(upTo, page.upTo);
    }
    for (const rows of copies.get(loose) ?? []) known.addPacked(rows);
    return { upTo, loose, known, list: known.list() };
  }

  /** Adds what came since. */
  async function follow(read: Read): Promise<Read> {
    const news: unknown[] = [];
    let loose = read.loose;
    for await (const item of table.query({ partition: NEWS, beyond: newsKey(read.upTo) })) {
      if (item['sk'] === 'STATE') loose = parseStored(storedState, item, 'state of deliveries').revision;
      // A query takes no picture of a moment: what comes after a gap is asked for again.
      else if (numberIn(String(item['sk'])) === read.upTo + news.length + 1) news.push(item['rows']);
    }
    if (news.length === 0 && loose === read.loose) return read;
    // Their state was read before they are: what comes in between is in the list, and asked for once more.
    const added = loose === read.loose ? [] : await looseDeliveries();
    const { known } = read;
    for (const rows of news) known.addPacked(rows);
    known.add(added);
    return { upTo: read.upTo + news.length, loose, known, list: known.list() };
  }

  let read: Promise<Read | undefined> = Promise.resolve(undefined);

  return {
    async tell(deliveries) {
      const some = [...deliveries];
      if (some.length === 0) return;
      for (const { packed } of fitting(some, rowsOf)) await append(packed);
    },
    async all() {
      // One look after the other: each begins after it was asked for, and goes on from what those before it found.
      const before = read;
      const look = before.then(async (had) => follow(had ?? (await bound())));
      read = look.catch(() => before);
      return (await look).list;
    },
  };
}
