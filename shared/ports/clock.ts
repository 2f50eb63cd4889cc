import type { Instant } from '../calendar/plain-date.ts';

/** The only source of time. */
export interface Clock {
  now(): Instant;
}
