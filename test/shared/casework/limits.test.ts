import { describe, expect, it } from 'vitest';
import { clockSteps } from '../../../shared/casework/case.ts';
import {
  amountFor,
  calendarFor,
  lightsFor,
  limitFor,
  livingStandardFor,
  rapidReliefMost,
  temporaryAidMost,
  townshipApprovalMost,
  watchUntilMost,
} from '../../../shared/casework/limits.ts';
import { limitsTable } from '../../../shared/casework/limits-table.ts';
import { amountUnits, type CaseworkParameters, DEFAULTS_ONLY } from '../../../shared/casework/parameters.ts';
import { ParametersError, parseParameters } from '../../../shared/casework/parameters-file.ts';
import type { Grade } from '../../../shared/scoring/assessment.ts';
import { day } from '../../builders/clocks.ts';
import { GENERAL, URGENT } from '../../builders/standings.ts';

const EMERGENCY: Grade = { id: 'emergency', rank: 0, title: { zh: '急难', en: 'emergency' } };
const RED: Grade = { id: 'red', rank: 1, title: { zh: '红色', en: 'red' } };
const today = day('2026-03-02');

function limit(
  step: Parameters<typeof limitFor>[1],
  grade: Grade,
  { parameters = DEFAULTS_ONLY, area = '411122', source = 'warning' as const, on = today } = {},
) {
  const { amount, unit } = limitFor(parameters, step, { area, source, grade }, on).limit;
  return `${amount} ${unit}`;
}

const row = { from: '2026-01-01', basis: '县民政局〔2026〕3号' };
const file = (content: object): CaseworkParameters => parseParameters(content, 'parameters.json');

describe('limits where an area has set nothing', () => {
  it.each([
    ['visit', GENERAL, '10 working-days'],
    ['visit', URGENT, '2 working-days'],
    ['visit', RED, '2 working-days'],
    ['visit', EMERGENCY, '24 hours'],
    ['desk-check', GENERAL, '1 working-days'],
    ['review', GENERAL, '5 working-days'],
    ['review', URGENT, '1 working-days'],
    ['conference', URGENT, '5 working-days'],
    ['papers', URGENT, '5 calendar-days'],
    ['referral-answer', GENERAL, '5 working-days'],
    ['referral-finish', URGENT, '15 working-days'],
    ['follow-up', GENERAL, '90 calendar-days'],
    ['follow-up', URGENT, '30 calendar-days'],
  ] as const)('%s, %o: %s', (step, grade, expected) => {
    expect(limit(step, grade)).toBe(expected);
  });

  it('gives the survey of an application the three working days of the law, an urgent one still two', () => {
    const about = { area: '420202', source: 'application' as const };
    expect(limitFor(DEFAULTS_ONLY, 'visit', { ...about, grade: GENERAL }, today).limit).toEqual({
      amount: 3,
      unit: 'working-days',
    });
    expect(limitFor(DEFAULTS_ONLY, 'visit', { ...about, grade: URGENT }, today).limit).toEqual({
      amount: 2,
      unit: 'working-days',
    });
  });

  it('follows a published place: Zouping counts its five days for papers in working days', () => {
    expect(limit('papers', URGENT, { area: '371681001002' })).toBe('5 working-days');
    expect(limit('papers', URGENT, { area: '371602' })).toBe('5 calendar-days');
  });

  it('answers for every step, any grade, an unknown area and a day long ago', () => {
    for (const step of clockSteps)
      expect(limit(step, { ...GENERAL, id: 'blue', rank: 4 }, { area: '', on: day('2004-01-01') })).toMatch(
        /^[1-9]\d* (working-days|calendar-days|hours)$/,
      );
  });

  it('turns yellow at 70 %, tells the county at 150 % and reminds every seventh day', () => {
    expect(lightsFor(DEFAULTS_ONLY, { area: '', on: today })).toEqual({ yellow: 70, county: 150, reminderDays: 7 });
  });
});

describe('limits an area sets for itself', () => {
  const general = { ...row, area: '41', step: 'visit', amount: 7, unit: 'working-days' };
  const parameters = file({ limits: [general] });

  it('hold there from their day on, and nowhere else', () => {
    expect(limit('visit', GENERAL, { parameters })).toBe('7 working-days');
    expect(limit('visit', GENERAL, { parameters, on: day('2025-12-31') })).toBe('10 working-days');
    expect(limit('visit', GENERAL, { parameters, area: '370602' })).toBe('10 working-days');
  });

  it('leave urgent visits as short as they were, unless they name the grade', () => {
    expect(limit('visit', URGENT, { parameters })).toBe('2 working-days');
    const urgent = file({ limits: [general, { ...general, grade: 'urgent', amount: 1 }] });
    expect(limit('visit', URGENT, { parameters: urgent })).toBe('1 working-days');
    expect(limit('visit', RED, { parameters: urgent })).toBe('1 working-days');
  });

  it('may name a grade of the area’s packs', () => {
    const red = file({ limits: [{ ...general, area: '37', grade: 'red', amount: 12, unit: 'hours' }] });
    expect(limit('visit', RED, { parameters: red, area: '370602' })).toBe('12 hours');
    expect(limit('visit', URGENT, { parameters: red, area: '370602' })).toBe('2 working-days');
  });

  it('give way to those of a smaller area, and to later ones of the same, in any order', () => {
    const rows = [
      general,
      { ...general, area: '411122', amount: 6 },
      { ...general, area: '411122', amount: 5, from: '2026-03-01' },
      { ...general, amount: 4, from: '2026-03-02' },
    ];
    for (const limits of [rows, rows.toReversed()]) {
      expect(limit('visit', GENERAL, { parameters: file({ limits }) })).toBe('5 working-days');
      expect(limit('visit', GENERAL, { parameters: file({ limits }), on: day('2026-02-28') })).toBe('6 working-days');
      expect(limit('visit', GENERAL, { parameters: file({ limits }), area: '411123' })).toBe('4 working-days');
    }
  });

  it('may name how a case came about', () => {
    const hotline = file({ limits: [{ ...general, source: 'hotline', amount: 3 }] });
    const about = { area: '411122', grade: GENERAL };
    expect(limitFor(hotline, 'visit', { ...about, source: 'hotline' }, today).limit.amount).toBe(3);
    expect(limitFor(hotline, 'visit', { ...about, source: 'warning' }, today).limit.amount).toBe(10);
  });

  it('set lights and holidays too', () => {
    const own = file({
      lights: [{ ...row, area: '41', yellow: 50, county: 120, reminderDays: 3 }],
      days: [{ area: '450000', date: '2026-04-20', working: false, announcedOn: '2025-12-20', basis: '广西三月三' }],
    });
    expect(lightsFor(own, { area: '411122', on: today })).toEqual({ yellow: 50, county: 120, reminderDays: 3 });
    expect(calendarFor(own, '450123').isWorkingDay(day('2026-04-20'))).toBe(false);
    expect(calendarFor(own, '411122').isWorkingDay(day('2026-04-20'))).toBe(true);
  });
});

describe('amounts', () => {
  const parameters = file({ amounts: [{ ...row, area: '411122', name: 'living-standard-month', value: 829 }] });
  const here = { area: '411122001', on: today };

  it('let small rapid relief come to one month of the local standard', () => {
    expect(rapidReliefMost(parameters, here)).toBe(829_00);
    expect(amountFor(parameters, 'rapid-relief-days', here)).toBe(3);
  });

  it('let a household be watched for a year, and a visit be made a month before its case, unless an area says otherwise', () => {
    const at = { area: '411122', on: day('2024-02-29') };
    expect(watchUntilMost(parameters, at)).toBe('2025-02-28');
    expect(amountFor(parameters, 'days-before-case', at)).toBe(31);
    const own = file({
      amounts: [
        { ...row, from: '2024-01-01', area: '411122', name: 'watch-months', value: 6 },
        { ...row, from: '2024-01-01', area: '411122', name: 'days-before-case', value: 60 },
      ],
    });
    expect(watchUntilMost(own, at)).toBe('2024-08-29');
    expect(amountFor(own, 'days-before-case', at)).toBe(60);
  });

  it.each([0.5, 121, 1_000_000])('take no watching of %s months', (value) => {
    const asked = { amounts: [{ ...row, area: '411122', name: 'watch-months', value }] };
    expect(() => file(asked)).toThrow('1 到 120 的整数');
  });

  it('let temporary aid come to six standards a head a year, twelve where life is very hard', () => {
    expect(temporaryAidMost(parameters, here, { persons: 3 })).toBe(829_00 * 18);
    expect(temporaryAidMost(parameters, here, { persons: 3, veryHard: true })).toBe(829_00 * 36);
  });

  it('stay unknown where nobody entered the local standard', () => {
    expect(livingStandardFor(parameters, { area: '411123', on: today })).toBeUndefined();
    expect(rapidReliefMost(DEFAULTS_ONLY, here)).toBeUndefined();
    expect(temporaryAidMost(DEFAULTS_ONLY, here, { persons: 1 })).toBeUndefined();
  });

  it('follow published places', () => {
    expect(townshipApprovalMost(DEFAULTS_ONLY, { area: '370602', on: today })).toBe(3_000_00);
    expect(townshipApprovalMost(DEFAULTS_ONLY, { area: '371681', on: today })).toBe(2_000_00);
    expect(townshipApprovalMost(DEFAULTS_ONLY, { area: '411122', on: today })).toBeUndefined();
    expect(amountFor(DEFAULTS_ONLY, 'temporary-aid-times-a-year', { area: '653101', on: today })).toBe(1);
    expect(amountFor(DEFAULTS_ONLY, 'temporary-aid-times-a-year', { area: '411122', on: today })).toBe(2);
  });

  it('all have a default', () => {
    for (const name of Object.keys(amountUnits) as (keyof typeof amountUnits)[])
      expect(amountFor(DEFAULTS_ONLY, name, { area: '', on: day('2004-01-01') })).toBeGreaterThan(0);
  });
});

describe('a parameters file', () => {
  it('reads area codes with zeros at the end and * for everywhere', () => {
    const rows = file({
      limits: ['410000', '*', '411122000000'].map((area) => ({ ...row, area, step: 'visit', amount: 1, unit: 'hours' })),
    });
    expect(rows.limits.map(({ area }) => area)).toEqual(['41', '', '411122']);
  });

  it('is refused whole, with every fault, its place and what was expected', () => {
    const wrong = {
      limits: [
        { ...row, area: '4', step: 'visit', amount: 1, unit: 'hours' },
        { ...row, area: '41', step: 'visits', amount: 1.5, unit: 'days', from: '2026-02-30' },
      ],
      amounts: [{ area: '41', from: '2026-01-01', name: 'township-approval', value: -1, basis: 'x' }],
      limit: [],
    };
    const refused = (() => {
      try {
        return parseParameters(wrong, 'parameters.json');
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(ParametersError);
    const { problems, message } = refused as ParametersError;
    expect(problems.map(({ path }) => path).toSorted()).toEqual([
      '',
      'amounts.0.value',
      'limits.0.area',
      'limits.1.amount',
      'limits.1.from',
      'limits.1.step',
      'limits.1.unit',
    ]);
    expect(message).toContain('parameters.json');
    expect(message).toContain('limits.0.area: 应为:2、4、6、9或12位区划代码，全部地区写 *');
    expect(message).toContain('expected one of: working-days, calendar-days, hours');
    expect(message).toContain('unknown key: limit');
  });

  it('may be empty', () => {
    expect(file({})).toEqual(DEFAULTS_ONLY);
  });
});

describe('the table of parameters', () => {
  it('shows every default with its source and mark, and an area’s own rule without a mark', () => {
    const table = limitsTable(file({ limits: [{ ...row, area: '41', step: 'visit', amount: 7, unit: 'working-days' }] }));
    expect(table.every(({ basis }) => basis.zh !== '' && basis.en !== '')).toBe(true);
    expect(table.find(({ name, source }) => name === 'visit' && source === 'application')).toMatchObject({
      value: { zh: '3个工作日', en: '3 working days' },
      evidence: 'A',
    });
    const own = table.find(({ area }) => area === '41');
    expect(own).toMatchObject({ name: 'visit', from: '2026-01-01', basis: { zh: '县民政局〔2026〕3号' } });
    expect(own).not.toHaveProperty('evidence');
    expect(table.find(({ name }) => name === 'township-approval')?.value.zh).toBe('3,000.00元');
  });
});
