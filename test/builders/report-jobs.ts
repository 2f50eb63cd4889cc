import type { Purpose } from '../../shared/access/purpose.ts';
import type { DomainEvent } from '../../shared/audit/event.ts';
import { makeEvent } from '../../shared/audit/make-event.ts';
import type { Instant, PlainDate } from '../../shared/calendar/plain-date.ts';
import type { ReportJobChange, ReportJobStore, ReportPullQuery } from '../../shared/ports/report-job-store.ts';
import {
  type QuestionId,
  questionId,
  type ReportJob,
  type ReportJobId,
  type ReportPull,
  type ReportPullId,
  type ReportQuestion,
  reportJobId,
  reportPullId,
} from '../../shared/reports/report-job.ts';
import { instant } from './facts.ts';

/** The n-th question: the visit ledger of one county of Henan for March. */
export function reportQuestion(n: number): ReportQuestion {
  const area = String(410_100 + n);
  return { report: 'visit-ledger', from: '2024-03-01' as PlainDate, to: '2024-03-31' as PlainDate, area, seed: '', sample: 30 };
}

const form = { format: 'csv', language: 'zh', encoding: 'utf-8' } as const;

/** What one person asked for at the n-th moment, of the n-th question unless said otherwise. */
export function reportPull(n: number, owner = 'user-auditor', question = n): ReportPull {
  return {
    id: reportPullId(questionId(reportQuestion(question)), form, owner, `key-${n}`),
    owner,
    by: owner,
    purpose: 'audit' as Purpose,
    request: `request-${n}`,
    at: instant(n),
    form,
  };
}

/** A computing of the n-th question that somebody has just asked for. */
export function reportJob(n: number, changes: Partial<ReportJob> = {}): ReportJob {
  const asked = reportQuestion(n);
  const question = questionId(asked);
  const run = changes.run ?? 1;
  return {
    id: reportJobId(question, run),
    question,
    run,
    version: 1,
    asked,
    state: 'waiting',
    rows: 0,
    touchedAt: instant(n),
    pulls: [reportPull(n)],
    ...changes,
  };
}

/** A change to this job with an event of it, and no message. */
export function reportJobChange(job: ReportJob): ReportJobChange {
  const event = makeEvent(
    'report.asked',
    job.touchedAt,
    { report: job.id },
    { report: job.asked.report },
    `${job.id} ${job.version}`,
  );
  return { job, events: [event], messages: [] };
}

/** Jobs kept in memory, for what is told to whom; the events and messages that went with them are kept too. */
export class RememberedReportJobs implements ReportJobStore {
  readonly events: DomainEvent[] = [];
  readonly messages: { readonly queue: string; readonly body: string }[] = [];
  readonly #jobs = new Map<string, ReportJob>();
  readonly #places = new Map<string, ReportJobId>();

  async get(id: ReportJobId) {
    return this.#jobs.get(id);
  }
  async latest(question: QuestionId) {
    return [...this.#jobs.values()].filter((job) => job.question === question).sort((a, b) => b.run - a.run)[0];
  }
  async find(pull: ReportPullId) {
    return this.#jobs.get(this.#places.get(pull) ?? '');
  }
  async save({ job, events, messages }: ReportJobChange) {
    if ((this.#jobs.get(job.id)?.version ?? 0) !== job.version - 1) return false;
    this.#jobs.set(job.id, job);
    for (const { id } of job.pulls) this.#places.set(id, job.id);
    this.events.push(...events);
    this.messages.push(...messages.map(({ queue, message }) => ({ queue, body: message.body })));
    return true;
  }
  async list({ owner, limit, after }: ReportPullQuery) {
    const place = ({ at, id }: ReportPull) => `${at} ${id}`;
    const all = [...this.#jobs.values()]
      .flatMap((job) => job.pulls.map((pull) => ({ pull, job })))
      .filter(({ pull }) => pull.owner === owner && (after === undefined || place(pull) < after))
      .sort((a, b) => (place(a.pull) < place(b.pull) ? 1 : -1));
    const last = all[limit - 1];
    return { pulls: all.slice(0, limit), ...(all.length > limit && last !== undefined ? { next: place(last.pull) } : {}) };
  }
  async kept(before: Instant, limit: number) {
    const since = ({ keptSince }: ReportJob): string => keptSince ?? '';
    return [...this.#jobs.values()]
      .filter((job) => since(job) !== '' && since(job) < before)
      .sort((a, b) => (since(a) < since(b) ? -1 : 1))
      .slice(0, limit);
  }
}
