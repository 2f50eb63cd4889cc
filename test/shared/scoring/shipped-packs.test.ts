import { describe, expect, it } from 'vitest';
import { assess } from '../../../shared/scoring/assess.ts';
import {
  AS_OF,
  CHRONIC,
  coverageUpTo,
  DISABILITY,
  DISASTER,
  day,
  ENROLMENT,
  fact,
  HOUSING,
  household,
  INPATIENT,
  MOTHER,
  member,
  resultOf,
  SON,
  shippedCompiled,
  shippedPack,
  TUITION,
  UNEMPLOYMENT,
} from './household-builder.ts';

describe('every shipped pack', () => {
  const names = ['henan-low-income', 'shandong-low-income', 'hinggan-urban-hardship', 'jiangxi-newborn-enrolment'];

  it.each(names)('%s gives a source or a reason for every number', (name) => {
    const pack = shippedPack(name);
    for (const indicator of pack.indicators) {
      for (const it of [indicator, ...indicator.triggers]) expect(it.source ?? it.proposed).toBeDefined();
    }
    for (const grade of pack.grades) expect(grade.source ?? grade.proposed).toBeDefined();
  });

  it.each(names)('%s says nothing about a household of which every feed is silent', (name) => {
    const answer = assess(shippedCompiled(name), household([]));
    expect(answer.points).toEqual({ low: 0, high: 0 });
    expect(answer.completeness).toBe(1);
    expect(answer.grade).toBeNull();
    expect(answer.possibleGrade).toBeNull();
    expect(answer.results.every((result) => result.result === 'miss')).toBe(true);
  });

  it('marks the published lines with their source and nothing else', () => {
    const sourced = names.flatMap((name) =>
      shippedPack(name).indicators.flatMap((it) => it.triggers.flatMap((trigger) => trigger.source?.ref ?? [])),
    );
    expect(sourced).toEqual(['seed-001', 'seed-003', 'seed-000']);
  });
});

describe('Henan', () => {
  const henan = shippedCompiled('henan-low-income');

  it('fires the general grade at 5,000.00 self-paid with every other indicator at nothing', () => {
    const answer = assess(henan, household([fact(INPATIENT, '2024-03-05', { selfPaid: 500_000 })]));
    const result = resultOf(answer, 'medical-self-paid-12m');
    expect(answer.grade?.id).toBe('general');
    expect(answer.points.low).toBeLessThan(60);
    expect(result).toMatchObject({
      result: 'hit',
      value: 500_000,
      valueHigh: 500_000,
      line: 500_000,
      trigger: 'general',
      missing: [],
    });
    expect(answer.results.filter((it) => it.result === 'hit')).toHaveLength(1);
  });

  it('stays silent one fen below', () => {
    const answer = assess(henan, household([fact(INPATIENT, '2024-03-05', { selfPaid: 499_999 })]));
    expect(answer.grade).toBeNull();
    expect(resultOf(answer, 'medical-self-paid-12m')).toMatchObject({
      result: 'hit',
      line: 300_000,
      points: { low: 25, high: 25 },
    });
  });

  it('warns for the near-poor family whose mother paid over 30,000 in one month, with each settlement as evidence', () => {
    const settlements = [
      fact(INPATIENT, '2024-03-20', { selfPaid: 1_260_050 }),
      fact(INPATIENT, '2024-03-04', { selfPaid: 980_000 }),
      fact(INPATIENT, '2024-03-12', { selfPaid: 860_000 }),
    ];
    const answer = assess(henan, household(settlements, { category: 'near-poor' }));
    const result = resultOf(answer, 'medical-self-paid-12m');
    expect(answer.grade?.id).toBe('general');
    expect(result.trigger).toBe('general');
    expect(result.value).toBe(3_100_050);
    expect(result.evidence.map((it) => [it.date, it.amount])).toEqual([
      ['2024-03-04', 980_000],
      ['2024-03-12', 860_000],
      ['2024-03-20', 1_260_050],
    ]);
    expect(result.evidence.every((it) => it.feed === INPATIENT && it.person === MOTHER && it.row > 0)).toBe(true);
  });

  it('adds inpatient and chronic outpatient costs of all members', () => {
    const answer = assess(
      henan,
      household([
        fact(INPATIENT, '2024-01-05', { selfPaid: 300_000 }, { person: MOTHER }),
        fact(CHRONIC, '2024-02-05', { selfPaid: 200_000 }, { person: SON }),
      ]),
    );
    expect(resultOf(answer, 'medical-self-paid-12m').value).toBe(500_000);
    expect(answer.grade?.id).toBe('general');
  });

  it('takes a refund that names no bill off the sum, and does not count it as a stay', () => {
    const back = { ...fact(INPATIENT, '2024-03-03', { selfPaid: -300_000 }), cameBack: 'of-unnamed' } as const;
    const bills = ['2024-03-01', '2024-03-02'].map((on) => fact(INPATIENT, on, { selfPaid: 400_000 }));
    const answer = assess(henan, household([...bills, back]));
    expect(resultOf(answer, 'medical-self-paid-12m').value).toBe(500_000);
    expect(resultOf(answer, 'medical-hospital-stays-12m')).toMatchObject({ value: 2, result: 'miss' });
    expect(resultOf(assess(henan, household([back])), 'medical-single-stay-12m').evidence).toEqual([]);
  });

  it('takes nothing off other bills for a refund of a bill that has not come', () => {
    const back = { ...fact(INPATIENT, '2024-03-03', { selfPaid: -800_000 }), cameBack: 'of-unsent' } as const;
    const answer = assess(henan, household([fact(INPATIENT, '2024-03-01', { selfPaid: 600_000 }), back]));
    expect(resultOf(answer, 'medical-self-paid-12m')).toMatchObject({ value: 600_000, trigger: 'general' });
    expect(resultOf(answer, 'medical-hospital-stays-12m').value).toBe(1);
  });

  it('forgets a settlement of the same day a year ago and keeps the day after', () => {
    const gone = assess(henan, household([fact(INPATIENT, '2023-04-08', { selfPaid: 500_000 })]));
    const kept = assess(henan, household([fact(INPATIENT, '2023-04-09', { selfPaid: 500_000 })]));
    expect(gone.grade).toBeNull();
    expect(kept.grade?.id).toBe('general');
  });

  it('ignores facts dated after the as-of date', () => {
    expect(assess(henan, household([fact(INPATIENT, '2024-04-09', { selfPaid: 900_000 })])).grade).toBeNull();
  });

  it('covers six domains that add up to the urgent grade', () => {
    const answer = assess(
      henan,
      household([
        fact(INPATIENT, '2024-03-05', { selfPaid: 400_000 }),
        fact(TUITION, '2023-09-01', { tuition: 1_200_000, lodging: 120_000, aidAmount: 200_000 }),
        fact(UNEMPLOYMENT, '2024-02-01', { reason: 'closed' }),
        fact(
          DISABILITY,
          '2020-02-01',
          { disabilityClass: 'limb', disabilityLevel: 2, certificateStatus: 'valid' },
          { person: SON },
        ),
        fact(DISASTER, '2023-07-20', { disasterType: 'flood', lossAmount: 800_000, reliefAmount: 100_000 }),
        fact(HOUSING, '2022-07-20', { dangerLevel: 'D' }),
      ]),
    );
    const dimensions = new Set(henan.pack.indicators.map((it) => it.dimension));
    expect(dimensions).toEqual(new Set(['health', 'education', 'employment', 'disaster', 'disability', 'housing']));
    expect(resultOf(answer, 'education-net-cost-12m').value).toBe(1_120_000);
    expect(resultOf(answer, 'disaster-net-loss-12m').value).toBe(700_000);
    // 25 medical + 25 education + 15 + 10 unemployment + 20 disability + 20 loss + 20 + 15 housing
    expect(answer.points).toEqual({ low: 150, high: 150 });
    expect(answer.grade?.id).toBe('urgent');
  });

  it('does not count a renovated house, an ended unemployment or a cancelled certificate', () => {
    const answer = assess(
      henan,
      household([
        fact(HOUSING, '2022-07-20', { dangerLevel: 'D' }, { to: '2023-10-01' }),
        fact(UNEMPLOYMENT, '2022-02-01', {}, { to: '2023-02-01' }),
        fact(DISABILITY, '2020-02-01', { disabilityClass: 'limb', disabilityLevel: 1, certificateStatus: 'cancelled' }),
      ]),
    );
    expect(answer.points).toEqual({ low: 0, high: 0 });
  });
});

describe('Shandong', () => {
  const shandong = shippedCompiled('shandong-low-income');
  const at = (asOf: string) => ({ area: '370611001001', asOf: day(asOf), coverage: coverageUpTo(day(asOf)) });

  it('gives illness, education cost and disability as the three reasons of the stroke family', () => {
    const head = SON;
    const daughter = MOTHER;
    const answer = assess(
      shandong,
      household(
        [
          fact(INPATIENT, '2024-01-15', { selfPaid: 420_000 }, { person: head }),
          fact(INPATIENT, '2024-02-20', { selfPaid: 460_000 }, { person: head }),
          fact(TUITION, '2023-09-03', { tuition: 500_000, lodging: 80_000 }, { person: daughter }),
          fact(DISABILITY, '2021-05-01', { disabilityClass: 'limb', disabilityLevel: 2 }, { person: head }),
        ],
        { ...at('2024-04-08'), category: 'minimum-living-allowance' },
      ),
    );
    expect(answer.grade?.id).toBe('general');
    expect(answer.results.filter((it) => it.result === 'hit').map((it) => it.indicator)).toEqual([
      'medical-self-paid-12m',
      'education-net-cost-12m',
      'disability-severe',
      'disability-any',
    ]);
  });

  it('goes red for eleven monthly settlements of over 90,000 in all, and shows the eleven', () => {
    const settlements = Array.from({ length: 11 }, (_, i) =>
      fact(INPATIENT, `2023-${String(i + 2).padStart(2, '0')}-20`, { selfPaid: 830_000 }),
    );
    const child = fact(ENROLMENT, '2023-12-31', { stage: 'junior' }, { person: SON, period: '2023-12' });
    const answer = assess(shandong, household([...settlements, child], at('2024-01-09')));
    expect(answer.grade?.id).toBe('red');
    expect(resultOf(answer, 'medical-self-paid-12m')).toMatchObject({ value: 9_130_000, line: 5_000_000, trigger: 'red' });
    expect(resultOf(answer, 'medical-self-paid-12m').evidence).toHaveLength(11);
    expect(resultOf(answer, 'education-students').result).toBe('hit');
  });

  it('reviews the month before on its own', () => {
    const answer = assess(
      shandong,
      household(
        [fact(INPATIENT, '2024-02-29', { selfPaid: 1_000_000 }), fact(INPATIENT, '2024-03-31', { selfPaid: 300_000 })],
        at('2024-04-08'),
      ),
    );
    expect(resultOf(answer, 'medical-self-paid-month')).toMatchObject({ value: 300_000, result: 'hit', line: 300_000 });
  });
});

describe('Hinggan', () => {
  const hinggan = shippedCompiled('hinggan-urban-hardship');
  const urban = { residence: 'urban' };
  const family = (selfPaid: number, tuition: number, part: Parameters<typeof household>[1] = {}) =>
    household(
      [fact(INPATIENT, '2024-03-05', { selfPaid }), fact(TUITION, '2023-09-01', { tuition, lodging: 0 }, { person: SON })],
      {
        area: '152201001001',
        category: 'minimum-living-allowance',
        members: [member(MOTHER, '1980-01-01', { attributes: urban }), member(SON, '2004-01-01', { attributes: urban })],
        ...part,
      },
    );

  it('does not fire at 30,000.00 and does at 30,000.01', () => {
    const at = assess(hinggan, family(2_500_000, 500_000));
    const above = assess(hinggan, family(2_500_001, 500_000));
    expect(at.grade).toBeNull();
    expect(at.results[0]).toMatchObject({ result: 'miss', value: 3_000_000, line: 3_000_000 });
    expect(above.grade?.id).toBe('general');
    expect(above.results[0]).toMatchObject({ result: 'hit', value: 3_000_001, line: 3_000_000, trigger: 'general' });
    expect(above.results[0]?.evidence.map((it) => it.feed)).toEqual([TUITION, INPATIENT]);
  });

  it('does not ask rural households or other categories', () => {
    const rural = [member(MOTHER, '1980-01-01', { attributes: { residence: 'rural' } })];
    for (const part of [{ members: rural }, { category: 'near-poor' as const }]) {
      const answer = assess(hinggan, family(9_000_000, 0, part));
      expect(answer.grade).toBeNull();
      expect(answer.possibleGrade).toBeNull();
      expect(answer.results[0]).toMatchObject({ result: 'miss', excluded: true, value: null });
    }
  });

  it('keeps the question open when nobody said whether the household is urban', () => {
    const answer = assess(hinggan, family(9_000_000, 0, { members: [member(MOTHER, '1980-01-01')] }));
    expect(answer.grade).toBeNull();
    expect(answer.possibleGrade?.id).toBe('general');
    expect(answer.results[0]?.result).toBe('unknown');
    expect(answer.completeness).toBe(0);
  });

  it('keeps the question open below the line while a feed is missing, and fires above it all the same', () => {
    const coverage = coverageUpTo(AS_OF, [TUITION]);
    const below = assess(hinggan, family(2_000_000, 0, { coverage }));
    const above = assess(hinggan, family(3_100_000, 0, { coverage }));
    expect(below.results[0]).toMatchObject({ result: 'unknown', value: 2_000_000, valueHigh: null, missing: [TUITION] });
    expect(below.possibleGrade?.id).toBe('general');
    expect(above.grade?.id).toBe('general');
  });
});
