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

/** The first month that is lacking between the first delivered and the latest that was due or delivered. */
function monthLacking(periods: readonly Period[], dueDay: number, asOf: PlainDate): Period | undefined {
  const months = [...new Set(periods.map((period) => monthOf(periodStart(period))))].sort();
  // The due day itself still belongs to the department: only after it is the month before overdue.
  const previous = monthBefore(asOf);
  const due = Number(asOf.slice(8, 10)) > dueDay ? previous : monthBefore(periodStart(previous));
  const after = (month: Period) => monthOf(addMonths(periodStart(month), 1));
  const gap = months.find((month, i) => months[i + 1] !== undefined && months[i + 1] !== after(month));
  if (gap !== undefined) return after(gap);
  const latest = months.at(-1);
  return latest !== undefined && latest < due ? after(latest) : undefined;
}

/** The first day that is lacking. A day is due on the day after it; a file labelled with a whole month covers all its days. */
function dayLacking(periods: readonly Period[], asOf: PlainDate): PlainDate | undefined {
  let covered: PlainDate | undefined;
  for (const period of periods.toSorted((a, b) => (periodStart(a) < periodStart(b) ? -1 : 1))) {
    if (covered !== undefined && periodStart(period) > addDays(covered, 1)) return addDays(covered, 1);
    const end = periodEnd(period);
    if (covered === undefined || end > covered) covered = end;
  }
  return covered !== undefined && covered < addDays(asOf, -2) ? addDays(covered, 1) : undefined;
}

/** The first day on which data of a term or year that ended then no longer counted, once it is past. */
function lapsed(end: PlainDate, months: number, asOf: PlainDate): PlainDate | undefined {
  if (end >= addMonths(asOf, -months)) return undefined;
  let day = addDays(addMonths(end, months), 1);
  while (end >= addMonths(day, -months)) day = addDays(day, 1);
  return day;
}

/** How far what a county delivered of a feed goes. */
export interface Reach {
  /** The latest period delivered; absent when none ever was. */
  readonly latest?: Period;
  /** The first month or day that was due and is lacking, or from which data of a term or year no longer count; absent when the feed is known. */
  readonly lacking?: Period | PlainDate;
}

/** How far the data of a feed go that were delivered for the county (six digits) or for all, of periods begun by `asOf`. */
export function reachOf(feed: FeedSpec, coverage: Coverage, county: string, asOf: PlainDate): Reach {
  const periods = deliveredPeriods(feed, coverage, county, asOf).map(([period]) => period);
  const latest = periods.at(-1);
  if (latest === undefined) return {};
  const lacking = lackingOf(feed, periods, periodEnd(latest), asOf);
  return lacking === undefined ? { latest } : { latest, lacking };
}

function lackingOf(feed: FeedSpec, periods: readonly Period[], end: PlainDate, asOf: PlainDate): Period | PlainDate | undefined {
  switch (feed.cadence) {
    case 'daily':
      return dayLacking(periods, asOf);
    case 'monthly':
      return monthLacking(periods, feed.dueDay, asOf);
    case 'termly':
      return lapsed(end, TERMLY_MONTHS, asOf);
    case 'yearly':
      return lapsed(end, YEARLY_MONTHS, asOf);
  }
}

/**
 * Whether silence of the feed about a person means "nothing there". Known when the latest period that was due before `asOf`
 * has been delivered for the county (six digits) or for all (`*`), and no period is lacking between the first and the latest
 * delivered. Termly data counts for 7 months after its period ends, yearly data for 13. Design invariant 3.
 */
export function feedKnown(feed: FeedSpec, coverage: Coverage, county: string, asOf: PlainDate): boolean {
  const { latest, lacking } = reachOf(feed, coverage, county, asOf);
  return latest !== undefined && lacking === undefined;
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
