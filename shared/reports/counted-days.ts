import { addDays, type PlainDate } from '../calendar/plain-date.ts';
import type { WorkingCalendar } from '../calendar/working-days.ts';
import type { CountedDay } from '../ports/report-engine.ts';

/** Every day of a stretch, both ends included, with how many working days there were since its beginning. */
export function countedDays(calendar: WorkingCalendar, from: PlainDate, to: PlainDate): readonly CountedDay[] {
  const days: CountedDay[] = [];
  let total = 0;
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const working = calendar.isWorkingDay(day);
    if (working) total += 1;
    days.push({ day, working, total });
  }
  return days;
}
