import type { DomainEvent } from '../audit/event.ts';
import type { Bilingual } from '../catalog/feed.ts';
import { NotFoundError, PermanentError } from '../ports/errors.ts';
import { type Log, LogCode, type Metrics } from '../ports/log.ts';
import type { MakeReport } from '../ports/queue-messages.ts';
import type { ReportFiles, ReportJobStore } from '../ports/report-job-store.ts';
import { againstOthers } from './against-others.ts';
import { type ComputingDeps, computeReport } from './compute-report.ts';
import { pulledEvent } from './pull-report.ts';
import type { ReportSpec } from './report.ts';
import { coverOf, type ReportJob, type ReportJobId, type ReportPull, reportKey } from './report-job.ts';
import { clearSpool, type SpooledRows, spooledRows, spoolRows } from './row-spool.ts';
import { reportName, writeReport } from './write-report.ts';

/** What making reports that were asked for needs. */
export interface MakingDeps extends ComputingDeps {
  readonly jobs: ReportJobStore;
  readonly files: ReportFiles;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Waits before another try after a write conflict. */
  readonly pause: (attempt: number) => Promise<void>;
}

/** Rows between two words on how far it is. */
const ROWS_TOLD = 50_000;
/** A worker that dies of a report takes it up again, so often; a queue may give attempts back that a dying host never counted. */
const MOST_BEGUN = 10;
const GIVEN_UP = {
  code: 'report-given-up',
  zh: '多次尝试均未成功，已停止；请稍后重新提取，仍不成功请联系系统管理员查看日志',
  en: 'tried several times without success and given up; ask for it again later, and if it fails again tell the system administrator to look at the log',
};

/**
 * Makes the report of a job: computes the rows once, then writes them for everybody who waits, each with a cover and a form of
 * their own, until nobody is left. The message may come again at any time: what is done is passed by, and nothing half is ever
 * shown. What cannot be made is told to everybody who waits. Throws what may pass, for the message to come again.
 */
export async function makeReport(deps: MakingDeps, { job: id }: MakeReport): Promise<void> {
  const found = await deps.jobs.get(id);
  if (found === undefined) throw new PermanentError('report-job-unknown', 'there is no such job of a report');
  try {
    if (found.state !== 'ended') await made(deps, found);
  } catch (error) {
    if (!(error instanceof PermanentError || error instanceof NotFoundError)) throw error;
    await failed(deps, id, error instanceof PermanentError ? error.code : 'report-unknown', wordsOf(error));
  }
  await clearSpool(deps.files, id);
}

/** Tells everybody who waits that a report cannot be made: it was tried too often. */
export async function giveReportUp(deps: MakingDeps, { job: id }: MakeReport): Promise<void> {
  await failed(deps, id, GIVEN_UP.code, GIVEN_UP);
  await clearSpool(deps.files, id);
}

async function made(deps: MakingDeps, { id, asked }: ReportJob): Promise<void> {
  const spec = deps.reports.get(asked.report);
  if (spec === undefined) throw new NotFoundError('没有这个报表 / there is no such report');
  const { begun = 0 } = await changed(deps, id, (job) => ({ job: { ...job, state: 'making', begun: (job.begun ?? 0) + 1 } }));
  if (begun > MOST_BEGUN) throw new PermanentError(GIVEN_UP.code, `${GIVEN_UP.zh} / ${GIVEN_UP.en}`);
  const rows = (await spooledRows(deps.files, id)) ?? (await spooled(deps, id, asked));
  const { figures } = rows;
  for (;;) {
    // Whoever joined last is in the job that is ended, or the job is not ended.
    const job = await changed(deps, id, (one) => ({
      job: one.pulls.every(({ ready }) => ready !== undefined)
        ? { ...one, state: 'ended', rows: figures.proof.rows, figures, keptSince: deps.clock.now() }
        : { ...one, rows: figures.proof.rows, figures },
    }));
    const next = job.pulls.find(({ ready }) => ready === undefined);
    if (next === undefined) {
      deps.log.info(LogCode.ReportMade, { job: id, report: asked.report, rows: job.rows, pulls: job.pulls.length });
      deps.metrics.count('ReportsMade', job.pulls.length);
      return;
    }
    await written(deps, job, { spec, pull: next, rows });
  }
}

async function spooled(deps: MakingDeps, id: ReportJobId, asked: ReportJob['asked']): Promise<SpooledRows> {
  let told = 0;
  return computeReport(deps, asked, (computation) =>
    spoolRows(deps.files, id, computation, async (count) => {
      if (count - told < ROWS_TOLD) return;
      told = count;
      await changed(deps, id, (job) => ({ job: { ...job, rows: count } }));
    }),
  );
}

interface Writing {
  readonly spec: ReportSpec;
  readonly pull: ReportPull;
  readonly rows: SpooledRows;
}

/** Writes the files of one pull; it is ready, and an event, once they all are there. */
async function written(deps: MakingDeps, { id, asked }: ReportJob, { spec, pull, rows }: Writing): Promise<void> {
  const { figures, late } = rows;
  // It says the moment it was asked for, so that writing it once more gives the same bytes.
  const cover = coverOf(pull, figures);
  const name = reportName(asked, figures.data.countedUpTo, pull.id.slice(-8));
  const files = await writeReport(
    { spec, name, form: pull.form, rows: rows.rows(), late, cover: async () => cover },
    { write: (file, body) => deps.files.write(reportKey(pull.id, file), body) },
  );
  await changed(deps, id, (job) => ({
    job: {
      ...job,
      pulls: job.pulls.map((one) => (one.id === pull.id ? { ...one, ready: { at: deps.clock.now(), files } } : one)),
    },
    events: job.pulls.some((one) => one.id === pull.id && one.ready === undefined) ? [pulledEvent(cover, pull.id)] : [],
  }));
}

async function failed(deps: MakingDeps, id: ReportJobId, code: string, words: Bilingual): Promise<void> {
  const job = await changed(deps, id, (one) =>
    one.state === 'ended'
      ? { job: one }
      : { job: { ...one, state: 'ended', failure: { code, zh: words.zh, en: words.en }, keptSince: deps.clock.now() } },
  );
  deps.log.error(LogCode.ReportFailed, { job: id, report: job.asked.report, reason: code });
  deps.metrics.count('ReportsFailed', 1);
}

/** What becomes of a job, with the events that go with it. The version is counted here. */
interface Change {
  readonly job: ReportJob;
  readonly events?: readonly DomainEvent[];
}

/** Changes a job as it is now; somebody who joins meanwhile is not lost. Answers the job as saved. */
async function changed(deps: MakingDeps, id: ReportJobId, change: (job: ReportJob) => Change): Promise<ReportJob> {
  return againstOthers('a job of a report', deps.pause, async () => {
    const before = await deps.jobs.get(id);
    if (before === undefined) throw new PermanentError('report-job-unknown', 'the job of a report is gone');
    const { job, events = [] } = change(before);
    if (job === before) return before;
    const next = { ...job, version: before.version + 1, touchedAt: deps.clock.now() };
    return (await deps.jobs.save({ job: next, events, messages: [] })) ? next : undefined;
  });
}

/** Our errors say what was wrong in Chinese and English, with a slash between. */
function wordsOf({ message }: Error): Bilingual {
  const cut = message.indexOf(' / ');
  return cut < 0 ? { zh: message, en: message } : { zh: message.slice(0, cut), en: message.slice(cut + 3) };
}
