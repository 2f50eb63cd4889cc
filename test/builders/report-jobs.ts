import type { Purpose } from '../../shared/access/purpose.ts';
import { makeEvent } from '../../shared/audit/make-event.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import type { ReportJobChange } from '../../shared/ports/report-job-store.ts';
import {
  questionId,
  type ReportJob,
  type ReportPull,
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
