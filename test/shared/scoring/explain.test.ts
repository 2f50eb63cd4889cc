import { describe, expect, it } from 'vitest';
import { catalog } from '../../../shared/catalog/index.ts';
import { coverageOf } from '../../../shared/facts/coverage.ts';
import type { FileId } from '../../../shared/facts/fact.ts';
import { assess } from '../../../shared/scoring/assess.ts';
import type { AssessmentInput } from '../../../shared/scoring/assessment.ts';
import { compilePack } from '../../../shared/scoring/compile.ts';
import { explainAssessment, explainResult } from '../../../shared/scoring/explain.ts';
import { explainMissing } from '../../../shared/scoring/explain-missing.ts';
import { packsForArea } from '../../../shared/scoring/pack-for-area.ts';
import { valueText, yuanText } from '../../../shared/scoring/value-text.ts';
import {
  CHRONIC,
  COUNTY,
  coverageUpTo,
  DISABILITY,
  day,
  fact,
  feedOf,
  HOUSING,
  household,
  INPATIENT,
  MOTHER,
  member,
  period,
  resultOf,
  shippedCompiled,
  shippedPack,
  UNEMPLOYMENT,
} from './household-builder.ts';

const henan = shippedCompiled('henan-low-income');
const explain = (input: AssessmentInput, indicator: string) =>
  explainResult(henan, resultOf(assess(henan, input), indicator), { category: input.category });

describe('a reason in words', () => {
  it('names the settlements, the sum, the line, the grade it fires and what the family already is', () => {
    const input = household(
      [fact(INPATIENT, '2024-03-04', { selfPaid: 980_000 }), fact(INPATIENT, '2024-03-20', { selfPaid: 2_120_050 })],
      { category: 'near-poor' },
    );
    const text = explain(input, 'medical-self-paid-12m');
    expect(text.zh).toBe(
      '近12个月医疗自付：2笔合计31,000.50元（2024-03-04 9,800.00元、2024-03-20 21,200.50元），达到5,000.00元的线，单独触发“一般”预警，计60分。该户现为：低保边缘。',
    );
    expect(text.en).toBe(
      'medical self-paid, 12 months: 31,000.50 yuan in 2 items (2024-03-04 9,800.00, 2024-03-20 21,200.50), reaching the line of 5,000.00 yuan, fires the grade "general" by itself, 60 points. The household is already: near-poor household.',
    );
  });

  it('says which feed is missing when it cannot be told, and that it may be more when it can', () => {
    const coverage = coverageUpTo(day('2024-04-08'), [CHRONIC]);
    const below = explain(
      household([fact(INPATIENT, '2024-03-04', { selfPaid: 80_000 })], { coverage }),
      'medical-self-paid-12m',
    );
    expect(below.zh).toBe(
      '近12个月医疗自付：1笔合计800.00元（2024-03-04 800.00元），未达到1,000.00元；缺少医保门诊慢特病结算的最新数据，暂不能判断。',
    );
    const above = explain(
      household([fact(INPATIENT, '2024-03-04', { selfPaid: 600_000 })], { coverage }),
      'medical-self-paid-12m',
    );
    expect(above.zh).toContain('实际可能更高');
    expect(above.en).toContain('so it may be more');
  });

  it('says of a row that leaves the question open that it is not complete, not that the data have not come', () => {
    const input = household([fact(HOUSING, '2024-01-01', { renovated: false })]);
    expect(explain(input, 'housing-dangerous')).toEqual({
      zh: '住C级或D级危房：没有能够确认的记录；住建农村危房报来的数据内容不全，暂不能判断。',
      en: 'living in a dangerous house (grade C or D): no record that settles it; what was sent of Housing and construction: Dilapidated housing is not complete, so it cannot be told yet.',
    });
  });

  it('says in plain words that there is nothing', () => {
    expect(explain(household([]), 'housing-dangerous')).toEqual({
      zh: '住C级或D级危房：没有记录。',
      en: 'living in a dangerous house (grade C or D): no record.',
    });
  });

  it('answers a yes/no question with the date of the row', () => {
    const input = household([fact(DISABILITY, '2021-05-01', { disabilityLevel: 1, certificateStatus: 'valid' })]);
    expect(explain(input, 'disability-severe').zh).toBe('有一级二级重度残疾人：有（2021-05-01），计20分。该户现为：未纳入救助。');
  });

  it('names twelve rows and counts the rest', () => {
    const facts = Array.from({ length: 15 }, (_, i) =>
      fact(INPATIENT, `2024-02-${String(i + 1).padStart(2, '0')}`, { selfPaid: 10_000 }),
    );
    expect(explain(household(facts), 'medical-self-paid-12m').zh).toContain('等，另有3笔');
  });

  it('says that a strict line must be passed, and who is not asked', () => {
    const hinggan = shippedCompiled('hinggan-urban-hardship');
    const members = [member(MOTHER, '1980-01-01', { attributes: { residence: 'urban' } })];
    const at = (category: AssessmentInput['category'], selfPaid: number) => {
      const answer = assess(hinggan, household([fact(INPATIENT, '2024-03-04', { selfPaid })], { members, category }));
      return explainResult(hinggan, resultOf(answer, 'rigid-spending-12m'), { category }).zh;
    };
    expect(at('minimum-living-allowance', 3_000_000)).toContain('未超过30,000.00元');
    expect(at('minimum-living-allowance', 3_000_001)).toContain('超过30,000.00元的线');
    expect(at('none', 3_000_001)).toContain('不属于此项的对象');
  });
});

describe('an assessment in words', () => {
  it('sums up, gives one reason per indicator and says what would change the answer', () => {
    const answer = assess(henan, household([fact(INPATIENT, '2024-03-04', { selfPaid: 520_000 })], { category: 'near-poor' }));
    const { summary, reasons, changes } = explainAssessment(henan, answer);
    expect(summary.zh).toBe('截至2024-04-08：“一般”预警，25分，已知指标100%。该户现为：低保边缘。');
    expect(reasons).toHaveLength(henan.indicators.length);
    const zh = changes.map((it) => it.zh);
    expect(zh).toContain('再得75分，即为“紧急”预警');
    expect(zh).toContain('近12个月医疗自付如因退费、冲销减少200.01元，此项不再单独触发');
    expect(zh.some((text) => text.startsWith('近12个月医疗自付再增加4,800.00元'))).toBe(true);
  });

  it('names the refund that takes the lowest of several triggers back too', () => {
    const pack = shippedPack('henan-low-income');
    const indicators = pack.indicators.map((one) =>
      one.id === 'medical-self-paid-12m'
        ? { ...one, triggers: [...one.triggers, ...one.triggers.map((it) => ({ ...it, from: 30_000, grade: 'urgent' }))] }
        : one,
    );
    const two = compilePack({ ...pack, indicators }, catalog);
    const answer = assess(two, household([fact(INPATIENT, '2024-03-04', { selfPaid: 3_200_000 })]));
    expect(answer.grade?.id).toBe('urgent');
    const zh = explainAssessment(two, answer).changes.map((it) => it.zh);
    expect(zh).toContain('近12个月医疗自付如因退费、冲销减少27,000.01元，此项不再单独触发');
  });

  it('shows the interval while feeds are missing', () => {
    const answer = assess(henan, household([], { coverage: new Map() }));
    expect(explainAssessment(henan, answer).summary.en).toContain('no warning, 0–');
    expect(explainAssessment(henan, answer).summary.en).toContain('0% of indicators known');
  });
});

describe('data that lack, in words', () => {
  const lacking = (deliveries: readonly (readonly [string, string, boolean?])[], facts: AssessmentInput['facts'] = []) => {
    const coverage = coverageOf(
      deliveries.map(([feed, text, complete = true]) => ({
        feed: feedOf(feed).id,
        county: COUNTY,
        period: period(text),
        complete,
        file: 'c'.repeat(24) as FileId,
      })),
    );
    return explainMissing(henan, assess(henan, household(facts, { coverage })), coverage);
  };
  const of = (feed: string, found: ReturnType<typeof lacking>) => found.find((one) => one.feed === feed);

  it('names each feed once, and says that it never came, since when it lacks, or what it left out', () => {
    const found = lacking([
      [INPATIENT, '2024-01'],
      [HOUSING, '2024-03'],
      [UNEMPLOYMENT, '2024-01'],
      [UNEMPLOYMENT, '2024-03'],
    ]);
    expect(new Set(found.map(({ feed }) => feed)).size).toBe(found.length);
    expect(of(HOUSING, found)).toBeUndefined();
    expect(of(CHRONIC, found)).toMatchObject({
      latest: null,
      since: null,
      text: {
        zh: '医保门诊慢特病结算（本县从未报送）',
        en: 'Medical insurance: Outpatient chronic-disease settlement (never received for this county)',
      },
    });
    expect(of(INPATIENT, found)).toMatchObject({ latest: '2024-01', since: '2024-02' });
    expect(of(INPATIENT, found)?.text.zh).toBe('医保住院结算（只报至2024-01，自2024-02起缺）');
    expect(of(UNEMPLOYMENT, found)?.text.en).toMatch(/ \(received up to 2024-03, without 2024-02\)$/);
  });

  it('says so when the feed has come and only rows of it leave questions open', () => {
    const found = lacking([[HOUSING, '2024-03']], [fact(HOUSING, '2024-01-01', { renovated: false })]);
    expect(of(HOUSING, found)?.text.zh).toBe('住建农村危房（已报至2024-03，但有内容不全或退回的行，或晚于本次评估才到）');
  });
});

describe('amounts in words', () => {
  it('writes fen as yuan without losing one', () => {
    expect([0, 5, 100, 123_450, 123_456_789, -5].map(yuanText)).toEqual([
      '0.00',
      '0.05',
      '1.00',
      '1,234.50',
      '1,234,567.89',
      '-0.05',
    ]);
    expect(valueText(0.625, 'ratio').zh).toBe('62.5%');
    // Not 100000000%, the number that stands for it.
    expect(valueText(1_000_000, 'ratio')).toEqual({
      zh: '高于任何比例（对照的一项为0）',
      en: 'above any ratio (there is nothing to set it against)',
    });
  });
});

describe('packs by area', () => {
  const settings = [
    { prefix: '', packs: ['henan-low-income'] },
    { prefix: '37', packs: ['shandong-low-income'] },
    { prefix: '3706', packs: ['yantai'] },
  ];

  it('gives the packs of the longest prefix', () => {
    expect(packsForArea(settings, '370611001001')).toEqual(['yantai']);
    expect(packsForArea(settings, '371621')).toEqual(['shandong-low-income']);
    expect(packsForArea(settings, '411122')).toEqual(['henan-low-income']);
    expect(packsForArea(settings, '')).toEqual(['henan-low-income']);
    expect(packsForArea(settings.slice(1), '411122')).toEqual([]);
  });
});
