import { monthBefore, monthOf, type Period, periodEnd, periodStart } from '../calendar/period.ts';
import { addDays, addMonths, type PlainDate } from '../calendar/plain-date.ts';
import type { FeedSpec } from '../catalog/feed.ts';
import type { Coverage } from './coverage.ts';

/** So many months after its period ended termly data still count, */
export const TERMLY_MONTHS = 7;
/** and yearly data. */
export const YEARLY_MONTHS = 13;

/** Periods begun by `asOf` that were delivered for the county or for all counties (`*`), with whether complete; sorted. */
function deliveredPeriods(feed: FeedSpec, coverage: Coverage, county: string, asOf: PlainDate): [Period, boolean][] {
  const counties = coverage.get(feed.id);
  const merged = new Map<Period, boolean>();
  for (const name of county === '*' ? ['*'] : [county, '*']) {
    for (const [period, complete] of counties?.get(name) ?? []) {
      if (periodStart(period) <= asOf) merged.set(period, complete || (merged.get(period) ?? false));
    }
  }
  return [...merged].sort(([a], [b]) => (periodEnd(a) < periodEnd(b) ? -1 : periodEnd(a) > periodEnd(b) ? 1 : a < b ? -1 : 1));
}

/** Months follow each other from the first to the latest delivered, and the latest is at least the one that was due. */
function monthlyKnown(periods: readonly Period[], dueDay: number, asOf: PlainDate): boolean {
  const months = [...new Set(periods.map((period) => monthOf(periodStart(period))))].sort();
  const latest = months.at(-1);
  if (latest === undefined) return false;
  // The due day itself still belongs to the department: only after it is the month before overdue.
  const previous = monthBefore(asOf);
  const due = Number(asOf.slice(8, 10)) > dueDay ? previous : monthBefore(periodStart(previous));
  if (latest < due) return false;
  return months.every((month, i) => i === 0 || monthBefore(periodStart(month)) === months[i - 1]);
}

/** A day is due on the day after it. A file labelled with a whole month covers all its days. */
function dailyKnown(periods: readonly Period[], asOf: PlainDate): boolean {
  let covered: PlainDate | undefined;
  for (const period of periods.toSorted((a, b) => (periodStart(a) < periodStart(b) ? -1 : 1))) {
    if (covered !== undefined && periodStart(period) > addDays(covered, 1)) return false;
    const end = periodEnd(period);
    if (covered === undefined || end > covered) covered = end;
  }
  return covered !== undefined && covered >= addDays(asOf, -2);
}

/**
 * Whether silence of the feed about a person means "nothing there". Known when the latest period that was due before `asOf`
 * has been delivered for the county (six digits) or for all (`*`), and no period is lacking between the first and the latest
 * delivered. Termly data counts for 7 months after its period ends, yearly data for 13. Design invariant 3.
 */
export function feedKnown(feed: FeedSpec, coverage: Coverage, county: string, asOf: PlainDate): boolean {
  const periods = deliveredPeriods(feed, coverage, county, asOf).map(([period]) => period);
  const latest = periods.at(-1);
  if (latest === undefined) return false;
  switch (feed.cadence) {
    case 'daily':
      return dailyKnown(periods, asOf);
    case 'monthly':
      return monthlyKnown(periods, feed.dueDay, asOf);
    case 'termly':
      return periodEnd(latest) >= addMonths(asOf, -TERMLY_MONTHS);
    case 'yearly':
      return periodEnd(latest) >= addMonths(asOf, -YEARLY_MONTHS);
  }
}

/** The latest list of a snapshot feed. */
export interface LatestSnapshot {
  readonly period: Period;
  /** No row of it was refused: who is absent has ended. */
  readonly complete: boolean;
  /** The latest complete list, which may be an earlier one. */
  readonly lastComplete?: Period;
}

/**
 * The latest list of a snapshot feed delivered for the county or for all, of a period begun by `asOf`. Only rows of `period`
 * hold today; a person last named in `lastComplete` or after it, but not in `period`, may have been in a refused row: unknown.
 */
export function latestSnapshot(feed: FeedSpec, coverage: Coverage, county: string, asOf: PlainDate): LatestSnapshot | undefined {
  const periods = deliveredPeriods(feed, coverage, county, asOf);
  const latest = periods.at(-1);
  if (latest === undefined) return undefined;
  const complete = periods.findLast(([, whole]) => whole)?.[0];
  return { period: latest[0], complete: latest[1], ...(complete === undefined ? {} : { lastComplete: complete }) };
}
