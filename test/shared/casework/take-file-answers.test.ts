import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Instant, PlainDate } from '../../../shared/calendar/plain-date.ts';
import { takeFileAnswers } from '../../../shared/casework/take-file-answers.ts';
import type { FeedId } from '../../../shared/catalog/feed.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { CaseOffice } from '../../builders/case-office.ts';
import { aCase, caseChange, caseId, referral } from '../../builders/cases.ts';
import { factChunk, factRow, instant, personKey } from '../../builders/facts.ts';
import { membership, registration } from '../../builders/registrations.ts';

const SENT = '2024-03-05T02:00:00.000Z' as Instant;

describe('an answer that a department gives by file', () => {
  let office: CaseOffice;
  beforeEach(async () => {
    office = new CaseOffice();
    await office.embedded.households.register([registration(1, 1, [membership(1)])], instant());
    await office.embedded.cases.save([
      caseChange(
        aCase(1, {
          stage: 'referral',
          referrals: [referral('R1', 'human-resources', { measure: 'public-welfare-job', person: personKey(1), sentAt: SENT })],
        }),
      ),
    ]);
  });
  afterEach(() => office.close());

  const take = async () => {
    const found = await office.embedded.cases.get(caseId(1));
    if (found === undefined) throw new Error('the case is gone');
    const { facts, households } = office.embedded;
    return takeFileAnswers({ ...office.deps, catalog, facts, registry: households }, found);
  };
  const tell = () =>
    office.embedded.facts.append([
      factChunk({
        feed: 'human-resources/public-welfare-job' as FeedId,
        rows: [factRow({ from: '2024-03-20' as PlainDate, fields: { amount: 83_600, position: '保洁' } })],
      }),
    ]);

  it('ends the referral with the sum and the row it was read from, once', async () => {
    await tell();
    expect(await take()).toBe(1);
    const answered = await office.embedded.cases.get(caseId(1));
    expect(answered?.referrals).toMatchObject([{ status: 'done', answers: [{ amount: 83_600, from: { row: 4 } }] }]);
    expect(answered?.stage).toBe('follow-up');
    expect(await take()).toBe(0);
    expect((await office.embedded.cases.get(caseId(1)))?.version).toBe(answered?.version);
  });

  it('is waited for while no file tells of it', async () => {
    expect(await take()).toBe(0);
    expect((await office.embedded.cases.get(caseId(1)))?.stage).toBe('referral');
  });
});
