import { type Period, periodEnd } from '../calendar/period.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import type { FeedSpec } from '../catalog/feed.ts';
import type { FactRow, FactValue, PersonKey } from '../facts/fact.ts';
import { type IdentityNumber, parseIdentityNumber } from '../registry/identity-number.ts';
import { fold, isBlank } from './cell-text.ts';
import { ContentHash } from './content-hash.ts';
import { Fault } from './fault.ts';
import { type CellParser, cellParser, maskedText } from './field-parsers.ts';
import type { Header, HeaderFinder, MappedColumn } from './header.ts';
import { KeySet } from './key-set.ts';
import type { IntakeError } from './receipt.ts';
import { checksOf, type RowCheckRun } from './row-checks.ts';
import { badCharacters, brokenRow, duplicateKey, missingValue, negativeMoney, problemOf, tooManyCells } from './row-faults.ts';
import { isFurniture } from './skipped-rows.ts';
import type { SourceRecord } from './source-record.ts';

/** An accepted row: the fact, and the identity for the vault, which is the only place number and name may go. */
export interface PersonRow {
  readonly person: PersonKey;
  /** 18 characters. */
  readonly number: string;
  readonly name: string | undefined;
  readonly birth: PlainDate;
  readonly sex: 'male' | 'female';
  readonly fact: FactRow;
}

/** A refused row as sent, with everything that is wrong with it. */
export interface RejectedRow {
  readonly row: number;
  readonly cells: readonly string[];
  readonly errors: readonly IntakeError[];
}

/** What became of one row of the file. */
export type RowOutcome =
  | { readonly kind: 'accepted'; readonly row: PersonRow }
  | { readonly kind: 'rejected'; readonly row: RejectedRow }
  | { readonly kind: 'duplicate' | 'skipped' };

/** What the rows of a feed are turned into facts with. */
export interface RowContext {
  readonly feed: FeedSpec;
  readonly period: Period;
  readonly today: PlainDate;
  readonly pseudonym: (number18: string) => PersonKey;
  /** Keyed hash for natural keys, at least 16 hex digits. */
  readonly keyOf: (text: string) => string;
  /** Must give the same for the same text: repeats are recognised by what is sealed. */
  readonly seal: (person: PersonKey, text: string) => string;
}

type Role = 'subject' | 'name' | 'area' | 'flag' | 'related' | 'text' | 'money' | 'plain';

interface Column extends MappedColumn {
  readonly parse: CellParser;
  readonly role: Role;
  readonly sensitive: boolean;
  /** Its place in the feed, the same in every file. */
  readonly place: number;
  /** Its value stands in the fact's fields for all who may see the fact. */
  readonly open: boolean;
}

/** Shapes of rows remembered; departments leave few cells empty at random. */
const PATTERNS_KEPT = 1_000;
const SKIPPED: RowOutcome = { kind: 'skipped' };
const DUPLICATE: RowOutcome = { kind: 'duplicate' };
const EQUALS = 61;
const APOSTROPHE = 39;
const PLAIN = /^[\x21-\x7e]*$/;

function roleOf(feed: FeedSpec, column: MappedColumn): Role {
  const { name, type } = column.field;
  if (name === feed.subject.identity) return 'subject';
  if (name === feed.subject.name) return 'name';
  if (name === feed.area) return 'area';
  if (name === feed.reversal?.flag) return 'flag';
  if (type.kind === 'identity') return 'related';
  return type.kind === 'text' ? 'text' : type.kind === 'money' ? 'money' : 'plain';
}

function compile(feed: FeedSpec, column: MappedColumn, today: PlainDate): Column {
  const { field } = column;
  const parse = cellParser(field, {
    today,
    future: field.name === feed.dates.to,
    ...(column.scale === undefined ? {} : { scale: column.scale }),
    // An event has a day; a state may be known to the month only.
    ...(field.name === feed.dates.to
      ? { month: 'last-day' as const }
      : field.name === feed.dates.from && feed.kind !== 'event'
        ? { month: 'first-day' as const }
        : {}),
  });
  const role = roleOf(feed, column);
  const sensitive = field.sensitive === true;
  return {
    ...column,
    parse,
    role,
    sensitive,
    place: feed.fields.indexOf(field),
    open: !sensitive && role !== 'subject' && role !== 'name' && role !== 'area' && role !== 'flag',
  };
}

/** Turns the rows of one file into facts or refusals, one by one. Remembers keys, to tell repeats within the file. */
export class RowReader {
  readonly #context: RowContext;
  readonly #header: Header;
  readonly #finder: HeaderFinder;
  readonly #columns: readonly Column[];
  readonly #checks: readonly RowCheckRun[];
  readonly #place = new Map<string, number>();
  readonly #values: (FactValue | undefined)[];
  readonly #identityColumn: Column;
  readonly #periodEnd: PlainDate;
  readonly #keyPlaces: readonly number[];
  readonly #constantKey: string | undefined;
  readonly #seen = new KeySet();
  readonly #content = new ContentHash();
  readonly #patterns = new Map<number, Readonly<Record<string, FactValue>>>();
  readonly #sums: number[];

  constructor(context: RowContext, header: Header, finder: HeaderFinder) {
    this.#context = context;
    this.#header = header;
    this.#finder = finder;
    this.#columns = header.columns.map((column) => compile(context.feed, column, context.today));
    this.#columns.forEach((column, at) => {
      this.#place.set(column.field.name, at);
    });
    this.#sums = this.#columns.map(() => 0);
    const identity = this.#columns.find((column) => column.role === 'subject');
    if (identity === undefined) throw new RangeError('a header without the column of the person was taken');
    this.#identityColumn = identity;
    this.#values = new Array(this.#columns.length).fill(undefined);
    this.#checks = checksOf(context.feed, this.#columns);
    this.#periodEnd = periodEnd(context.period);
    this.#keyPlaces = context.feed.naturalKey.map((name) => this.#place.get(name) ?? -1);
    this.#constantKey = context.feed.naturalKey.length === 0 ? context.keyOf(context.feed.id) : undefined;
  }

  /** Sum of each money field over the rows accepted so far, fen. */
  totals(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      this.#columns.flatMap((column, at) => (column.role === 'money' ? [[column.field.name, this.#sums[at] ?? 0]] : [])),
    );
  }

  /** Judges one row below the header. */
  read(record: SourceRecord): RowOutcome {
    const { cells } = record;
    const columns = this.#columns;
    const values = this.#values;
    const identityCell = cells[this.#identityColumn.index] ?? '';
    const identity = parseIdentityNumber(identityCell, this.#context.today);
    if (!identity.ok && this.#isNoData(cells, identityCell)) return SKIPPED;
    if (record.broken !== undefined) return this.#reject(record, [{ column: null, fault: brokenRow(record.broken) }]);
    let faults: RowFault[] | undefined;
    const report = (column: string | null, fault: Fault): void => {
      faults ??= [];
      faults.push({ column, fault });
    };
    for (let at = 0; at < columns.length; at++) {
      const column = columns[at] as Column;
      const value = this.#cell(column, record, identity, identityCell);
      if (typeof value === 'object') {
        report(column.header, value);
        values[at] = undefined;
      } else {
        values[at] = value;
        if (value === undefined && column.field.required) report(column.header, missingValue(column.field));
      }
    }
    if (cells.length > this.#header.width && cells.some((cell, at) => at >= this.#header.width && !isBlank(cell))) {
      report(null, tooManyCells(this.#header.width));
    }
    if (record.damaged && !faults?.some(({ fault }) => fault.code === 'BAD_ENCODING')) report(null, badCharacters());
    const birth = identity.ok ? identity.birth : undefined;
    for (const check of this.#checks) {
      const found = check(values, birth);
      if (found) report(found.column, found.fault);
    }
    if (!identity.ok) return this.#reject(record, faults ?? []);
    const person = this.#context.pseudonym(identity.number);
    const { own, key, reversal } = this.#keyOf();
    if (!reversal) {
      for (let at = 0; at < columns.length; at++) {
        const column = columns[at] as Column;
        const value = values[at];
        if (column.role === 'money' && typeof value === 'number' && value < 0) report(column.header, negativeMoney());
      }
    }
    if (faults !== undefined) return this.#reject(record, faults);
    return this.#accept(record, { identity, person, own, key, reversal });
  }

  #accept(record: SourceRecord, of: Subject): RowOutcome {
    const { feed, seal } = this.#context;
    const columns = this.#columns;
    const values = this.#values;
    const content = this.#content;
    content.reset();
    let hidden: Record<string, FactValue> | undefined;
    let name: string | undefined;
    let area: string | undefined;
    // Which plain fields the row states, as the digits of a binary number.
    let shape = 0;
    for (let at = 0; at < columns.length; at++) {
      const column = columns[at] as Column;
      const value = this.#kept(column, values[at]);
      values[at] = value;
      shape = shape * 2 + (column.open && value !== undefined ? 1 : 0);
      if (value === undefined || column.role === 'subject') continue;
      if (column.role === 'name') {
        name = String(value);
        continue;
      }
      if (column.sensitive) {
        hidden ??= {};
        hidden[column.field.name] = value;
        continue;
      }
      if (column.role === 'area') area = String(value);
      content.add(column.place, value);
    }
    const sealed = hidden === undefined ? undefined : seal(of.person, JSON.stringify(hidden));
    if (sealed !== undefined) content.add(feed.fields.length, sealed);
    const stated = content.hex();
    const known = this.#seen.add(of.person, of.own, of.reversal, stated, record.row);
    if (known.kind === 'same') return DUPLICATE;
    if (known.kind === 'different') return this.#reject(record, [{ column: null, fault: duplicateKey(feed, known.row) }]);
    const fields = this.#fields(shape);
    const from = (this.#date(feed.dates.from) ?? this.#periodEnd) as PlainDate;
    const to = this.#date(feed.dates.to);
    // Put together step by step: copying from conditional parts takes several times as long.
    const fact: Mutable<FactRow> = {
      row: record.row,
      key: of.key,
      from,
      area: area ?? of.identity.origin,
      fields,
      content: stated,
    };
    if (to !== undefined) fact.to = to;
    if (of.reversal) fact.reversal = true;
    if (area === undefined) fact.areaAssumed = true;
    if (sealed !== undefined) fact.sealed = sealed;
    const { number, birth, sex } = of.identity;
    return { kind: 'accepted', row: { person: of.person, number, name, birth, sex, fact } };
  }

  /** The value as it may be kept: text masked, related people as pseudonyms. */
  #kept(column: Column, value: FactValue | undefined): FactValue | undefined {
    if (typeof value !== 'string') return value;
    if (column.role === 'text') return maskedText(value, this.#context.keyOf);
    return column.role === 'related' ? this.#context.pseudonym(value) : value;
  }

  /**
   * The plain fields of the row, and their sums. Rows that state the same fields copy a pattern and fill it in, which takes
   * a fraction of the time of adding the fields one by one.
   */
  #fields(shape: number): Record<string, FactValue> {
    const pattern = this.#patterns.get(shape);
    const fields: Record<string, FactValue> = pattern === undefined ? {} : { ...pattern };
    for (let at = 0; at < this.#columns.length; at++) {
      const column = this.#columns[at] as Column;
      const value = this.#values[at];
      if (value === undefined) continue;
      if (column.role === 'money' && typeof value === 'number') this.#sums[at] = (this.#sums[at] ?? 0) + value;
      if (column.open) fields[column.field.name] = value;
    }
    if (pattern === undefined && this.#patterns.size < PATTERNS_KEPT) this.#patterns.set(shape, { ...fields });
    return fields;
  }

  #date(field: string | undefined): PlainDate | undefined {
    const at = field === undefined ? undefined : this.#place.get(field);
    return at === undefined ? undefined : (this.#values[at] as PlainDate | undefined);
  }

  #cell(column: Column, record: SourceRecord, identity: IdentityNumber, identityCell: string) {
    let text = record.cells[column.index];
    if (text === undefined || text === '') return undefined;
    if (record.damaged && text.includes('\ufffd')) return badCharacters();
    const problem = record.problems?.get(column.index);
    if (problem !== undefined) return problemOf(problem, column.field);
    const first = text.charCodeAt(0);
    if (first === EQUALS) {
      const quoted = /^="(.*)"$/s.exec(text);
      if (!quoted) return problemOf('formula', column.field);
      text = quoted[1] ?? '';
    } else if (first === APOSTROPHE) text = text.slice(1);
    if (column.role !== 'subject') return column.parse(text);
    if (identity.ok) return identity.number;
    return isBlank(identityCell) ? undefined : new Fault(identity.code, identity.message.zh, identity.message.en);
  }

  #isNoData(cells: readonly string[], identityCell: string): boolean {
    if (cells.every(isBlank)) return true;
    return this.#finder.isHeaderRow(cells) || isFurniture(cells, identityCell, this.#header.titles);
  }

  /** The row's own natural key, and whether it takes another back: then the fact's key is that of the original. */
  #keyOf(): { readonly own: string; readonly key: string; readonly reversal: boolean } {
    const { feed, keyOf } = this.#context;
    const own = this.#constantKey ?? keyOf(this.#keyText(undefined));
    const rule = feed.reversal;
    if (rule === undefined) return { own, key: own, reversal: false };
    const flag = this.#values[this.#place.get(rule.flag) ?? -1];
    const original = rule.original === undefined ? undefined : this.#values[this.#place.get(rule.original) ?? -1];
    const negative = this.#mainAmount() < 0;
    const namesAnother = typeof original === 'string' && fold(original) !== this.#keyPart(this.#keyPlaces[0] ?? -1);
    // A negative bill gives money back, also when the sender has no mark for it or the original lies in another file.
    const reversal = flag === true || negative || (namesAnother && flag === undefined);
    return { own, key: reversal && namesAnother ? keyOf(this.#keyText(original)) : own, reversal };
  }

  /** The first money value that is not zero: its sign tells a settlement from one taken back. */
  #mainAmount(): number {
    for (let at = 0; at < this.#columns.length; at++) {
      const value = this.#values[at];
      if (this.#columns[at]?.role === 'money' && typeof value === 'number' && value !== 0) return value;
    }
    return 0;
  }

  #keyText(original: string | undefined): string {
    let text: string = this.#context.feed.id;
    this.#keyPlaces.forEach((at, n) => {
      text += `|${n === 0 && original !== undefined ? fold(original) : this.#keyPart(at)}`;
    });
    return text;
  }

  #keyPart(at: number): string {
    const value = this.#values[at];
    if (value === undefined) return '';
    return typeof value === 'string' && !PLAIN.test(value) ? fold(value) : String(value);
  }

  #reject(record: SourceRecord, faults: readonly RowFault[]): RowOutcome {
    const errors = faults.map(({ column, fault }) => ({ row: record.row, column, code: fault.code, message: fault.message }));
    return { kind: 'rejected', row: { row: record.row, cells: record.cells, errors } };
  }
}

interface RowFault {
  readonly column: string | null;
  readonly fault: Fault;
}

interface Subject {
  readonly identity: Extract<IdentityNumber, { ok: true }>;
  readonly person: PersonKey;
  readonly own: string;
  readonly key: string;
  readonly reversal: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
