import { type Instant, instantOf, type PlainDate } from '../../shared/calendar/plain-date.ts';
import type { ActContext } from '../../shared/casework/act/move.ts';
import type { CaseClock, Light } from '../../shared/casework/case.ts';
import type { CaseRules } from '../../shared/casework/case-rules.ts';
import type { RunningClocks } from '../../shared/casework/clock-rules.ts';
import { instant } from './facts.ts';
import { URGENT } from './standings.ts';

const DAY = 86_400_000;
const later = (at: Instant, days: number) => instantOf(Date.parse(at) + days * DAY);

/** Clocks that count plain days: ten for everything, two when it is urgent. Enough for what is tested of moves, not of clocks. */
export const plainClocks: RunningClocks = {
  start(step, { grade }, now, { referral, until } = {}): CaseClock {
    const days = grade.rank === 1 ? 2 : 10;
    const redAt = until === undefined ? later(now, days) : (`${until}T16:00:00.000Z` as Instant);
    return {
      step,
      ...(referral === undefined ? {} : { referral }),
      startedAt: now,
      limit: { amount: days, unit: 'calendar-days' },
      lights: { yellow: 70, county: 150, reminderDays: 7 },
      yellowAt: later(now, days * 0.7),
      redAt,
      countyAt: later(redAt, days * 0.5),
      light: 'green',
    };
  },
  pause: (clock, reason, now) => ({ ...clock, paused: { at: now, reason } }),
  resume({ paused, ...clock }, now) {
    const days = paused === undefined ? 0 : (Date.parse(now) - Date.parse(paused.at)) / DAY;
    const moved = {
      yellowAt: later(clock.yellowAt, days),
      redAt: later(clock.redAt, days),
      countyAt: later(clock.countyAt, days),
    };
    return { ...clock, ...moved };
  },
  lightAt({ yellowAt, redAt, countyAt, light }, now): Light {
    if (now >= countyAt) return 'county';
    if (now >= redAt) return 'red';
    return now >= yellowAt ? 'yellow' : light;
  },
  replan: (clock) => clock,
  nextTurn({ yellowAt, redAt, countyAt }, now) {
    return [yellowAt, redAt, countyAt].find((turn) => turn > now) ?? later(now, 7);
  },
};

/** Rules with a local standard of 700 yuan a month, visits up to 31 days before their case, watching until the end of 2030, and `charity` as the one charity. */
export const testRules: CaseRules = {
  clocks: plainClocks,
  definition: 'test-definition',
  rapidReliefLimit: () => 700_00,
  townshipApproval: () => undefined,
  watchUntil: () => '2030-12-31' as PlainDate,
  daysBeforeCase: () => 31,
  urgentGrade: () => URGENT,
  isCharity: (department) => department === 'charity',
  correctionDue: (_, at) => ({ limit: { amount: 10, unit: 'calendar-days' }, dueAt: later(at, 10) }),
};

let requests = 0;

/** A caseworker's request on the first day, with a key of its own unless one is given. */
export function by(
  roles: ActContext['actor']['roles'],
  changes: Partial<ActContext> & { readonly id?: string } = {},
): ActContext {
  const { id, ...rest } = changes;
  requests += 1;
  return {
    actor: { id: id ?? `${roles[0]}-1`, roles, departments: [] },
    now: instant(),
    request: `request-${requests}`,
    rules: testRules,
    ...rest,
  };
}
