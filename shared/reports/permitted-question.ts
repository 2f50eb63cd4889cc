import { AccessError } from '../access/policy.ts';
import type { Access } from '../access/read-trail.ts';
import { makeEvent } from '../audit/make-event.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import type { Clock } from '../ports/clock.ts';
import { NotFoundError, PermanentError } from '../ports/errors.ts';
import type { EventLog } from '../ports/event-log.ts';
import { areaAsked } from './area-asked.ts';
import type { ReportForm } from './cover.ts';
import type { ReportSpec } from './report.ts';
import { type ReportQuestion, USUAL_SAMPLE } from './report-job.ts';

/** What is asked for. */
export interface ReportRequest extends Pick<ReportForm, 'format'>, Partial<Omit<ReportForm, 'format'>> {
  readonly report: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
  /** Area code prefix; without it all the user's area. */
  readonly area?: string;
  readonly seed?: string;
  readonly sample?: number;
}

/** Nothing the platform knows of happened before, or is due after: its calendar has no days to count there. */
const [FIRST_DAY, LAST_DAY] = ['2000-01-01', '2099-12-31'];

/** What judging it needs. */
interface AskingDeps {
  readonly reports: ReadonlyMap<string, ReportSpec>;
  readonly eventLog: EventLog;
  readonly clock: Clock;
}

/**
 * What is asked for, if the user may have it. A refusal is an event.
 * @throws AccessError, NotFoundError for a report there is not, PermanentError when the stretch ends before it begins or lies
 * beyond the years the platform knows
 */
export async function permittedQuestion(
  { reports, eventLog, clock }: AskingDeps,
  { principal, purpose, request }: Access,
  wanted: ReportRequest,
): Promise<{ readonly asked: ReportQuestion; readonly form: ReportForm }> {
  const { from, to, area, format, encoding = 'utf-8', language = 'zh', seed = '', sample = USUAL_SAMPLE } = wanted;
  const spec = reports.get(wanted.report);
  if (spec === undefined) throw new NotFoundError('没有这个报表 / there is no such report');
  if (from > to) throw new PermanentError('report-period', '起始日期晚于截止日期 / the period ends before it begins');
  if (from < FIRST_DAY || to > LAST_DAY) {
    throw new PermanentError(
      'report-period',
      `期间须在 ${FIRST_DAY} 至 ${LAST_DAY} 之内 / the period must lie between ${FIRST_DAY} and ${LAST_DAY}`,
    );
  }
  try {
    const within = areaAsked(principal, spec.action, area);
    return { asked: { report: spec.id, from, to, area: within, seed, sample }, form: { format, encoding, language } };
  } catch (error) {
    if (error instanceof AccessError) {
      const data = { area: area ?? null, from, purpose, refusal: error.refusal, report: spec.id, to };
      await eventLog.append([makeEvent('report.refused', clock.now(), {}, data, request, principal.id)]);
    }
    throw error;
  }
}
