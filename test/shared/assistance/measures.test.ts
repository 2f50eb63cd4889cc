import { describe, expect, it } from 'vitest';
import { measures } from '../../../shared/assistance/measures.ts';
import { entitledYears, newbornEntitlement } from '../../../shared/assistance/newborns.ts';
import { owners } from '../../../shared/assistance/owners.ts';
import { actionCodes, needCodes } from '../../../shared/casework/codes.ts';
import type { HouseholdCategory } from '../../../shared/registry/household.ts';
import { coverageUpTo, DISABILITY, day, fact, INPATIENT, member, shippedPack } from '../scoring/household-builder.ts';
import { offersBy, offersTo, outcomeOf, person } from './offered-family.ts';

const [A, B] = [person(1), person(2)];
const everyFeed = [...new Set(['civil-affairs/low-income-register', ...[...coverageUpTo(day('2024-04-08')).keys()]])];
const couple = [
  { ...member(A, '1970-02-01', { relation: 'head', head: true }), sex: 'male' as const },
  member(B, '1972-06-01', { relation: 'spouse' }),
];

describe.each([...measures.values()])('measure $id', (measure) => {
  it('has an owner, a title in both languages, an action, needs and a source', () => {
    expect(owners).toHaveProperty(measure.department, measure.departmentTitle);
    expect(measure.title.zh).toMatch(/\p{Script=Han}/u);
    expect(measure.title.en).toMatch(/^[ -~]+$/);
    expect(Object.keys(actionCodes)).toContain(measure.action);
    for (const need of measure.needs) expect(Object.keys(needCodes)).toContain(need);
    expect(measure.needs.length).toBeGreaterThan(0);
    expect(measure.source.ref).not.toBe('');
  });

  it('says why in both languages whatever is known of the household', () => {
    const categories: HouseholdCategory[] = ['none', 'near-poor', 'minimum-living-allowance', 'destitute-support'];
    for (const category of categories) {
      for (const missing of [[], everyFeed]) {
        const offers = offersTo({
          on: '2024-04-08',
          area: '152201001001',
          category,
          members: couple,
          facts: [],
          reasons: ['health', 'education'],
          coverage: coverageUpTo(day('2024-04-08'), missing),
        });
        for (const offer of offersBy(offers, measure.id)) {
          expect(offer.reasons.length, category).toBeGreaterThan(0);
          expect(offer.find.length > 0, `${category} ${offer.outcome}`).toBe(offer.outcome === 'unknown');
          for (const text of [...offer.reasons, ...offer.find, offer.amount.text]) {
            expect(text.zh).toMatch(/\p{Script=Han}/u);
            expect(text.en).toMatch(/^[ -~−×’]+$/);
          }
        }
      }
    }
  });
});

describe('offers', () => {
  const about = { on: '2024-04-08', category: 'minimum-living-allowance' as const, members: couple, facts: [] };

  it('take a late feed for unknown and never for no', () => {
    const late = (feed: string) => offersTo({ ...about, coverage: coverageUpTo(day('2024-04-08'), [feed]) });
    expect(outcomeOf(offersTo(about), 'rehabilitation')).toBe('does-not-fit');
    expect(outcomeOf(late(DISABILITY), 'rehabilitation')).toBe('unknown');
    expect(outcomeOf(offersTo(about), 'medical-aid')).toBe('does-not-fit');
    expect(outcomeOf(late(INPATIENT), 'medical-aid')).toBe('unknown');
    expect(outcomeOf(late('human-resources/employment-registration'), 'public-welfare-job')).toBe('unknown');
  });

  it('put first what fits, of that first what answers the weightiest reason', () => {
    const offers = offersTo({
      ...about,
      facts: [fact(INPATIENT, '2024-02-02', { selfPaid: 1_800_000 }, { person: A })],
      reasons: ['health', 'education'],
    });
    const outcomes = offers.map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['fits', 'unknown', 'does-not-fit'].flatMap((one) => outcomes.filter((other) => other === one)));
    expect(offers.filter(({ outcome }) => outcome === 'fits').map(({ measure }) => measure)).toEqual([
      'temporary-aid',
      'medical-aid',
      'paid-enrolment',
      'paid-enrolment',
      'charity-match',
      'consolation-money',
    ]);
  });

  it('do not offer a job to who has one on the list of the department', () => {
    const job = fact('human-resources/public-welfare-job', '2024-01-01', { amount: 83_600, position: '保洁' }, { person: B });
    const offers = offersTo({ ...about, facts: [job], told: { members: new Map([[B, { workAbility: 'full', work: 'none' }]]) } });
    expect(offersBy(offers, 'public-welfare-job', B)).toEqual([]);
  });

  it('have a second temporary aid in the year looked at by the count of the area', () => {
    const aid = (date: string) => fact('civil-affairs/temporary-aid', date, { amount: 200_000 }, { person: A });
    const offers = (facts: Parameters<typeof offersTo>[0]['facts']) =>
      outcomeOf(offersTo({ ...about, facts, reasons: ['health'] }), 'temporary-aid');
    expect(offers([aid('2024-01-10')])).toBe('fits');
    expect(offers([aid('2024-01-10'), aid('2024-03-10')])).toBe('unknown');
    expect(offers([aid('2023-11-10'), aid('2023-12-10')])).toBe('fits');
  });

  it('are the same for the same situation', () => {
    expect(offersTo(about)).toEqual(offersTo(about));
  });
});

describe('the entitlement of newborns', () => {
  it('holds for Jiangxi from 2024-01-01, three calendar years', () => {
    expect(entitledYears(day('2023-12-31'), '360602')).toEqual([]);
    expect(entitledYears(day('2024-01-01'), '360602')).toEqual([2024, 2025, 2026]);
    expect(entitledYears(day('2025-12-31'), '360602')).toEqual([2025, 2026, 2027]);
    expect(entitledYears(day('2024-01-01'), '411122')).toEqual([]);
  });

  it('is what the pack asks by', () => {
    const text = JSON.stringify(shippedPack('jiangxi-newborn-enrolment'));
    expect(text).toContain(`"gte":"${newbornEntitlement.bornFrom}"`);
    expect(text).toContain(`"calendar-years-${newbornEntitlement.years}"`);
    expect(shippedPack('jiangxi-newborn-enrolment').area).toBe(newbornEntitlement.area);
  });
});
