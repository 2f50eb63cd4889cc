import { periodEnd } from '../calendar/period.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import type { FactRow, FactValue, PersonKey } from '../facts/fact.ts';
import {
  type IdentityNumber,
  type KnownIdentity,
  type PlainIdentityReader,
  parseIdentityNumber,
  plainIdentityReader,
  precisionLost,
} from '../registry/identity-number.ts';
import { Remembered } from './cell-memory.ts';
import { isBlank, ownText } from './cell-text.ts';
import { CompoundReader } from './compound-number.ts';
import { Fault } from './fault.ts';
import { namesPlace } from './field-parsers.ts';
import type { Header, HeaderFinder } from './header.ts';
import { KeySet } from './key-set.ts';
import { LaterHeader } from './later-header.ts';
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
import { type RowKey, RowKeys } from './row-keys.ts';
import type { RowContext, RowOutcome } from './row-outcome.ts';
import { placeIn, type SheetNames } from './row-place.ts';
import { keptValue, RowStatements } from './row-statement.ts';
import { isNoData } from './skipped-rows.ts';
import type { SourceRecord } from './source-record.ts';
import { SpannedRow } from './spanned-row.ts';

const SKIPPED: RowOutcome = { kind: 'skipped' };
const DUPLICATE: RowOutcome = { kind: 'duplicate' };
const EQUALS = 61;
const APOSTROPHE = 39;

/**
 * Turns the rows of one table into facts or refusals, one by one. `seen` holds the keys of the file so far, to tell repeats:
 * the tables of a workbook share it.
 */
export class RowReader {
  readonly #context: RowContext;
  readonly #header: Header;
  readonly #finder: HeaderFinder;
  readonly #columns: readonly Column[];
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
  readonly #later: LaterHeader;
  /** Why this row and those that follow are not read by the header. */
  #otherTable: Fault | undefined;
  /** A number before this row had lost its last three digits. */
  #digitsLost = false;
  readonly #identityColumn: Column;
  readonly #readIdentity: PlainIdentityReader;
  readonly #periodEnd: PlainDate;
  /** Columns of some meaning, -1 where the file has none. */
  readonly #at: Readonly<Record<'name' | 'area' | 'from' | 'to', number>>;
  readonly #keys: RowKeys;
  readonly #statements: RowStatements;
  readonly #compound: CompoundReader | undefined;
  #placedByName: PlacedByName | undefined;
  readonly #seen: KeySet;
  readonly #sheets: SheetNames | undefined;

  constructor(context: RowContext, header: Header, finder: HeaderFinder, seen: KeySet = new KeySet(), sheets?: SheetNames) {
    this.#context = context;
    this.#seen = seen;
    this.#sheets = sheets;
    this.#header = header;
    this.#finder = finder;
    this.#later = new LaterHeader(header, finder);
    this.#columns = header.columns.map((column, at) => compileColumn(context.feed, column, at, context.today));
    const placeOf = (name: string | undefined): number => this.#columns.findIndex((column) => column.field.name === name);
    const { subject, area, dates } = context.feed;
    this.#at = {
      name: placeOf(subject.name),
      area: placeOf(area),
      from: placeOf(dates.from),
      to: placeOf(dates.to),
    };
    const { compound } = header;
    this.#compound = compound === undefined ? undefined : new CompoundReader(compound, this.#columns, context.today);
    this.#moneys = this.#columns.filter((column) => column.money);
    const identity = this.#columns.find((column) => column.role === 'subject');
    if (identity === undefined) throw new RangeError('a header without the column of the person was taken');
    this.#identityColumn = identity;
    this.#readIdentity = plainIdentityReader(context.today);
    this.#values = new Array(this.#columns.length).fill(undefined);
    this.#known = new Array(this.#columns.length).fill(undefined);
    this.#checks = checksOf(context.feed, this.#columns);
    this.#periodEnd = periodEnd(context.period);
    this.#keys = new RowKeys(context, this.#columns, this.#values);
    this.#statements = new RowStatements(context, this.#columns, this.#values, this.#known);
  }

  /** Sum of each money field over the rows accepted so far, fen. */
  totals(): Readonly<Record<string, number>> {
    return this.#statements.totals();
  }

  /** The rows accepted so far whose area is stated by its name alone. */
  placedByName(): PlacedByName | undefined {
    return this.#placedByName;
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
      if (!identity.ok && isNoData(cells, identityCell, this.#header, this.#finder)) {
        this.#later.pass(record.row, cells);
        this.#otherTable = this.#later.fault();
        return SKIPPED;
      }
    }
    // In a column kept as numbers one in eleven ends in 000 with a check digit that fits, and would be somebody else's.
    if (!identity.ok) this.#digitsLost ||= identity.code === 'ID_PRECISION_LOST';
    else if (this.#digitsLost && identity.number.endsWith('000')) identity = precisionLost();
    this.#faults = undefined;
    if (record.broken !== undefined) return this.#reject(record, null, brokenRow(record.broken));
    if (this.#otherTable !== undefined) return this.#reject(record, null, this.#otherTable);
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
    const { own, key, reversal } = this.#keys.keyOf(this.#mainAmount);
    if (!reversal && this.#belowZero) this.#reportNegative();
    if (!identity.ok) return this.#reject(record);
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
      if (column.plus !== undefined) value = this.#whole(value, column.plus, record, spanned, identity);
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

  /** A column's amount with those of its further parts; what is wrong with one is reported, and the row does not count. */
  #whole(
    first: FactValue | Fault | undefined,
    parts: readonly Column[],
    record: SourceRecord,
    spanned: SpannedRow | undefined,
    identity: CellIdentity,
  ): FactValue | Fault | undefined {
    let sum = first;
    for (const part of parts) {
      const value = spanned === undefined ? this.#cell(part, record, identity) : this.#spannedCell(part, spanned, identity);
      // What was remembered of one part says nothing of the sum.
      this.#known[part.at] = undefined;
      if (typeof value === 'object') {
        this.#report(part.header, value);
        sum ??= 0;
      } else sum = typeof sum === 'number' && typeof value === 'number' ? sum + value : (sum ?? value);
    }
    return sum;
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
    const { feed } = this.#context;
    const { fields, sealed, content } = this.#statements.of(of.person, this.#shape);
    const known = this.#seen.add(of.person, of.own, of.reversal, content, record.row);
    if (known.kind === 'same') return DUPLICATE;
    if (known.kind === 'different') return this.#reject(record, null, duplicateKey(feed, placeIn(this.#sheets, known.row)));
    this.#statements.count(fields);
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
      content,
    };
    if (to !== undefined) fact.to = to;
    if (of.reversal) fact.reversal = true;
    if (area === undefined) {
      fact.areaAssumed = true;
      this.#lookForPlace(record);
    }
    if (sealed !== undefined) fact.sealed = sealed;
    const { number, birth, sex } = of.identity;
    const name = this.#value(this.#at.name) as string | undefined;
    const row = { person: of.person, number, name, birth, sex, fact };
    return this.#compound === undefined
      ? { kind: 'accepted', row }
      : { kind: 'accepted', row, remarks: this.#compound.remarks(this.#values) };
  }

  /** Counts a row that has a name where the code of its area should be. */
  #lookForPlace(record: SourceRecord): void {
    const column = this.#columns[this.#at.area];
    if (column === undefined) return;
    const text = record instanceof SpannedRow ? record.cellAt(column.index) : (record.cells[column.index] ?? '');
    if (!namesPlace(text)) return;
    const before = this.#placedByName ?? { column: column.header, first: record.row, rows: 0 };
    this.#placedByName = { ...before, rows: before.rows + 1 };
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
    const remembered = new Remembered(own, typeof own === 'object' ? undefined : keptValue(column, own, this.#context));
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

  /** Refuses the row for all that was reported, or for `only` this. */
  #reject(record: SourceRecord, column: string | null = null, only?: Fault): RowOutcome {
    const faults = only === undefined ? (this.#faults ?? []) : [{ column, fault: only }];
    const place = placeIn(this.#sheets, record.row);
    const errors = faults.map(({ column, fault }) => ({ ...place, column, code: fault.code, message: fault.message }));
    const row = { row: place.row, cells: record.cells, errors };
    return { kind: 'rejected', row: record.raw === undefined ? row : { ...row, raw: record.raw } };
  }
}

/** Rows with the name of a place where its code should be. */
export interface PlacedByName {
  readonly column: string;
  /** Number of the first of them. */
  readonly first: number;
  readonly rows: number;
}

type CellIdentity = KnownIdentity | Extract<IdentityNumber, { ok: false }>;

interface Subject extends RowKey {
  readonly identity: KnownIdentity;
  readonly person: PersonKey;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
