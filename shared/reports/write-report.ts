import { createHash } from 'node:crypto';
import type { ObjectStore } from '../ports/object-store.ts';
import type { ReportRow } from '../ports/report-engine.ts';
import type { ReportCover, ReportForm } from './cover.ts';
import { coverPage } from './cover-page.ts';
import type { ReportColumn, ReportSpec } from './report.ts';
import type { ReportFile, ReportQuestion } from './report-job.ts';
import { writeHtml } from './write-html.ts';
import { type RowBatches, writeCsv, writeJson } from './write-text.ts';
import { type Workbook, writeXlsx } from './write-xlsx.ts';

/** A report to be written out in one form. */
export interface WrittenReport {
  readonly spec: ReportSpec;
  /** Of its files, without an ending. */
  readonly name: string;
  readonly form: ReportForm;
  readonly rows: RowBatches;
  readonly late: readonly ReportRow[];
  /** Asked for once, when every row has passed. */
  readonly cover: () => Promise<ReportCover>;
}

/** What the files of a report are called: what was asked, up to which event it counts, and which pull it is. */
export function reportName({ report, area, from, to }: ReportQuestion, countedUpTo: number, pull: string): string {
  return `${report}_${area === '' ? 'all' : area}_${from}_${to}_n${countedUpTo}_${pull}`;
}

/**
 * Writes a report, its adjustments if there are any and the form has no place for them, and its cover as page and JSON; answers
 * the files in this order, the report first. The report is there whole, after its cover, or not at all.
 */
export async function writeReport(report: WrittenReport, out: Pick<ObjectStore, 'write'>): Promise<readonly ReportFile[]> {
  const { spec, name, form, rows, late } = report;
  const { format, language } = form;
  const columns = [SIDE, ...spec.columns];
  const covers: ReportFile[] = [];
  const cover = async (): Promise<ReportCover> => {
    const made = await report.cover();
    covers.push(await written(out, `${name}.cover.html`, [Buffer.from(coverPage(made))]));
    covers.push(await written(out, `${name}.cover.json`, [Buffer.from(`${JSON.stringify(made, null, 2)}\n`)]));
    return made;
  };
  const adjustments = late.length === 0 ? undefined : { columns, rows: late };
  const workbook: Workbook = { columns: spec.columns, rows, ...(adjustments && { adjustments }), language, cover };
  const isText = format === 'csv' || format === 'json';
  const beside: ReportFile[] = [];
  if (isText && late.length > 0) {
    // The rows of a closed period stay as they are, byte by byte; what came late stands beside them.
    const adjusted = writeAs(form, spec, { ...workbook, columns, rows: batchOf(late) });
    beside.push(await written(out, `${name}.adjustments.${format}`, adjusted));
  }
  const text = writeAs(form, spec, workbook);
  const main = await written(out, `${name}.${format}`, isText ? followed(text, cover) : text);
  return [main, ...beside, ...covers];
}

function writeAs({ format, encoding }: ReportForm, spec: ReportSpec, workbook: Workbook): AsyncIterable<Uint8Array> {
  const { columns, rows, language } = workbook;
  switch (format) {
    case 'csv':
      return writeCsv(columns, rows, encoding, language);
    case 'json':
      return writeJson(spec.id, columns, rows);
    case 'xlsx':
      return writeXlsx(workbook);
    case 'html':
      return writeHtml(spec, workbook);
  }
}

async function* batchOf(rows: readonly ReportRow[]): AsyncGenerator<readonly ReportRow[]> {
  yield rows;
}

/** The parts, then `finish`, before whoever takes them believes that they have all: what fails there leaves no file. */
async function* followed(parts: AsyncIterable<Uint8Array>, finish: () => Promise<unknown>): AsyncGenerator<Uint8Array> {
  yield* parts;
  await finish();
}

/** Writes a file, counting and digesting its bytes as they pass. */
async function written(
  out: Pick<ObjectStore, 'write'>,
  name: string,
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<ReportFile> {
  const digest = createHash('sha256');
  let bytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const part of parts) {
      bytes += part.length;
      digest.update(part);
      yield part;
    }
  }
  await out.write(name, counted());
  return { name, bytes, sha256: digest.digest('hex') };
}

const SIDE: ReportColumn = {
  name: 'side',
  kind: 'code',
  title: { zh: '调整', en: 'adjustment' },
  words: { before: { zh: '关账时', en: 'as closed' }, late: { zh: '计入迟到事件后', en: 'with late events' } },
};
