import type { Instant } from '../calendar/plain-date.ts';
import type { Bilingual } from '../catalog/feed.ts';

/** What became of a file. `refused`: nothing of it was stored. */
export type FileStatus = 'accepted' | 'partly' | 'refused' | 'duplicate';

/** One thing wrong, where, and what to do about it. `row` and `column` are null when it is about the whole file. */
export interface IntakeError {
  /** Row number as a viewer shows it, the first line being 1. */
  readonly row: number | null;
  /** What the tab of its sheet says, in a workbook with rows in several. */
  readonly sheet?: string;
  /** Column name as the sender wrote it. */
  readonly column: string | null;
  readonly code: string;
  readonly message: Bilingual;
}

/**
 * What a sheet of a workbook was taken for: `read`, one with rows; `unfit`, one that lists people under a header that does not
 * fit, which comes back; `empty`, a form without rows; `example`, one that shows how the form is filled in; `other`, notes or
 * anything else that is no list; `hidden`, not looked at.
 */
export type SheetUse = 'read' | 'unfit' | 'empty' | 'example' | 'other' | 'hidden';

/** A sheet of a workbook, and what it was taken for. */
export interface SheetNote {
  /** What its tab says. */
  readonly name: string;
  readonly use: SheetUse;
}

/** The answer to the department, also written to `receipts/…json`. Never carries a name or a number from the file. */
export interface Receipt {
  /** Path below the inbox. */
  readonly file: string;
  readonly feed: string;
  readonly period: string;
  readonly status: FileStatus;
  /** `utf-8`, `gb18030`, `utf-16le`, `utf-16be`, `xlsx`, `jsonl`; null when it could not be told. */
  readonly encoding: string | null;
  readonly sha256: string;
  readonly size: number;
  readonly receivedAt: Instant;
  /** read = accepted + duplicate + rejected. Title, note, total and blank lines are `skipped`, outside `read`. */
  readonly rows: {
    readonly read: number;
    readonly accepted: number;
    readonly duplicate: number;
    readonly rejected: number;
    readonly skipped: number;
  };
  /** Of a workbook with several sheets: those shown, in the order of their tabs, then the hidden ones. */
  readonly sheets?: readonly SheetNote[];
  /** Sender's column name → canonical field. */
  readonly columns: Readonly<Record<string, string>>;
  /** Columns of the file no field asks for. */
  readonly ignored: readonly string[];
  /** Sum of each money field over the rows accepted, fen. */
  readonly totals: Readonly<Record<string, number>>;
  /** The first `ERRORS_KEPT` errors; `errorCount` is all of them. The fix-it file has every refused row. */
  readonly errors: readonly IntakeError[];
  readonly errorCount: number;
  /** Rows that were taken and may not say what was meant: the first `ERRORS_KEPT`; `noteCount` is all of them. */
  readonly notes?: readonly IntakeError[];
  readonly noteCount?: number;
  /** Object key of the fix-it file (退回表), when there are refused rows. */
  readonly fixItFile: string | null;
  /** The counties (six digits) that rows or a zero report name; left out when the rows name none. */
  readonly counties?: readonly string[];
  /** Zero report (零报告): the counties (six digits) for which nothing was to be reported. */
  readonly nothingFor?: readonly string[];
  /** For `duplicate`: the path of the same bytes taken before. */
  readonly duplicateOf?: string;
}
