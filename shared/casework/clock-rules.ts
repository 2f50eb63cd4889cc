import { dateInChina, type Instant, type PlainDate } from '../calendar/plain-date.ts';
import type { CaseClock, ClockStep, Light } from './case.ts';
import { announceLight, lightAt, limitUntil, nextTurn, pauseClock, replan, resumeClock, startClock } from './clocks.ts';
import type { PauseCode } from './codes.ts';
import { calendarFor, type LimitedCase, lightsFor, limitFor } from './limits.ts';
import type { CaseworkParameters } from './parameters.ts';
import { NEVER } from './worklist.ts';

/** How clocks run under the parameters in force: what the moves of a case ask for. */
export interface RunningClocks {
  /** A clock begun now, under the limits of this day. `until` puts the red light to the end of that day instead. */
  start(
    step: ClockStep,
    about: LimitedCase,
    now: Instant,
    options?: { readonly referral?: string; readonly until?: PlainDate },
  ): CaseClock;
  pause(clock: CaseClock, reason: PauseCode, now: Instant): CaseClock;
  resume(clock: CaseClock, now: Instant, area: string): CaseClock;
  lightAt(clock: CaseClock, now: Instant): Light;
  /** When the clock is to be looked at next, its light of now told: always after `now`. */
  nextTurn(clock: CaseClock, now: Instant): Instant;
  /** Under the calendar as it is known now; the same clock when nothing moves. */
  replan(clock: CaseClock, now: Instant, area: string): CaseClock;
}

/** Clocks under the given parameters. */
export function clocksUnder(parameters: CaseworkParameters): RunningClocks {
  const calendar = (area: string, now: Instant) => calendarFor(parameters, area, dateInChina(now));
  return {
    start: (step, about, now, { referral, until } = {}) => {
      const on = dateInChina(now);
      return startClock({
        step,
        ...(referral === undefined ? {} : { referral }),
        at: now,
        limit: until === undefined ? limitFor(parameters, step, about, on).limit : limitUntil(until, now),
        lights: lightsFor(parameters, { area: about.area, on }),
        calendar: calendar(about.area, now),
      });
    },
    pause: (clock, reason, now) => pauseClock(clock, now, reason),
    resume: (clock, now, area) => resumeClock(clock, now, calendar(area, now)),
    lightAt,
    nextTurn: (clock, now) => nextTurn(announceLight(clock, now), now)?.at ?? NEVER,
    replan: (clock, now, area) => replan(clock, calendar(area, now), now),
  };
}
