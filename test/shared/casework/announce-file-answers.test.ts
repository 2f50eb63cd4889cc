import { describe, expect, it } from 'vitest';
import { announceFileAnswers } from '../../../shared/casework/announce-file-answers.ts';
import type { Case } from '../../../shared/casework/case.ts';
import type { HouseholdId } from '../../../shared/registry/household.ts';
import { aCase, referral } from '../../builders/cases.ts';
import { feedId, personKey } from '../../builders/facts.ts';
import { householdId } from '../../builders/standings.ts';

const MEDICAL_AID = feedId('medical-insurance/medical-aid-payment');
const ALLOWANCE = feedId('civil-affairs/minimum-living-allowance-payment');
const BILLS = feedId('medical-insurance/inpatient-settlement');

const asked = (n: number, changes: Partial<Case> = {}) =>
  aCase(n, { stage: 'referral', referrals: [referral('R1', 'medical-insurance')], ...changes });
const news = (feed = MEDICAL_AID, ...persons: readonly number[]) => ({
  feed,
  updates: persons.map((n) => ({ person: personKey(n) })),
});
/** The n-th person has only ever belonged to the n-th household. */
const livingIn = (...ns: readonly number[]) => new Map(ns.map((n) => [personKey(n), [householdId(n)]] as const));

/** An office with these cases that remembers what was looked up and sent. */
function officeWith(...cases: readonly Case[]) {
  const lookedUp: number[] = [];
  const told: (readonly HouseholdId[])[] = [];
  return {
    lookedUp,
    told,
    deps: {
      cases: {
        async current(households: readonly HouseholdId[]) {
          lookedUp.push(households.length);
          const wanted = new Set(households);
          return new Map(cases.filter(({ household }) => wanted.has(household)).map((one) => [one.household, one]));
        },
      },
      queue: {
        async send(queue: string, messages: readonly { readonly body: string }[]) {
          expect(queue).toBe('cases');
          for (const { body } of messages) told.push((JSON.parse(body) as { households: HouseholdId[] }).households);
        },
      },
    },
  };
}

describe('facts that may answer a referral', () => {
  it('are told of to the casework for the households that wait for such a feed, in one message', async () => {
    const { deps, told } = officeWith(asked(1), asked(2), asked(3));
    await announceFileAnswers(deps, [news(MEDICAL_AID, 1, 2), news(MEDICAL_AID, 2)], livingIn(1, 2, 3));
    expect(told).toEqual([[householdId(1), householdId(2)]]);
  });

  it('are told of for every household the person ever belonged to', async () => {
    const { deps, told } = officeWith(asked(1), asked(2));
    await announceFileAnswers(deps, [news(MEDICAL_AID, 1)], new Map([[personKey(1), [householdId(1), householdId(2)]]]));
    expect(told).toEqual([[householdId(1), householdId(2)]]);
  });

  it('cost nothing, not even a look, where the feed answers nothing that was asked', async () => {
    const { deps, told, lookedUp } = officeWith(asked(1));
    await announceFileAnswers(deps, [news(BILLS, 1)], livingIn(1));
    expect([lookedUp, told]).toEqual([[], []]);
  });

  it.each([
    ['whose case is not with departments', asked(1, { stage: 'review' })],
    ['whose department has answered', asked(1, { referrals: [referral('R1', 'medical-insurance', { status: 'done' })] })],
    ['that asked another department', asked(1, { referrals: [referral('R1', 'housing', { measure: 'medical-aid' })] })],
    [
      'that asked for something else',
      asked(1, { referrals: [referral('R1', 'medical-insurance', { measure: 'paid-enrolment' })] }),
    ],
    ['without a case', asked(2)],
  ])('are told of to nobody for a household %s', async (_, found) => {
    const { deps, told } = officeWith(found);
    await announceFileAnswers(deps, [news(MEDICAL_AID, 1), news(ALLOWANCE, 1)], livingIn(1));
    expect(told).toEqual([]);
  });

  it('of a whole county’s list are looked up in parts, and only those who wait are told of', async () => {
    const everybody = Array.from({ length: 1_200 }, (_, n) => n + 1);
    const { deps, told, lookedUp } = officeWith(...everybody.slice(0, 120).map((n) => asked(n)));
    await announceFileAnswers(deps, [news(MEDICAL_AID, ...everybody)], livingIn(...everybody));
    expect(lookedUp).toEqual([500, 500, 200]);
    expect(told.map((households) => households.length)).toEqual([50, 50, 20]);
  });
});
