import { describe, expect, it } from 'vitest';
import { catalog } from '../../../shared/catalog/index.ts';
import { coverageOf } from '../../../shared/facts/coverage.ts';
import type { Fact, FileId, PersonKey } from '../../../shared/facts/fact.ts';
import { assess } from '../../../shared/scoring/assess.ts';
import type { AssessmentInput, IndicatorResult } from '../../../shared/scoring/assessment.ts';
import { type CompiledPack, compilePack } from '../../../shared/scoring/compile.ts';
import { parsePack } from '../../../shared/scoring/pack.ts';
import {
  AS_OF,
  CHRONIC,
  coverageUpTo,
  DISABILITY,
  DISASTER,
  day,
  ENROLMENT,
  fact,
  feedOf,
  household,
  INPATIENT,
  MOTHER,
  member,
  period,
  SON,
  TUITION,
  UNEMPLOYMENT,
} from './household-builder.ts';

const trial = { proposed: { zh: '试', en: 'trial' } };

/** A pack of one indicator. */
function packOf(indicator: Record<string, unknown>, parameters: Record<string, unknown> = {}): CompiledPack {
  const data = {
    id: 'test',
    version: '1',
    family: 'entry',
    area: '41',
    effectiveFrom: '2024-01-01',
    title: { zh: '测试', en: 'test' },
    grades: [{ id: 'general', rank: 2, title: { zh: '一般', en: 'general' }, from: 10, ...trial }],
    parameters,
    indicators: [{ id: 'one', title: { zh: '一', en: 'one' }, dimension: 'test', ...trial, ...indicator }],
  };
  return compilePack(parsePack(data, 'test'), catalog);
}

function only(pack: CompiledPack, input: AssessmentInput): IndicatorResult {
  const result = assess(pack, input).results[0];
  if (result === undefined) throw new Error('no result');
  return result;
}

const yes = [{ points: 10 }];

/** 10 points when the household paid more than a share of its inpatient cost of 12 months itself. */
function ownShareOver(over: number) {
  return packOf({
    measure: {
      ratio: {
        of: { sum: INPATIENT, field: 'selfPaid', window: 'P12M' },
        to: { sum: INPATIENT, field: 'totalCost', window: 'P12M' },
      },
    },
    bands: [{ over, points: 10 }],
  });
}

describe('measures', () => {
  const bands = [{ from: 100, points: 10 }];

  it('takes the person it is worst for, with that person’s rows only', () => {
    const pack = packOf({ measure: { sum: 'medical-insurance/*', field: 'selfPaid', window: 'P12M', per: 'person' }, bands });
    const facts = [
      fact(INPATIENT, '2024-02-01', { selfPaid: 9_000 }, { person: MOTHER }),
      fact(INPATIENT, '2024-02-02', { selfPaid: 6_000 }, { person: SON }),
      fact(CHRONIC, '2024-02-03', { selfPaid: 5_000 }, { person: SON }),
    ];
    const result = only(pack, household(facts));
    expect(result).toMatchObject({ value: 11_000, result: 'hit' });
    expect(result.evidence.map((it) => it.person)).toEqual([SON, SON]);
    expect(only(pack, household(facts.slice(0, 2)))).toMatchObject({ value: 9_000, result: 'miss' });
  });

  it('asks the head alone, and leaves it open when nobody is known to be the head', () => {
    const pack = packOf({ measure: { sum: INPATIENT, field: 'selfPaid', window: 'P12M', per: 'head' }, bands });
    const facts = [fact(INPATIENT, '2024-02-01', { selfPaid: 90_000 }, { person: MOTHER })];
    expect(only(pack, household(facts))).toMatchObject({ value: 0, result: 'miss' });
    expect(only(pack, household(facts, { members: [member(MOTHER, '1953-06-01')] })).result).toBe('unknown');
  });

  it('takes the highest and the latest row', () => {
    const facts = [
      fact(INPATIENT, '2024-02-01', { selfPaid: 90_000 }),
      fact(INPATIENT, '2024-03-01', { selfPaid: 20_000 }),
      fact(INPATIENT, '2024-01-01', { selfPaid: 50_000 }),
    ];
    const highest = only(packOf({ measure: { max: INPATIENT, field: 'selfPaid', window: 'P12M' }, bands }), household(facts));
    const latest = only(packOf({ measure: { latest: INPATIENT, field: 'selfPaid', window: 'P12M' }, bands }), household(facts));
    expect(highest).toMatchObject({ value: 90_000, evidence: [{ date: '2024-02-01', amount: 90_000 }] });
    expect(latest).toMatchObject({ value: 20_000, evidence: [{ date: '2024-03-01', amount: 20_000 }] });
  });

  it('puts two sums in relation, nothing over nothing being nothing', () => {
    const pack = ownShareOver(0.5);
    const at = (selfPaid: number, totalCost: number) =>
      only(pack, household([fact(INPATIENT, '2024-02-01', { selfPaid, totalCost })]));
    expect(at(50_000, 100_000)).toMatchObject({ value: 0.5, result: 'miss', unit: 'ratio', line: 0.5 });
    expect(at(50_001, 100_000)).toMatchObject({ value: 0.50001, result: 'hit' });
    expect(at(50_000, 0).result).toBe('hit');
    expect(only(pack, household([]))).toMatchObject({ value: 0, result: 'miss' });
  });

  it('leaves a relation open whose other side a row does not state: that is not nothing', () => {
    const pack = ownShareOver(0.5);
    const silent = fact(INPATIENT, '2024-02-01', { selfPaid: 50_000 });
    expect(only(pack, household([silent]))).toMatchObject({
      result: 'unknown',
      points: { low: 0, high: 10 },
      missing: [INPATIENT],
    });
    const stated = fact(INPATIENT, '2024-02-02', { selfPaid: 50_000, totalCost: 60_000 }, { row: 9 });
    expect(only(pack, household([silent, stated]))).toMatchObject({ result: 'unknown', points: { low: 0, high: 10 } });
  });

  it('bounds a relation of two open sums from both sides, and has no value for it while one of them is all silence', () => {
    const pack = packOf({
      measure: {
        ratio: {
          of: { sum: INPATIENT, field: 'selfPaid', window: 'P12M' },
          to: { sum: CHRONIC, field: 'totalCost', window: 'P12M' },
        },
      },
      bands: [{ from: 0.5, points: 10 }],
    });
    const paid = fact(INPATIENT, '2024-02-01', { selfPaid: 50_000 });
    const cost = fact(CHRONIC, '2024-02-01', { totalCost: 200_000 });
    const without = (...feeds: readonly string[]) => ({ coverage: coverageUpTo(AS_OF, feeds) });
    // The cost may be larger, never smaller, so the share is at most a quarter and may be next to nothing.
    expect(only(pack, household([paid, cost], without(CHRONIC)))).toMatchObject({ value: 0, valueHigh: 0.25, result: 'miss' });
    expect(only(pack, household([paid, cost], without(INPATIENT)))).toMatchObject({
      value: 0.25,
      valueHigh: null,
      result: 'unknown',
    });
    expect(only(pack, household([paid], without(CHRONIC)))).toMatchObject({ value: null, valueHigh: null, result: 'unknown' });
  });

  it('names of equal bills the first as the highest, in whatever order they come', () => {
    const pack = packOf({ measure: { max: INPATIENT, field: 'selfPaid', window: 'P12M' }, bands });
    const two = ['2024-03-01', '2024-02-01'].map((on) => fact(INPATIENT, on, { selfPaid: 90_000 }));
    for (const facts of [two, two.toReversed()]) {
      expect(only(pack, household(facts)).evidence.map(({ date }) => date)).toEqual(['2024-02-01']);
    }
  });

  it('names a row once that two parts of a sum count, with both amounts', () => {
    const sum = (field: string) => ({ sum: INPATIENT, field, window: 'P12M' });
    const pack = packOf({ measure: { add: [sum('selfPaid'), sum('commercialPaid')] }, bands });
    const [bill, other] = [
      fact(INPATIENT, '2024-02-01', { selfPaid: 50_000, commercialPaid: 20_000 }),
      fact(INPATIENT, '2024-02-02', { selfPaid: 1_000, commercialPaid: 0 }),
    ];
    const { value, evidence } = only(pack, household([other, bill]));
    expect([value, evidence.map(({ amount }) => amount)]).toEqual([71_000, [70_000, 1_000]]);
  });

  it('takes a sum that a row does not state for open, and what others state for the least it is', () => {
    const pack = packOf({ measure: { sum: DISASTER, field: 'lossAmount', window: 'P12M' }, bands });
    const silent = fact(DISASTER, '2024-02-01', { houseDamage: 'general' });
    expect(only(pack, household([silent]))).toMatchObject({ result: 'unknown', value: 0, valueHigh: null, missing: [DISASTER] });
    const stated = fact(DISASTER, '2024-02-02', { lossAmount: 10_000 }, { row: 9 });
    expect(only(pack, household([silent, stated]))).toMatchObject({ result: 'hit', value: 10_000, missing: [DISASTER] });
  });

  it('never lets aid push a year’s cost below nothing', () => {
    const field = { plus: ['tuition', 'lodging'], minus: ['aidAmount'] };
    const pack = packOf({ measure: { sum: TUITION, field, window: 'P12M' }, bands });
    const facts = [
      fact(TUITION, '2023-09-01', { tuition: 100_000, aidAmount: 900_000 }),
      fact(TUITION, '2023-09-02', { tuition: 100_000, lodging: 20_000 }, { person: SON }),
    ];
    expect(only(pack, household(facts))).toMatchObject({ value: 120_000, result: 'hit' });
  });

  it('counts from the first of the year and from the first of the month', () => {
    const facts = [fact(INPATIENT, '2023-12-31', {}), fact(INPATIENT, '2024-01-01', {}), fact(INPATIENT, '2024-04-01', {})];
    const count = (window: string) =>
      only(packOf({ measure: { count: INPATIENT, window }, bands: [{ from: 9, points: 1 }] }), household(facts)).value;
    expect([count('calendar-year'), count('calendar-month'), count('P7D'), count('P1Y')]).toEqual([2, 1, 0, 3]);
  });
});

describe('lines', () => {
  const measure = { sum: INPATIENT, field: 'selfPaid', window: 'P12M' };
  const paid = (fen: number) => [fact(INPATIENT, '2024-02-01', { selfPaid: fen })];

  it('depend on what the household already is (Tongling: 1,000 / 5,000 / 10,000 / 15,000)', () => {
    const over = {
      by: 'category',
      default: 15_000,
      values: { 'destitute-support': 1_000, 'minimum-living-allowance': 5_000, 'near-poor': 10_000 },
    };
    const pack = packOf({ measure, bands: [{ over, points: 10 }] });
    const at = (category: AssessmentInput['category'], fen: number) => only(pack, household(paid(fen), { category })).result;
    expect([at('destitute-support', 100_000), at('destitute-support', 100_001)]).toEqual(['miss', 'hit']);
    expect([at('minimum-living-allowance', 500_000), at('minimum-living-allowance', 500_001)]).toEqual(['miss', 'hit']);
    expect([at('near-poor', 1_000_000), at('near-poor', 1_000_001)]).toEqual(['miss', 'hit']);
    expect([at('none', 1_500_000), at('none', 1_500_001)]).toEqual(['miss', 'hit']);
  });

  it('follow a dated parameter of the area (Yangyuan: half of the rural income of the year before)', () => {
    const pack = packOf(
      { measure, bands: [{ over: { param: 'rural-income', times: 0.5 }, points: 10 }] },
      {
        'rural-income': [
          { from: '2023-01-01', value: 18_000, ...trial },
          { from: '2024-01-01', value: 20_000, ...trial },
          { from: '2024-01-01', area: '4111', value: 22_000, ...trial },
          { from: '2025-01-01', area: '4111', value: 99_000, ...trial },
        ],
      },
    );
    const line = (area: string, asOf: string) =>
      only(pack, household(paid(1_050_000), { area, asOf: day(asOf), coverage: coverageUpTo(day(asOf)) }));
    expect(line('410102', '2024-04-08')).toMatchObject({ line: 1_000_000, result: 'hit' });
    expect(line('411122', '2024-04-08')).toMatchObject({ line: 1_100_000, result: 'miss' });
    expect(line('410102', '2023-12-31').line).toBe(900_000);
    expect(only(pack, household(paid(1_050_000), { area: '410102', asOf: day('2022-05-01') })).line).toBeNull();
  });
});

describe('conditions', () => {
  const disabled = { exists: DISABILITY, window: 'current', where: { field: 'disabilityLevel', lte: 2 } };
  const ask = (holds: unknown, part: Partial<AssessmentInput> = {}, facts: AssessmentInput['facts'] = []) =>
    only(packOf({ measure: { holds }, bands: yes }), household(facts, part)).result;

  it('look at age, sex, relation and place of members', () => {
    expect(ask({ member: { age: { gte: 70 }, sex: 'female' } })).toBe('hit');
    expect(ask({ member: { age: { gte: 71 } } })).toBe('miss');
    expect(ask({ member: { relation: ['head'], age: { lte: 50 } } })).toBe('hit');
    expect(ask({ member: { relation: ['child'] } })).toBe('miss');
    expect(ask({ member: { relation: ['child'] } }, { members: [member(MOTHER, '2010-01-01', { relation: 'unknown' })] })).toBe(
      'unknown',
    );
    expect(ask({ member: { head: true, age: { gte: 60 } } })).toBe('miss');
  });

  it('tie a fact to the very member asked about', () => {
    const holds = { member: { age: { gte: 60 }, has: disabled } };
    const level = (person: PersonKey) => [fact(DISABILITY, '2020-01-01', { disabilityLevel: 1 }, { person })];
    expect(ask(holds, {}, level(MOTHER))).toBe('hit');
    expect(ask(holds, {}, level(SON))).toBe('miss');
    expect(ask(holds, { coverage: coverageUpTo(day('2024-04-08'), [DISABILITY]) }, level(SON))).toBe('unknown');
  });

  it('combine by three-valued and, or, not', () => {
    const gone = { coverage: coverageUpTo(day('2024-04-08'), [UNEMPLOYMENT]) };
    const jobless = { has: { exists: UNEMPLOYMENT, window: 'current' } };
    const old = { member: { age: { gte: 60 } } };
    const centenarian = { member: { age: { gte: 100 } } };
    expect(ask({ all: [old, jobless] }, gone)).toBe('unknown');
    expect(ask({ all: [centenarian, jobless] }, gone)).toBe('miss');
    expect(ask({ any: [old, jobless] }, gone)).toBe('hit');
    expect(ask({ any: [centenarian, jobless] }, gone)).toBe('unknown');
    expect(ask({ not: jobless }, gone)).toBe('unknown');
    expect(ask({ not: jobless })).toBe('hit');
  });

  it('leave a row open that lacks the field, unless the pack says what that means', () => {
    const severe = (absent?: boolean) => ({
      measure: {
        exists: DISABILITY,
        window: 'current',
        where: { field: 'disabilityLevel', lte: 2, ...(absent === undefined ? {} : { absent }) },
      },
      bands: yes,
    });
    const facts = [fact(DISABILITY, '2020-01-01', { disabilityClass: 'limb' })];
    expect(only(packOf(severe()), household(facts))).toMatchObject({ result: 'unknown', missing: [DISABILITY], value: 0 });
    expect(only(packOf(severe(false)), household(facts)).result).toBe('miss');
    expect(only(packOf(severe(true)), household(facts)).result).toBe('hit');
  });
});

describe('a status that does not say since when it holds', () => {
  const listed = fact(DISABILITY, '2024-02-29', { disabilityClass: 'limb', disabilityLevel: 2 });
  const { issuedOn: _, ...undated } = listed.fields;
  const asked = (window: string, facts: readonly Fact[]) =>
    only(packOf({ measure: { exists: DISABILITY, window }, bands: yes }), household(facts));

  it('holds, and leaves open whether it is new', () => {
    expect(asked('P12M', [listed]).result).toBe('hit');
    expect(asked('P12M', [{ ...listed, fields: undated }])).toMatchObject({ result: 'unknown', missing: [DISABILITY] });
    expect(asked('current', [{ ...listed, fields: undated }]).result).toBe('hit');
  });

  it('is not new when the list that named it first is old', () => {
    expect(asked('P12M', [{ ...listed, from: day('2022-02-28'), fields: undated }]).result).toBe('miss');
  });
});

describe('lists', () => {
  const pack = packOf({ measure: { exists: ENROLMENT, window: 'current' }, bands: yes });
  const lists = (periods: Record<string, boolean>) =>
    coverageOf(
      Object.entries(periods).map(([text, complete]) => ({
        feed: feedOf(ENROLMENT).id,
        county: '411122',
        period: period(text),
        complete,
        file: 'c'.repeat(24) as FileId,
      })),
    );
  const enrolled = (text: string) => [fact(ENROLMENT, '2024-01-31', { stage: 'junior' }, { period: text })];

  it('hold for who is named in the latest one', () => {
    expect(only(pack, household(enrolled('2024-03'), { coverage: lists({ '2024-02': true, '2024-03': true }) })).result).toBe(
      'hit',
    );
  });

  it('have ended for who is absent from the latest complete one', () => {
    expect(only(pack, household(enrolled('2024-02'), { coverage: lists({ '2024-02': true, '2024-03': true }) })).result).toBe(
      'miss',
    );
  });

  it('leave open who was in the one before when rows of the latest were refused', () => {
    const coverage = lists({ '2024-01': true, '2024-02': true, '2024-03': false });
    expect(only(pack, household(enrolled('2024-02'), { coverage })).result).toBe('unknown');
    expect(only(pack, household(enrolled('2024-01'), { coverage })).result).toBe('miss');
  });

  it('count what they name when no delivery is on record for the county', () => {
    expect(only(pack, household(enrolled('2024-02'), { coverage: new Map() })).result).toBe('hit');
  });

  it('do not show a list of a month that had not begun', () => {
    expect(only(pack, household(enrolled('2024-05'), { coverage: lists({ '2024-03': true, '2024-05': true }) })).result).toBe(
      'miss',
    );
  });
});

describe('unknown', () => {
  it('is null when no feed asked is known and nothing was found, and the lower bound once something is', () => {
    const pack = packOf({
      measure: { sum: 'medical-insurance/*', field: 'selfPaid', window: 'P12M' },
      bands: [{ from: 100, points: 10 }],
    });
    expect(only(pack, household([], { coverage: new Map() }))).toMatchObject({ value: null, valueHigh: null, result: 'unknown' });
    expect(only(pack, household([], { coverage: coverageUpTo(day('2024-04-08'), [CHRONIC]) }))).toMatchObject({
      value: 0,
      valueHigh: null,
      result: 'unknown',
      missing: [CHRONIC],
    });
    expect(only(pack, household([fact(INPATIENT, '2024-02-01', { selfPaid: 10_000 })], { coverage: new Map() }))).toMatchObject({
      value: 10_000,
      valueHigh: null,
      result: 'hit',
      points: { low: 10, high: 10 },
    });
  });

  it('lowers completeness and shows in the possible grade', () => {
    const pack = packOf({ measure: { exists: UNEMPLOYMENT, window: 'current' }, bands: yes });
    const answer = assess(pack, household([], { coverage: new Map() }));
    expect(answer).toMatchObject({ completeness: 0, grade: null, points: { low: 0, high: 10 } });
    expect(answer.possibleGrade?.id).toBe('general');
  });
});
