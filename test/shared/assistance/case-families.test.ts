import { describe, expect, it } from 'vitest';
import type { Told } from '../../../shared/assistance/situation.ts';
import type { PersonKey } from '../../../shared/facts/fact.ts';
import { DISABILITY, ENROLMENT, fact, INPATIENT, member, TUITION } from '../scoring/household-builder.ts';
import { offeredIds, offersBy, offersTo, outcomeOf, person, withStandard } from './offered-family.ts';

/** What the six published families must be offered and must not be (the agreed acceptance cases). */

const [A, B, C, D] = [person(1), person(2), person(3), person(4)];
const bill = (who: PersonKey, date: string, yuan: number) =>
  fact(INPATIENT, date, { selfPaid: yuan * 100, settlementNumber: `S${date}${yuan}` }, { person: who });
const certificate = (who: PersonKey, disabilityClass: string, level: number) =>
  fact(DISABILITY, '2020-05-01', { disabilityClass, disabilityLevel: level }, { person: who });
const told = (
  members: ReadonlyMap<PersonKey, NonNullable<ReturnType<NonNullable<Told['members']>['get']>>>,
  more: Told = {},
): Told => ({ ...more, members });

describe('Henan: a near-poor family, the mother in hospital with heart failure', () => {
  const offers = offersTo({
    on: '2024-01-08',
    category: 'near-poor',
    members: [
      member(A, '1978-03-02', { relation: 'head', head: true, category: 'near-poor' }),
      { ...member(B, '1976-02-01', { relation: 'spouse', category: 'near-poor' }), sex: 'male' },
      member(C, '1953-06-01', { relation: 'parent', category: 'near-poor' }),
    ],
    facts: [bill(C, '2023-12-04', 9_800), bill(C, '2023-12-15', 12_300), bill(C, '2023-12-28', 10_400)],
    reasons: ['health'],
    told: told(
      new Map([
        [A, { work: 'flexible' }],
        [B, { work: 'migrant' }],
      ]),
    ),
  });

  it('is offered temporary aid', () => {
    expect(outcomeOf(offers, 'temporary-aid')).toBe('fits');
  });

  it('is offered the allowance for the mother alone, if her illness does not improve', () => {
    const [single] = offersBy(offers, 'minimum-living-allowance-single', C);
    expect(single?.outcome).toBe('unknown');
    expect(single?.find[0]?.zh).toContain('病情如不见好转');
    expect(single?.reasons.map(({ zh }) => zh).join()).toContain('32,500.00元');
    expect(offersBy(offers, 'minimum-living-allowance-single', A)).toEqual([]);
  });

  it('is not offered the allowance for the whole household: labour at work, income above the line', () => {
    const [whole] = offersBy(offers, 'minimum-living-allowance');
    expect(whole?.outcome).toBe('does-not-fit');
    expect(whole?.reasons.map(({ zh }) => zh).join()).toMatch(/有劳动力且在业（户主（45岁）、配偶（47岁））.*低保边缘/);
    expect(whole?.reasons.map(({ en }) => en).join()).toMatch(/labour at work/);
  });

  it('may move up once income has fallen', () => {
    const jobless = fact('human-resources/unemployment-registration', '2023-11-20', {}, { person: B });
    const later = offersTo({
      on: '2024-01-08',
      category: 'near-poor',
      members: [
        member(A, '1978-03-02', { relation: 'head', head: true }),
        { ...member(B, '1976-02-01', { relation: 'spouse' }), sex: 'male' },
      ],
      facts: [jobless],
      reasons: ['employment'],
      told: told(
        new Map([
          [A, { work: 'flexible' }],
          [B, { work: 'none' }],
        ]),
      ),
    });
    const [whole] = offersBy(later, 'minimum-living-allowance');
    expect(whole?.outcome).toBe('unknown');
    expect(whole?.find.map(({ zh }) => zh).join()).toContain('由边缘转为低保');
  });
});

describe('Shandong: on the allowance, the head disabled by a stroke, two daughters at university', () => {
  const offers = offersTo({
    on: '2024-11-08',
    area: '371621102203',
    category: 'minimum-living-allowance',
    members: [
      { ...member(A, '1968-04-11', { relation: 'head', head: true }), sex: 'male' },
      member(B, '1970-09-02', { relation: 'spouse' }),
      member(C, '2003-01-20', { relation: 'child' }),
      member(D, '2005-07-07', { relation: 'child' }),
    ],
    facts: [
      bill(A, '2024-05-11', 2_300),
      bill(A, '2024-09-12', 1_900),
      certificate(A, 'limb', 2),
      fact(TUITION, '2024-09-03', { tuition: 520_000, lodging: 80_000, stage: 'undergraduate' }, { person: C }),
      fact(TUITION, '2024-09-03', { tuition: 480_000, lodging: 80_000, stage: 'undergraduate' }, { person: D }),
      fact(ENROLMENT, '2024-10-31', { stage: 'undergraduate' }, { person: C }),
      fact(ENROLMENT, '2024-10-31', { stage: 'undergraduate' }, { person: D }),
    ],
    reasons: ['illness', 'education', 'disability'],
    told: told(
      new Map([
        [A, { workAbility: 'light', work: 'none' }],
        [B, { work: 'farming' }],
      ]),
    ),
  });

  it('is offered a public-welfare job suited to the head’s disability and age', () => {
    const [job] = offersBy(offers, 'public-welfare-job', A);
    expect(job?.outcome).toBe('fits');
    expect(job?.department).toBe('human-resources');
    expect(job?.reasons.map(({ zh }) => zh).join()).toMatch(/肢体残疾二级，可从事轻体力劳动，适合轻便保洁/);
  });

  it('is offered education aid for both daughters, with what the school has already told', () => {
    const aid = offersBy(offers, 'education-aid');
    expect(aid.map(({ person: who, outcome }) => [who, outcome])).toEqual([
      [C, 'fits'],
      [D, 'fits'],
    ]);
    const papers = new Map(aid[0]?.papers.map(({ paper, waivedBy }) => [paper, waivedBy?.feed]));
    expect(papers.get('enrolment')).toBe('education/enrolment');
    expect(papers.get('tuition-receipts')).toBe('education/tuition-payment');
    expect(aid[0]?.prefilled).toContainEqual(expect.objectContaining({ item: 'stage', value: 'undergraduate' }));
  });

  it('is not offered what it has', () => {
    expect(outcomeOf(offers, 'minimum-living-allowance')).toBe('does-not-fit');
    expect(outcomeOf(offers, 'near-poor-recognition')).toBe('does-not-fit');
    expect(offersBy(offers, 'minimum-living-allowance')[0]?.reasons[0]?.zh).toBe('该户已是低保，不重复办理');
  });

  it('is not offered a job for a head who cannot work', () => {
    const unable = offersTo({
      on: '2024-11-08',
      category: 'minimum-living-allowance',
      members: [{ ...member(A, '1968-04-11', { relation: 'head', head: true }), sex: 'male' }],
      facts: [certificate(A, 'limb', 1)],
      told: told(new Map([[A, { workAbility: 'none' }]])),
    });
    expect(outcomeOf(unable, 'public-welfare-job')).toBe('does-not-fit');
  });
});

describe('Yantai: in no register, eleven months of hospital bills, a child at school', () => {
  const facts = [
    ...Array.from({ length: 11 }, (_, month) => bill(A, `2023-${String(month + 2).padStart(2, '0')}-20`, 8_300)),
    fact(ENROLMENT, '2023-12-31', { stage: 'junior' }, { person: B, period: '2023-12' }),
  ];
  const members = [
    { ...member(A, '1975-08-09', { relation: 'head', head: true }), sex: 'male' as const },
    member(B, '2009-11-11', { relation: 'child' }),
  ];
  const about = {
    on: '2024-01-08',
    area: '370611001006',
    category: 'none' as const,
    members,
    facts,
    reasons: ['illness', 'education'],
    urgent: true,
  };

  it('is offered recognition, temporary aid, medical aid and a charity', () => {
    const offers = offersTo(about);
    const expected = ['rigid-expenditure-recognition', 'temporary-aid', 'medical-aid', 'charity-match'];
    expect(offeredIds(offers)).toEqual(expect.arrayContaining(expected));
    expect(outcomeOf(offers, 'temporary-aid')).toBe('fits');
    const [rigid] = offersBy(offers, 'rigid-expenditure-recognition');
    expect(rigid?.outcome).toBe('unknown');
    expect(rigid?.find[0]?.zh).toBe('核算家庭年收入：低于152,166.67元即符合支出收入比');
  });

  it('fits recognition once income and property are known', () => {
    const parameters = withStandard(950);
    const [standard] = parameters.amounts;
    const offers = offersTo({
      ...about,
      told: { incomePerHead: 180_000, assets: 'within' },
      parameters:
        standard === undefined
          ? parameters
          : { ...parameters, amounts: [standard, { ...standard, name: 'disposable-income-year', value: 40_000_00 }] },
    });
    const [rigid] = offersBy(offers, 'rigid-expenditure-recognition');
    expect(rigid?.outcome).toBe('fits');
    expect(rigid?.reasons.map(({ zh }) => zh).join()).toContain('91,300.00元，占家庭收入211.3%，超过60%');
  });

  it('asks for no paper that a department shares', () => {
    const [aid] = offersBy(offersTo(about), 'temporary-aid');
    const asked = aid?.papers.filter(({ waivedBy }) => waivedBy === undefined).map(({ paper }) => paper);
    expect(asked).toEqual(['application', 'identity', 'tuition-receipts', 'account']);
    expect(aid?.prefilled).toContainEqual({
      item: 'medicalSelfPaid',
      title: { zh: '近12个月医疗自付', en: 'medical self-paid, 12 months' },
      value: 91_300_00,
      unit: 'fen',
    });
  });
});

describe('Hinggan: an urban family on the allowance with rigid spending above 30,000', () => {
  const members = [
    member(A, '1980-02-03', { relation: 'head', head: true, attributes: { residence: 'urban' } }),
    member(B, '2006-05-05', { relation: 'child', attributes: { residence: 'urban' } }),
  ];
  const facts = (last: number) => [
    bill(B, '2023-11-10', 10_000),
    bill(A, '2024-05-10', 10_000),
    bill(A, '2024-06-10', last),
    certificate(A, 'visual', 2),
    certificate(B, 'limb', 4),
  ];
  const about = {
    on: '2024-07-08',
    area: '152201002001',
    category: 'minimum-living-allowance' as const,
    members,
    reasons: ['rigid-spending'],
  };
  const illnesses = told(
    new Map([
      [A, { illnesses: ['胶质瘤', '神经纤维瘤', '乳腺恶性肿瘤'] }],
      [B, { illnesses: ['重度脊柱侧弯'] }],
    ]),
  );

  it('is offered recognition as urban hardship, consolation money and the federation’s aid', () => {
    const offers = offersTo({ ...about, facts: facts(10_126.8), told: illnesses });
    expect(outcomeOf(offers, 'urban-hardship-recognition')).toBe('fits');
    expect(outcomeOf(offers, 'consolation-money')).toBe('fits');
    expect(offersBy(offers, 'two-cancer-aid').map(({ person: who, outcome, department }) => [who, outcome, department])).toEqual([
      [A, 'fits', 'womens-federation'],
    ]);
    expect(outcomeOf(offers, 'minimum-living-allowance')).toBe('does-not-fit');
  });

  it('is not recognised at 30,000.00, and is at 30,000.01', () => {
    expect(outcomeOf(offersTo({ ...about, facts: facts(10_000) }), 'urban-hardship-recognition')).toBe('does-not-fit');
    expect(outcomeOf(offersTo({ ...about, facts: facts(10_000.01) }), 'urban-hardship-recognition')).toBe('fits');
  });

  it('has to find out the diagnosis where it was not read', () => {
    const [aid] = offersBy(offersTo({ ...about, facts: facts(11_000) }), 'two-cancer-aid', A);
    expect([aid?.outcome, aid?.find[0]?.en]).toEqual(['unknown', 'find out whether it is breast or cervical cancer']);
  });

  it('elsewhere has no such recognition', () => {
    expect(offersBy(offersTo({ ...about, area: '411122001', facts: facts(11_000) }), 'urban-hardship-recognition')).toEqual([]);
  });
});

describe('Huangshi: an application, the daughter of ten has leukaemia', () => {
  const about = {
    on: '2023-12-08',
    area: '420202001',
    category: 'none' as const,
    members: [
      { ...member(A, '1974-05-06', { relation: 'head', head: true }), sex: 'male' as const },
      member(B, '1979-05-06', { relation: 'spouse' }),
      member(C, '2013-05-06', { relation: 'child' }),
    ],
    facts: [bill(C, '2023-11-11', 46_000)],
  };
  const members = new Map([
    [A, { work: 'odd-jobs' as const }],
    [B, { work: 'odd-jobs' as const }],
    [C, { graveIllness: true, illnesses: ['白血病'] }],
  ]);

  it('fits the allowance once the check agrees with what was declared', () => {
    const offers = offersTo({ ...about, told: { needs: ['medical'], incomePerHead: 41_000, assets: 'within', members } });
    const [whole] = offersBy(offers, 'minimum-living-allowance');
    expect(whole?.outcome).toBe('fits');
    expect(whole?.amount).toMatchObject({ rhythm: 'monthly', fen: 57_000 });
  });

  it('has income and property found out before', () => {
    const [whole] = offersBy(offersTo({ ...about, told: { needs: ['medical'], members } }), 'minimum-living-allowance');
    expect(whole?.outcome).toBe('unknown');
    expect(whole?.find.map(({ zh }) => zh)).toEqual(['核算共同生活家庭成员人均月收入', '经授权核对家庭经济状况']);
  });

  it('is offered medical aid and paid enrolment, before recognition as what comes with it', () => {
    const before = offersTo({ ...about, told: { needs: ['medical'], members } });
    expect([outcomeOf(before, 'medical-aid', C), outcomeOf(before, 'paid-enrolment', C)]).toEqual(['unknown', 'unknown']);
    const after = offersTo({ ...about, category: 'minimum-living-allowance', told: { members } });
    expect([outcomeOf(after, 'medical-aid', C), outcomeOf(after, 'paid-enrolment', C)]).toEqual(['fits', 'fits']);
  });
});

describe('Jiangxi: a newborn', () => {
  const born = (date: string) =>
    offersTo({
      on: '2024-03-12',
      area: '360602001',
      category: 'none',
      members: [member(A, '1996-05-02', { relation: 'head', head: true }), member(B, date, { relation: 'child' })],
      facts: [fact('health/birth-certificate', date, { bornOn: date }, { person: B })],
    });

  it('born on 2024-01-01 is offered enrolment paid for 2024, 2025 and 2026, before everything else', () => {
    const offers = born('2024-01-01');
    expect(offers[0]).toMatchObject({
      measure: 'newborn-enrolment',
      person: B,
      outcome: 'fits',
      department: 'medical-insurance',
    });
    expect(offers[0]?.amount.text.zh).toBe('2024、2025、2026年居民医保个人缴费全额');
    expect(offers[0]?.papers.find(({ paper }) => paper === 'birth-certificate')?.waivedBy?.feed).toBe('health/birth-certificate');
  });

  it('born on 2023-12-31 is not', () => {
    expect(outcomeOf(born('2023-12-31'), 'newborn-enrolment')).toBe('does-not-fit');
  });
});
