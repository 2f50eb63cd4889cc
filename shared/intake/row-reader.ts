import { periodEnd } from '../calendar/period.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import type { FactRow, FactValue, PersonKey } from '../facts/fact.ts';
import { placeOfRow } from '../facts/row-number.ts';
import {
  type IdentityNumber,
  type KnownIdentity,
  type PlainIdentityReader,
  parseIdentityNumber,
  plainIdentityReader,
} from '../registry/identity-number.ts';
import { Remembered } from './cell-memory.ts';
import { fold, isBlank, isPlain, ownText } from './cell-text.ts';
import { CompoundReader } from './compound-number.ts';
import { ContentHash } from './content-hash.ts';
import { Fault } from './fault.ts';
import { maskedText } from './field-parsers.ts';
import type { Header, HeaderFinder } from './header.ts';
import { KeySet } from './key-set.ts';
import { plainYuan } from './money.ts';
import { checksOf, type RowCheckRun } from './row-checks.ts';
import { type Column, compileColumn } from './row-columns.ts';
import {
  badCharacters,
  brokenRow,
  duplicateKey,
  missingValue,
  negativeMoney,
  problemOf,
  type RowFault,
  tooManyCells,
} from './row-faults.ts';
import type { RowContext, RowOutcome } from './row-outcome.ts';
import { isNoData } from './skipped-rows.ts';
import type { SourceRecord } from './source-record.ts';
import { SpannedRow } from './spanned-row.ts';

/** Shapes of rows remembered; departments leave few cells empty at random. */
const PATTERNS_KEPT = 1_000;
const SKIPPED: RowOutcome = { kind: 'skipped' };
const DUPLICATE: RowOutcome = { kind: 'duplicate' };
const EQUALS = 61;
const APOSTROPHE = 39;

/** The sheets of a workbook with rows in several: by their numbers what their tabs say. */
export type SheetNames = ReadonlyMap<number, string>;

/**
 * Turns the rows of one table into facts or refusals, one by one. `seen` holds the keys of the file so far, to tell repeats:
 * the tables of a workbook share it.
 */
export class RowReader {
  readonly #context: RowContext;
  readonly #header: Header;
  readonly #finder: HeaderFinder;
  readonly #columns: readonly Column[];
  /** Columns that are stated in the fact, in the clear or sealed. */
  readonly #stated: readonly Column[];
  readonly #sealed: readonly Column[];
  readonly #moneys: readonly Column[];
  readonly #checks: readonly RowCheckRun[];
  readonly #values: (FactValue | undefined)[];
  /** What was known of the cells of the row before they were read, by column. */
  readonly #known: (Remembered | undefined)[];
  #faults: RowFault[] | undefined;
  /** The first money of the row that is not zero: its sign tells a settlement from one taken back. */
  #mainAmount = 0;
  #belowZero = false;
  /** Which open fields the row states, as the digits of a binary number. */
  #shape = 0;
  readonly #identityColumn: Column;
  readonly #readIdentity: PlainIdentityReader;
  readonly #periodEnd: PlainDate;
  /** Columns of some meaning, -1 where the file has none. */
  readonly #at: Readonly<Record<'name' | 'area' | 'from' | 'to' | 'flag' | 'original', number>>;
  readonly #keyPlaces: readonly number[];
  readonly #constantKey: string | undefined;
  readonly #compound: CompoundReader | undefined;
  readonly #seen: KeySet;
  readonly #sheets: SheetNames | undefined;
  readonly #content = new ContentHash();
  readonly #patterns = new Map<number, Readonly<Record<string, FactValue>>>();
  #patternShape = -1;
  #pattern: Readonly<Record<string, FactValue>> | undefined;
  readonly #sums: number[];

  constructor(context: RowContext, header: Header, finder: HeaderFinder, seen: KeySet = new KeySet(), sheets?: SheetNames) {
    this.#context = context;
    this.#seen = seen;
    this.#sheets = sheets;
    this.#header = header;
    this.#finder = finder;
    this.#columns = header.columns.map((column, at) => compileColumn(context.feed, column, at, context.today));
    const placeOf = (name: string | undefined): number => this.#columns.findIndex((column) => column.field.name === name);
    const { subject, area, dates, reversal, naturalKey } = context.feed;
    this.#at = {
      name: placeOf(subject.name),
      area: placeOf(area),
      from: placeOf(dates.from),
      to: placeOf(dates.to),
      flag: placeOf(reversal?.flag),
      original: placeOf(reversal?.original),
    };
    const { compound } = header;
    this.#compound = compound === undefined ? undefined : new CompoundReader(compound, this.#columns, context.today);
    this.#stated = this.#columns.filter((column) => column.stated);
    this.#sealed = this.#columns.filter((column) => column.sensitive);
    this.#moneys = this.#columns.filter((column) => column.money);
    this.#sums = this.#columns.map(() => 0);
    const identity = this.#columns.find((column) => column.role === 'subject');
    if (identity === undefined) throw new RangeError('a header without the column of the person was taken');
    this.#identityColumn = identity;
    this.#readIdentity = plainIdentityReader(context.today);
    this.#values = new Array(this.#columns.length).fill(undefined);
    this.#known = new Array(this.#columns.length).fill(undefined);
    this.#checks = checksOf(context.feed, this.#columns);
    this.#periodEnd = periodEnd(context.period);
    this.#keyPlaces = naturalKey.map(placeOf);
    this.#constantKey = naturalKey.length === 0 ? context.keyOf('') : undefined;
  }

  /** Sum of each money field over the rows accepted so far, fen. */
  totals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#moneys.map((column) => [column.field.name, this.#sums[column.at] ?? 0]));
  }

  /** Judges one row below the header. */
  read(record: SourceRecord): RowOutcome {
    if (this.#compound === undefined) return this.#judge(record);
    const { cells } = record;
    this.#compound.begin(cells);
    return this.#judge(record instanceof SpannedRow ? { row: record.row, cells } : record);
  }

  #judge(record: SourceRecord): RowOutcome {
    const spanned = record instanceof SpannedRow ? record : undefined;
    let identity: CellIdentity | undefined = spanned === undefined ? undefined : this.#plainIdentity(spanned);
    if (identity === undefined) {
      const { cells } = record;
      const identityCell = cells[this.#identityColumn.index] ?? '';
      identity = this.#compound?.identity() ?? parseIdentityNumber(identityCell, this.#context.today);
      if (!identity.ok && isNoData(cells, identityCell, this.#header, this.#finder)) return SKIPPED;
    }
    this.#faults = undefined;
    if (record.broken !== undefined) return this.#reject(record, null, brokenRow(record.broken));
    this.#readCells(record, spanned, identity);
    const { width } = this.#header;
    if ((spanned?.count ?? record.cells.length) > width && record.cells.some((cell, at) => at >= width && !isBlank(cell))) {
      this.#report(null, tooManyCells(width));
    }
    if (record.damaged && !this.#reported('BAD_ENCODING')) this.#report(null, badCharacters());
    const contradicted = this.#compound?.contradiction(identity);
    if (contradicted !== undefined) this.#report(contradicted.column, contradicted.fault);
    const birth = identity.ok ? identity.birth : undefined;
    for (const check of this.#checks) {
      const found = check(this.#values, birth);
      if (found) this.#report(found.column, found.fault);
    }
    if (!identity.ok) return this.#reject(record);
    const { own, key, reversal } = this.#keyOf();
    if (!reversal && this.#belowZero) this.#reportNegative();
    if (this.#faults !== undefined) return this.#reject(record);
    const person = this.#context.pseudonym(identity.number);
    return this.#accept(record, { identity, person, own, key, reversal });
  }

  /** Reads every mapped cell into `#values`; what is wrong with it is reported. */
  #readCells(record: SourceRecord, spanned: SpannedRow | undefined, identity: CellIdentity): void {
    const columns = this.#columns;
    const values = this.#values;
    let main = 0;
    let shape = 0;
    this.#belowZero = false;
    for (let at = 0; at < columns.length; at++) {
      const column = columns[at] as Column;
      this.#known[at] = undefined;
      let value = spanned === undefined ? this.#cell(column, record, identity) : this.#spannedCell(column, spanned, identity);
      for (const part of column.plus) value = this.#added(value, part, record, spanned, identity);
      if (value === undefined) {
        if (column.field.required && !this.#compound?.failed(column)) this.#report(column.header, missingValue(column.field));
      } else if (typeof value === 'object') {
        this.#report(column.header, value);
        value = undefined;
      } else if (typeof value === 'number' && column.money) {
        if (value < 0) this.#belowZero = true;
        if (main === 0) main = value;
      }
      values[at] = value;
      shape = shape * 2 + (column.open && value !== undefined ? 1 : 0);
    }
    this.#mainAmount = main;
    this.#shape = shape;
  }

  /** A part's amount added to those before it; what is wrong with it is reported, and the row does not count. */
  #added(
    sum: FactValue | Fault | undefined,
    part: Column,
    record: SourceRecord,
    spanned: SpannedRow | undefined,
    identity: CellIdentity,
  ): FactValue | Fault | undefined {
    const value = spanned === undefined ? this.#cell(part, record, identity) : this.#spannedCell(part, spanned, identity);
    // What was remembered of one part says nothing of the sum.
    this.#known[part.at] = undefined;
    if (typeof value === 'object') {
      this.#report(part.header, value);
      return sum ?? 0;
    }
    return typeof sum === 'number' && typeof value === 'number' ? sum + value : (sum ?? value);
  }

  #report(column: string | null, fault: Fault): void {
    this.#faults ??= [];
    this.#faults.push({ column, fault });
  }

  #reported(code: string): boolean {
    return this.#faults?.some(({ fault }) => fault.code === code) === true;
  }

  #reportNegative(): void {
    for (const column of this.#moneys) {
      const value = this.#values[column.at];
      if (typeof value === 'number' && value < 0) this.#report(column.header, negativeMoney());
    }
  }

  #accept(record: SourceRecord, of: Subject): RowOutcome {
    const { feed, seal } = this.#context;
    const content = this.#content;
    content.reset();
    const fields = this.#emptyFields();
    for (let n = 0; n < this.#stated.length; n++) {
      const column = this.#stated[n] as Column;
      const before = this.#known[column.at];
      const value = before === undefined ? this.#kept(column, this.#values[column.at]) : before.kept;
      if (value === undefined) continue;
      if (before?.digest === undefined) content.add(column.place, value);
      else content.addText(column.place, before.digest);
      if (column.open) fields[column.field.name] = value;
    }
    const hidden = this.#hidden();
    const sealed = hidden === '' ? undefined : seal(of.person, hidden);
    if (sealed !== undefined) content.add(feed.fields.length, sealed);
    const stated = content.hex();
    const known = this.#seen.add(of.person, of.own, of.reversal, stated, record.row);
    if (known.kind === 'same') return DUPLICATE;
    if (known.kind === 'different') return this.#reject(record, null, duplicateKey(feed, placeIn(this.#sheets, known.row)));
    this.#remember(fields);
    const area = this.#value(this.#at.area) as string | undefined;
    const from = (this.#value(this.#at.from) ?? this.#periodEnd) as PlainDate;
    const to = this.#value(this.#at.to) as PlainDate | undefined;
    // Put together step by step: copying from conditional parts takes several times as long.
    const fact: Mutable<FactRow> = {
      row: record.row,
      key: of.key,
      from,
      area: area ?? of.identity.number.slice(0, 6),
      fields,
      content: stated,
    };
    if (to !== undefined) fact.to = to;
    if (of.reversal) fact.reversal = true;
    if (area === undefined) fact.areaAssumed = true;
    if (sealed !== undefined) fact.sealed = sealed;
    const { number, birth, sex } = of.identity;
    const name = this.#value(this.#at.name) as string | undefined;
    const row = { person: of.person, number, name, birth, sex, fact };
    return this.#compound === undefined
      ? { kind: 'accepted', row }
      : { kind: 'accepted', row, remarks: this.#compound.remarks(this.#values) };
  }

  /** The value as it may be kept: text masked, related people as pseudonyms. */
  #kept(column: Column, value: FactValue | undefined): FactValue | undefined {
    if (typeof value !== 'string') return value;
    if (column.role === 'text') return maskedText(value, this.#context.markOf);
    return column.role === 'related' ? this.#context.pseudonym(value) : value;
  }

  /** The sensitive fields of the row as JSON; empty when it states none. */
  #hidden(): string {
    let json = '';
    for (const column of this.#sealed) {
      const before = this.#known[column.at];
      const value = before === undefined ? this.#kept(column, this.#values[column.at]) : before.kept;
      if (value === undefined) continue;
      json += `${json === '' ? '{' : ','}${column.jsonName}${before === undefined ? JSON.stringify(value) : before.json}`;
    }
    return json === '' ? '' : `${json}}`;
  }

  /**
   * What the open fields of the row are filled into. Rows that state the same fields copy a pattern, which takes a fraction
   * of the time of adding the fields one by one.
   */
  #emptyFields(): Record<string, FactValue> {
    if (this.#shape !== this.#patternShape) {
      this.#patternShape = this.#shape;
      this.#pattern = this.#patterns.get(this.#shape);
    }
    return this.#pattern === undefined ? {} : { ...this.#pattern };
  }

  /** Takes an accepted row into the sums, and its fields as a pattern when there is none of their shape. */
  #remember(fields: Readonly<Record<string, FactValue>>): void {
    for (let n = 0; n < this.#moneys.length; n++) {
      const { at } = this.#moneys[n] as Column;
      const value = this.#values[at];
      if (typeof value === 'number') this.#sums[at] = (this.#sums[at] ?? 0) + value;
    }
    if (this.#pattern === undefined && this.#patterns.size < PATTERNS_KEPT) {
      this.#pattern = { ...fields };
      this.#patterns.set(this.#shape, this.#pattern);
    }
  }

  #value(at: number): FactValue | undefined {
    return at < 0 ? undefined : this.#values[at];
  }

  #plainIdentity({ piece, first, count }: SpannedRow): KnownIdentity | undefined {
    const { index } = this.#identityColumn;
    if (index >= count) return undefined;
    const start = (piece.bounds[first + index] ?? 0) + 1;
    const length = (piece.bounds[first + index + 1] ?? 0) - start;
    return length === 18 ? this.#readIdentity(piece.text, piece.units, start) : undefined;
  }

  /** As `#cell`, without cutting out cells that are plain or known. */
  #spannedCell(column: Column, { piece, first, count }: SpannedRow, identity: CellIdentity) {
    if (column.index >= count) return undefined;
    const start = (piece.bounds[first + column.index] ?? 0) + 1;
    const end = piece.bounds[first + column.index + 1] ?? 0;
    if (start === end) return undefined;
    if (column.yuan) {
      const fen = plainYuan(piece.units, start, end);
      if (!Number.isNaN(fen)) return fen;
    }
    if (column.role === 'subject' && identity.ok) return identity.number;
    const { memory } = column;
    const known = memory?.find(piece.units, start, end);
    if (known !== undefined) {
      this.#known[column.at] = known;
      return known.value;
    }
    const value = this.#parse(column, piece.text.slice(start, end), identity);
    if (!memory?.takes(end - start)) return value;
    const own = typeof value === 'string' ? ownText(value) : value;
    const remembered = new Remembered(own, typeof own === 'object' ? undefined : this.#kept(column, own));
    memory.keep(piece.units, start, end, remembered);
    this.#known[column.at] = remembered;
    return own;
  }

  #cell(column: Column, record: SourceRecord, identity: CellIdentity) {
    const text = this.#compound === undefined ? record.cells[column.index] : this.#compound.textOf(column);
    if (text === undefined || text === '') return undefined;
    if (record.damaged && text.includes('\ufffd')) return badCharacters();
    const problem = record.problems?.get(column.index);
    if (problem !== undefined) return problemOf(problem, column.field);
    return this.#parse(column, text, identity);
  }

  #parse(column: Column, cell: string, identity: CellIdentity) {
    let text = cell.charCodeAt(0) === APOSTROPHE ? cell.slice(1) : cell;
    if (text.charCodeAt(0) === EQUALS) {
      const quoted = /^="(.*)"$/s.exec(text);
      if (!quoted) return problemOf('formula', column.field);
      text = quoted[1] ?? '';
    }
    if (column.role !== 'subject') return column.parse(text);
    if (identity.ok) return identity.number;
    return isBlank(cell) ? undefined : new Fault(identity.code, identity.message.zh, identity.message.en);
  }

  /** The row's own natural key, and whether it takes another back: then the fact's key is that of the original. */
  #keyOf(): { readonly own: string; readonly key: string; readonly reversal: boolean } {
    const { feed, keyOf } = this.#context;
    const own = this.#constantKey ?? keyOf(this.#keyText(undefined));
    const rule = feed.reversal;
    if (rule === undefined) return { own, key: own, reversal: false };
    const flag = this.#value(this.#at.flag);
    const original = this.#value(this.#at.original);
    const negative = this.#mainAmount < 0;
    const namesAnother = typeof original === 'string' && fold(original) !== this.#keyPart(this.#keyPlaces[0] ?? -1);
    // A negative bill gives money back, also when the sender has no mark for it or the original lies in another file.
    const reversal = flag === true || negative || (namesAnother && flag === undefined);
    return { own, key: reversal && namesAnother ? keyOf(this.#keyText(original)) : own, reversal };
  }

  #keyText(original: string | undefined): string {
    if (original === undefined && this.#numberless()) return this.#everythingStated();
    let text = original === undefined ? this.#keyPart(this.#keyPlaces[0] ?? -1) : fold(original);
    for (let n = 1; n < this.#keyPlaces.length; n++) text += `|${this.#keyPart(this.#keyPlaces[n] ?? -1)}`;
    return text;
  }

  /** An event whose sender gives it no number: then all it states is what tells it from others. */
  #numberless(): boolean {
    return this.#context.feed.kind === 'event' && this.#keyPlaces.every((at) => this.#value(at) === undefined);
  }

  #everythingStated(): string {
    return this.#stated.map((column) => this.#keyPart(column.at)).join('|');
  }

  #keyPart(at: number): string {
    const value = this.#value(at);
    if (value === undefined) return '';
    return typeof value === 'string' && !isPlain(value) ? fold(value) : String(value);
  }

  /** Refuses the row for all that was reported, or for `only` this. */
  #reject(record: SourceRecord, column: string | null = null, only?: Fault): RowOutcome {
    const faults = only === undefined ? (this.#faults ?? []) : [{ column, fault: only }];
    const place = placeIn(this.#sheets, record.row);
    const errors = faults.map(({ column, fault }) => ({ ...place, column, code: fault.code, message: fault.message }));
    const row = { row: place.row, cells: record.cells, errors };
    return { kind: 'rejected', row: record.raw === undefined ? row : { ...row, raw: record.raw } };
  }
}

/** Where a viewer of the file shows a row. */
export function placeIn(sheets: SheetNames | undefined, number: number): { readonly row: number; readonly sheet?: string } {
  if (sheets === undefined) return { row: number };
  const { sheet, row } = placeOfRow(number);
  const name = sheets.get(sheet);
  return name === undefined ? { row } : { row, sheet: name };
}

type CellIdentity = KnownIdentity | Extract<IdentityNumber, { ok: false }>;

interface Subject {
  readonly identity: KnownIdentity;
  readonly person: PersonKey;
  readonly own: string;
  readonly key: string;
  readonly reversal: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
