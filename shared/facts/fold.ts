import { dayBefore, type Instant, type PlainDate } from '../calendar/plain-date.ts';
import type { Catalog, FeedSpec } from '../catalog/feed.ts';
import type { DeletedRows, Fact, FactChunk, FactRow, FactValue, FileSequence } from './fact.ts';

interface Entry {
  readonly chunk: FactChunk;
  readonly row: FactRow;
}

/** Until when a key is closed. */
interface Closing {
  /** Sequence of the last deleted word on it. */
  readonly until: FileSequence;
  /** What was over before this day was past keeping. */
  readonly before: PlainDate;
}

/**
 * What a person's facts come to: for each feed and natural key the latest word by file sequence, reversals netted.
 *
 * - The order of `chunks` does not matter, nor does a chunk that is there twice.
 * - A row repeated unchanged by later files counts once, with the first file that said so as evidence.
 * - A reversal takes its amounts off the row it names; when nothing is left, the fact is gone. A reversal of a row nobody sent
 *   stands by itself, as money that came back (`Fact.cameBack`).
 * - A key whose rows were deleted is closed: only what a later file states counts, and that only if it was not over already
 *   when they were deleted; a reversal of what is gone does not.
 * - Of a feed whose rows hold one at a time, a later one ends the one before.
 * - With `knownAt`, only what had been recorded by then counts: the past as it was known.
 */
export function foldFacts(chunks: readonly FactChunk[], catalog: Catalog, knownAt?: Instant): Fact[] {
  const byKey = new Map<string, Entry | Entry[]>();
  let closed: Map<string, Closing> | undefined;
  let oneAtATime = false;
  for (const chunk of chunks) {
    if (knownAt !== undefined && chunk.recordedAt > knownAt) continue;
    oneAtATime ||= catalog.get(chunk.feed)?.oneAtATime === true;
    if (chunk.deleted !== undefined) {
      closed ??= new Map();
      close(closed, chunk, chunk.deleted);
    }
    for (const row of chunk.rows) {
      const key = `${chunk.feed} ${row.key}`;
      const there = byKey.get(key);
      const entry = { chunk, row };
      if (there === undefined) byKey.set(key, entry);
      else if (Array.isArray(there)) there.push(entry);
      else byKey.set(key, [there, entry]);
    }
  }
  const facts: Fact[] = [];
  if (closed !== undefined) leaveOut(byKey, closed);
  for (const [key, entries] of byKey) {
    const closing = closed?.get(key);
    const fact = Array.isArray(entries) ? settle(entries, catalog, closing !== undefined) : alone(entries, catalog);
    if (fact === undefined || (closing !== undefined && overBefore(closing.before, fact, catalog))) continue;
    facts.push(fact);
  }
  return oneAtATime ? endedByTheNext(facts, catalog) : facts;
}

/** Ends each row of feeds whose rows hold one at a time on the day before the next begins. */
function endedByTheNext(facts: readonly Fact[], catalog: Catalog): Fact[] {
  return facts.map((fact) => {
    if (catalog.get(fact.feed)?.oneAtATime !== true) return fact;
    const begun = facts.filter(({ feed, from }) => feed === fact.feed && from > fact.from).map(({ from }) => from);
    if (begun.length === 0) return fact;
    const end = dayBefore(begun.reduce((a, b) => (a < b ? a : b)));
    return end === undefined || (fact.to !== undefined && fact.to <= end) ? fact : { ...fact, to: end };
  });
}

/** Notes until when the keys of a chunk's deleted rows are closed. */
function close(closed: Map<string, Closing>, { feed, seq }: FactChunk, deleted: DeletedRows): void {
  const day = deleted.under.reduce((latest, { before }) => (before > latest ? before : latest), '' as PlainDate);
  for (const one of deleted.keys) {
    const key = `${feed} ${one}`;
    const there = closed.get(key);
    const until = there === undefined || there.until < seq ? seq : there.until;
    const before = there === undefined || there.before < day ? day : there.before;
    closed.set(key, { until, before });
  }
}

/** Takes out what was said of closed keys up to their closing, and reversals of what is gone with it. */
function leaveOut(byKey: Map<string, Entry | Entry[]>, closed: ReadonlyMap<string, Closing>): void {
  for (const [key, { until }] of closed) {
    const entries = byKey.get(key);
    if (entries === undefined) continue;
    const later = [entries].flat().filter(({ chunk }) => chunk.seq > until);
    if (later.some(({ row }) => row.reversal !== true)) byKey.set(key, later);
    else byKey.delete(key);
  }
}

/** Whether what is stated was over before a day. */
function overBefore(
  day: PlainDate,
  { feed, seq, from, to }: Pick<Fact, 'feed' | 'seq' | 'from' | 'to'>,
  catalog: Catalog,
): boolean {
  switch (catalog.get(feed)?.kind) {
    case 'event':
      return (to ?? from) < day;
    case 'status':
      return to !== undefined && to < day;
    case 'snapshot':
      return seq.slice(0, 10) < day;
    case undefined:
      return false;
  }
}

/**
 * Rows of `added` that say nothing new: an earlier file of the feed already stated the same under the same key, or the key is
 * closed and the row does not count.
 */
export function countKnownRows(added: FactChunk, all: readonly FactChunk[], catalog: Catalog): number {
  const said = new Set<string>();
  const closed = new Map<string, Closing>();
  for (const chunk of all) {
    if (chunk.feed !== added.feed) continue;
    if (chunk.deleted !== undefined) close(closed, chunk, chunk.deleted);
    if (chunk.seq < added.seq) for (const row of chunk.rows) said.add(statementOf(row));
  }
  if (said.size === 0 && closed.size === 0) return 0;
  const counts = (row: FactRow) => {
    const closing = closed.get(`${added.feed} ${row.key}`);
    return closing === undefined || (added.seq > closing.until && !overBefore(closing.before, { ...added, ...row }, catalog));
  };
  return added.rows.filter((row) => said.has(statementOf(row)) || !counts(row)).length;
}

function statementOf({ key, content, reversal }: FactRow): string {
  return `${reversal === true ? '-' : '+'}${content} ${key}`;
}

function alone(entry: Entry, catalog: Catalog): Fact {
  return entry.row.reversal ? moneyBack(entry, catalog) : factOf(entry, entry.row.fields);
}

function settle(entries: readonly Entry[], catalog: Catalog, closed: boolean): Fact | undefined {
  const inOrder = [...entries].sort(bySequence);
  const statements = inOrder.filter((entry) => !entry.row.reversal);
  const reversals = distinct(
    inOrder.filter((entry) => entry.row.reversal),
    catalog,
  );
  const latest = statements.at(-1);
  if (latest === undefined) {
    const [first] = reversals;
    return first === undefined ? undefined : moneyBack(first, catalog);
  }
  // A snapshot row is told anew by every list, and being on the latest list is what it states.
  const snapshot = catalog.get(latest.chunk.feed)?.kind === 'snapshot';
  const firstSaid = snapshot ? latest : firstOfSame(statements, latest);
  const standing = reversals.filter((entry) => stillStands(entry, firstSaid, statements, closed));
  const left = standing.length === 0 ? latest.row.fields : netted(latest, standing, catalog);
  return left === undefined ? undefined : factOf(firstSaid, left, latest.chunk.seq);
}

function bySequence(a: Entry, b: Entry): number {
  if (a.chunk.seq !== b.chunk.seq) return a.chunk.seq < b.chunk.seq ? -1 : 1;
  return a.row.row - b.row.row;
}

/**
 * Only a statement that differs from the one taken back makes a reversal void: the original repeated unchanged by a
 * cumulative file does not, nor does an original that comes in after its reversal. A closed key had its original before.
 */
function stillStands(reversal: Entry, firstSaid: Entry, statements: readonly Entry[], closed: boolean): boolean {
  const { seq } = reversal.chunk;
  return seq >= firstSaid.chunk.seq || !(closed || statements.some((statement) => statement.chunk.seq < seq));
}

/** The same reversal told again, also with a corrected amount, is one reversal; the latest telling of it counts. */
function distinct(reversals: readonly Entry[], catalog: Catalog): Entry[] {
  return [...new Map(reversals.map((entry) => [reversalName(entry, catalog), entry])).values()];
}

/** A reversal with a number of its own goes by that; several under the number of the original are told by their content. */
function reversalName({ chunk, row }: Entry, catalog: Catalog): string {
  const feed = catalog.get(chunk.feed);
  const original = feed?.reversal?.original;
  const [number] = feed?.naturalKey ?? [];
  if (original === undefined || number === undefined) return row.content;
  const own = row.fields[number];
  const named = row.fields[original];
  return own === undefined || named === undefined || own === named ? row.content : `${number} ${String(own)}`;
}

/** Goes back over the unbroken run of the same content to the file that stated it first. */
function firstOfSame(statements: readonly Entry[], latest: Entry): Entry {
  let first = latest;
  for (let i = statements.length - 2; i >= 0; i -= 1) {
    const before = statements[i];
    if (before === undefined || before.row.content !== latest.row.content) break;
    first = before;
  }
  return first;
}

/** What is left of a row's amounts, never below zero; undefined when the reversals leave nothing of what they name. */
function netted(statement: Entry, reversals: readonly Entry[], catalog: Catalog): FactRow['fields'] | undefined {
  const fields: Record<string, FactValue> = { ...statement.row.fields };
  let named = false;
  let anyLeft = false;
  for (const name of moneyFields(statement, catalog)) {
    const amount = fields[name];
    if (typeof amount !== 'number' || amount === 0) continue;
    const back = reversals.reduce((sum, entry) => sum + Math.abs(amountOf(entry, name)), 0);
    if (back === 0) continue;
    named = true;
    fields[name] = Math.max(0, amount - back);
    if (back < amount) anyLeft = true;
  }
  return named && anyLeft ? fields : undefined;
}

function moneyBack(entry: Entry, catalog: Catalog): Fact {
  const original = catalog.get(entry.chunk.feed)?.reversal?.original;
  const named = original !== undefined && entry.row.fields[original] !== undefined;
  return { ...factOf(entry, takenOff(entry, catalog)), cameBack: named ? 'of-unsent' : 'of-unnamed' };
}

function takenOff(entry: Entry, catalog: Catalog): FactRow['fields'] {
  const fields: Record<string, FactValue> = { ...entry.row.fields };
  for (const name of moneyFields(entry, catalog)) {
    const amount = fields[name];
    if (typeof amount === 'number' && amount !== 0) fields[name] = -Math.abs(amount);
  }
  return fields;
}

function amountOf(entry: Entry, name: string): number {
  const amount = entry.row.fields[name];
  return typeof amount === 'number' ? amount : 0;
}

const moneyFieldsOf = new WeakMap<FeedSpec, readonly string[]>();

function moneyFields(entry: Entry, catalog: Catalog): readonly string[] {
  const feed = catalog.get(entry.chunk.feed);
  if (feed === undefined) return [];
  const known = moneyFieldsOf.get(feed);
  if (known !== undefined) return known;
  const names = feed.fields.filter((field) => field.type.kind === 'money').map((field) => field.name);
  moneyFieldsOf.set(feed, names);
  return names;
}

function factOf({ chunk, row }: Entry, fields: FactRow['fields'], lastSaid = chunk.seq): Fact {
  const { person, feed, file, seq, recordedAt } = chunk;
  const fact: { -readonly [name in keyof Fact]: Fact[name] } = {
    person,
    feed,
    file,
    seq,
    row: row.row,
    recordedAt,
    key: row.key,
    from: row.from,
    fields,
  };
  if (lastSaid !== seq) fact.saidAgain = lastSaid;
  if (row.to !== undefined) fact.to = row.to;
  if (row.area !== undefined) fact.area = row.area;
  if (row.areaAssumed) fact.areaAssumed = true;
  if (row.sealed !== undefined) fact.sealed = row.sealed;
  return fact;
}
