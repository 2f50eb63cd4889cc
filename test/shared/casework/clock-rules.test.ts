import { describe, expect, it } from 'vitest';
import { clocksUnder } from '../../../shared/casework/clock-rules.ts';
import { shareUsed } from '../../../shared/casework/clocks.ts';
import { DEFAULTS_ONLY } from '../../../shared/casework/parameters.ts';
import { parseParameters } from '../../../shared/casework/parameters-file.ts';
import { chinaTime, day, HENAN, wallTime } from '../../builders/clocks.ts';
import { GENERAL, URGENT } from '../../builders/standings.ts';

const clocks = clocksUnder(DEFAULTS_ONLY);
const about = { area: '411122001', source: 'warning', grade: GENERAL } as const;

describe('clocks under the parameters in force', () => {
  it('take the limit of step, source, grade and area', () => {
    const now = chinaTime('2026-03-02');
    expect(wallTime(clocks.start('visit', about, now).redAt)).toBe('2026-03-17 00:00');
    expect(wallTime(clocks.start('visit', { ...about, grade: URGENT }, now).redAt)).toBe('2026-03-05 00:00');
    expect(clocks.start('referral-answer', about, now, { referral: 'R1' })).toMatchObject({
      referral: 'R1',
      step: 'referral-answer',
    });
  });

  it('end with a day that was agreed, whatever the limit says', () => {
    const clock = clocks.start('follow-up', about, chinaTime('2026-03-02'), { until: day('2026-04-05') });
    expect(wallTime(clock.redAt)).toBe('2026-04-06 00:00');
    const sameDay = clocks.start('follow-up', about, chinaTime('2026-03-02'), { until: day('2026-03-02') });
    expect(wallTime(sameDay.redAt)).toBe('2026-03-03 00:00');
    expect(shareUsed(sameDay, chinaTime('2026-03-02', '20:00'), HENAN)).toBe(0);
    expect(shareUsed(sameDay, sameDay.redAt, HENAN)).toBe(1);
    expect(clocks.start('follow-up', about, chinaTime('2026-03-02'), { until: day('2025-01-01') }).redAt).toBe(sameDay.redAt);
  });

  it('are looked at next when a light that is not on yet comes on', () => {
    const clock = clocks.start('visit', about, chinaTime('2026-03-02'));
    expect(wallTime(clocks.nextTurn(clock, chinaTime('2026-03-03')))).toBe('2026-03-12 00:00');
    expect(wallTime(clocks.nextTurn(clock, chinaTime('2026-03-18')))).toBe('2026-03-24 00:00');
  });

  it('know of a holiday only from the day it was announced', () => {
    const flood = { area: '4111', date: '2026-03-13', working: false, announcedOn: '2026-03-10', basis: '防汛停工通知' };
    const under = clocksUnder(parseParameters({ days: [flood] }, 'parameters.json'));
    const clock = under.start('visit', about, chinaTime('2026-03-02'));
    expect(wallTime(clock.redAt)).toBe('2026-03-17 00:00');
    expect(under.replan(clock, chinaTime('2026-03-09'), about.area)).toBe(clock);
    expect(wallTime(under.replan(clock, chinaTime('2026-03-10', '02:00'), about.area).redAt)).toBe('2026-03-18 00:00');
    const paused = under.pause(clock, 'family-away', chinaTime('2026-03-05', '00:00'));
    expect(under.lightAt(paused, chinaTime('2026-06-01'))).toBe('green');
    expect(wallTime(under.resume(paused, chinaTime('2026-03-12', '00:00'), about.area).redAt)).toBe('2026-03-25 00:00');
  });
});
