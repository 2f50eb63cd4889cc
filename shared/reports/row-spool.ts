import { createHash } from 'node:crypto';
import { NotFoundError, RetryLaterError } from '../ports/errors.ts';
import type { ReportRow } from '../ports/report-engine.ts';
import type { ReportFiles } from '../ports/report-job-store.ts';
import { type Computation, rowLine } from './compute-report.ts';
import type { ReportFigures } from './cover.ts';
import type { ReportJobId } from './report-job.ts';
import type { RowBatches } from './write-text.ts';

/** Rows that were computed once, for everybody who asked. */
export interface SpooledRows {
  readonly figures: ReportFigures;
  readonly late: readonly ReportRow[];
  /**
   * The rows from the beginning, as often as wanted. Throws RetryLaterError at their end when they are not what was computed;
   * they are computed anew then.
   */
  rows(): RowBatches;
}

const BATCH = 1_000;

const keysOf = (job: ReportJobId) => ({ rows: `reports/spool/${job}.jsonl`, head: `reports/spool/${job}.json` });

/** Keeps the rows of a computing; `onRows` is told now and then how many there are. They count once they are all there. */
export async function spoolRows(
  files: ReportFiles,
  job: ReportJobId,
  { rows, late, figures }: Computation,
  onRows: (count: number) => Promise<void>,
): Promise<SpooledRows> {
  const keys = keysOf(job);
  await files.write(keys.rows, linesOf(rows, onRows));
  const head: Head = { figures: figures(), late };
  await files.write(keys.head, Buffer.from(JSON.stringify(head)));
  return opened(files, job, head);
}

/** The rows of a computing, if all of them are there. */
export async function spooledRows(files: ReportFiles, job: ReportJobId): Promise<SpooledRows | undefined> {
  const parts: Uint8Array[] = [];
  try {
    for await (const part of files.read(keysOf(job).head)) parts.push(part);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
  // Written by this program a moment ago, whole or not at all.
  return opened(files, job, JSON.parse(Buffer.concat(parts).toString('utf8')) as Head);
}

/** Forgets the rows of a computing. */
export async function clearSpool(files: ReportFiles, job: ReportJobId): Promise<void> {
  const keys = keysOf(job);
  // First what says that the rows are all there.
  await files.remove(keys.head);
  await files.remove(keys.rows);
}

interface Head {
  readonly figures: ReportFigures;
  readonly late: readonly ReportRow[];
}

function opened(files: ReportFiles, job: ReportJobId, { figures, late }: Head): SpooledRows {
  return {
    figures,
    late,
    async *rows() {
      const digest = createHash('sha256');
      for await (const lines of lineBatches(files.read(keysOf(job).rows))) {
        digest.update(lines.map((line) => `${line}\n`).join(''));
        const rows = rowsOf(lines);
        if (rows === undefined) break;
        yield rows;
      }
      if (digest.digest('hex') === figures.proof.rowsSha256) return;
      await clearSpool(files, job);
      throw new RetryLaterError('the rows kept for a report are not those that were computed');
    },
  };
}

function rowsOf(lines: readonly string[]): readonly ReportRow[] | undefined {
  try {
    return lines.map((line) => JSON.parse(line) as ReportRow);
  } catch {
    return undefined;
  }
}

async function* linesOf(batches: RowBatches, onRows: (count: number) => Promise<void>): AsyncGenerator<Uint8Array> {
  let count = 0;
  for await (const rows of batches) {
    yield Buffer.from(rows.map(rowLine).join(''));
    count += rows.length;
    await onRows(count);
  }
}

async function* lineBatches(parts: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let lines: string[] = [];
  for await (const part of parts) {
    const found = (rest + decoder.decode(part, { stream: true })).split('\n');
    rest = found.pop() ?? '';
    lines.push(...found);
    if (lines.length < BATCH) continue;
    yield lines;
    lines = [];
  }
  if (rest !== '') lines.push(rest);
  if (lines.length > 0) yield lines;
}
