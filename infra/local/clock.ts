import { type Instant, instantOf } from '../../shared/calendar/plain-date.ts';
import type { Clock } from '../../shared/ports/clock.ts';

/** The machine's clock. */
export const systemClock: Clock = { now: () => instantOf(Date.now()) };

/** A clock that stands still: for runs over old files, where every step must see the same day. */
export function stoppedClock(at: Instant): Clock {
  return { now: () => at };
}

/** A clock that started at a moment of one's choosing and runs on from there: for a server tried with old files. */
export function clockFrom(at: Instant): Clock {
  const offset = Date.parse(at) - Date.now();
  return { now: () => instantOf(Date.now() + offset) };
}
