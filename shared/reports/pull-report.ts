import { createHash, hash } from 'node:crypto';
import { AccessError } from '../access/policy.ts';
import type { Access } from '../access/read-trail.ts';
import { makeEvent } from '../audit/make-event.ts';
import { monthOf, periodEnd } from '../calendar/period.ts';
import { addDays, type PlainDate } from '../calendar/plain-date.ts';
import type { Clock } from '../ports/clock.ts';
import { NotFoundError, PermanentError } from '../ports/errors.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type {
  ArchiveSnapshot,
  CountedDay,
  EventScope,
  PeriodClosing,
  ReportArchive,
  ReportEngine,
  ReportRow,
  ReportRun,
} from '../ports/report-engine.ts';
import { areaAsked } from './area-asked.ts';
import type { ReportCover, ReportFormat } from './cover.ts';
import { coverPage } from './cover-page.ts';
import { guardAggregate } from './guard-aggregate.ts';
import type { ReportColumn, ReportSpec } from './report.ts';
import { SMALLEST_SHOWN } from './small-cells.ts';
import { writeHtml } from './write-html.ts';
import { type RowBatches, writeCsv, writeJson } from './write-text.ts';
import { type Workbook, writeXlsx } from './write-xlsx.ts';

/** What is asked for. */
export interface ReportRequest {
  readonly report: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
  /** Area code prefix; without it all the user's area. */
  readonly area?: string;
  readonly format: ReportFormat;
  readonly encoding?: 'utf-8' | 'gb18030';
  readonly language?: 'zh' | 'en';
  readonly seed?: string;
  readonly sample?: number;
}

/** What pulling a report needs. */
export interface ReportDeps {
  readonly reports: ReadonlyMap<string, ReportSpec>;
  /** The text of each report's query, by id. */
  readonly queries: ReadonlyMap<string, string>;
  readonly archive: ReportArchive;
  readonly engine: ReportEngine;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  /** Days of an area's calendar, both included, with working days counted. */
  readonly days: (area: string, from: PlainDate, to: PlainDate) => readonly CountedDay[];
  /** Where the report is put. */
  readonly out: Pick<ObjectStore, 'write'>;
  /** Version of the program. */
  readonly program: string;
}

/** Where a report lies, and its cover. */
export interface PulledReport {
  /** Keys of what was written: the report, its adjustments if there are any, and its cover as page and JSON. */
  readonly files: readonly string[];
  readonly cover: ReportCover;
}

/** Rows drawn by the sampling list unless said otherwise. */
const SAMPLE = 30;
/** Working days are counted from so long before the period, for what began before it. */
const DAYS_BEFORE = 400;
const DAYS_AFTER = 800;

/**
 * Makes a report of the archive's events, with its cover, and writes that it was pulled; the report is there whole, after its
 * event, or not at all. Throws AccessError, having written that too, when the user may not have it of this area,
 * NotFoundError for a report there is not, and PermanentError when the stretch ends before it begins.
 */
export async function pullReport(deps: ReportDeps, access: Access, request: ReportRequest): Promise<PulledReport> {
  const spec = deps.reports.get(request.report);
  const sql = deps.queries.get(request.report);
  if (spec === undefined || sql === undefined) throw new NotFoundError('没有这个报表 / there is no such report');
  if (request.from > request.to)
    throw new PermanentError('report-period', '起始日期晚于截止日期 / the period ends before it begins');
  const area = await areaFor(deps, access, spec, request);
  const snapshot = await deps.archive.snapshot();
  try {
    return await pulled(deps, access, { request, spec, sql, area, snapshot });
  } finally {
    await snapshot.release();
  }
}

/** The area the user may have the report of; a refusal is an event. */
async function areaFor(
  { eventLog, clock }: ReportDeps,
  { principal, purpose, request: id }: Access,
  spec: ReportSpec,
  { area, from, to }: ReportRequest,
): Promise<string> {
  try {
    return areaAsked(principal, spec.action, area);
  } catch (error) {
    if (error instanceof AccessError) {
      const data = { area: area ?? null, from, purpose, refusal: error.refusal, report: spec.id, to };
      await eventLog.append([makeEvent('report.refused', clock.now(), {}, data, id, principal.id)]);
    }
    throw error;
  }
}

interface Pull {
  readonly request: ReportRequest;
  readonly spec: ReportSpec;
  readonly sql: string;
  readonly area: string;
  readonly snapshot: ArchiveSnapshot;
}

async function pulled(deps: ReportDeps, access: Access, pull: Pull): Promise<PulledReport> {
  const { request, spec, sql, area, snapshot } = pull;
  const { from, to, format, encoding = 'utf-8', language = 'zh', seed = '', sample = SAMPLE } = request;
  const verdict = await deps.archive.verify(snapshot);
  const run = await deps.engine.open(snapshot, {
    sql,
    columns: spec.columns.map(({ name }) => name),
    reads: spec.reads,
    parameters: { from, to, area, seed, sample },
    days: deps.days(area, addDays(from, -DAYS_BEFORE), addDays(to, DAYS_AFTER)),
  });
  try {
    const closing = closingOf(await run.closings(), from, to, area);
    const scope: EventScope =
      closing === undefined ? { upTo: snapshot.head.number } : { upTo: closing.upTo, lateUpTo: snapshot.head.number };
    const rulePacks = await run.packs(scope);
    const name = `${spec.id}_${area === '' ? 'all' : area}_${from}_${to}_n${scope.upTo}_${access.request.slice(0, 8)}`;
    const late = await adjustmentsOf(run, scope, spec);
    const tally = new Tally(leaving(spec, run.rows(scope)));
    let made: ReportCover | undefined;
    /** Asked for when every row has passed: the pull is written down before anybody has the report. */
    const cover = async (): Promise<ReportCover> => {
      const now = deps.clock.now();
      made = {
        report: spec.id,
        title: spec.title,
        about: spec.about,
        parameters: { from, to, area, seed, sample, smallCells: SMALLEST_SHOWN },
        format,
        language,
        encoding,
        period: closing === undefined ? { state: 'open' } : { state: 'closed', closedBy: closing.by, closedAt: closing.at },
        data: {
          archivedUpTo: snapshot.head.number,
          archiveHash: snapshot.head.hash,
          countedUpTo: scope.upTo,
          asOf: closing?.at ?? now,
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
        pulled: { by: access.principal.id, purpose: access.purpose, at: now },
      };
      await deps.eventLog.append([pulledEvent(made, access)]);
      await deps.out.write(`${name}.cover.json`, Buffer.from(`${JSON.stringify(made, null, 2)}\n`));
      await deps.out.write(`${name}.cover.html`, Buffer.from(coverPage(made)));
      return made;
    };
    const columns = [SIDE, ...spec.columns];
    const workbook: Workbook = {
      columns: spec.columns,
      rows: tally.batches(),
      ...(late.length === 0 ? undefined : { adjustments: { columns, rows: late } }),
      language,
      cover,
    };
    const files = [`${name}.${format}`, `${name}.cover.html`, `${name}.cover.json`];
    if (late.length > 0 && (format === 'csv' || format === 'json')) {
      // The rows of a closed period stay as they are, byte by byte; what came late stands beside them.
      const beside = `${name}.adjustments.${format}`;
      await deps.out.write(beside, writeAs(request, spec, { ...workbook, columns, rows: batchOf(late) }));
      files.push(beside);
    }
    const text = writeAs(request, spec, workbook);
    const whole = format === 'csv' || format === 'json' ? followed(text, cover) : text;
    await deps.out.write(`${name}.${format}`, whole);
    if (made === undefined) throw new Error('the report was not read to its end');
    return { files, cover: made };
  } finally {
    await run.close();
  }
}

function writeAs({ format, encoding = 'utf-8' }: ReportRequest, spec: ReportSpec, workbook: Workbook): AsyncIterable<Uint8Array> {
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

/** Counts rows and digests them as they pass. */
class Tally {
  readonly #from: RowBatches;
  readonly #hash = createHash('sha256');
  rows = 0;
  constructor(from: RowBatches) {
    this.#from = from;
  }

  async *batches(): AsyncIterable<readonly ReportRow[]> {
    for await (const rows of this.#from) {
      this.rows += rows.length;
      this.#hash.update(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      yield rows;
    }
  }

  digest(): string {
    return this.#hash.digest('hex');
  }
}

const SIDE: ReportColumn = {
  name: 'side',
  kind: 'code',
  title: { zh: '调整', en: 'adjustment' },
  words: { before: { zh: '关账时', en: 'as closed' }, late: { zh: '计入迟到事件后', en: 'with late events' } },
};

/** Rows that came late or changed by what did, each with its side before it. */
async function adjustmentsOf(run: ReportRun, scope: EventScope, spec: ReportSpec): Promise<readonly ReportRow[]> {
  if (scope.lateUpTo === undefined || scope.lateUpTo === scope.upTo) return [];
  const sides: { readonly before: ReportRow[]; readonly late: ReportRow[] } = { before: [], late: [] };
  for await (const part of run.adjustments(scope)) for (const { side, row } of part) sides[side].push(row);
  return (['before', 'late'] as const).flatMap((side) =>
    (spec.kind === 'ledger' ? sides[side] : guardAggregate(spec, sides[side])).map((row): ReportRow => [side, ...row]),
  );
}

/** The closing that settles a stretch: every month of it was closed for the area, and the last of those closings counts. */
export function closingOf(
  closings: readonly PeriodClosing[],
  from: PlainDate,
  to: PlainDate,
  area: string,
): PeriodClosing | undefined {
  let last: PeriodClosing | undefined;
  for (let day = from; day <= to; day = addDays(periodEnd(monthOf(day)), 1)) {
    // Closed twice, the first counts: figures given out are not moved.
    const closing = closings.find((one) => one.period === monthOf(day) && area.startsWith(one.area));
    if (closing === undefined) return undefined;
    if (last === undefined || closing.number > last.number) last = closing;
  }
  return last;
}

function pulledEvent(cover: ReportCover, { principal, request }: Access) {
  const { parameters, data, proof, archive, format, report, pulled } = cover;
  const told = {
    archive: archive.ok ? 'whole' : archive.fault,
    area: parameters.area,
    digest: proof.rowsSha256,
    format,
    from: parameters.from,
    purpose: pulled.purpose,
    query: proof.querySha256,
    report,
    rows: proof.rows,
    to: parameters.to,
    upTo: data.countedUpTo,
  };
  return makeEvent('report.pulled', pulled.at, {}, told, request, principal.id);
}
