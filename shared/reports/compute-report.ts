import { createHash, hash } from 'node:crypto';
import type { ArchiveVerdict } from '../audit/verify-archive.ts';
import { monthOf, periodEnd } from '../calendar/period.ts';
import { addDays, type PlainDate } from '../calendar/plain-date.ts';
import type { Clock } from '../ports/clock.ts';
import { NotFoundError } from '../ports/errors.ts';
import type {
  ArchiveSnapshot,
  CountedDay,
  EventScope,
  PeriodClosing,
  ReportArchive,
  ReportEngine,
  ReportQuery,
  ReportRow,
  ReportRun,
} from '../ports/report-engine.ts';
import type { ReportFigures } from './cover.ts';
import { guardAggregate } from './guard-aggregate.ts';
import { covers } from './period-record.ts';
import type { ReportSpec } from './report.ts';
import type { ReportQuestion } from './report-job.ts';
import { SMALLEST_SHOWN } from './small-cells.ts';
import type { RowBatches } from './write-text.ts';

/** What computing a report needs. */
export interface ComputingDeps {
  readonly reports: ReadonlyMap<string, ReportSpec>;
  /** The text of each report's query, by id. */
  readonly queries: ReadonlyMap<string, string>;
  readonly archive: ReportArchive;
  readonly engine: ReportEngine;
  readonly clock: Clock;
  /** Days of an area's calendar, both included, with working days counted. */
  readonly days: (area: string, from: PlainDate, to: PlainDate) => readonly CountedDay[];
  /** Version of the program. */
  readonly program: string;
}

/** A report as it is computed. */
export interface Computation {
  readonly spec: ReportSpec;
  /** Rows that came late or changed by what did, each with its side (`SIDE`) before it. */
  readonly late: readonly ReportRow[];
  /** Number of the last event that counts. */
  readonly countedUpTo: number;
  /** The rows as they may leave the platform; to be read once, to the end. */
  readonly rows: RowBatches;
  /** What the covers say of it; once the rows were read. */
  figures(): ReportFigures;
}

/** Working days are counted from so long before the period, for what began before it. */
const DAYS_BEFORE = 400;
const DAYS_AFTER = 800;

/**
 * Computes a report of the archive's events as they stand now and hands it to `use`, which takes the rows as they come.
 * @throws NotFoundError for a report there is not
 */
export async function computeReport<T>(
  deps: ComputingDeps,
  asked: ReportQuestion,
  use: (computation: Computation) => Promise<T>,
): Promise<T> {
  const spec = deps.reports.get(asked.report);
  const sql = deps.queries.get(asked.report);
  if (spec === undefined || sql === undefined) throw new NotFoundError('没有这个报表 / there is no such report');
  const snapshot = await deps.archive.snapshot();
  try {
    return await computed(deps, { asked, spec, sql, snapshot }, use);
  } finally {
    await snapshot.release();
  }
}

/** A question with the report it asks for. */
interface Asked {
  readonly asked: ReportQuestion;
  readonly spec: ReportSpec;
  readonly sql: string;
}

/** What an engine is asked for a question. */
export function queryOf({ days }: Pick<ComputingDeps, 'days'>, { asked, spec, sql }: Asked): ReportQuery {
  const { from, to, area, seed, sample } = asked;
  return {
    sql,
    columns: spec.columns.map(({ name }) => name),
    reads: spec.reads,
    parameters: { from, to, area, seed, sample },
    days: days(area, addDays(from, -DAYS_BEFORE), addDays(to, DAYS_AFTER)),
  };
}

interface Computing extends Asked {
  readonly snapshot: ArchiveSnapshot;
}

async function computed<T>(
  deps: ComputingDeps,
  { asked, spec, sql, snapshot }: Computing,
  use: (computation: Computation) => Promise<T>,
): Promise<T> {
  const { from, to, area, seed, sample } = asked;
  const asOf = deps.clock.now();
  const { verdict, run } = await opened(deps, snapshot, queryOf(deps, { asked, spec, sql }));
  try {
    const closing = closingOf(await run.closings(), from, to, area);
    const scope: EventScope =
      closing === undefined ? { upTo: snapshot.head.number } : { upTo: closing.upTo, lateUpTo: snapshot.head.number };
    const rulePacks = await run.packs(scope);
    const late = await adjustmentsOf(run, scope, spec);
    const tally = new Tally(leaving(spec, run.rows(scope)));
    return await use({
      spec,
      late,
      countedUpTo: scope.upTo,
      rows: tally.batches(),
      figures: () => ({
        report: spec.id,
        title: spec.title,
        about: spec.about,
        parameters: { from, to, area, seed, sample, smallCells: SMALLEST_SHOWN },
        period: closing === undefined ? { state: 'open' } : { state: 'closed', closedBy: closing.by, closedAt: closing.at },
        data: {
          archivedUpTo: snapshot.head.number,
          archiveHash: snapshot.head.hash,
          countedUpTo: scope.upTo,
          asOf: closing?.at ?? asOf,
          rulePacks,
          program: deps.program,
        },
        archive: verdict,
        proof: {
          rows: tally.rows,
          rowsSha256: tally.digest(),
          querySha256: hash('sha256', sql, 'hex'),
          adjustments: late.length,
        },
      }),
    });
  } finally {
    await run.close();
  }
}

/** The archive is verified while the engine loads what the query looks at: neither waits for the other. */
async function opened(
  { archive, engine }: ComputingDeps,
  snapshot: ArchiveSnapshot,
  query: ReportQuery,
): Promise<{ readonly verdict: ArchiveVerdict; readonly run: ReportRun }> {
  const [verdict, run] = await Promise.allSettled([archive.verify(snapshot), engine.open(snapshot, query)]);
  if (verdict.status === 'fulfilled' && run.status === 'fulfilled') return { verdict: verdict.value, run: run.value };
  if (run.status === 'fulfilled') await run.value.close();
  throw (verdict.status === 'rejected' ? verdict : (run as PromiseRejectedResult)).reason;
}

/** Rows as they may leave the platform. Aggregates are short; ledgers are passed on as they come. */
async function* leaving(spec: ReportSpec, batches: RowBatches): AsyncGenerator<readonly ReportRow[]> {
  if (spec.kind === 'ledger') {
    yield* batches;
    return;
  }
  const rows: ReportRow[] = [];
  for await (const batch of batches) rows.push(...batch);
  yield guardAggregate(spec, rows);
}

/** A row as it is digested: a line of JSON. */
export function rowLine(row: ReportRow): string {
  return `${JSON.stringify(row)}\n`;
}

/** Counts rows and digests them as they pass. */
class Tally {
  readonly #from: RowBatches;
  readonly #hash = createHash('sha256');
  #digest: string | undefined;
  rows = 0;
  constructor(from: RowBatches) {
    this.#from = from;
  }

  async *batches(): AsyncIterable<readonly ReportRow[]> {
    for await (const rows of this.#from) {
      this.rows += rows.length;
      this.#hash.update(rows.map(rowLine).join(''));
      yield rows;
    }
    this.#digest = this.#hash.digest('hex');
  }

  digest(): string {
    if (this.#digest === undefined) throw new Error('the report was not read to its end');
    return this.#digest;
  }
}

async function adjustmentsOf(run: ReportRun, scope: EventScope, spec: ReportSpec): Promise<readonly ReportRow[]> {
  if (scope.lateUpTo === undefined || scope.lateUpTo === scope.upTo) return [];
  const sides: { readonly before: ReportRow[]; readonly late: ReportRow[] } = { before: [], late: [] };
  for await (const part of run.adjustments(scope)) for (const { side, row } of part) sides[side].push(row);
  return (['before', 'late'] as const).flatMap((side) =>
    (spec.kind === 'ledger' ? sides[side] : guardAggregate(spec, sides[side])).map((row): ReportRow => [side, ...row]),
  );
}

/** The closing that settles a stretch: every month of it was closed for the area, and the last of those closings counts. */
function closingOf(closings: readonly PeriodClosing[], from: PlainDate, to: PlainDate, area: string): PeriodClosing | undefined {
  let last: PeriodClosing | undefined;
  for (let day = from; day <= to; day = addDays(periodEnd(monthOf(day)), 1)) {
    // Closed twice, the first counts: figures given out are not moved.
    const closing = closings.find((one) => covers(one, { period: monthOf(day), area }));
    if (closing === undefined) return undefined;
    if (last === undefined || closing.number > last.number) last = closing;
  }
  return last;
}
