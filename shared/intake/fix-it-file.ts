import type { ObjectStore } from '../ports/object-store.ts';
import { harmless } from '../workbook/harmless.ts';
import {
  SHEET_END,
  type Sheet,
  type Styles,
  sheetPath,
  sheetStart,
  stylesPart,
  textCell,
  workbookFrame,
} from '../workbook/workbook-parts.ts';
import { type ZipEntry, zipStream } from '../workbook/zip-stream.ts';
import { answerPath } from './answer-path.ts';
import { isBlank } from './cell-text.ts';
import { encodeGb18030 } from './gb18030-encoder.ts';
import { ADDED_COLUMNS } from './header.ts';
import { objectOf } from './json-lines.ts';
import type { RejectedRow } from './row-outcome.ts';
import type { FileLayout } from './source-record.ts';

const REJECTS = 'rejects/';

/** Key under which a line that is no object comes back. */
const RAW_LINE = '原文';
/** A row was not kept whole because it could not be cut into cells. */
const TOO_LONG_CELL = 32_000;
/**
 * Cells of a workbook are of the format "text": in others a spreadsheet program would turn an identity number that somebody types
 * into a float and lose its last digits.
 */
const STYLES: Styles = { formats: ['<xf numFmtId="49" applyNumberFormat="1"/>'] };
const TEXT_FORMAT = 1;
/** What the tab says when the workbook had one table. */
const ONLY_SHEET = '退回表';

function shortened(text: string): string {
  return text.length > TOO_LONG_CELL ? text.slice(0, TOO_LONG_CELL) : text;
}

/** What begins as a formula and is none: numbers, dashes for nothing, and digits kept whole as `="…"`. */
const NO_FORMULA = /^([+-]?[\d,]+(\.\d+)?%?|-+|="[^"]*")$/;

function cell(text: string, delimiter: string): string {
  // The apostrophe that keeps a spreadsheet program from computing a text is not read when the row is sent again.
  const short = NO_FORMULA.test(text) ? text : harmless(shortened(text));
  return short.includes('"') || short.includes('\n') || short.includes('\r') || short.includes(delimiter)
    ? `"${short.replaceAll('"', '""')}"`
    : short;
}

function line(cells: readonly string[], layout: FileLayout): string {
  if (layout.encoding === 'xlsx') return `<row>${cells.map((text) => textCell(shortened(text), TEXT_FORMAT)).join('')}</row>`;
  return cells.map((text) => cell(text, layout.delimiter)).join(layout.delimiter) + layout.newline;
}

function encode(text: string, layout: FileLayout): Uint8Array {
  switch (layout.encoding) {
    case 'gb18030':
      return encodeGb18030(text);
    case 'utf-16le':
      return Buffer.from(text, 'utf16le');
    case 'utf-16be':
      return Buffer.from(text, 'utf16le').swap16();
    case 'utf-8':
    case 'xlsx':
    case 'jsonl':
      return Buffer.from(text, 'utf8');
  }
}

function ownCells(cells: readonly string[], layout: FileLayout): readonly string[] {
  return layout.added.length === 0 ? cells : cells.filter((_, at) => !layout.added.includes(at));
}

/** Blank cells behind the last column would push what is added out of its columns, and the mended row would have too many cells. */
function withoutBlanksBeyond(width: number, cells: readonly string[]): readonly string[] {
  const last = cells.findLastIndex((text) => !isBlank(text));
  return last < width ? cells.slice(0, width) : cells;
}

/** The beginning of a fix-it file or of a sheet of it: byte-order mark, title rows and header as sent, with the two columns added. */
function fixItHead(layout: FileLayout): Uint8Array {
  if (layout.encoding === 'jsonl') return new Uint8Array();
  const width = ownCells(layout.leading[layout.headerIndex] ?? [], layout).length;
  const lines = layout.leading.map((cells, at) => {
    const own = ownCells(cells, layout);
    if (at !== layout.headerIndex) return line(own, layout);
    return line([...own, ...Array.from({ length: width - own.length }, () => ''), ...ADDED_COLUMNS], layout);
  });
  const mark = layout.byteOrderMark && layout.encoding !== 'gb18030' ? '\ufeff' : '';
  const start = layout.encoding === 'xlsx' ? sheetStart(widths(width)) : mark;
  return encode(start + lines.join(''), layout);
}

/** An identity number can be seen whole, and most of the reasons. */
function widths(own: number): string {
  const column = (from: number, to: number, width: number) => `<col min="${from}" max="${to}" width="${width}" customWidth="1"/>`;
  return `<cols>${column(1, own + 1, 20)}${column(own + 2, own + 2, 80)}</cols>`;
}

/** Refused rows as sent, each with its row number and everything that is wrong with it, in Chinese. */
function fixItRows(rows: readonly RejectedRow[], layout: FileLayout): Uint8Array {
  const width = ownCells(layout.leading[layout.headerIndex] ?? [], layout).length;
  const lines = rows.map((row) => {
    if (layout.encoding === 'jsonl') return jsonLine(row);
    const own = withoutBlanksBeyond(width, ownCells(row.cells, layout));
    const padding = Array.from({ length: Math.max(0, width - own.length) }, () => '');
    return line([...own, ...padding, String(row.row), reasonsOf(row)], layout);
  });
  return encode(lines.join(''), layout);
}

/** Refused rows of one table. */
export interface RefusedRows {
  readonly rows: readonly RejectedRow[];
  readonly layout: FileLayout;
}

/** A fix-it file of refused rows as they come; of a workbook with rows in several sheets it has each of them. */
export function fixItBytes(refused: AsyncIterable<RefusedRows>, { encoding }: FileLayout): AsyncIterable<Uint8Array> {
  return encoding === 'xlsx' ? zipStream(workbookOf(refused)) : textOf(refused);
}

async function* textOf(refused: AsyncIterable<RefusedRows>): AsyncGenerator<Uint8Array> {
  let headed = false;
  for await (const { rows, layout } of refused) {
    if (!headed) yield fixItHead(layout);
    headed = true;
    yield fixItRows(rows, layout);
  }
}

async function* workbookOf(refused: AsyncIterable<RefusedRows>): AsyncGenerator<ZipEntry> {
  const sheets: Sheet[] = [];
  const coming = refused[Symbol.asyncIterator]();
  let next = await coming.next();
  async function* sheetOf(layout: FileLayout): AsyncGenerator<Uint8Array> {
    yield fixItHead(layout);
    while (next.done !== true && next.value.layout === layout) {
      yield fixItRows(next.value.rows, layout);
      next = await coming.next();
    }
    yield Buffer.from(SHEET_END);
  }
  while (next.done !== true) {
    const { layout } = next.value;
    const sheet = { id: sheets.length + 1, name: layout.sheet ?? ONLY_SHEET };
    sheets.push(sheet);
    yield { name: sheetPath(sheet), parts: sheetOf(layout) };
  }
  yield stylesPart(STYLES);
  yield* workbookFrame(sheets);
}

function reasonsOf(row: RejectedRow): string {
  return row.errors.map(({ column, message }) => (column === null ? message.zh : `${column}：${message.zh}`)).join('；');
}

/** Row number and reasons put before the end of the object as sent, so that of what it states no digit changes. */
function jsonLine(row: RejectedRow): string {
  const raw = row.raw ?? '';
  const own = objectOf(raw) === undefined ? `{${JSON.stringify(RAW_LINE)}:${JSON.stringify(raw)}` : raw.slice(0, -1).trimEnd();
  const added = [row.row, reasonsOf(row)].map((value, n) => `${JSON.stringify(ADDED_COLUMNS[n])}:${JSON.stringify(value)}`);
  return `${[own, ...added].join(',')}}\n`;
}

/** Where the fix-it file of a dropped file is put; a workbook that was sent under another ending gets its own. */
export function fixItKey(path: string, layout: FileLayout): string {
  const key = REJECTS + answerPath(path);
  return layout.encoding === 'xlsx' && !/\.xlsx$/i.test(key) ? `${key}.xlsx` : key;
}

/**
 * Writes the fix-it file (退回表) of one dropped file while the file is read: same layout and encoding, refused rows only,
 * with the columns 行号 and 退回原因, so that a corrected copy can be dropped again. Holds one batch at a time. No file is
 * written when no row is refused.
 */
export class FixItFile {
  readonly #store: ObjectStore;
  readonly #path: string;
  #key: string | null = null;
  #writing: Promise<void> | undefined;
  #waiting: RefusedRows[] = [];
  #ended: 'whole' | 'abandoned' | undefined;
  #wake: () => void = () => {};
  #taken: () => void = () => {};

  constructor(store: ObjectStore, path: string) {
    this.#store = store;
    this.#path = path;
  }

  /** Adds refused rows; resolves when the store has taken them. Rejects when the store fails. */
  async add(rows: readonly RejectedRow[], layout: FileLayout): Promise<void> {
    if (this.#writing === undefined) {
      this.#key = fixItKey(this.#path, layout);
      this.#writing = this.#store.write(this.#key, fixItBytes(this.#refused(), layout));
      // Seen again by whoever waits for it below; here only so that a failure in between is no unhandled one.
      this.#writing.catch(() => {});
    }
    this.#waiting.push({ rows, layout });
    const taken = new Promise<void>((resolve) => {
      this.#taken = resolve;
    });
    this.#wake();
    await Promise.race([taken, this.#writing]);
  }

  /** Finishes the file; the key it was written to, or null when no row was added. */
  async close(): Promise<string | null> {
    this.#ended = 'whole';
    this.#wake();
    await this.#writing;
    return this.#key;
  }

  /** Gives the file up, so that the store lets go of what it holds of it. For when reading ends with a failure. */
  async abandon(): Promise<void> {
    this.#ended ??= 'abandoned';
    this.#wake();
    await this.#writing?.catch(() => {});
  }

  async *#refused(): AsyncGenerator<RefusedRows> {
    for (;;) {
      if (this.#ended === 'abandoned') throw new Error('the file it answers could not be read to its end');
      const next = this.#waiting.shift();
      if (next !== undefined) yield next;
      else {
        this.#taken();
        if (this.#ended === 'whole') return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
