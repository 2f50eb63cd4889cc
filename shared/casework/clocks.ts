import { dateInChina, epochDay, type Instant, instantOf, type PlainDate } from '../calendar/plain-date.ts';
import { DAY_MS, endOfDayInChina, type WorkingCalendar } from '../calendar/working-days.ts';
import { type CaseClock, type ClockPause, type ClockStep, type Light, type LightShares, lights, type TimeLimit } from './case.ts';
import type { PauseCode } from './codes.ts';

/**
 * The clocks of a case. Pure: the same clock and moment give the same answer. Every function takes a repeat as done: a clock
 * paused twice is paused once, a stopped one stays stopped. Times that come late or out of order never run a clock backwards.
 */

/** What a clock begins with. */
export interface ClockStart {
  readonly step: ClockStep;
  readonly referral?: string;
  readonly at: Instant;
  readonly limit: TimeLimit;
  readonly lights: LightShares;
  /** Of the case's area. */
  readonly calendar: WorkingCalendar;
}

/** The next time somebody must be told: a light comes on, or a reminder because it still is on or the clock still stands. */
export interface ClockTurn {
  readonly at: Instant;
  readonly turn: 'yellow' | 'red' | 'county' | 'reminder';
}

function rank(light: Light): number {
  return lights.indexOf(light);
}

/** The more urgent of two lights. */
export function higherLight(a: Light, b: Light): Light {
  return rank(a) >= rank(b) ? a : b;
}

/** How the time of a unit runs. Only working days stand still on holidays. */
interface RunningTime {
  after(from: Instant, ms: number): Instant;
  between(from: Instant, to: Instant): number;
}

const aroundTheClock: RunningTime = {
  after: (from, ms) => instantOf(Date.parse(from) + ms),
  between: (from, to) => Math.max(0, Date.parse(to) - Date.parse(from)),
};

function runningTime(unit: TimeLimit['unit'], calendar: WorkingCalendar): RunningTime {
  if (unit !== 'working-days') return aroundTheClock;
  return { after: calendar.afterWorkingTime, between: calendar.workingTimeBetween };
}

/**
 * When counting begins: hours at once, days at the end of the day the clock was started (民法典 §201). Calendar days are not
 * lengthened when the last one is a holiday: they are the limits of emergencies.
 */
function countedFrom(clock: Pick<CaseClock, 'startedAt' | 'limit'>): Instant {
  return clock.limit.unit === 'hours' ? clock.startedAt : endOfDayInChina(clock.startedAt);
}

function limitMs({ amount, unit }: TimeLimit): number {
  return amount * (unit === 'hours' ? DAY_MS / 24 : DAY_MS);
}

/** When a limit that begins to run at a moment is over. */
export function dueAfter(limit: TimeLimit, at: Instant, calendar: WorkingCalendar): Instant {
  return runningTime(limit.unit, calendar).after(countedFrom({ startedAt: at, limit }), limitMs(limit));
}

/** The part of the limit at which a light comes on. */
function thresholdMs(clock: Pick<CaseClock, 'limit' | 'lights'>, light: Exclude<Light, 'green'>): number {
  const percent = light === 'red' ? 100 : clock.lights[light];
  return Math.round((limitMs(clock.limit) * percent) / 100);
}

/** When so much of the time has run, the pauses left out. */
function timeAfter(from: Instant, ms: number, pauses: readonly ClockPause[], time: RunningTime): Instant {
  let running = from;
  let left = ms;
  for (const pause of pauses) {
    const run = time.between(running, pause.at);
    if (run >= left) break;
    left -= run;
    running = later(running, pause.until);
  }
  return time.after(running, left);
}

function later(a: Instant, b: Instant): Instant {
  return a >= b ? a : b;
}

function assumption(startedAt: Instant, countyAt: Instant, limit: TimeLimit, calendar: WorkingCalendar): { assumed?: true } {
  return limit.unit === 'working-days' && calendar.isAssumed(startedAt, countyAt) ? { assumed: true } : {};
}

/** The limit that ends with a day: red at its 24:00. A day that is over already ends with the day it is set. */
export function limitUntil(until: PlainDate, at: Instant): TimeLimit {
  return { amount: Math.max(0, epochDay(until) - epochDay(dateInChina(at))), unit: 'calendar-days' };
}

/** Starts a clock. Its times are fixed now; only pausing and `replan` move them. */
export function startClock({ step, referral, at, limit, lights: shares, calendar }: ClockStart): CaseClock {
  const time = runningTime(limit.unit, calendar);
  const fixed = { startedAt: at, limit, lights: shares };
  const from = countedFrom(fixed);
  const countyAt = time.after(from, thresholdMs(fixed, 'county'));
  return {
    step,
    ...(referral === undefined ? {} : { referral }),
    ...fixed,
    yellowAt: time.after(from, thresholdMs(fixed, 'yellow')),
    redAt: time.after(from, thresholdMs(fixed, 'red')),
    countyAt,
    light: 'green',
    ...assumption(at, countyAt, limit, calendar),
  };
}

/** Whether the clock is running at all. */
export function isRunning(clock: CaseClock): boolean {
  return clock.paused === undefined && clock.stoppedAt === undefined;
}

/** Lets the clock stand still from `at`, for a coded reason. */
export function pauseClock(clock: CaseClock, at: Instant, reason: PauseCode): CaseClock {
  return isRunning(clock) ? { ...clock, paused: { at: later(at, lastStart(clock)), reason } } : clock;
}

/** A pause cannot reach back before the clock, or the last pause, was over. */
function lastStart(clock: CaseClock): Instant {
  return clock.pauses?.at(-1)?.until ?? clock.startedAt;
}

/**
 * What was left at the pause runs on from `at`, in the clock's own time: working days left are working days left, whatever
 * holidays lay in the pause. Lights that had come on before the pause keep their times.
 */
export function resumeClock(clock: CaseClock, at: Instant, calendar: WorkingCalendar): CaseClock {
  const { paused, ...rest } = clock;
  if (paused === undefined || clock.stoppedAt !== undefined) return clock;
  const until = later(at, paused.at);
  const running = { ...rest, pauses: [...(clock.pauses ?? []), { ...paused, until }] };
  return counted(running, calendar, until, (light) => clock[`${light}At`] <= paused.at);
}

/** Counts the lights that are not `kept` again from the start, the pauses left out; none before `notBefore`, none past the next. */
function counted(
  clock: CaseClock,
  calendar: WorkingCalendar,
  notBefore: Instant,
  kept: (light: Exclude<Light, 'green'>) => boolean,
): CaseClock {
  const { assumed: _, ...rest } = clock;
  const time = runningTime(clock.limit.unit, calendar);
  const from = countedFrom(clock);
  const count = (light: Exclude<Light, 'green'>, bound: Instant): Instant =>
    kept(light) ? clock[`${light}At`] : later(timeAfter(from, thresholdMs(clock, light), clock.pauses ?? [], time), bound);
  const yellowAt = count('yellow', notBefore);
  const redAt = count('red', later(notBefore, yellowAt));
  const countyAt = count('county', later(notBefore, redAt));
  return { ...rest, yellowAt, redAt, countyAt, ...assumption(clock.startedAt, countyAt, clock.limit, calendar) };
}

/** Stops the clock: what it waited for has happened. A pause that was on stays on record. */
export function stopClock(clock: CaseClock, at: Instant): CaseClock {
  return clock.stoppedAt === undefined ? { ...clock, stoppedAt: later(at, lastStart(clock)) } : clock;
}

/** `now`, or the moment the clock stood still. */
function effective(clock: CaseClock, now: Instant): Instant {
  const still = [clock.stoppedAt, clock.paused?.at].filter((moment) => moment !== undefined);
  return still.reduce((first, moment) => (moment < first ? moment : first), now);
}

/** The light that is on: a light comes on at its very moment and never goes out, whether it was announced or not. */
export function lightAt(clock: CaseClock, now: Instant): Light {
  const moment = effective(clock, now);
  const on = moment >= clock.countyAt ? 'county' : moment >= clock.redAt ? 'red' : moment >= clock.yellowAt ? 'yellow' : 'green';
  return higherLight(on, clock.light);
}

/** Marks the light that is on as announced; the same clock when there is nothing new to tell. */
export function announceLight(clock: CaseClock, now: Instant): CaseClock {
  const light = lightAt(clock, now);
  return light === clock.light ? clock : { ...clock, light };
}

/**
 * When somebody must be told next. A light that is on and was not announced is due since its own time, which lies before
 * `now`. After the last light, and while the clock is paused, a reminder every `reminderDays` calendar days: late or standing
 * still never means forgotten. Undefined once it is stopped.
 */
export function nextTurn(clock: CaseClock, now: Instant): ClockTurn | undefined {
  if (clock.stoppedAt !== undefined) return undefined;
  const on = lightAt(clock, now);
  const due = { green: undefined, yellow: clock.yellowAt, red: clock.redAt, county: clock.countyAt }[on];
  if (on !== 'green' && due !== undefined && rank(on) > rank(clock.light)) return { at: due, turn: on };
  if (clock.paused !== undefined) return { at: reminderAfter(clock.paused.at, clock, now), turn: 'reminder' };
  switch (on) {
    case 'green':
      return { at: clock.yellowAt, turn: 'yellow' };
    case 'yellow':
      return { at: clock.redAt, turn: 'red' };
    case 'red':
      return { at: clock.countyAt, turn: 'county' };
    case 'county':
      return { at: reminderAfter(clock.countyAt, clock, now), turn: 'reminder' };
  }
}

/** The first reminder after `now`, counted from `since`. One missed while nobody looked is not made up for. */
function reminderAfter(since: Instant, clock: CaseClock, now: Instant): Instant {
  const every = clock.lights.reminderDays * DAY_MS;
  const gone = Math.max(0, Math.floor((Date.parse(now) - Date.parse(since)) / every));
  return instantOf(Date.parse(since) + (gone + 1) * every);
}

/**
 * How much of the limit is used, pauses left out: 0 at the start, 1 when it turns red, more when late. Stands still in a
 * pause. Counted by the calendar given, so it shows a change of the calendar before the clock is planned again.
 */
export function shareUsed(clock: CaseClock, now: Instant, calendar: WorkingCalendar): number {
  const time = runningTime(clock.limit.unit, calendar);
  const moment = effective(clock, now);
  let running = countedFrom(clock);
  let run = 0;
  for (const { at, until } of clock.pauses ?? []) {
    run += time.between(running, at < moment ? at : moment);
    running = later(running, until);
  }
  const whole = limitMs(clock.limit);
  // A limit that ends with the day it was set has no length: it is used up at once when the day is over.
  if (whole === 0) return moment >= clock.redAt ? 1 : 0;
  return (run + time.between(running, moment)) / whole;
}

/**
 * Counts the times again when the calendar has changed under a running clock (调休 announced late, a day off after a
 * disaster). Only lights still ahead of `at` and not announced move, never to before `at`, never past one another. The same
 * clock when nothing moves. A paused clock is counted again when it is resumed.
 */
export function replan(clock: CaseClock, calendar: WorkingCalendar, at: Instant): CaseClock {
  if (!isRunning(clock) || clock.limit.unit !== 'working-days') return clock;
  const again = counted(clock, calendar, at, (light) => clock[`${light}At`] <= at || rank(clock.light) >= rank(light));
  const same = (['yellowAt', 'redAt', 'countyAt', 'assumed'] as const).every((part) => again[part] === clock[part]);
  return same ? clock : again;
}
