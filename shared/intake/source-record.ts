/** What a cell of a spreadsheet or a value of JSON cannot give, although something is in it. */
export type CellProblem = 'formula-without-value' | 'number-too-long' | 'cell-error' | 'nested-value';

/** One row as the sender's file has it, before any meaning. */
export interface SourceRecord {
  /** Number of the row in its file (`rowNumber`): as a viewer shows it, the first being 1, but in a workbook's further sheets. */
  readonly row: number;
  readonly cells: readonly string[];
  /** The row could not be cut into cells; `cells` is then only for showing it to the sender. */
  readonly broken?: 'UNCLOSED_QUOTE' | 'ROW_TOO_LONG' | 'ROW_CUT_OFF' | 'NOT_JSON';
  /** The line as sent, of a row that is no row of cells. */
  readonly raw?: string;
  /** Some bytes of the row could not be decoded (U+FFFD in a cell). */
  readonly damaged?: true;
  readonly problems?: ReadonlyMap<number, CellProblem>;
}

/** Encodings and forms in which a file is read. */
export type SourceEncoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be' | 'xlsx' | 'jsonl';

/** How the file was laid out: what the fix-it file has to look like. */
export interface FileLayout {
  readonly encoding: SourceEncoding;
  readonly byteOrderMark: boolean;
  readonly delimiter: string;
  /** What the tab of the sheet says, when a workbook has rows in several. */
  readonly sheet?: string;
  readonly newline: '\n' | '\r\n';
  /** Title rows, unit lines and the header rows, as sent. */
  readonly leading: readonly (readonly string[])[];
  /** Index in `leading` of the last row with names of columns. */
  readonly headerIndex: number;
  /** Columns that an earlier fix-it file added (行号, 退回原因); left out when written again. */
  readonly added: readonly number[];
}
