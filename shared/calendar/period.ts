import { addDays, monthLength, type PlainDate, parsePlainDate, plainDate } from './plain-date.ts';

/** The data month (`2024-03`) or data day (`2024-03-15`) a department's file speaks for: the third folder of the drop path. */
export type Period = string & { readonly __brand: 'Period' };

/** Reads a period; undefined for anything but `YYYY-MM` or `YYYY-MM-DD` of the calendar. */
export function parsePeriod(text: string): Period | undefined {
  if (/^\d{4}-\d{2}$/.test(text)) return parsePlainDate(`${text}-01`) ? (text as Period) : undefined;
  return parsePlainDate(text) ? (text as Period) : undefined;
}

/** First day of the period. */
export function periodStart(period: Period): PlainDate {
  return parsePlainDate(period.length === 7 ? `${period}-01` : period) as PlainDate;
}

/** Last day of the period. */
export function periodEnd(period: Period): PlainDate {
  if (period.length === 10) return periodStart(period);
  const year = Number(period.slice(0, 4));
  const month = Number(period.slice(5, 7));
  return plainDate(year, month, monthLength(year, month)) as PlainDate;
}

/** The month a date lies in. */
export function monthOf(date: PlainDate): Period {
  return date.slice(0, 7) as Period;
}

/** The month before the one a date lies in. */
export function monthBefore(date: PlainDate): Period {
  return monthOf(addDays(`${date.slice(0, 7)}-01` as PlainDate, -1));
}
