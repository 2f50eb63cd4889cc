import { Fault } from './fault.ts';
import { openSource } from './open-source.ts';
import type { IntakeError, Receipt } from './receipt.ts';
import type { PersonRow, RejectedRow, RowContext } from './row-outcome.ts';
import { RowReader } from './row-reader.ts';
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
  readonly onRejected: (rows: readonly RejectedRow[], layout: FileLayout) => Promise<void> | void;
}

/** What came of a file. `refused`: nothing was handed to `onRows` or `onRejected`. */
export type ReadResult =
  | (Pick<Receipt, 'rows' | 'columns' | 'ignored' | 'totals' | 'errors' | 'errorCount' | 'nothingFor'> & {
      readonly outcome: 'read';
      readonly encoding: SourceEncoding;
      /** Six-digit counties the accepted rows or a zero report name; `*` alone when rows name none. */
      readonly counties: ReadonlySet<string>;
    })
  | { readonly outcome: 'refused'; readonly encoding: SourceEncoding | null; readonly errors: readonly IntakeError[] };

function refusal(encoding: SourceEncoding | null, fault: Fault): ReadResult {
  return { outcome: 'refused', encoding, errors: [{ row: null, column: null, code: fault.code, message: fault.message }] };
}

/**
 * Reads a department's file: finds form, encoding, delimiter and header, then judges every row below the header, which ends
 * accepted, duplicate, rejected with all its errors, or skipped (titles, totals, notes, blanks). A table without data is a
 * delivery when it states a zero report. Streams; memory does not
 * grow with the file but for 16 bytes or so per row. A file of which nothing can be read is refused as a whole.
 */
export async function readDepartmentFile(options: ReadOptions): Promise<ReadResult> {
  const limit = options.sizeLimit ?? SIZE_LIMIT;
  if (options.size > limit) return refusal(null, tooLarge(options.size, limit));
  if (options.size === 0) return refusal(null, emptyFile());
  const source = await openSource(options.feed, options.fileName, options.read);
  if (!source.found) return refusal(source.encoding, source.fault);
  const { layout, header } = source;
  const reader = new RowReader(options, header, source.finder);
  const count = { accepted: 0, duplicate: 0, rejected: 0, skipped: 0 };
  const errors: IntakeError[] = [];
  let errorCount = 0;
  const areas = new Set<string>();
  let rows: PersonRow[] = [];
  let rejected: RejectedRow[] = [];
  const asideRows = layout.leading.slice(0, layout.headerIndex);
  let empty = true;
  for await (const records of source.records()) {
    for (const record of records) {
      const outcome = reader.read(record);
      count[outcome.kind] += 1;
      if (outcome.kind === 'accepted') {
        const { fact } = outcome.row;
        if (fact.areaAssumed === undefined && fact.area !== undefined) areas.add(fact.area);
        rows.push(outcome.row);
        if (rows.length === BATCH_ROWS) {
          await options.onRows(rows);
          rows = [];
        }
      } else if (outcome.kind === 'rejected') {
        errorCount += outcome.row.errors.length;
        if (errors.length < ERRORS_KEPT) errors.push(...outcome.row.errors.slice(0, ERRORS_KEPT - errors.length));
        rejected.push(outcome.row);
        if (rejected.length === REJECTED_ROWS) {
          await options.onRejected(rejected, layout);
          rejected = [];
        }
      }
      if (outcome.kind !== 'skipped') empty = false;
      else if (empty && asideRows.length < ASIDE_ROWS) asideRows.push(record.cells);
    }
  }
  const nothingFor = countiesReportingZero(empty ? asideRows : []);
  const fault = empty ? faultOfNoRows(options.feed, nothingFor) : undefined;
  if (fault !== undefined) return refusal(layout.encoding, fault);
  if (rows.length > 0) await options.onRows(rows);
  if (rejected.length > 0) await options.onRejected(rejected, layout);
  const named = new Set(areas.size === 0 ? ['*'] : Array.from(areas, (area) => area.slice(0, 6)));
  const { skipped, ...judged } = count;
  return {
    outcome: 'read',
    encoding: layout.encoding,
    rows: { read: judged.accepted + judged.duplicate + judged.rejected, ...judged, skipped },
    columns: Object.fromEntries(header.columns.map((column) => [column.header, column.field.name])),
    ignored: header.ignored,
    totals: reader.totals(),
    errors,
    errorCount,
    ...(empty ? { nothingFor: [...nothingFor].sort() } : {}),
    counties: empty ? nothingFor : named,
  };
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
