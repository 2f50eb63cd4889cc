/**
 * Calendar dates without a time or a zone, as ISO text `YYYY-MM-DD`. Text of this shape sorts as time does, so
 * comparisons are plain string comparisons.
 */
export type PlainDate = string & { readonly __brand: 'PlainDate' };

/** A moment in UTC as ISO text with milliseconds and `Z`. */
export type Instant = string & { readonly __brand: 'Instant' };

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const MONTH_LENGTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const TWO = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Number of days in a month; `month` counts from 1. */
export function monthLength(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (MONTH_LENGTH[month - 1] ?? 0);
}

/** The date, or undefined when there is no such day (30 February, month 13, a year outside 1850–2199). */
export function plainDate(year: number, month: number, day: number): PlainDate | undefined {
  if (year < 1850 || year > 2199 || month < 1 || month > 12 || day < 1 || day > monthLength(year, month)) return undefined;
  return `${year}-${TWO[month]}-${TWO[day]}` as PlainDate;
}

/** Reads exact ISO text; anything else is undefined. */
export function parsePlainDate(text: string): PlainDate | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  return plainDate(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10)));
}

function parts(date: PlainDate): [number, number, number] {
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
}

function must(date: PlainDate | undefined): PlainDate {
  if (date === undefined) throw new RangeError('date arithmetic left the years 1850 to 2199');
  return date;
}

/** Adds whole months; the day is held to the length of the month reached (31 January + 1 month = 28 or 29 February). */
export function addMonths(date: PlainDate, months: number): PlainDate {
  const [year, month, day] = parts(date);
  const index = year * 12 + (month - 1) + months;
  const toYear = Math.floor(index / 12);
  const toMonth = (index % 12) + 1;
  return must(plainDate(toYear, toMonth, Math.min(day, monthLength(toYear, toMonth))));
}

/** Days since 1970-01-01; negative before it. */
export function epochDay(date: PlainDate): number {
  const [year, month, day] = parts(date);
  const before = year - 1;
  const leaps = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const leapDay = month > 2 && isLeap(year) ? 1 : 0;
  return before * 365 + leaps + (DAYS_BEFORE_MONTH[month - 1] ?? 0) + leapDay + day - 719163;
}

/** The date of a day number as `epochDay` gives it. */
export function fromEpochDay(days: number): PlainDate {
  return must(parsePlainDate(new Date(days * 86_400_000).toISOString().slice(0, 10)));
}

/** Adds days. */
export function addDays(date: PlainDate, days: number): PlainDate {
  return fromEpochDay(epochDay(date) + days);
}

/** The day after; undefined for the last day of the calendar, on which what lasts without end is often said to end. */
export function dayAfter(date: PlainDate): PlainDate | undefined {
  const [year, month, day] = parts(date);
  if (day < monthLength(year, month)) return plainDate(year, month, day + 1);
  return month < 12 ? plainDate(year, month + 1, 1) : plainDate(year + 1, 1, 1);
}

/** The day before; undefined for the first day of the calendar. */
export function dayBefore(date: PlainDate): PlainDate | undefined {
  const [year, month, day] = parts(date);
  if (day > 1) return plainDate(year, month, day - 1);
  return month > 1 ? plainDate(year, month - 1, monthLength(year, month - 1)) : plainDate(year - 1, 12, 31);
}

/** Completed years from `birth` to `on`: the age in law. Negative when `on` is before the birth. */
export function ageOn(birth: PlainDate, on: PlainDate): number {
  const years = Number(on.slice(0, 4)) - Number(birth.slice(0, 4));
  return on.slice(5) < birth.slice(5) ? years - 1 : years;
}

/** The calendar date in China (UTC+8 all year) at a moment. */
export function dateInChina(instant: Instant): PlainDate {
  return must(possibleDateInChina(instant));
}

/** The same of a moment that was only written down somewhere: undefined when it lies outside the years of the calendar. */
export function possibleDateInChina(instant: Instant): PlainDate | undefined {
  return parsePlainDate(new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 10));
}

/** 0:00 in China of a day. */
export function beginningInChina(date: PlainDate): Instant {
  return instantOf(epochDay(date) * 86_400_000 - 8 * 3_600_000);
}

/** Reads an ISO date-time with a zone, or a plain date (taken as noon in China); undefined for anything else. */
export function parseInstant(text: string): Instant | undefined {
  const full = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T12:00:00+08:00` : text;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/.test(full)) return undefined;
  // Date would take 30 February for 1 March.
  if (Number(full.slice(8, 10)) > monthLength(Number(full.slice(0, 4)), Number(full.slice(5, 7)))) return undefined;
  const zoned = /(Z|[+-]\d{2}:\d{2})$/.test(full) ? full : `${full}+08:00`;
  const ms = Date.parse(zoned);
  return Number.isNaN(ms) ? undefined : (new Date(ms).toISOString() as Instant);
}

/** The moment of a millisecond count since 1970 UTC. */
export function instantOf(epochMs: number): Instant {
  return new Date(epochMs).toISOString() as Instant;
}
