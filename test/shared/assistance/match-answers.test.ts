import { describe, expect, it } from 'vitest';
import { type AwaitedReferral, matchAnswers } from '../../../shared/assistance/match-answers.ts';
import type { Instant } from '../../../shared/calendar/plain-date.ts';
import type { Referral } from '../../../shared/casework/case.ts';
import type { Fact } from '../../../shared/facts/fact.ts';
import { caseId, referral } from '../../builders/cases.ts';
import { fact } from '../scoring/household-builder.ts';
import { person } from './offered-family.ts';

const [A, B, STRANGER] = [person(1), person(2), person(3)];
const at = (date: string) => `${date}T02:00:00.000Z` as Instant;

function awaited(id: string, department: string, measure: string, part: Partial<Referral> = {}): AwaitedReferral {
  return { case: caseId(1), referral: referral(id, department, { measure, sentAt: at('2024-03-05'), ...part }), members: [A, B] };
}

/** A row that came in on the 8th of the month after. */
function row(feed: string, date: string, fields: Fact['fields'], who = A, recorded = '2024-04-08'): Fact {
  return { ...fact(feed, date, fields, { person: who }), recordedAt: at(recorded) };
}

const JOB = 'human-resources/public-welfare-job';
const AID = 'education/aid-payment';

describe('answers by file', () => {
  it('find the referral of the department for the person, with the sum and the row it was read from', () => {
    const job = row(JOB, '2024-03-20', { amount: 83_600, position: '保洁' });
    expect(matchAnswers([awaited('R1', 'human-resources', 'public-welfare-job', { person: A })], [job])).toEqual([
      {
        case: caseId(1),
        referral: 'R1',
        answer: {
          id: `file:${job.file}:${job.row}`,
          at: job.recordedAt,
          by: 'system',
          kind: 'done',
          amount: 83_600,
          rhythm: 'monthly',
          from: { file: job.file, row: job.row },
        },
      },
    ]);
  });

  it('leave alone rows of another measure, department, person, of a time before, or known before', () => {
    const waiting = [awaited('R1', 'education', 'education-aid', { person: A })];
    const none = [
      row(JOB, '2024-03-20', { amount: 83_600 }),
      row('charity/aid-payment', '2024-03-20', { amount: 165_000 }),
      row(AID, '2024-03-20', { amount: 165_000 }, B),
      row(AID, '2024-03-04', { amount: 165_000 }),
      row(AID, '2024-03-20', { amount: 165_000 }, A, '2024-03-04'),
      row(AID, '2024-03-20', { amount: 0 }),
    ];
    expect(matchAnswers(waiting, none)).toEqual([]);
    expect(matchAnswers(waiting, [row(AID, '2024-03-05', { amount: 165_000 })])).toHaveLength(1);
  });

  it('take a row about any member for a referral of the household, and of nobody else', () => {
    const waiting = [awaited('R1', 'civil-affairs', 'temporary-aid')];
    const paid = (who: typeof A) => row('civil-affairs/temporary-aid', '2024-03-20', { amount: 504_000 }, who);
    expect(matchAnswers(waiting, [paid(STRANGER)])).toEqual([]);
    expect(matchAnswers(waiting, [paid(B)])).toHaveLength(1);
  });

  it('find a single person’s allowance in the list of households, whoever collects it', () => {
    const single = awaited('R1', 'civil-affairs', 'minimum-living-allowance-single', { person: A });
    const paid = row('civil-affairs/minimum-living-allowance-payment', '2024-03-31', { amount: 60_000, month: '2024-03' }, B);
    expect(matchAnswers([single], [paid])).toHaveLength(1);
  });

  it('do not take a bill settled with medical aid for the answer to an application', () => {
    const bill = row('medical-insurance/inpatient-settlement', '2024-03-20', { aidPaid: 100_000, settlementNumber: 'S1' });
    const paid = row('medical-insurance/medical-aid-payment', '2024-03-28', { amount: 300_000, aidNumber: 'S2' });
    const waiting = [awaited('R1', 'medical-insurance', 'medical-aid', { person: A })];
    expect(matchAnswers(waiting, [bill])).toEqual([]);
    expect(matchAnswers(waiting, [bill, paid]).map(({ answer }) => answer.amount)).toEqual([300_000]);
  });

  it('give each referral the first row and each row one referral, the oldest first', () => {
    const first = awaited('R1', 'education', 'education-aid', { person: A });
    const second = awaited('R2', 'education', 'education-aid', { person: A, sentAt: at('2024-03-07') });
    const rows = [row(AID, '2024-03-25', { amount: 2 }), row(AID, '2024-03-20', { amount: 1 })];
    expect(matchAnswers([second, first], rows).map(({ referral: id, answer }) => [id, answer.amount])).toEqual([
      ['R1', 1],
      ['R2', 2],
    ]);
    expect(matchAnswers([second, first], rows.slice(0, 1)).map(({ referral: id }) => id)).toEqual(['R1']);
  });

  it('answer nothing twice: not a row read again, not a referral that ended', () => {
    const paid = row(AID, '2024-03-20', { amount: 165_000 });
    const [matched] = matchAnswers([awaited('R1', 'education', 'education-aid', { person: A })], [paid]);
    const answers = matched === undefined ? [] : [matched.answer];
    expect(
      matchAnswers([awaited('R1', 'education', 'education-aid', { person: A, answers, status: 'part-done' })], [paid]),
    ).toEqual([]);
    for (const status of ['done', 'refused', 'recalled', 'to-send'] as const)
      expect(matchAnswers([awaited('R1', 'education', 'education-aid', { person: A, status })], [paid])).toEqual([]);
  });
});
