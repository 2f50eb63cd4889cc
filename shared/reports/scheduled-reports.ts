import type { Purpose } from '../access/purpose.ts';
import { monthBefore, periodEnd, periodStart } from '../calendar/period.ts';
import { addDays, addMonths, dateInChina, epochDay, type PlainDate } from '../calendar/plain-date.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReportJobStore } from '../ports/report-job-store.ts';
import type { ReportForm } from './cover.ts';
import { joined } from './report-desk.ts';
import { questionId, type ReportQuestion, reportPullId, USUAL_SAMPLE } from './report-job.ts';

/** The actor of reports nobody asked for by hand. */
export const SCHEDULE = 'schedule';

/** A report that is made again and again for somebody, as a deployment sets it in its parameters. */
export interface ScheduledReport extends ReportForm {
  readonly report: string;
  /** Area code prefix; `''` is the whole deployment. */
  readonly area: string;
  readonly rhythm: 'monthly' | 'weekly';
  /** Day of the month (1 to 28), or of the week (1 Monday to 7 Sunday), from which on it is due. */
  readonly day: number;
  /** The account that finds it in its list. What an account may not have it is not shown. */
  readonly for: string;
  readonly purpose: Purpose;
}

/** A stretch of days, both included. */
interface Stretch {
  readonly from: PlainDate;
  readonly to: PlainDate;
}

const MONDAY = epochDay('2024-01-01' as PlainDate);

/** The period whose report fell due last: the whole month, or week from Monday, before the last day it was due on. */
export function lastDue({ rhythm, day }: Pick<ScheduledReport, 'rhythm' | 'day'>, today: PlainDate): Stretch {
  if (rhythm === 'monthly') {
    const due = Number(today.slice(8)) >= day ? today : addMonths(today, -1);
    const period = monthBefore(due);
    return { from: periodStart(period), to: periodEnd(period) };
  }
  const sinceMonday = (date: PlainDate) => (((epochDay(date) - MONDAY) % 7) + 7) % 7;
  const due = addDays(today, -((sinceMonday(today) - (day - 1) + 7) % 7));
  const monday = addDays(due, -sinceMonday(due));
  return { from: addDays(monday, -7), to: addDays(monday, -1) };
}

/** What asking for scheduled reports needs. */
export interface SchedulingDeps {
  readonly jobs: ReportJobStore;
  readonly clock: Clock;
  readonly scheduled: readonly ScheduledReport[];
  readonly pause: (attempt: number) => Promise<void>;
}

/**
 * Asks for every scheduled report whose period fell due last, each once for a period however often this runs: a day missed is made
 * up for on the next. In the name of the schedule, for whom it was set.
 */
export async function askScheduledReports(deps: SchedulingDeps): Promise<void> {
  const at = deps.clock.now();
  for (const row of deps.scheduled) {
    const { report, area, format, encoding, language, for: owner, purpose } = row;
    const { from, to } = lastDue(row, dateInChina(at));
    // A drawing of lots begins from the period, so that each has another.
    const asked: ReportQuestion = { report, from, to, area, seed: from, sample: USUAL_SAMPLE };
    const form = { format, encoding, language };
    const id = reportPullId(questionId(asked), form, owner, SCHEDULE);
    await joined(deps, asked, { id, owner, by: SCHEDULE, purpose, request: `${SCHEDULE} ${from} ${to}`, at, form });
  }
}
