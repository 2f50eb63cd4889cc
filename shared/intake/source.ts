import type { Fault } from './fault.ts';
import type { Header, HeaderFinder } from './header.ts';
import type { HiddenCells } from './hidden-cells.ts';
import type { SheetNote } from './receipt.ts';
import type { FileLayout, SourceEncoding, SourceRecord } from './source-record.ts';

/** A sheet of a workbook: what its tab says, and which it is of those shown, from 1. */
export interface SheetPlace {
  readonly name: string;
  readonly number: number;
}

/** A table opened far enough to know its header. */
export interface Table {
  readonly header: Header;
  readonly finder: HeaderFinder;
  readonly layout: FileLayout;
  /** Given when its workbook has rows in several sheets. */
  readonly sheet?: SheetPlace;
  /** What of a sheet is not shown; it is read all the same. */
  readonly hidden?: { readonly cells: HiddenCells; readonly headerRow: number };
  /** The rows below the header, once, in groups as they arrive. A group is good until the next one is asked for. */
  readonly records: () => AsyncIterable<readonly SourceRecord[]>;
}

/** A sheet that lists people under a header that does not fit, beside others that can be read. */
export interface UnfitSheet {
  readonly fault: Fault;
  readonly layout: FileLayout;
  readonly sheet: SheetPlace;
  /** The rows that come back, as those of a table. */
  readonly records: () => AsyncIterable<readonly SourceRecord[]>;
}

/** A file opened. */
export interface OpenSource {
  readonly found: true;
  /** At least one table that can be read; several are the sheets of a workbook, in the order of their tabs. */
  readonly tables: readonly (Table | UnfitSheet)[];
  /** Of a workbook with several sheets. */
  readonly sheets?: readonly SheetNote[];
}

/** Why a file or one of its sheets cannot be read. */
export interface SourceFault {
  readonly fault: Fault;
  /** Of a workbook with several sheets: what its tab says. */
  readonly sheet?: string;
}

/** A file opened, or why it cannot be. */
export type Source =
  | OpenSource
  | { readonly found: false; readonly faults: readonly SourceFault[]; readonly encoding: SourceEncoding | null };

/** A file of which nothing can be read. */
export function unreadable(fault: Fault, encoding: SourceEncoding | null = null): Source {
  return { found: false, faults: [{ fault }], encoding };
}
