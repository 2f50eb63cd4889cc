import { expect, it } from 'vitest';
import type { Moments } from './moments.ts';

/** Shandong: what must be there at the moments of the story, wherever it is played. */
export function expectShandong(at: Moments): void {
  it('illness, disability and schooling together bring up a household that is on the allowance already', () => {
    const { case: found, standings } = at('warned');
    expect(found).toMatchObject({ stage: 'visit', category: 'minimum-living-allowance', assignment: { user: 'chenjing' } });
    const hits = standings[0]?.warning?.reasons.filter(({ result }) => result === 'hit').map(({ indicator }) => indicator);
    expect(hits).toEqual(expect.arrayContaining(['medical-self-paid-12m', 'education-net-cost-12m', 'disability-severe']));
  });

  it('is offered a public-welfare job that suits him and education aid for the daughters, but not the allowance again', () => {
    const { offered, notOffered } = at('visited');
    expect(offered).toEqual(expect.arrayContaining(['public-welfare-job', 'education-aid']));
    expect(notOffered).toContain('minimum-living-allowance');
  });

  it('two departments are asked at once, each with five working days to answer', () => {
    const { case: found } = at('referred');
    expect(found.stage).toBe('referral');
    expect(found.referrals.map(({ id, department, measure, status }) => [id, department, measure, status])).toEqual([
      ['R1', 'human-resources', 'public-welfare-job', 'sent'],
      ['R2', 'education', 'education-aid', 'sent'],
    ]);
    // Thursday the 21st and five working days: to the end of Thursday the 28th.
    const redAt = '2024-11-28T16:00:00.000Z';
    expect(found.clocks.filter(({ step }) => step === 'referral-answer')).toMatchObject([{ redAt }, { redAt }]);
  });

  it('accepted, each has fifteen working days to finish, and nothing escalates', () => {
    const { case: found } = at('accepted');
    expect(found.referrals.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
    const running = found.clocks.filter(({ stoppedAt }) => stoppedAt === undefined);
    expect(running.map(({ step, redAt }) => [step, redAt])).toEqual([
      ['referral-finish', '2024-12-16T16:00:00.000Z'],
      ['referral-finish', '2024-12-16T16:00:00.000Z'],
    ]);
    expect(found.referrals.some(({ escalatedAt }) => escalatedAt !== undefined)).toBe(false);
  });

  it('one department done, the case waits for the other; both done, it goes on to the follow-up', () => {
    const working = at('working').case;
    expect(working.stage).toBe('referral');
    expect(working.referrals[0]).toMatchObject({
      status: 'done',
      answers: [{ kind: 'accept' }, { amount: 836_00, rhythm: 'monthly' }],
    });
    expect(at('studying').case.stage).toBe('follow-up');
  });

  it('closed as newly helped, and the warning is handled', () => {
    const { case: closed, standings } = at('closed');
    expect(closed).toMatchObject({ stage: 'closed', outcome: { code: 'helped-new' }, followUp: { outcome: 'helped-new' } });
    expect(standings[0]?.warning?.status).toBe('handled');
  });

  it('the chain shows allowance, job and education aid', () => {
    const given = at('closed').chain.lines.filter(({ kind }) => kind === 'given' || kind === 'standing');
    expect(given.map(({ kind, measure, amount }) => [kind, measure, amount])).toEqual([
      ['standing', 'minimum-living-allowance', 1_284_00],
      ['standing', 'public-welfare-job', 836_00],
      ['given', 'education-aid', 6_000_00],
    ]);
  });
}
