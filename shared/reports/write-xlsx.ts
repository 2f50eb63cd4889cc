import type { ReportRow, ReportValue } from '../ports/report-engine.ts';
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
import { cellText } from './cell.ts';
import { alarmOf, noticeOf, type ReportCover, type ReportLanguage } from './cover.ts';
import { coverLines } from './cover-page.ts';
import type { ReportColumn } from './report.ts';
import type { RowBatches } from './write-text.ts';

/** Rows a sheet can have (Excel), less its heading. */
const ROWS_PER_SHEET = 1_048_575;

/** Styles by number: plain, two decimals, bold heading, white on red. */
const STYLES: Styles = {
  fonts: ['<font><b/></font>', '<font><b/><color rgb="FFFFFFFF"/></font>'],
  fills: ['<fill><patternFill patternType="solid"><fgColor rgb="FFCC0000"/></patternFill></fill>'],
  formats: [
    '<xf numFmtId="4" applyNumberFormat="1"/>',
    '<xf fontId="1" applyFont="1"/>',
    '<xf fontId="2" fillId="2" applyFont="1" applyFill="1"/>',
  ],
};
const [DECIMALS, BOLD, ALARM] = [1, 2, 3];

/** What a workbook is made of; `cover` is asked for once every row has passed. */
export interface Workbook {
  readonly columns: readonly ReportColumn[];
  readonly rows: RowBatches;
  /** Rows of the section of adjustments, with its columns. */
  readonly adjustments?: { readonly columns: readonly ReportColumn[]; readonly rows: readonly ReportRow[] };
  readonly language: ReportLanguage;
  readonly cover: () => Promise<ReportCover>;
}

/**
 * A workbook as a stream: the cover first, then the rows (more sheets where one is full), then the adjustments. Memory does not
 * grow with the rows.
 */
export function writeXlsx(workbook: Workbook): AsyncIterable<Uint8Array> {
  return zipStream(entriesOf(workbook));
}

async function* entriesOf({ columns, rows, adjustments, language, cover }: Workbook): AsyncGenerator<ZipEntry> {
  const sheets: string[] = [];
  const source = new Batches(rows);
  do {
    sheets.push(sheets.length === 0 ? '数据 rows' : `数据 rows ${sheets.length + 1}`);
    yield { name: sheetPath({ id: sheets.length }), parts: sheetOf(columns, source.take(ROWS_PER_SHEET), language) };
  } while (!(await source.isAtEnd()));
  if (adjustments !== undefined) {
    sheets.push('调整 adjustments');
    const name = sheetPath({ id: sheets.length });
    yield { name, parts: sheetOf(adjustments.columns, [adjustments.rows], language) };
  }
  const made = await cover();
  const alarm = alarmOf(made) !== undefined;
  sheets.push('封面 cover');
  yield { name: sheetPath({ id: sheets.length }), parts: [bytes(coverSheet(made))] };
  yield stylesPart(STYLES);
  const numbered = sheets.map((name, index): Sheet => ({ name, id: index + 1 }));
  // Written last, as it tells of all rows, the cover stands first. A workbook with an alarm opens at it.
  const shown = [...numbered.slice(-1), ...numbered.slice(0, -1)];
  yield* workbookFrame(shown, alarm ? '<bookViews><workbookView activeTab="0"/></bookViews>' : '');
}

/** Hands rows on, so many to each who takes. */
class Batches {
  readonly #from: AsyncIterator<readonly ReportRow[]>;
  #rest: readonly ReportRow[] = [];
  #ended = false;
  constructor(from: RowBatches) {
    this.#from = from[Symbol.asyncIterator]();
  }

  async *take(most: number): AsyncGenerator<readonly ReportRow[]> {
    for (let left = most; left > 0 && !(await this.isAtEnd()); ) {
      const part = this.#rest.slice(0, left);
      this.#rest = this.#rest.slice(left);
      left -= part.length;
      yield part;
    }
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#rest.length === 0 && !this.#ended) {
      const next = await this.#from.next();
      if (next.done === true) this.#ended = true;
      else this.#rest = next.value;
    }
    return this.#rest.length === 0;
  }
}

async function* sheetOf(
  columns: readonly ReportColumn[],
  batches: AsyncIterable<readonly ReportRow[]> | Iterable<readonly ReportRow[]>,
  language: ReportLanguage,
): AsyncGenerator<Uint8Array> {
  const titles = columns.map(({ title }) => textCell(title[language], BOLD)).join('');
  yield bytes(
    `${sheetStart('<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>')}<row>${titles}</row>`,
  );
  for await (const rows of batches) {
    yield bytes(
      rows
        .map((row) => `<row>${columns.map((column, index) => cellOf(row[index] ?? null, column, language)).join('')}</row>`)
        .join(''),
    );
  }
  yield bytes(SHEET_END);
}

function cellOf(value: ReportValue, column: ReportColumn, language: ReportLanguage): string {
  if (typeof value === 'number' && Number.isFinite(value)) {
    if (column.kind === 'fen') return `<c s="${DECIMALS}"><v>${(value / 100).toFixed(2)}</v></c>`;
    if (column.kind === 'count' || column.kind === 'number') return `<c><v>${value}</v></c>`;
  }
  const text = cellText(value, column, language);
  return text === '' ? '<c/>' : textCell(text);
}

function coverSheet(cover: ReportCover): string {
  const [alarm, notice] = [alarmOf(cover), noticeOf(cover)];
  const lines = [
    ...(alarm === undefined ? [] : [alarm.zh, alarm.en].map((text) => textCell(text, ALARM))),
    ...(notice === undefined ? [] : [notice.zh, notice.en].map((text) => textCell(text, BOLD))),
    ...coverLines(cover).map(([name, value]) => `${textCell(name, BOLD)}${textCell(harmless(value))}`),
  ];
  const rows = lines.map((cells) => `<row>${cells}</row>`).join('');
  const tab = alarm === undefined ? '' : '<sheetPr><tabColor rgb="FFCC0000"/></sheetPr>';
  const widths =
    '<cols><col min="1" max="1" width="26" customWidth="1"/><col min="2" max="2" width="100" customWidth="1"/></cols>';
  return `${sheetStart(tab + widths)}${rows}${SHEET_END}`;
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
