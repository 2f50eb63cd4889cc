import { describe, expect, it } from 'vitest';
import { assistanceChain } from '../../../shared/assistance/chain.ts';
import { type AidAsked, guardAid } from '../../../shared/assistance/guard.ts';
import type { Instant } from '../../../shared/calendar/plain-date.ts';
import type { Aid, Referral } from '../../../shared/casework/case.ts';
import { DEFAULTS_ONLY } from '../../../shared/casework/parameters.ts';
import type { Fact } from '../../../shared/facts/fact.ts';
import { aCase, caseId, referral } from '../../builders/cases.ts';
import { day, fact } from '../scoring/household-builder.ts';
import { person, withStandard } from './offered-family.ts';

const [A, B] = [person(1), person(2)];
const context = { area: '411122001', persons: 3, parameters: withStandard(600) };

const aid = (id: string, date: string, part: Partial<Aid> = {}): Aid => ({
  id,
  measure: 'temporary-aid',
  department: 'civil-affairs',
  amount: 200_000,
  rhythm: 'once',
  date: day(date),
  by: 'caseworker-1',
  event: `W-${id}`,
  ...part,
});
const chainOf = (aids: readonly Aid[], facts: readonly Fact[] = [], referrals: readonly Referral[] = []) =>
  assistanceChain({ asOf: day('2024-12-31'), cases: [aCase(1, { aids, referrals })], facts });
const asked = (part: Partial<AidAsked> = {}): AidAsked => ({
  measure: 'temporary-aid',
  rhythm: 'once',
  amount: 150_000,
  date: day('2024-06-10'),
  event: 'W-new',
  ...part,
});
const codes = (verdict: ReturnType<typeof guardAid>) => [verdict.verdict, ...verdict.reasons.map(({ code }) => code)];

describe('the double-aid guard', () => {
  it('lets the first help pass', () => {
    expect(guardAid(asked(), chainOf([]), context)).toEqual({ verdict: 'ok', reasons: [] });
  });

  it('refuses the same help for the same event, with the line it rests on', () => {
    const verdict = guardAid(asked({ event: 'W-1' }), chainOf([aid('1', '2024-03-18')]), context);
    expect(codes(verdict)).toEqual(['refuse', 'same-event']);
    expect(verdict.reasons[0]?.lines).toEqual([`${caseId(1)}:aid:1`]);
    expect(verdict.reasons[0]?.text).toEqual({
      zh: '同一事项已给予过同类救助：2024-03-18 2,000.00元，不得重复',
      en: 'The same help was given for this event already: 2024-03-18 2,000.00 yuan; it may not be given twice',
    });
  });

  it('lets other help for the same event pass, and warns where rapid relief came first', () => {
    const chain = chainOf([aid('1', '2024-06-01', { measure: 'small-rapid-relief', amount: 60_000 })]);
    expect(codes(guardAid(asked({ event: 'W-1', measure: 'education-aid' }), chain, context))).toEqual(['ok']);
    expect(codes(guardAid(asked({ event: 'W-1' }), chain, context))).toEqual(['warn', 'same-event']);
  });

  it('warns above the yearly count, or refuses where the area says so', () => {
    const chain = chainOf([aid('1', '2024-01-18'), aid('2', '2024-03-18')]);
    expect(codes(guardAid(asked(), chain, context))).toEqual(['warn', 'yearly-count']);
    expect(codes(guardAid(asked(), chain, { ...context, aboveLimit: 'refuse' }))).toEqual(['refuse', 'yearly-count']);
    expect(codes(guardAid(asked({ date: day('2025-01-02') }), chain, context))).toEqual(['ok']);
  });

  it('counts what departments told by file', () => {
    const row = fact('civil-affairs/temporary-aid', '2024-02-11', { amount: 100_000 }, { person: B });
    expect(codes(guardAid(asked(), chainOf([aid('1', '2024-01-18')], [row]), context))).toEqual(['warn', 'yearly-count']);
  });

  it('only warns while two lines may be one payment', () => {
    const row = fact('civil-affairs/temporary-aid', '2024-02-02', { amount: 200_000 }, { person: B });
    const chain = chainOf([aid('1', '2024-01-18')], [row]);
    const verdict = guardAid(asked(), chain, { ...context, aboveLimit: 'refuse' });
    expect(codes(verdict)).toEqual(['warn', 'yearly-count']);
    expect(verdict.reasons[0]?.text.zh).toContain('1–2次');
  });

  it('warns above the yearly sum: six standards a head', () => {
    const chain = chainOf([aid('1', '2024-01-18', { amount: 1_000_000 })]);
    expect(codes(guardAid(asked({ amount: 80_000 }), chain, context))).toEqual(['ok']);
    expect(codes(guardAid(asked({ amount: 80_001 }), chain, context))).toEqual(['warn', 'yearly-sum']);
  });

  it('refuses small rapid relief above one month of the standard', () => {
    const relief = (amount: number) => guardAid(asked({ measure: 'small-rapid-relief', amount }), chainOf([]), context);
    expect(codes(relief(60_000))).toEqual(['ok']);
    expect(codes(relief(60_001))).toEqual(['refuse', 'above-rapid-relief']);
  });

  it('says so when the local standard was never entered', () => {
    const verdict = guardAid(asked(), chainOf([]), { ...context, parameters: DEFAULTS_ONLY });
    expect(codes(verdict)).toEqual(['warn', 'limit-unknown']);
  });

  it('refuses what is paid monthly already, to the same person', () => {
    const job = fact('human-resources/public-welfare-job', '2024-02-01', { amount: 83_600 }, { person: A, to: '2024-08-31' });
    const monthly = (part: Partial<AidAsked>) =>
      codes(
        guardAid(asked({ measure: 'public-welfare-job', rhythm: 'monthly', person: A, ...part }), chainOf([], [job]), context),
      );
    expect(monthly({})).toEqual(['refuse', 'in-service']);
    expect(monthly({ person: B })).toEqual(['ok']);
    expect(monthly({ date: day('2024-09-01') })).toEqual(['ok']);
  });

  it('refuses a single person the allowance that the household has', () => {
    const register = fact(
      'civil-affairs/low-income-register',
      '2023-06-01',
      { category: 'minimum-living-allowance', householdNumber: 'D1', monthlyAmount: 120_000 },
      { person: B },
    );
    const single = asked({ measure: 'minimum-living-allowance-single', rhythm: 'monthly', person: A });
    expect(codes(guardAid(single, chainOf([], [register]), context))).toEqual(['refuse', 'in-service']);
  });

  it('asks to look twice at the same sum in the same month', () => {
    const answered = referral('R1', 'education', {
      measure: 'education-aid',
      person: A,
      answers: [{ id: 'h1', at: '2024-06-02T02:00:00.000Z' as Instant, by: 'handler-1', kind: 'done', amount: 150_000 }],
    });
    const again = asked({ measure: 'education-aid', person: A });
    expect(codes(guardAid(again, chainOf([], [], [answered]), context))).toEqual(['warn', 'perhaps-given']);
  });
});
