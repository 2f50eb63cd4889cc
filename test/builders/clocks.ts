import type { Instant, PlainDate } from '../../shared/calendar/plain-date.ts';
import { instantOf } from '../../shared/calendar/plain-date.ts';
import { workingCalendar } from '../../shared/calendar/working-days.ts';
import type { CaseClock } from '../../shared/casework/case.ts';
import { type ClockStart, startClock } from '../../shared/casework/clocks.ts';

/** A moment by the clock on the wall in China: `chinaTime('2026-03-02', '09:30')`. */
export function chinaTime(date: string, time = '09:00'): Instant {
  return instantOf(Date.parse(`${date}T${time}:00+08:00`));
}

/** The other way round, for reading expectations: `2026-03-02 09:30`. */
export function wallTime(instant: Instant): string {
  return new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}

/** A date, unchecked. */
export function day(text: string): PlainDate {
  return text as PlainDate;
}

/** The working calendar of a Henan county without changes of its own. */
export const HENAN = workingCalendar('411122');

/** A visit clock of ten working days, begun on Monday 2 March 2026 at nine: four plain weeks lie ahead. */
export function tenDayClock(changes: Partial<ClockStart> = {}): CaseClock {
  return startClock({
    step: 'visit',
    at: chinaTime('2026-03-02'),
    limit: { amount: 10, unit: 'working-days' },
    lights: { yellow: 70, county: 150, reminderDays: 7 },
    calendar: HENAN,
    ...changes,
  });
}
