import { monthBefore, monthOf, type Period, periodEnd, periodStart } from '../calendar/period.ts';
import { addDays, addMonths, type PlainDate } from '../calendar/plain-date.ts';
import type { FeedSpec } from '../catalog/feed.ts';
import { TERMLY_MONTHS, YEARLY_MONTHS } from './freshness.ts';

/** What a county delivered of a feed: period → the day in China on which its first file came. */
export type Arrivals = ReadonlyMap<Period, PlainDate>;

/** How many deliveries that were due came by their due day, came after it, or have not come. */
export interface Timeliness {
  readonly onTime: number;
  readonly late: number;
  readonly missing: number;
}

/** A stretch of days, both included. */
export interface Days {
  readonly from: PlainDate;
  readonly to: PlainDate;
}

/**
 * How a county's deliveries of a feed kept to their due days, of those whose due day lies in the stretch and is over. Months and
 * days are expected from the first one ever delivered on; a term's or year's data by the day on which that of the term or year
 * before counts no longer. The due day itself still belongs to the department, as where freshness is judged (freshness.ts).
 */
export function timelinessOf(feed: FeedSpec, arrivals: Arrivals, { from, to }: Days, asOf: PlainDate): Timeliness {
  let [onTime, late, missing] = [0, 0, 0];
  for (const { due, came } of expected(feed, arrivals, to)) {
    if (due < from || due > to || due >= asOf) continue;
    if (came === undefined) missing += 1;
    else if (came <= due) onTime += 1;
    else late += 1;
  }
  return { onTime, late, missing };
}

interface Expected {
  readonly due: PlainDate;
  readonly came?: PlainDate | undefined;
}

function expected(feed: FeedSpec, arrivals: Arrivals, to: PlainDate): Iterable<Expected> {
  switch (feed.cadence) {
    case 'daily':
      return expectedDays(arrivals, to);
    case 'monthly':
      return expectedMonths(feed.dueDay, arrivals, to);
    case 'termly':
      return expectedTerms(arrivals, TERMLY_MONTHS);
    case 'yearly':
      return expectedTerms(arrivals, YEARLY_MONTHS);
  }
}

/** A month is due on the feed's day of the month after. A file labelled with a day counts for its month. */
function* expectedMonths(dueDay: number, arrivals: Arrivals, to: PlainDate): Generator<Expected> {
  const came = new Map<Period, PlainDate>();
  for (const [period, day] of arrivals) keepFirst(came, monthOf(periodStart(period)), day);
  const [first] = [...came.keys()].sort();
  const last = monthBefore(to);
  if (first === undefined) return;
  for (let month = first; month <= last; month = monthOf(addMonths(periodStart(month), 1))) {
    yield { due: monthDue(month, dueDay), came: came.get(month) };
  }
}

function monthDue(month: Period, dueDay: number): PlainDate {
  const next = periodStart(monthOf(addMonths(periodStart(month), 1)));
  const end = periodEnd(monthOf(next));
  const due = addDays(next, dueDay - 1);
  return due > end ? end : due;
}

/** The last day on which a file for the period is in time; undefined for feeds whose due day follows from the delivery before. */
export function dueOn(feed: Pick<FeedSpec, 'cadence' | 'dueDay'>, period: Period): PlainDate | undefined {
  switch (feed.cadence) {
    case 'daily':
      return addDays(periodEnd(period), 1);
    case 'monthly':
      return monthDue(monthOf(periodStart(period)), feed.dueDay);
    case 'termly':
    case 'yearly':
      return undefined;
  }
}

/** A day is due on the day after it. A file labelled with a whole month covers all its days. */
function* expectedDays(arrivals: Arrivals, to: PlainDate): Generator<Expected> {
  const came = new Map<PlainDate, PlainDate>();
  for (const [period, day] of arrivals) {
    for (let one = periodStart(period); one <= periodEnd(period); one = addDays(one, 1)) keepFirst(came, one, day);
  }
  const [first] = [...came.keys()].sort();
  if (first === undefined) return;
  for (let day = first; day < to; day = addDays(day, 1)) yield { due: addDays(day, 1), came: came.get(day) };
}

/** Each term's data are due when those before count no longer. */
function* expectedTerms(arrivals: Arrivals, months: number): Generator<Expected> {
  const inOrder = [...arrivals].sort(([a], [b]) => (periodEnd(a) < periodEnd(b) ? -1 : 1));
  for (const [index, [period]] of inOrder.entries()) {
    const next = inOrder[index + 1];
    yield { due: addMonths(periodEnd(period), months), came: next?.[1] };
  }
}

function keepFirst<Key>(came: Map<Key, PlainDate>, key: Key, day: PlainDate): void {
  const there = came.get(key);
  if (there === undefined || day < there) came.set(key, day);
}
