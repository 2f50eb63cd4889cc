import { type Action, allow, decide } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { type Access, type ReadTrail, recordRead } from '../access/read-trail.ts';
import { makeEvent } from '../audit/make-event.ts';
import type { ArchiveFault } from '../audit/verify-archive.ts';
import { addMonths, dateInChina, type Instant, type PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual } from '../catalog/feed.ts';
import { NotFoundError, PermanentError } from '../ports/errors.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { MakeReport } from '../ports/queue-messages.ts';
import type { ReportJobStore } from '../ports/report-job-store.ts';
import { type RetentionRow, retentionFor } from '../privacy/retention.ts';
import { againstOthers } from './against-others.ts';
import { alarmOf, noticeOf, type ReportCover, type ReportForm } from './cover.ts';
import { permittedQuestion, type ReportRequest } from './permitted-question.ts';
import type { ColumnKind, ReportSpec } from './report.ts';
import {
  coverOf,
  questionId,
  type ReportFailure,
  type ReportJob,
  type ReportPull,
  type ReportPullId,
  type ReportQuestion,
  reportJobId,
  reportKey,
  reportPullId,
} from './report-job.ts';

/** What asking for reports and having them needs. */
export interface ReportDeskDeps extends ReadTrail {
  readonly reports: ReadonlyMap<string, ReportSpec>;
  readonly jobs: ReportJobStore;
  /** What the deployment set itself of how long things are kept. */
  readonly retention: readonly RetentionRow[];
  /** Waits before another try after a write conflict. */
  readonly pause: (attempt: number) => Promise<void>;
}

/** How far a report is. */
export const reportStates = ['waiting', 'making', 'ready', 'failed', 'expired'] as const;
export type ReportState = (typeof reportStates)[number];

/** A file to download. */
interface ReportFileView {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Whether it is the cover: parameters, proof, who pulled it and for what. */
  readonly cover: boolean;
}

/** A report as whoever asked for it sees it. */
export interface ReportView extends ReportForm {
  readonly id: string;
  readonly report: string;
  readonly title: Bilingual;
  readonly from: PlainDate;
  readonly to: PlainDate;
  /** `''` is the whole deployment. */
  readonly area: string;
  readonly seed: string;
  readonly sample: number;
  readonly purpose: string;
  /** Who asked: the reader, or `schedule`. */
  readonly by: string;
  readonly askedAt: Instant;
  readonly state: ReportState;
  /** Rows so far, in the end all. */
  readonly rows: number;
  /** Everything below is null until it is known. */
  readonly readyAt: Instant | null;
  /** The last day its files can be had. */
  readonly keptUntil: PlainDate | null;
  readonly files: readonly ReportFileView[];
  readonly cover: ReportCover | null;
  /** Whether the period was closed; the figures of an open one may still change. */
  readonly period: 'open' | 'closed' | null;
  readonly notice: Bilingual | null;
  /** `whole`, or how the archive differs from what was written: nothing of the report counts then. */
  readonly archive: 'whole' | ArchiveFault | null;
  readonly alarm: Bilingual | null;
  readonly failure: ReportFailure | null;
}

/** A report that can be had. */
export interface ReportKindView {
  readonly id: string;
  readonly title: Bilingual;
  readonly about: Bilingual;
  readonly kind: ReportSpec['kind'];
  /** Parameters beside period, area and form. */
  readonly parameters: readonly ('seed' | 'sample')[];
  readonly columns: readonly { readonly name: string; readonly kind: ColumnKind; readonly title: Bilingual }[];
}

/** Askers one computing takes; the next begins another. */
const MOST_PULLS = 50;
/** A computing that gave no sign of life for so long is dead: nobody joins it, and whoever waits is told. */
const PATIENCE_HOURS = 6;
/** Reports one person waits for at a time. */
export const MOST_WAITING = 20;
const UNDER_WAY: ReadonlySet<ReportState> = new Set(['waiting', 'making']);

/** The reports a user may have, of whatever area. */
export function reportKinds(reports: ReadonlyMap<string, ReportSpec>, principal: Principal): readonly ReportKindView[] {
  return [...reports.values()]
    .filter(({ action }) => decide(principal, action).allowed)
    .map(({ id, title, about, kind, columns }) => ({
      id,
      title,
      about,
      kind,
      parameters: id === 'sampling-list' ? ['seed', 'sample'] : [],
      columns: columns.map((column) => ({ name: column.name, kind: column.kind, title: column.title })),
    }));
}

/**
 * Asks for a report: it joins a computing of the same question that has not ended, else a new one begins. The same key again is
 * the same report. Throws as `permittedQuestion`, and PermanentError `too-many-reports` for who waits for many already.
 */
export async function askReport(deps: ReportDeskDeps, access: Access, wanted: ReportRequest, key: string): Promise<ReportView> {
  const { asked, form } = await permittedQuestion(deps, access, wanted);
  const { principal, purpose, request } = access;
  const id = reportPullId(questionId(asked), form, principal.id, key);
  const pull: ReportPull = { id, owner: principal.id, by: principal.id, purpose, request, at: deps.clock.now(), form };
  if ((await deps.jobs.find(id)) === undefined) await refuseTooMany(deps, principal.id);
  return viewOf(deps, await joined(deps, asked, pull), pull.id);
}

/** Nobody keeps the worker from the reports of others. */
async function refuseTooMany(deps: ReportDeskDeps, owner: string): Promise<void> {
  const { pulls } = await deps.jobs.list({ owner, limit: MOST_WAITING });
  const waiting = pulls.filter(({ pull, job }) => pull.by === owner && UNDER_WAY.has(viewOf(deps, job, pull.id).state));
  if (waiting.length < MOST_WAITING) return;
  throw new PermanentError(
    'too-many-reports',
    `您已有${MOST_WAITING}份报表在生成，请等其中一份完成 / ${MOST_WAITING} of your reports are being made: wait for one of them`,
  );
}

/** The job a pull is in, once it is in one; a pull that is in one already stays there. */
export async function joined(
  deps: Pick<ReportDeskDeps, 'jobs' | 'clock' | 'pause'>,
  asked: ReportQuestion,
  pull: ReportPull,
): Promise<ReportJob> {
  const there = await deps.jobs.find(pull.id);
  if (there !== undefined) return there;
  const question = questionId(asked);
  return againstOthers('a job of a report', deps.pause, async () => {
    const last = await deps.jobs.latest(question);
    const begun = last !== undefined && takesMore(last, deps.clock.now()) ? last : undefined;
    const run = (last?.run ?? 0) + 1;
    const id = begun?.id ?? reportJobId(question, run);
    const fresh = { id, question, run, version: 1, asked, state: 'waiting', rows: 0, touchedAt: pull.at, pulls: [pull] } as const;
    const job: ReportJob = begun === undefined ? fresh : { ...begun, version: begun.version + 1, pulls: [...begun.pulls, pull] };
    const message: MakeReport = { v: 1, kind: 'make-report', job: id };
    const messages = begun === undefined ? [{ queue: 'reports', message: { body: JSON.stringify(message) } } as const] : [];
    return (await deps.jobs.save({ job, events: [askedEvent(asked, pull)], messages })) ? job : undefined;
  });
}

function takesMore(job: ReportJob, now: Instant): boolean {
  return job.state !== 'ended' && job.pulls.length < MOST_PULLS && !isDead(job, now);
}

function isDead({ state, touchedAt }: ReportJob, now: Instant): boolean {
  return state !== 'ended' && Date.parse(now) - Date.parse(touchedAt) > PATIENCE_HOURS * 3_600_000;
}

function askedEvent({ report, from, to, area }: ReportQuestion, { id, owner, by, purpose, at, form }: ReportPull) {
  const data = { area, format: form.format, from, ...(by === owner ? undefined : { owner }), purpose, report, to };
  return makeEvent('report.asked', at, { report: id }, data, '', by);
}

/** What somebody asked for, the newest first. */
export async function listReports(
  deps: ReportDeskDeps,
  principal: Principal,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<{ readonly reports: readonly ReportView[]; readonly next?: string }> {
  allow(principal, 'reports.pull');
  const { pulls, next } = await deps.jobs.list({ owner: principal.id, limit, ...(after === undefined ? {} : { after }) });
  const reports = pulls.filter(({ job }) => mayHave(deps, principal, job)).map(({ pull, job }) => viewOf(deps, job, pull.id));
  return { reports, ...(next === undefined ? {} : { next }) };
}

/** One of them. Throws NotFoundError for anybody else's, and for one the user may not have any more. */
export async function readReport(deps: ReportDeskDeps, principal: Principal, id: ReportPullId): Promise<ReportView> {
  return viewOf(deps, (await ownReport(deps, principal, id)).job, id);
}

/** A file of a report to download. */
export interface ReportDownload {
  readonly key: string;
  readonly name: string;
  readonly bytes: number;
  body(): AsyncIterable<Uint8Array>;
}

/**
 * A file of a report that is ready; that it was had is an event. Throws as `readReport`, NotFoundError for a name that is none of
 * its files, and PermanentError `report-not-ready` while, and once, there are none.
 */
export async function downloadReport(
  deps: ReportDeskDeps & { readonly exchange: Pick<ObjectStore, 'info' | 'read'> },
  access: Access,
  id: ReportPullId,
  name: string,
): Promise<ReportDownload> {
  const { job, action } = await ownReport(deps, access.principal, id);
  const view = viewOf(deps, job, id);
  if (view.state !== 'ready') throw new PermanentError('report-not-ready', '报表尚未就绪 / the report is not ready');
  const file = view.files.find((one) => one.name === name);
  const key = reportKey(id, name);
  if (file === undefined || (await deps.exchange.info(key)) === undefined) throw new NotFoundError('no such file');
  await recordRead(deps, access, action, { report: id }, 1);
  return { key, name, bytes: file.bytes, body: () => deps.exchange.read(key) };
}

async function ownReport(
  deps: ReportDeskDeps,
  principal: Principal,
  id: ReportPullId,
): Promise<{ readonly job: ReportJob; readonly action: Action }> {
  allow(principal, 'reports.pull');
  const job = await deps.jobs.find(id);
  const spec = deps.reports.get(job?.asked.report ?? '');
  const owner = job?.pulls.find((pull) => pull.id === id)?.owner;
  if (job === undefined || spec === undefined || owner !== principal.id || !mayHave(deps, principal, job)) {
    throw new NotFoundError('no such report');
  }
  return { job, action: spec.action };
}

/** Asked anew each time: roles and areas change after a report was asked for. */
function mayHave({ reports }: ReportDeskDeps, principal: Principal, { asked }: ReportJob): boolean {
  const spec = reports.get(asked.report);
  return spec !== undefined && decide(principal, spec.action, { area: asked.area }).allowed;
}

function viewOf(deps: ReportDeskDeps, job: ReportJob, id: ReportPullId): ReportView {
  const pull = job.pulls.find((one) => one.id === id);
  if (pull === undefined) throw new NotFoundError('no such report');
  const { figures, asked } = job;
  const { ready, form, by } = pull;
  const keptUntil = ready === undefined ? null : lastDayOf(deps, ready.at);
  const state = stateOf(deps, job, pull, keptUntil);
  return {
    id,
    ...asked,
    ...form,
    title: deps.reports.get(asked.report)?.title ?? { zh: asked.report, en: asked.report },
    purpose: pull.purpose,
    by,
    askedAt: pull.at,
    state,
    rows: job.rows,
    readyAt: ready?.at ?? null,
    keptUntil,
    files:
      state === 'ready' && ready !== undefined
        ? ready.files.map((file) => ({ ...file, cover: /\.cover\./.test(file.name) }))
        : [],
    cover: ready === undefined || figures === undefined ? null : coverOf(pull, figures),
    period: figures?.period.state ?? null,
    notice: figures === undefined ? null : (noticeOf(figures) ?? null),
    archive: figures === undefined ? null : figures.archive.ok ? 'whole' : figures.archive.fault,
    alarm: figures === undefined ? null : (alarmOf(figures) ?? null),
    failure: state === 'failed' ? (job.failure ?? GIVEN_UP) : null,
  };
}

function stateOf(deps: ReportDeskDeps, job: ReportJob, { ready }: ReportPull, keptUntil: PlainDate | null): ReportState {
  if (ready !== undefined) return keptUntil !== null && dateInChina(deps.clock.now()) > keptUntil ? 'expired' : 'ready';
  return job.failure !== undefined || isDead(job, deps.clock.now()) ? 'failed' : job.state === 'waiting' ? 'waiting' : 'making';
}

const GIVEN_UP: ReportFailure = {
  code: 'report-given-up',
  zh: '生成过程中断，长时间没有进展；请重新提取，仍不成功请联系系统管理员',
  en: 'making it was broken off and nothing moved for hours; ask for it again, and if it fails again tell the system administrator',
};

function lastDayOf({ retention }: ReportDeskDeps, readyAt: Instant): PlainDate {
  const on = dateInChina(readyAt);
  return addMonths(on, retentionFor(retention, { purpose: 'reports', on }).months);
}
