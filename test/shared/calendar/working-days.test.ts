import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateInChina, epochDay, fromEpochDay, instantOf } from '../../../shared/calendar/plain-date.ts';
import { DAY_MS, type DayChange, endOfDayInChina, workingCalendar } from '../../../shared/calendar/working-days.ts';
import { chinaTime, day, HENAN, wallTime } from '../../builders/clocks.ts';

const springFestivalMoved: DayChange = {
  area: '',
  date: day('2020-02-03'),
  working: true,
  announcedOn: day('2020-01-31'),
  source: 'a test',
};
const santyuesan: DayChange = {
  area: '45',
  date: day('2026-04-20'),
  working: false,
  announcedOn: day('2025-12-20'),
  source: '广西壮族自治区少数民族习惯节日放假办法',
};

const moment = fc.integer({ min: Date.UTC(2023, 0, 1), max: Date.UTC(2027, 11, 31) }).map(instantOf);
const stretch = fc.integer({ min: 0, max: 40 * DAY_MS });

describe('working days', () => {
  it.each([
    ['2026-02-13', true, 'a plain Friday'],
    ['2026-02-14', true, 'a Saturday worked for the Spring Festival (调休)'],
    ['2026-02-16', false, 'New Year’s Eve by the moon'],
    ['2026-02-23', false, 'a Monday of the festival'],
    ['2026-02-28', true, 'the Saturday worked after it'],
    ['2026-03-01', false, 'a plain Sunday'],
    ['2020-01-31', false, 'the festival lengthened because of the epidemic'],
  ])('%s: %s, %s', (date, working) => {
    expect(HENAN.isWorkingDay(day(date))).toBe(working);
  });

  it('are those of the package chinese-days, day by day over all its years', () => {
    const file = readFileSync(new URL(import.meta.resolve('chinese-days/dist/chinese-days.json')), 'utf8');
    const published: { holidays: Record<string, string>; workdays: Record<string, string> } = JSON.parse(file);
    const known = Object.keys(published.holidays).sort();
    const differ: string[] = [];
    const last = epochDay(day(`${known.at(-1)?.slice(0, 4)}-12-31`));
    for (let number = epochDay(day(`${known[0]?.slice(0, 4)}-01-01`)); number <= last; number += 1) {
      const date = fromEpochDay(number);
      const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
      const works = date in published.workdays || (weekday % 6 !== 0 && !(date in published.holidays));
      if (HENAN.isWorkingDay(date) !== works) differ.push(date);
    }
    expect(differ).toEqual([]);
    expect(last).toBe(epochDay(day('2026-12-31')));
  });

  it('does not count the day it begins and ends at 24:00 of the last', () => {
    expect(wallTime(HENAN.addWorkingDays(chinaTime('2026-03-02', '00:00'), 2))).toBe('2026-03-05 00:00');
    expect(wallTime(HENAN.addWorkingDays(chinaTime('2026-03-02', '23:59'), 2))).toBe('2026-03-05 00:00');
    expect(wallTime(HENAN.addWorkingDays(chinaTime('2026-03-03', '00:00'), 2))).toBe('2026-03-06 00:00');
    expect(wallTime(HENAN.addWorkingDays(chinaTime('2026-03-02'), 0))).toBe('2026-03-03 00:00');
  });

  it('takes the day from the clock on the wall in China, not from UTC', () => {
    expect(wallTime(HENAN.addWorkingDays(instantOf(Date.UTC(2026, 2, 2, 15, 59)), 1))).toBe('2026-03-04 00:00');
    expect(wallTime(HENAN.addWorkingDays(instantOf(Date.UTC(2026, 2, 2, 16, 0)), 1))).toBe('2026-03-05 00:00');
  });

  it('jumps over the Spring Festival and counts the Saturdays worked for it', () => {
    // Friday 13 February; 14 is worked, then nothing until the 24th; 28 is worked again.
    expect(wallTime(HENAN.addWorkingDays(chinaTime('2026-02-13'), 1))).toBe('2026-02-15 00:00');
    expect(wallTime(HENAN.addWorkingDays(chinaTime('2026-02-13'), 2))).toBe('2026-02-25 00:00');
    expect(wallTime(HENAN.addWorkingDays(chinaTime('2026-02-13'), 6))).toBe('2026-03-01 00:00');
  });

  it('begins with the first working day when it is begun on a holiday', () => {
    expect(wallTime(HENAN.addWorkingDays(chinaTime('2026-10-03'), 1))).toBe('2026-10-09 00:00');
  });

  it('ends a fraction that far into the next working day', () => {
    expect(wallTime(HENAN.addWorkingDays(chinaTime('2026-03-06'), 0.5))).toBe('2026-03-09 12:00');
    expect(wallTime(HENAN.addWorkingDays(chinaTime('2026-03-06'), 1.4))).toBe('2026-03-10 09:36');
  });

  it('says so when a year’s holidays are not announced, and counts plain weeks', () => {
    expect(HENAN.isWorkingDay(day('2031-10-01'))).toBe(true);
    expect(HENAN.isWorkingDay(day('2031-10-04'))).toBe(false);
    expect(HENAN.isAssumed(chinaTime('2026-12-20'), chinaTime('2026-12-31'))).toBe(false);
    expect(HENAN.isAssumed(chinaTime('2026-12-20'), chinaTime('2027-01-01', '00:00'))).toBe(false);
    expect(HENAN.isAssumed(chinaTime('2026-12-20'), chinaTime('2027-01-01', '00:01'))).toBe(true);
  });

  it('takes an arrangement announced later; one day off alone does not make a year announced', () => {
    const off = (date: string): DayChange => ({ ...santyuesan, area: '', date: day(date) });
    const oneDay = workingCalendar('41', [off('2027-01-01')]);
    expect(oneDay.isWorkingDay(day('2027-01-01'))).toBe(false);
    expect(oneDay.isAssumed(chinaTime('2027-01-01'), chinaTime('2027-01-05'))).toBe(true);
    const whole = workingCalendar('41', [off('2027-01-01'), off('2027-10-01')]);
    expect(whole.isAssumed(chinaTime('2027-01-01'), chinaTime('2027-01-05'))).toBe(false);
  });

  it('keeps a holiday of one region to that region', () => {
    expect(workingCalendar('450123', [santyuesan]).isWorkingDay(day('2026-04-20'))).toBe(false);
    expect(workingCalendar('411122', [santyuesan]).isWorkingDay(day('2026-04-20'))).toBe(true);
  });

  it('lets the narrower area and then the later announcement decide, whatever the order', () => {
    const county: DayChange = { ...santyuesan, area: '450123', working: true, announcedOn: day('2025-01-01') };
    const later: DayChange = { ...santyuesan, working: true, announcedOn: day('2026-04-01') };
    for (const changes of [
      [santyuesan, county],
      [county, santyuesan],
      [santyuesan, later],
      [later, santyuesan],
    ])
      expect(workingCalendar('450123', changes).isWorkingDay(day('2026-04-20'))).toBe(true);
  });

  it('plans as was known on a day', () => {
    expect(workingCalendar('41', [springFestivalMoved]).isWorkingDay(day('2020-02-03'))).toBe(true);
    const festival: DayChange = { ...springFestivalMoved, working: false };
    expect(workingCalendar('41', [festival], day('2020-01-30')).isWorkingDay(day('2020-02-03'))).toBe(true);
    expect(workingCalendar('41', [festival], day('2020-01-31')).isWorkingDay(day('2020-02-03'))).toBe(false);
  });

  it('runs exactly the working time asked for, and no moment earlier would do', () => {
    fc.assert(
      fc.property(moment, stretch, (from, ms) => {
        const end = HENAN.afterWorkingTime(from, ms);
        expect(HENAN.workingTimeBetween(from, end)).toBe(ms);
        if (ms > 0) expect(HENAN.workingTimeBetween(from, instantOf(Date.parse(end) - 1))).toBe(ms - 1);
      }),
    );
  });

  it('adds up over any cut', () => {
    fc.assert(
      fc.property(moment, stretch, stretch, (from, a, b) => {
        const middle = instantOf(Date.parse(from) + a);
        const end = instantOf(Date.parse(middle) + b);
        expect(HENAN.workingTimeBetween(from, middle) + HENAN.workingTimeBetween(middle, end)).toBe(
          HENAN.workingTimeBetween(from, end),
        );
        expect(HENAN.workingTimeBetween(end, from)).toBe(0);
      }),
    );
  });

  it('ends n working days on the n-th working day that follows', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 60 }), (from, n) => {
        const last = dateInChina(instantOf(Date.parse(HENAN.addWorkingDays(from, n)) - 1));
        expect(HENAN.isWorkingDay(last)).toBe(true);
        let worked = 0;
        for (let end = endOfDayInChina(from); dateInChina(end) <= last; end = endOfDayInChina(end))
          if (HENAN.isWorkingDay(dateInChina(end))) worked += 1;
        expect(worked).toBe(n);
      }),
    );
  });
});
