import { epochDay, fromEpochDay, type Instant, instantOf, type PlainDate } from './plain-date.ts';
import { stateCouncilDays } from './state-council-days.ts';

/**
 * One day that is worked or not worked against the State Council's arrangement, in an area: a local holiday (开斋节 in
 * 宁夏, 三月三 in 广西: 全国年节及纪念日放假办法 leaves the holidays of minorities to their local governments), days off after a
 * disaster, or 调休 announced after this version was built.
 */
export interface DayChange {
  /** Area code prefix it holds for; `''` everywhere. */
  readonly area: string;
  readonly date: PlainDate;
  readonly working: boolean;
  /** Since when it is known, so that a past plan can be computed again as it was. */
  readonly announcedOn: PlainDate;
  /** The announcement. */
  readonly source: string;
}

/**
 * Working time of one area. A working day counts whole, from 0:00 to 24:00 in China (UTC+8 all year); other days count
 * nothing. All arithmetic is in whole milliseconds.
 */
export interface WorkingCalendar {
  isWorkingDay(date: PlainDate): boolean;
  /**
   * The end of the `days`-th working day after the day `from` lies in: that day itself is not counted, the last one ends at
   * 24:00 (民法典 §201 and §203; working days leave out public holidays: 行政许可法 §82, 行政强制法 §69). A fraction ends that
   * far into the next working day. With 0, the end of the day of `from`.
   */
  addWorkingDays(from: Instant, days: number): Instant;
  /** Working time in between, in milliseconds; 0 when `to` is not after `from`. */
  workingTimeBetween(from: Instant, to: Instant): number;
  /** The earliest moment at which that much working time has gone by since `from`. */
  afterWorkingTime(from: Instant, ms: number): Instant;
  /**
   * Whether a day of the stretch lies in a year whose holidays nobody has announced: then it is counted as plain Monday
   * to Friday and may move.
   */
  isAssumed(from: Instant, to: Instant): boolean;
}

export const DAY_MS = 86_400_000;
const CHINA_AHEAD_MS = 8 * 3_600_000;

/** Ten thousand years of days: far beyond every limit, so that a calendar without working days ends in an error. */
const MOST_DAYS = 3_660_000;

interface Arrangement {
  readonly holidays: ReadonlySet<number>;
  readonly workdays: ReadonlySet<number>;
}

/** Reads `MM-DD` and `MM-DD/MM-DD` of a year into day numbers. */
function addDayNumbers(to: Set<number>, year: string, days: string): void {
  for (const stretch of days.split(' ')) {
    const [first = '', last = first] = stretch.split('/');
    const end = epochDay(`${year}-${last}` as PlainDate);
    for (let day = epochDay(`${year}-${first}` as PlainDate); day <= end; day += 1) to.add(day);
  }
}

let arrangement: Arrangement | undefined;

/** Read once, when first asked. */
function arranged(): Arrangement {
  if (arrangement !== undefined) return arrangement;
  const holidays = new Set<number>();
  const workdays = new Set<number>();
  for (const [year, { off, worked }] of Object.entries(stateCouncilDays)) {
    addDayNumbers(holidays, year, off);
    addDayNumbers(workdays, year, worked);
  }
  arrangement = { holidays, workdays };
  return arrangement;
}

/** Number of the day in China, as `epochDay` counts. */
function chinaDay(ms: number): number {
  return Math.floor((ms + CHINA_AHEAD_MS) / DAY_MS);
}

function startOfDay(day: number): number {
  return day * DAY_MS - CHINA_AHEAD_MS;
}

/** 24:00 in China of the day a moment lies in. */
export function endOfDayInChina(instant: Instant): Instant {
  return instantOf(startOfDay(chinaDay(Date.parse(instant)) + 1));
}

/** 1970-01-01 was a Thursday. */
function isWeekend(day: number): boolean {
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday === 0 || weekday === 6;
}

/** Of several changes of one day the one for the narrowest area counts, then the one announced last. */
function changesFor(area: string, changes: readonly DayChange[], knownOn: PlainDate | undefined): ReadonlyMap<number, DayChange> {
  const byDay = new Map<number, DayChange>();
  for (const change of changes) {
    if (!area.startsWith(change.area) || (knownOn !== undefined && change.announcedOn > knownOn)) continue;
    const day = epochDay(change.date);
    const there = byDay.get(day);
    const narrower = there === undefined || change.area.length > there.area.length;
    const later = there?.area.length === change.area.length && change.announcedOn >= there.announcedOn;
    if (narrower || later) byDay.set(day, change);
  }
  return byDay;
}

/**
 * The working calendar of an area: the State Council's arrangement with 调休, then the area's own changes. With `knownOn`,
 * only changes announced by that day. A year counts as announced once its National Day is arranged: an arrangement of the
 * year before may reach into January, and a single day may be given off ahead of the rest.
 */
export function workingCalendar(area: string, changes: readonly DayChange[] = [], knownOn?: PlainDate): WorkingCalendar {
  const { holidays, workdays } = arranged();
  const own = changesFor(area, changes, knownOn);

  const works = (day: number): boolean => own.get(day)?.working ?? (workdays.has(day) || (!isWeekend(day) && !holidays.has(day)));

  const isAnnounced = (year: number): boolean => {
    const nationalDay = epochDay(`${year}-10-01` as PlainDate);
    return holidays.has(nationalDay) || own.has(nationalDay);
  };

  const after = (from: number, ms: number): number => {
    if (!(ms > 0)) return from;
    let left = ms;
    let day = chinaDay(from);
    for (const last = day + MOST_DAYS; day <= last; day += 1) {
      if (!works(day)) continue;
      const begin = Math.max(from, startOfDay(day));
      const length = startOfDay(day + 1) - begin;
      if (left <= length) return begin + left;
      left -= length;
    }
    throw new RangeError('working time left the years of the calendar');
  };

  const between = (from: number, to: number): number => {
    let sum = 0;
    for (let day = chinaDay(from); startOfDay(day) < to; day += 1) {
      if (works(day)) sum += Math.max(0, Math.min(to, startOfDay(day + 1)) - Math.max(from, startOfDay(day)));
    }
    return sum;
  };

  return {
    isWorkingDay: (date) => works(epochDay(date)),
    addWorkingDays: (from, days) => instantOf(after(Date.parse(endOfDayInChina(from)), Math.round(days * DAY_MS))),
    workingTimeBetween: (from, to) => between(Date.parse(from), Date.parse(to)),
    afterWorkingTime: (from, ms) => instantOf(after(Date.parse(from), ms)),
    isAssumed: (from, to) => {
      // A stretch that ends at 0:00 has nothing of the day that begins there.
      const last = Math.max(Date.parse(from), Date.parse(to) - 1);
      const end = yearOf(chinaDay(last));
      for (let year = yearOf(chinaDay(Date.parse(from))); year <= end; year += 1) if (!isAnnounced(year)) return true;
      return false;
    },
  };
}

function yearOf(day: number): number {
  return Number(fromEpochDay(day).slice(0, 4));
}
