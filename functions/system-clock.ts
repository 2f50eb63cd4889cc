import { instantOf } from '../shared/calendar/plain-date.ts';
import type { Clock } from '../shared/ports/clock.ts';

/** The clock of the machine. */
export const systemClock: Clock = { now: () => instantOf(Date.now()) };
