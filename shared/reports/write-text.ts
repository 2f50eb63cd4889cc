import { encodeGb18030 } from '../intake/gb18030-encoder.ts';
import type { ReportRow } from '../ports/report-engine.ts';
import { cellText } from './cell.ts';
import type { ReportForm } from './cover.ts';
import type { ReportColumn } from './report.ts';

/** Rows as they come, some at a time. */
export type RowBatches = AsyncIterable<readonly ReportRow[]>;

const encoder = new TextEncoder();

/** CSV that spreadsheet programs in China open as it is: UTF-8 with its mark, or GB18030; lines end with CR LF (RFC 4180). */
export async function* writeCsv(
  columns: readonly ReportColumn[],
  batches: RowBatches,
  encoding: ReportForm['encoding'],
  language: ReportForm['language'],
): AsyncIterable<Uint8Array> {
  const encode = encoding === 'utf-8' ? (text: string) => encoder.encode(text) : encodeGb18030;
  const line = (cells: readonly string[]) => `${cells.map(quoted).join(',')}\r\n`;
  yield encode(`${encoding === 'utf-8' ? '\uFEFF' : ''}${line(columns.map(({ title }) => title[language]))}`);
  for await (const rows of batches) {
    yield encode(
      rows.map((row) => line(columns.map((column, index) => cellText(row[index] ?? null, column, language)))).join(''),
    );
  }
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** JSON for programs: values as computed, codes as codes, money in fen; one row a line. */
export async function* writeJson(
  report: string,
  columns: readonly ReportColumn[],
  batches: RowBatches,
): AsyncIterable<Uint8Array> {
  const head = { report, columns: columns.map(({ name, title, kind }) => ({ name, title, kind })) };
  yield encoder.encode(`${JSON.stringify(head).slice(0, -1)},"rows":[`);
  let separator = '\n';
  for await (const rows of batches) {
    let text = '';
    for (const row of rows) {
      text += separator + JSON.stringify(row);
      separator = ',\n';
    }
    yield encoder.encode(text);
  }
  yield encoder.encode('\n]}\n');
}
