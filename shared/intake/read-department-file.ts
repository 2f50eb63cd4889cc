import { placeOfRow, rowNumber } from '../facts/row-number.ts';
import { isBlank } from './cell-text.ts';
import { fieldsIn } from './compound-column.ts';
import { Fault } from './fault.ts';
import type { Header } from './header.ts';
import { hiddenColumn } from './hidden-cells.ts';
import { HouseholdRemarks, remarkInWords } from './household-remarks.ts';
import { KeySet } from './key-set.ts';
import { openSource } from './open-source.ts';
import type { IntakeError, Receipt } from './receipt.ts';
import { placedByName } from './row-faults.ts';
import type { PersonRow, RejectedRow, RowContext } from './row-outcome.ts';
import { placeIn, type SheetNames } from './row-place.ts';
import { RowReader } from './row-reader.ts';
import type { OpenSource, SourceFault, Table, UnfitSheet } from './source.ts';
import type { FileLayout, SourceEncoding } from './source-record.ts';
import { countiesReportingZero, faultOfNoRows } from './zero-report.ts';

export type { PersonRow, RejectedRow } from './row-outcome.ts';

/** Rows handed over at a time; the boundaries depend on the file only. */
const BATCH_ROWS = 2_000;
const REJECTED_ROWS = 200;
const ERRORS_KEPT = 1_000;
/** Rows without data that are kept while there is none with data: one of them may state a zero report. */
const ASIDE_ROWS = 100;
/** 4 GiB. */
const SIZE_LIMIT = 4 * 2 ** 30;

/** One dropped file and what to do with its rows. */
export interface ReadOptions extends RowContext {
  /** Used for its extension only; the bytes decide what the file is. */
  readonly fileName: string;
  /** Bytes. */
  readonly size: number;
  /** Bytes above which a file is refused; 4 GiB unless given. */
  readonly sizeLimit?: number;
  /** May be called twice: once to look at form and encoding, once to read. */
  readonly read: () => AsyncIterable<Uint8Array>;
  /** Batches of 2,000 accepted rows in file order; the same file always gives the same batches. */
  readonly onRows: (batch: readonly PersonRow[]) => Promise<void> | void;
  /** Refused rows in file order; those of one sheet come together, with its layout. */
  readonly onRejected: (rows: readonly RejectedRow[], layout: FileLayout) => Promise<void> | void;
}

/** What came of a file. `refused`: nothing was handed to `onRows` or `onRejected`. */
export type ReadResult =
  | (Pick<
      Receipt,
      'rows' | 'sheets' | 'columns' | 'ignored' | 'totals' | 'errors' | 'errorCount' | 'notes' | 'noteCount' | 'nothingFor'
    > & {
      readonly outcome: 'read';
      readonly encoding: SourceEncoding;
      /** Six-digit counties the accepted rows or a zero report name; `*` alone when rows name none. */
      readonly counties: ReadonlySet<string>;
    })
  | { readonly outcome: 'refused'; readonly encoding: SourceEncoding | null; readonly errors: readonly IntakeError[] };

function refusal(encoding: SourceEncoding | null, faults: readonly SourceFault[]): ReadResult {
  return { outcome: 'refused', encoding, errors: faults.map(errorOf) };
}

function errorOf({ fault, sheet }: SourceFault): IntakeError {
  return { row: null, ...(sheet === undefined ? {} : { sheet }), column: null, code: fault.code, message: fault.message };
}

/**
 * Reads a department's file: finds form, encoding, delimiter and header, then judges every row below the header, which ends
 * accepted, duplicate, rejected with all its errors, or skipped (titles, totals, notes, blanks). Of a workbook every sheet with
 * the header is read, in order. A table without data is a delivery when it states a zero report. Streams; memory does not grow
 * with the file but for 16 bytes or so per row. A file of which nothing can be read is refused as a whole.
 */
export async function readDepartmentFile(options: ReadOptions): Promise<ReadResult> {
  const limit = options.sizeLimit ?? SIZE_LIMIT;
  if (options.size > limit) return refusal(null, [{ fault: tooLarge(options.size, limit) }]);
  if (options.size === 0) return refusal(null, [{ fault: emptyFile() }]);
  const source = await openSource(options.feed, options.fileName, options.read);
  if (!source.found) return refusal(source.encoding, source.faults);
  const reading = new FileReading(options, source);
  for (const table of source.tables) {
    if ('fault' in table) await reading.sendBack(table);
    else await reading.readTable(table);
  }
  return reading.finish();
}

/** The reading of one file: its tables one after the other, and the account of them all. */
class FileReading {
  readonly #options: ReadOptions;
  readonly #source: OpenSource;
  readonly #seen = new KeySet();
  readonly #sheets: SheetNames | undefined;
  readonly #count = { accepted: 0, duplicate: 0, rejected: 0, skipped: 0 };
  readonly #errors: IntakeError[] = [];
  #errorCount = 0;
  readonly #areas = new Set<string>();
  readonly #columns: Record<string, string> = {};
  readonly #ignored = new Set<string>();
  readonly #totals: Record<string, number> = {};
  readonly #remarks: HouseholdRemarks | undefined;
  readonly #notes: IntakeError[] = [];
  #noteCount = 0;
  #rows: PersonRow[] = [];
  #rejected: RejectedRow[] = [];
  /** Rows without data, as long as there is none with data. */
  readonly #aside: (readonly string[])[] = [];
  #empty = true;
  #encoding: SourceEncoding | null = null;

  constructor(options: ReadOptions, source: OpenSource) {
    this.#options = options;
    this.#source = source;
    const sheets = new Map<number, string>();
    for (const { sheet } of source.tables) if (sheet !== undefined) sheets.set(sheet.number, sheet.name);
    this.#sheets = sheets.size === 0 ? undefined : sheets;
    const { feed } = options;
    this.#remarks = feed.household === undefined ? undefined : new HouseholdRemarks(feed, feed.household, options);
  }

  async readTable(table: Table): Promise<void> {
    const { header, finder, layout, records } = table;
    this.#encoding = layout.encoding;
    const reader = new RowReader(this.#options, header, finder, this.#seen, this.#sheets);
    for (const row of layout.leading.slice(0, layout.headerIndex)) this.#setAside(row);
    for await (const group of records()) {
      for (const record of group) {
        const outcome = reader.read(record);
        this.#count[outcome.kind] += 1;
        if (outcome.kind === 'skipped') {
          if (this.#empty) this.#setAside(record.cells);
          continue;
        }
        this.#empty = false;
        if (outcome.kind === 'accepted') {
          if (outcome.remarks !== undefined)
            for (const { column, fault } of outcome.remarks) this.#note(outcome.row.fact.row, column, fault);
          this.#accept(outcome.row);
          // Not awaited for every row: that alone was a thirtieth of the reading.
          if (this.#rows.length === BATCH_ROWS) await this.#sendRows();
        } else if (outcome.kind === 'rejected') {
          this.#report(outcome.row.errors);
          await this.#reject(outcome.row, layout);
        }
      }
    }
    await this.#flushRejected(layout);
    this.#noteHidden(table);
    const byName = reader.placedByName();
    if (byName !== undefined) this.#note(byName.first, byName.column, placedByName(byName.rows));
    for (const [name, field] of fieldsByHeader(header)) this.#columns[name] = field;
    for (const name of header.ignored) this.#ignored.add(name);
    for (const [field, fen] of Object.entries(reader.totals())) this.#totals[field] = (this.#totals[field] ?? 0) + fen;
  }

  /** Says of rows and columns that are not shown that they were read. */
  #noteHidden({ header, hidden, sheet }: Table): void {
    if (hidden === undefined) return;
    const { cells, headerRow } = hidden;
    const numberOf = (row: number): number => rowNumber(sheet?.number ?? 1, row);
    const rows = cells.rowsBelow(headerRow);
    if (rows !== undefined) this.#note(numberOf(rows.first), null, rows.fault);
    for (const column of header.columns.flatMap((one) => [one, ...(one.plus ?? [])])) {
      if (cells.hasColumn(column.index)) this.#note(numberOf(headerRow), column.header, hiddenColumn());
    }
  }

  /** A sheet whose header does not fit: one error tells of it, and its rows come back with that. */
  async sendBack({ sheet, fault, layout, records }: UnfitSheet): Promise<void> {
    const error = errorOf({ fault, sheet: sheet.name });
    this.#report([error]);
    for await (const group of records()) {
      for (const { row, cells } of group) {
        if (cells.every(isBlank)) continue;
        this.#empty = false;
        this.#count.rejected += 1;
        await this.#reject({ row: placeOfRow(row).row, cells, errors: [error] }, layout);
      }
    }
    await this.#flushRejected(layout);
  }

  async finish(): Promise<ReadResult> {
    const nothingFor = countiesReportingZero(this.#empty ? this.#aside : []);
    const fault = this.#empty ? faultOfNoRows(this.#options.feed, nothingFor) : undefined;
    const encoding = this.#encoding;
    if (encoding === null) throw new RangeError('a file without a table was opened');
    if (fault !== undefined) return refusal(encoding, [{ fault }]);
    if (this.#rows.length > 0) await this.#sendRows();
    const named = new Set(this.#areas.size === 0 ? ['*'] : Array.from(this.#areas, (area) => area.slice(0, 6)));
    const { skipped, ...judged } = this.#count;
    const { sheets } = this.#source;
    return {
      outcome: 'read',
      encoding,
      rows: { read: judged.accepted + judged.duplicate + judged.rejected, ...judged, skipped },
      ...(sheets === undefined ? {} : { sheets }),
      columns: this.#columns,
      ignored: [...this.#ignored],
      totals: this.#totals,
      errors: this.#errors,
      errorCount: this.#errorCount,
      ...(this.#noteCount === 0 ? {} : { notes: this.#notes, noteCount: this.#noteCount }),
      ...(this.#empty ? { nothingFor: [...nothingFor].sort() } : {}),
      counties: this.#empty ? nothingFor : named,
    };
  }

  /** One of these rows may state a zero report. */
  #setAside(cells: readonly string[]): void {
    if (this.#aside.length < ASIDE_ROWS) this.#aside.push(cells);
  }

  #accept(row: PersonRow): void {
    const { fact } = row;
    if (fact.areaAssumed === undefined && fact.area !== undefined) this.#areas.add(fact.area);
    if (this.#remarks !== undefined) this.#remark(row, this.#remarks);
    this.#rows.push(row);
  }

  async #sendRows(): Promise<void> {
    await this.#options.onRows(this.#rows);
    this.#rows = [];
  }

  #remark(row: PersonRow, remarks: HouseholdRemarks): void {
    for (const { kind, first } of remarks.see(row)) {
      this.#note(row.fact.row, null, remarkInWords(kind, placeIn(this.#sheets, first)));
    }
  }

  #note(row: number, column: string | null, { code, message }: Fault): void {
    this.#noteCount += 1;
    if (this.#notes.length < ERRORS_KEPT) this.#notes.push({ ...placeIn(this.#sheets, row), column, code, message });
  }

  #report(errors: readonly IntakeError[]): void {
    this.#errorCount += errors.length;
    if (this.#errors.length < ERRORS_KEPT) this.#errors.push(...errors.slice(0, ERRORS_KEPT - this.#errors.length));
  }

  async #reject(row: RejectedRow, layout: FileLayout): Promise<void> {
    this.#rejected.push(row);
    if (this.#rejected.length === REJECTED_ROWS) await this.#flushRejected(layout);
  }

  async #flushRejected(layout: FileLayout): Promise<void> {
    if (this.#rejected.length > 0) await this.#options.onRejected(this.#rejected, layout);
    this.#rejected = [];
  }
}

/** Names of columns as the sender wrote them, each with the fields read from it. */
function fieldsByHeader({ columns, compound }: Header): readonly (readonly [string, string])[] {
  const own = columns.flatMap((column) =>
    [column, ...(column.plus ?? [])].map(({ header, field }) => [header, field.name] as const),
  );
  return compound === undefined ? own : [...own, [compound.header, fieldsIn(compound.number).join('、')]];
}

function tooLarge(size: number, limit: number): Fault {
  const mb = (bytes: number): number => Math.ceil(bytes / 2 ** 20);
  return new Fault(
    'TOO_LARGE',
    `文件有${mb(size)}MB，超过${mb(limit)}MB的上限；请按月份或区县拆分后分别报送`,
    `the file has ${mb(size)} MB, more than the limit of ${mb(limit)} MB; split it by month or county and send the parts`,
  );
}

function emptyFile(): Fault {
  return new Fault(
    'EMPTY_FILE',
    '文件是空的（0字节）；请重新导出后报送',
    'the file is empty (0 bytes); export it again and send it',
  );
}
