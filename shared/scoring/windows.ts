import { addDays, addMonths, type PlainDate, plainDate } from '../calendar/plain-date.ts';

/** The stretch of time a measure looks at. `current` asks what holds on the as-of date, not what happened. */
export type Window =
  | { readonly kind: 'rolling'; readonly months: number; readonly days: number }
  /** This calendar year and those before it, `years` in all. */
  | { readonly kind: 'calendar-years'; readonly years: number }
  | { readonly kind: 'calendar-month' | 'previous-month' | 'current' };

/** First and last day of a window, both counted. */
export interface WindowBounds {
  readonly start: PlainDate;
  readonly end: PlainDate;
}

/**
 * Reads `P12M`, `P30D`, `P1Y`, `calendar-year`, `calendar-years-3`, `calendar-month`, `previous-month`, `current`; undefined for
 * anything else.
 */
export function parseWindow(text: string): Window | undefined {
  if (text === 'calendar-month' || text === 'previous-month' || text === 'current') return { kind: text };
  const years = /^calendar-year(?:s-([2-9]))?$/.exec(text);
  if (years !== null) return { kind: 'calendar-years', years: Number(years[1] ?? 1) };
  const match = /^P([1-9]\d{0,3})([YMD])$/.exec(text);
  if (match === null) return undefined;
  const count = Number(match[1]);
  if (match[2] === 'D') return { kind: 'rolling', months: 0, days: count };
  return { kind: 'rolling', months: match[2] === 'Y' ? count * 12 : count, days: 0 };
}

/** What the character code of "0" adds up to over the eight digits of a date. */
const ZEROS = 48 * 11_111_111;

/**
 * The first ten characters of ISO text as the number YYYYMMDD. It orders dates as the text does and compares in one step, which
 * matters where every fact meets every window.
 */
export function dateNumber(text: string): number {
  const year = text.charCodeAt(0) * 1000 + text.charCodeAt(1) * 100 + text.charCodeAt(2) * 10 + text.charCodeAt(3);
  const month = text.charCodeAt(5) * 10 + text.charCodeAt(6);
  const day = text.charCodeAt(8) * 10 + text.charCodeAt(9);
  return year * 10_000 + month * 100 + day - ZEROS;
}

function firstOfMonth(date: PlainDate): PlainDate {
  return plainDate(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 1) ?? date;
}

/**
 * The days a window covers on `asOf`. `P12M` on 2024-03-31 covers 2023-04-01 to 2024-03-31: a row of the same day a year ago
 * has just left it.
 */
export function windowBounds(window: Window, asOf: PlainDate): WindowBounds {
  switch (window.kind) {
    case 'rolling': {
      const before = window.months > 0 ? addMonths(asOf, -window.months) : addDays(asOf, -window.days);
      return { start: addDays(before, 1), end: asOf };
    }
    case 'calendar-years':
      return { start: plainDate(Number(asOf.slice(0, 4)) - window.years + 1, 1, 1) ?? asOf, end: asOf };
    case 'calendar-month':
      return { start: firstOfMonth(asOf), end: asOf };
    case 'previous-month': {
      const end = addDays(firstOfMonth(asOf), -1);
      return { start: firstOfMonth(end), end };
    }
    case 'current':
      return { start: asOf, end: asOf };
  }
}
