import { type Instant, instantOf } from '../../shared/calendar/plain-date.ts';
import type { Clock } from '../../shared/ports/clock.ts';

/** Which clock a run has, in a form that can be handed to another thread. */
export type ClockSetting =
  | { readonly kind: 'system' }
  | { readonly kind: 'stopped'; readonly at: Instant }
  | { readonly kind: 'shifted'; readonly byMs: number };

/** The machine's clock. */
export const systemClock: ClockSetting = { kind: 'system' };

/** A clock that stands still: for runs over old files, where every step must see the same day. */
export function stoppedClock(at: Instant): Clock {
  return { now: () => at };
}

/** A clock that starts now at a moment of one's choosing and runs on from there: for a server tried with old files. */
export function clockFrom(at: Instant): ClockSetting {
  return { kind: 'shifted', byMs: Date.parse(at) - Date.now() };
}

/** The clock of a setting; every thread of a run that makes one from the same setting reads the same time. */
export function clockOf(setting: ClockSetting): Clock {
  switch (setting.kind) {
    case 'system':
      return { now: () => instantOf(Date.now()) };
    case 'stopped':
      return stoppedClock(setting.at);
    case 'shifted':
      return { now: () => instantOf(Date.now() + setting.byMs) };
  }
}
