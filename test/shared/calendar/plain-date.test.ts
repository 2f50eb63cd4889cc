import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monthBefore, parsePeriod, periodEnd, periodStart } from '../../../shared/calendar/period.ts';
import {
  addDays,
  addMonths,
  ageOn,
  dateInChina,
  dayAfter,
  dayBefore,
  epochDay,
  fromEpochDay,
  type Instant,
  type PlainDate,
  parseInstant,
  parsePlainDate,
} from '../../../shared/calendar/plain-date.ts';

const day = (text: string) => text as PlainDate;

describe('calendar dates', () => {
  it.each(['2024-02-30', '2023-02-29', '2024-13-01', '2024-00-10', '1849-12-31', '2024-1-1', '', '20240101'])(
    'refuses %s',
    (text) => {
      expect(parsePlainDate(text)).toBeUndefined();
    },
  );

  it('holds the day to the length of the month when months are added', () => {
    expect(addMonths(day('2024-01-31'), 1)).toBe('2024-02-29');
    expect(addMonths(day('2024-03-31'), -13)).toBe('2023-02-28');
    expect(addMonths(day('2024-01-15'), -12)).toBe('2023-01-15');
  });

  it('counts days as the platform’s own calendar does', () => {
    fc.assert(
      fc.property(fc.integer({ min: -40_000, max: 80_000 }), (n) => {
        expect(epochDay(fromEpochDay(n))).toBe(n);
        expect(addDays(fromEpochDay(n), 1)).toBe(fromEpochDay(n + 1));
      }),
    );
  });

  it('knows the day before and after every day of the calendar', () => {
    for (let n = epochDay(day('1850-01-01')); n < epochDay(day('2199-12-31')); n += 1) {
      const [today, tomorrow] = [fromEpochDay(n), fromEpochDay(n + 1)];
      if (dayAfter(today) !== tomorrow || dayBefore(tomorrow) !== today)
        expect.fail(`${today} and ${tomorrow} do not follow each other`);
    }
    expect(dayAfter(day('2024-02-28'))).toBe('2024-02-29');
    expect(dayBefore(day('2100-03-01'))).toBe('2100-02-28');
  });

  it('knows no day before the first and none after the last of the calendar', () => {
    expect(dayBefore(day('1850-01-01'))).toBeUndefined();
    expect(dayAfter(day('2199-12-31'))).toBeUndefined();
  });

  it('counts age in completed years', () => {
    expect(ageOn(day('2006-09-02'), day('2024-09-01'))).toBe(17);
    expect(ageOn(day('2006-09-01'), day('2024-09-01'))).toBe(18);
    expect(ageOn(day('2025-01-01'), day('2024-09-01'))).toBe(-1);
  });

  it('takes the day from the clock in China', () => {
    expect(dateInChina('2024-03-31T16:00:00.000Z' as Instant)).toBe('2024-04-01');
    expect(dateInChina('2024-03-31T15:59:59.999Z' as Instant)).toBe('2024-03-31');
  });

  it('reads date-times with a zone, without one as of China, and plain dates as noon', () => {
    expect(parseInstant('2024-04-01T08:00:00+08:00')).toBe('2024-04-01T00:00:00.000Z');
    expect(parseInstant('2024-04-01T08:00')).toBe('2024-04-01T00:00:00.000Z');
    expect(parseInstant('2024-04-01')).toBe('2024-04-01T04:00:00.000Z');
    expect(parseInstant('yesterday')).toBeUndefined();
    expect(parseInstant('2024-02-30')).toBeUndefined();
    expect(parseInstant('2023-02-29T08:00:00Z')).toBeUndefined();
    expect(parseInstant('2024-02-29')).toBe('2024-02-29T04:00:00.000Z');
    expect(parseInstant('2024-13-01T00:00:00Z')).toBeUndefined();
  });
});

describe('periods', () => {
  it('are a month or a day of the calendar', () => {
    expect(parsePeriod('2024-02')).toBe('2024-02');
    expect(parsePeriod('2024-02-29')).toBe('2024-02-29');
    expect(['2024-13', '2024-02-30', '2024', '202402', '2024-2', ''].map(parsePeriod)).toEqual(Array(6).fill(undefined));
  });

  it('have a first and a last day', () => {
    const month = parsePeriod('2024-02');
    expect(month && [periodStart(month), periodEnd(month)]).toEqual(['2024-02-01', '2024-02-29']);
    expect(monthBefore(day('2024-01-15'))).toBe('2023-12');
  });
});
