import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, instantOf } from '../../../shared/calendar/plain-date.ts';
import { DAY_MS, type DayChange, workingCalendar } from '../../../shared/calendar/working-days.ts';
import type { CaseClock, TimeLimit } from '../../../shared/casework/case.ts';
import {
  announceLight,
  higherLight,
  isRunning,
  lightAt,
  nextTurn,
  pauseClock,
  replan,
  resumeClock,
  shareUsed,
  startClock,
  stopClock,
} from '../../../shared/casework/clocks.ts';
import { chinaTime, day, HENAN, tenDayClock, wallTime } from '../../builders/clocks.ts';

const lights = { yellow: 70, county: 150, reminderDays: 7 };
const times = (clock: CaseClock) => [clock.yellowAt, clock.redAt, clock.countyAt].map(wallTime);

describe('starting a clock', () => {
  it('fixes yellow at 70 %, red at 100 % and county at 150 % of ten working days', () => {
    expect(times(tenDayClock())).toEqual(['2026-03-12 00:00', '2026-03-17 00:00', '2026-03-24 00:00']);
  });

  it('counts two working days across the Spring Festival', () => {
    const clock = tenDayClock({ at: chinaTime('2026-02-13', '16:40'), limit: { amount: 2, unit: 'working-days' } });
    // 14 and 24 February are worked; yellow after 1.4 of them.
    expect(times(clock)).toEqual(['2026-02-24 09:36', '2026-02-25 00:00', '2026-02-26 00:00']);
  });

  it('lets hours run from the very moment, through nights and holidays', () => {
    const clock = tenDayClock({ at: chinaTime('2026-02-16', '20:00'), limit: { amount: 24, unit: 'hours' } });
    expect(times(clock)).toEqual(['2026-02-17 12:48', '2026-02-17 20:00', '2026-02-18 08:00']);
  });

  it('lets calendar days run through holidays, from the day after', () => {
    const clock = tenDayClock({ at: chinaTime('2026-02-14'), limit: { amount: 5, unit: 'calendar-days' } });
    expect(wallTime(clock.redAt)).toBe('2026-02-20 00:00');
  });

  it('says when it had to assume a year’s holidays', () => {
    expect(tenDayClock()).not.toHaveProperty('assumed');
    expect(tenDayClock({ at: chinaTime('2026-12-28') })).toHaveProperty('assumed', true);
    expect(tenDayClock({ at: chinaTime('2026-12-28'), limit: { amount: 30, unit: 'calendar-days' } })).not.toHaveProperty(
      'assumed',
    );
  });
});

describe('the light', () => {
  const clock = tenDayClock();

  it.each([
    ['2026-03-02', '09:00', 'green'],
    ['2026-03-11', '23:59', 'green'],
    ['2026-03-12', '00:00', 'yellow'],
    ['2026-03-16', '23:59', 'yellow'],
    ['2026-03-17', '00:00', 'red'],
    ['2026-03-24', '00:00', 'county'],
    ['2029-01-01', '00:00', 'county'],
  ] as const)('on %s at %s is %s', (date, time, light) => {
    expect(lightAt(clock, chinaTime(date, time))).toBe(light);
  });

  it('stands still once the clock is stopped: late stays late, in time stays in time', () => {
    expect(lightAt(stopClock(clock, chinaTime('2026-03-10')), chinaTime('2026-12-01'))).toBe('green');
    expect(lightAt(stopClock(clock, chinaTime('2026-03-20')), chinaTime('2026-12-01'))).toBe('red');
  });

  it('is announced once', () => {
    const told = announceLight(clock, chinaTime('2026-03-18'));
    expect(told.light).toBe('red');
    expect(announceLight(told, chinaTime('2026-03-19'))).toBe(told);
    expect(announceLight(clock, chinaTime('2026-03-05'))).toBe(clock);
  });

  it('never goes back below what was announced', () => {
    expect(lightAt({ ...clock, light: 'red' }, chinaTime('2026-03-03'))).toBe('red');
  });
});

describe('the next turn', () => {
  const clock = tenDayClock();

  it('is yellow, then red, then the county, then a reminder every seventh day', () => {
    const turnAt = (announced: CaseClock['light'], date: string) => {
      const turn = nextTurn({ ...clock, light: announced }, chinaTime(date));
      return [turn?.turn, turn && wallTime(turn.at)];
    };
    expect(turnAt('green', '2026-03-03')).toEqual(['yellow', '2026-03-12 00:00']);
    expect(turnAt('yellow', '2026-03-13')).toEqual(['red', '2026-03-17 00:00']);
    expect(turnAt('red', '2026-03-18')).toEqual(['county', '2026-03-24 00:00']);
    expect(turnAt('county', '2026-03-24')).toEqual(['reminder', '2026-03-31 00:00']);
    expect(turnAt('county', '2026-04-01')).toEqual(['reminder', '2026-04-07 00:00']);
  });

  it('is overdue when a light came on while nobody looked', () => {
    expect(nextTurn(clock, chinaTime('2026-03-18'))).toEqual({ at: clock.redAt, turn: 'red' });
  });

  it('of a reminder lies ahead even at its very moment', () => {
    expect(nextTurn({ ...clock, light: 'county' }, chinaTime('2026-03-31', '00:00'))?.at).toBe(chinaTime('2026-04-07', '00:00'));
  });

  it('reminds of a clock that stands still, so that a pause is not where cases vanish', () => {
    const paused = pauseClock(clock, chinaTime('2026-03-04'), 'in-hospital');
    expect(nextTurn(paused, chinaTime('2026-03-30'))).toEqual({ at: chinaTime('2026-04-01'), turn: 'reminder' });
  });

  it('does not exist once it is stopped', () => {
    expect(nextTurn(stopClock(clock, chinaTime('2026-03-30')), chinaTime('2026-03-31'))).toBeUndefined();
  });
});

describe('pausing', () => {
  const clock = tenDayClock();

  it('keeps what is left: paused with eight working days to go, eight are left whenever it runs on', () => {
    const paused = pauseClock(clock, chinaTime('2026-03-05', '00:00'), 'family-away');
    // The days of the Qingming holiday (4 to 6 April) in the pause change nothing.
    const resumed = resumeClock(paused, chinaTime('2026-04-08', '00:00'), HENAN);
    expect(HENAN.workingTimeBetween(chinaTime('2026-04-08', '00:00'), resumed.redAt)).toBe(8 * DAY_MS);
    expect(wallTime(resumed.redAt)).toBe('2026-04-18 00:00');
    expect(resumed).not.toHaveProperty('paused');
    expect(resumed.pauses).toEqual([
      { at: chinaTime('2026-03-05', '00:00'), until: chinaTime('2026-04-08', '00:00'), reason: 'family-away' },
    ]);
  });

  it('holds the light and the share used', () => {
    const paused = pauseClock(clock, chinaTime('2026-03-05', '00:00'), 'in-hospital');
    expect(lightAt(paused, chinaTime('2026-09-01'))).toBe('green');
    expect(shareUsed(paused, chinaTime('2026-09-01'), HENAN)).toBeCloseTo(0.2, 10);
  });

  it('does not take back a light that was on', () => {
    const late = pauseClock(announceLight(clock, chinaTime('2026-03-18')), chinaTime('2026-03-18'), 'objection-hearing');
    const resumed = resumeClock(late, chinaTime('2026-03-25'), HENAN);
    expect([resumed.yellowAt, resumed.redAt]).toEqual([clock.yellowAt, clock.redAt]);
    expect(lightAt(resumed, chinaTime('2026-03-25'))).toBe('red');
    // 4 working days and 15 hours were left to the county's light.
    expect(wallTime(resumed.countyAt)).toBe('2026-03-31 00:00');
  });

  it('counts from the day after when paused and resumed on the day it began', () => {
    const paused = pauseClock(clock, chinaTime('2026-03-02', '10:00'), 'family-away');
    expect(times(resumeClock(paused, chinaTime('2026-03-02', '15:00'), HENAN))).toEqual(times(clock));
  });

  it('twice is once; a clock that stands still or is stopped is neither paused nor resumed', () => {
    const paused = pauseClock(clock, chinaTime('2026-03-04'), 'in-hospital');
    expect(pauseClock(paused, chinaTime('2026-03-06'), 'disaster')).toBe(paused);
    expect(resumeClock(clock, chinaTime('2026-03-06'), HENAN)).toBe(clock);
    const stopped = stopClock(paused, chinaTime('2026-03-07'));
    expect(isRunning(stopped)).toBe(false);
    expect(resumeClock(stopped, chinaTime('2026-03-08'), HENAN)).toBe(stopped);
    expect(stopClock(stopped, chinaTime('2026-03-09'))).toBe(stopped);
  });

  it('takes a pause that arrives late for the time after the one before', () => {
    const once = resumeClock(pauseClock(clock, chinaTime('2026-03-04'), 'in-hospital'), chinaTime('2026-03-06'), HENAN);
    const again = pauseClock(once, chinaTime('2026-03-05'), 'in-hospital');
    expect(again.paused?.at).toBe(chinaTime('2026-03-06'));
    expect(times(resumeClock(again, chinaTime('2026-03-01'), HENAN))).toEqual(times(once));
  });
});

describe('the share used', () => {
  it('is 0 on the day it begins, 1 when it turns red, and goes on', () => {
    const clock = tenDayClock();
    expect(shareUsed(clock, chinaTime('2026-03-02', '20:00'), HENAN)).toBe(0);
    expect(shareUsed(clock, clock.yellowAt, HENAN)).toBeCloseTo(0.7, 10);
    expect(shareUsed(clock, clock.redAt, HENAN)).toBe(1);
    expect(shareUsed(clock, clock.countyAt, HENAN)).toBeCloseTo(1.5, 10);
  });
});

describe('a calendar that changes under a running clock', () => {
  const off = (date: string, working = false): DayChange => ({
    area: '4111',
    date: day(date),
    working,
    announcedOn: day('2026-03-09'),
    source: '市政府关于防汛期间调整工作日的通知',
  });
  const flooded = workingCalendar('411122', [off('2026-03-13'), off('2026-03-16')]);

  it('leaves the times as they were until it is planned again', () => {
    const clock = tenDayClock();
    expect(wallTime(clock.redAt)).toBe('2026-03-17 00:00');
    expect(times(replan(clock, flooded, chinaTime('2026-03-10')))).toEqual([
      '2026-03-12 00:00',
      '2026-03-19 00:00',
      '2026-03-26 00:00',
    ]);
  });

  it('moves only lights that are ahead and not announced', () => {
    const clock = announceLight(tenDayClock(), chinaTime('2026-03-12'));
    const moved = replan(
      clock,
      workingCalendar('411122', [off('2026-03-04'), off('2026-03-13')]),
      chinaTime('2026-03-12', '02:00'),
    );
    expect(times(moved)).toEqual(['2026-03-12 00:00', '2026-03-19 00:00', '2026-03-26 00:00']);
    expect(moved.light).toBe('yellow');
  });

  it('never puts a light into the past', () => {
    const at = chinaTime('2026-03-15', '10:00');
    const clock = announceLight(tenDayClock(), at);
    const busier = workingCalendar('411122', [off('2026-03-07', true), off('2026-03-08', true), off('2026-03-14', true)]);
    expect(replan(clock, busier, at).redAt).toBe(at);
  });

  it('forgets the assumption once the year is announced', () => {
    const clock = tenDayClock({ at: chinaTime('2026-12-28') });
    const national = (date: string): DayChange => ({ ...off(date), area: '' });
    const announced = workingCalendar('411122', [national('2027-01-01'), national('2027-10-01')]);
    const again = replan(clock, announced, chinaTime('2026-12-29'));
    expect(again).not.toHaveProperty('assumed');
    expect(wallTime(again.redAt)).toBe('2027-01-13 00:00');
  });

  it('is counted in when a paused clock runs on', () => {
    const paused = pauseClock(tenDayClock(), chinaTime('2026-03-05', '00:00'), 'disaster');
    expect(replan(paused, flooded, chinaTime('2026-03-10'))).toBe(paused);
    expect(wallTime(resumeClock(paused, chinaTime('2026-03-12', '00:00'), flooded).redAt)).toBe('2026-03-26 00:00');
  });

  it('leaves hours, calendar days and stopped clocks alone', () => {
    for (const unit of ['hours', 'calendar-days'] as const) {
      const clock = tenDayClock({ limit: { amount: 10, unit } });
      expect(replan(clock, flooded, chinaTime('2026-03-03'))).toBe(clock);
    }
    const stopped = stopClock(tenDayClock(), chinaTime('2026-03-05'));
    expect(replan(stopped, flooded, chinaTime('2026-03-10'))).toBe(stopped);
  });
});

describe('whatever happens to a clock', () => {
  const begin = Date.UTC(2025, 0, 1);
  const moment = fc.integer({ min: begin, max: Date.UTC(2026, 11, 31) }).map(instantOf);
  const limit: fc.Arbitrary<TimeLimit> = fc.oneof(
    fc.record({ amount: fc.integer({ min: 1, max: 30 }), unit: fc.constantFrom('working-days', 'calendar-days') }),
    fc.record({ amount: fc.integer({ min: 1, max: 72 }), unit: fc.constant('hours') }),
  );
  const begun = fc
    .tuple(moment, limit)
    .map(([at, its]) => startClock({ step: 'visit', at, limit: its, lights, calendar: HENAN }));
  const gaps = fc.array(fc.integer({ min: 0, max: 12 * DAY_MS }), { minLength: 2, maxLength: 8 });
  const plus = (at: Instant, ms: number) => instantOf(Date.parse(at) + ms);

  /** Pauses and resumes in turn, each so long after the one before; ends running. */
  const worn = (clock: CaseClock, waits: readonly number[]): CaseClock => {
    let at = clock.startedAt;
    let now = clock;
    for (const wait of waits) {
      at = plus(at, wait);
      now = now.paused === undefined ? pauseClock(now, at, 'family-away') : resumeClock(now, at, HENAN);
    }
    return now.paused === undefined ? now : resumeClock(now, at, HENAN);
  };

  it('its lights come in order', () => {
    fc.assert(
      fc.property(begun, gaps, (clock, waits) => {
        const { startedAt, yellowAt, redAt, countyAt } = worn(clock, waits);
        expect([startedAt, yellowAt, redAt, countyAt].toSorted()).toEqual([startedAt, yellowAt, redAt, countyAt]);
      }),
    );
  });

  it('its light never goes back as time goes on', () => {
    fc.assert(
      fc.property(begun, gaps, moment, fc.nat(200 * DAY_MS), (clock, waits, at, more) => {
        const now = worn(clock, waits);
        const before = lightAt(now, at);
        const after = lightAt(now, plus(at, more));
        expect(higherLight(before, after)).toBe(after);
      }),
    );
  });

  it('a pause moves red by what ran in it, neither more nor less', () => {
    fc.assert(
      fc.property(begun, fc.nat(20 * DAY_MS), fc.nat(60 * DAY_MS), (clock, wait, length) => {
        const at = plus(clock.startedAt, wait);
        const until = plus(at, length);
        const resumed = resumeClock(pauseClock(clock, at, 'in-hospital'), until, HENAN);
        expect(shareUsed(resumed, until, HENAN)).toBeCloseTo(shareUsed(clock, at, HENAN), 9);
        expect(resumed.redAt >= clock.redAt).toBe(true);
        if (clock.limit.unit === 'hours' && clock.redAt > at)
          expect(Date.parse(resumed.redAt) - Date.parse(clock.redAt)).toBe(length);
      }),
    );
  });

  it('planning again under the same calendar changes nothing', () => {
    fc.assert(
      fc.property(begun, gaps, moment, (clock, waits, at) => {
        const now = worn(clock, waits);
        expect(replan(now, HENAN, at)).toBe(now);
      }),
    );
  });

  it('its next turn tells of the light that comes', () => {
    fc.assert(
      fc.property(begun, gaps, moment, (clock, waits, at) => {
        const now = worn(clock, waits);
        const turn = nextTurn(now, at);
        expect(turn).toBeDefined();
        if (turn !== undefined && turn.turn !== 'reminder') expect(lightAt(now, turn.at)).toBe(turn.turn);
        if (turn !== undefined && turn.at > at && turn.turn !== 'reminder')
          expect(lightAt(now, instantOf(Date.parse(turn.at) - 1))).not.toBe(turn.turn);
      }),
    );
  });
});
