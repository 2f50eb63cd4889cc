import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assistanceChain } from '../../../shared/assistance/chain.ts';
import type { ChainLine } from '../../../shared/assistance/chain-line.ts';
import type { Instant } from '../../../shared/calendar/plain-date.ts';
import type { Aid, Case, Referral, ReferralAnswer } from '../../../shared/casework/case.ts';
import type { Fact } from '../../../shared/facts/fact.ts';
import { aCase, caseId, referral } from '../../builders/cases.ts';
import { day, fact } from '../scoring/household-builder.ts';
import { person } from './offered-family.ts';

const [A, B] = [person(1), person(2)];
const asOf = day('2024-12-31');
const JOB = 'human-resources/public-welfare-job';
const TEMPORARY = 'civil-affairs/temporary-aid';
const ALLOWANCE = 'civil-affairs/minimum-living-allowance-payment';

const at = (date: string) => `${date}T02:00:00.000Z` as Instant;
const done = (id: string, date: string, part: Partial<ReferralAnswer> = {}): ReferralAnswer => ({
  id,
  at: at(date),
  by: 'handler-1',
  kind: 'done',
  ...part,
});
const asked = (
  id: string,
  department: string,
  measure: string,
  answers: readonly ReferralAnswer[],
  part: Partial<Referral> = {},
) => referral(id, department, { measure, sentAt: at('2024-03-01'), answers, ...part });
const aid = (id: string, part: Partial<Aid> = {}): Aid => ({
  id,
  measure: 'temporary-aid',
  department: 'civil-affairs',
  rhythm: 'once',
  date: day('2024-03-18'),
  by: 'caseworker-1',
  event: 'W-1',
  ...part,
});

function chainOf(part: Partial<Case>, facts: readonly Fact[] = []) {
  return assistanceChain({ asOf, cases: [aCase(1, part)], facts });
}

const given = (lines: readonly ChainLine[]) => lines.filter(({ kind }) => kind === 'given' || kind === 'standing');
const told = ({ date, kind, measure, amount }: ChainLine) => [date, kind, measure, amount];

describe('the assistance chain', () => {
  it('tells in time order what was decided, asked, refused and given, by whom and how much', () => {
    const chain = chainOf({
      decisions: [{ at: at('2024-02-29'), by: 'caseworker-1', level: 'township', kind: 'help', actions: ['A8', 'A6'] }],
      referrals: [
        asked('R1', 'education', 'education-aid', [done('h1', '2024-03-20', { amount: 165_000 })]),
        asked('R2', 'housing', 'public-rental-housing', [
          { id: 'h2', at: at('2024-03-04'), by: 'handler-2', kind: 'refuse', code: 'conditions-not-met' },
        ]),
        asked('R3', 'charity', 'charity-match', [], {
          recall: { code: 'solved-otherwise', at: at('2024-03-30'), by: 'caseworker-1' },
        }),
      ],
      aids: [aid('1', { amount: 504_000 })],
    });
    expect(chain.lines.map(told)).toEqual([
      ['2024-02-29', 'decided', 'help', undefined],
      ['2024-03-01', 'asked', 'education-aid', undefined],
      ['2024-03-01', 'asked', 'public-rental-housing', undefined],
      ['2024-03-01', 'asked', 'charity-match', undefined],
      ['2024-03-04', 'refused', 'public-rental-housing', undefined],
      ['2024-03-18', 'given', 'temporary-aid', 504_000],
      ['2024-03-20', 'given', 'education-aid', 165_000],
      ['2024-03-30', 'recalled', 'charity-match', undefined],
    ]);
    expect(chain.lines.find(({ kind }) => kind === 'refused')).toMatchObject({ by: 'handler-2', refusal: 'conditions-not-met' });
  });

  it('shows allowance, job and education aid of the Shandong family from files and answers', () => {
    const register = (who: typeof A) =>
      fact(
        'civil-affairs/low-income-register',
        '2023-06-01',
        { category: 'minimum-living-allowance', householdNumber: 'D1', monthlyAmount: 120_000 },
        { person: who },
      );
    const chain = chainOf(
      {
        referrals: [
          asked(
            'R1',
            'human-resources',
            'public-welfare-job',
            [done('h1', '2024-04-01', { amount: 83_600, rhythm: 'monthly' })],
            { person: A },
          ),
          asked('R2', 'education', 'education-aid', [done('h2', '2024-04-10', { amount: 300_000 })], { person: B }),
        ],
      },
      [register(A), register(B), fact(JOB, '2024-04-01', { amount: 83_600, position: '保洁' }, { person: A })],
    );
    expect(given(chain.lines).map((line) => [...told(line), line.sources.length])).toEqual([
      ['2023-06-01', 'standing', 'minimum-living-allowance', 120_000, 2],
      ['2024-04-01', 'standing', 'public-welfare-job', 83_600, 2],
      ['2024-04-10', 'given', 'education-aid', 300_000, 1],
    ]);
    expect(chain.years.map(({ year, given: sum }) => [year, sum.low, sum.high])).toEqual([
      [2023, 7 * 120_000, 7 * 120_000],
      [2024, 12 * 120_000 + 9 * 83_600 + 300_000, 12 * 120_000 + 9 * 83_600 + 300_000],
    ]);
  });

  it('keeps a running total for the calendar year', () => {
    const pay = (month: string, amount: number) =>
      fact(ALLOWANCE, `${month}-10`, { month, amount, householdNumber: 'D1' }, { person: A });
    const chain = chainOf({ aids: [aid('1', { amount: 200_000 })] }, [
      pay('2023-12', 100_000),
      pay('2024-01', 100_000),
      pay('2024-04', 110_000),
    ]);
    expect(chain.lines.map(({ date, yearToDate }) => [date, yearToDate?.low, yearToDate?.high])).toEqual([
      ['2023-12-10', 100_000, 100_000],
      ['2024-01-10', 100_000, 100_000],
      ['2024-03-18', 300_000, 300_000],
      ['2024-04-10', 410_000, 410_000],
    ]);
    expect(chain.years[1]?.byMeasure).toEqual({
      'minimum-living-allowance': { low: 210_000, high: 210_000 },
      'temporary-aid': { low: 200_000, high: 200_000 },
    });
  });

  it('counts a month paid out one by one once, although the register says the allowance stands', () => {
    const register = fact(
      'civil-affairs/low-income-register',
      '2024-01-01',
      { category: 'minimum-living-allowance', householdNumber: 'D1', monthlyAmount: 100_000 },
      { person: A, to: '2024-03-31' },
    );
    const pay = fact(ALLOWANCE, '2024-02-10', { month: '2024-02', amount: 100_000, householdNumber: 'D1' }, { person: A });
    expect(chainOf({}, [register, pay]).years[0]?.given).toEqual({ low: 300_000, high: 300_000 });
  });

  it('takes rows of several members about one payment to the household for one', () => {
    const pay = (who: typeof A) =>
      fact(ALLOWANCE, '2024-02-10', { month: '2024-02', amount: 100_000, householdNumber: 'D1' }, { person: who });
    const [line, ...rest] = chainOf({}, [pay(A), pay(B)]).lines;
    expect([line?.person, line?.sources.length, rest]).toEqual([undefined, 2, []]);
  });
});

describe('a payment told twice', () => {
  const answer = done('h1', '2024-03-20', { amount: 504_000 });
  const asking = { referrals: [asked('R1', 'civil-affairs', 'temporary-aid', [answer], { person: A })] };
  const row = (date: string, amount: number, who = A) =>
    fact(TEMPORARY, date, { amount, aidNumber: `L${date}` }, { person: who, row: 7 });

  it('is one line with both sources when measure, person, month and sum agree: the file says when, the case by whom', () => {
    const [line, ...rest] = given(chainOf(asking, [row('2024-03-25', 504_000)]).lines);
    expect(rest).toEqual([]);
    expect(line).toMatchObject({
      date: '2024-03-25',
      amount: 504_000,
      by: 'handler-1',
      possiblySame: [],
      id: `${caseId(1)}:R1:h1`,
    });
    expect(line?.sources.map(({ kind }) => kind)).toEqual(['referral', 'fact']);
  });

  it('is two lines that point at each other when it came a month later, or the sums differ', () => {
    for (const other of [row('2024-04-05', 504_000), row('2024-03-25', 500_000)]) {
      const lines = given(chainOf(asking, [other]).lines);
      expect(lines.length).toBe(2);
      expect(lines[0]?.possiblySame).toEqual([lines[1]?.id]);
      expect(lines[1]?.possiblySame).toEqual([lines[0]?.id]);
    }
  });

  it('counts at least the smaller sum and at most both while nobody knows', () => {
    expect(chainOf(asking, [row('2024-03-25', 500_000)]).years[0]?.given).toEqual({ low: 500_000, high: 1_004_000 });
  });

  it('is another payment for another person, another measure, or long after', () => {
    const others = [
      row('2024-03-25', 504_000, B),
      row('2024-06-25', 504_000),
      fact('charity/aid-payment', '2024-03-25', { amount: 504_000 }, { person: A }),
    ];
    for (const other of others) {
      const lines = given(chainOf(asking, [other]).lines);
      expect(lines.map(({ possiblySame }) => possiblySame)).toEqual([[], []]);
    }
  });

  it('of two equal rows of a file joins one and leaves the other a payment of its own', () => {
    const twice = [row('2024-03-22', 504_000), { ...row('2024-03-25', 504_000), row: 8, key: 'other' }];
    const lines = given(chainOf(asking, twice).lines);
    expect(lines.map(({ sources, possiblySame }) => [sources.length, possiblySame.length])).toEqual([
      [2, 0],
      [1, 0],
    ]);
  });

  it('joins a referral for the household with the one row it can be', () => {
    const household = { referrals: [asked('R1', 'civil-affairs', 'temporary-aid', [answer])] };
    expect(given(chainOf(household, [row('2024-03-25', 504_000)]).lines)).toHaveLength(1);
    const either = given(chainOf(household, [row('2024-03-25', 504_000), { ...row('2024-03-26', 504_000, B), row: 9 }]).lines);
    expect(either.map(({ possiblySame }) => possiblySame.length)).toEqual([2, 1, 1]);
  });

  it('is the row an answer was read from, whatever the sum', () => {
    const paid = row('2024-03-25', 504_000);
    const read = done(`file:${paid.file}:7`, '2024-04-02', { from: { file: paid.file, row: 7 } });
    const chain = chainOf({ referrals: [asked('R1', 'civil-affairs', 'temporary-aid', [read], { person: A })] }, [paid]);
    expect(given(chain.lines).map(told)).toEqual([['2024-03-25', 'given', 'temporary-aid', 504_000]]);
  });

  it('is the help recorded in the case for the referral', () => {
    const chain = chainOf({
      ...asking,
      aids: [aid('1', { referral: 'R1', person: A, amount: 504_000, date: day('2024-04-02') })],
    });
    expect(given(chain.lines).map(({ sources, event }) => [sources.length, event])).toEqual([[2, 'W-1']]);
  });

  it('is the settlement of the same number in the feed of bills and the feed of aid', () => {
    const bill = fact(
      'medical-insurance/inpatient-settlement',
      '2024-03-09',
      { aidPaid: 120_050, settlementNumber: 'S1', selfPaid: 350_000 },
      { person: A },
    );
    const paid = fact('medical-insurance/medical-aid-payment', '2024-04-01', { amount: 120_050, aidNumber: 'S1' }, { person: A });
    expect(given(chainOf({}, [bill, paid]).lines)).toHaveLength(1);
    expect(chainOf({}, [bill, paid]).years[0]?.given).toEqual({ low: 120_050, high: 120_050 });
  });

  it('comes out the same in whatever order cases and facts come', () => {
    const facts = [
      row('2024-03-25', 504_000),
      row('2024-04-05', 504_000, B),
      row('2024-03-02', 80_000),
      fact(JOB, '2024-03-01', { amount: 83_600 }, { person: A }),
    ];
    const expected = chainOf(asking, facts);
    fc.assert(
      fc.property(fc.shuffledSubarray(facts, { minLength: facts.length }), (shuffled) => {
        expect(chainOf(asking, shuffled)).toEqual(expected);
      }),
    );
  });

  it('says nothing of what comes after the day asked for', () => {
    expect(
      assistanceChain({ asOf: day('2024-03-19'), cases: [aCase(1, asking)], facts: [row('2024-03-25', 504_000)] }).lines.map(
        ({ kind }) => kind,
      ),
    ).toEqual(['asked']);
  });
});
