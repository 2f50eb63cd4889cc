import { expect, it } from 'vitest';
import { chemotherapyFile } from '../../infra/local/case-stories/hinggan.ts';
import type { StoryOffice } from '../../infra/local/case-stories/story.ts';
import type { Period } from '../../shared/calendar/period.ts';
import type { Moments } from './moments.ts';

/** Open cases after the closed case's bills came once more, and after a new bill. */
export interface Afterwards {
  readonly sameAgain: number;
  readonly newBill: number;
}

/** What comes after the story has ended. */
export async function afterHinggan(office: StoryOffice): Promise<Afterwards> {
  await office.until('2024-11-11 09:00');
  const sameAgain = (await office.openCases()).length;
  await office.drop([chemotherapyFile('2024-10' as Period, 901_500)]);
  return { sameAgain, newBill: (await office.openCases()).length };
}

/** Hinggan: what must be there at the moments of the story, wherever it is played. */
export function expectHinggan(at: Moments, afterwards: () => Afterwards): void {
  it('30,126.80 yuan in twelve months warn', () => {
    const { case: found, standings } = at('warned');
    const reason = standings[0]?.warning?.reasons.find(({ indicator }) => indicator === 'rigid-spending-12m');
    expect(reason).toMatchObject({ result: 'hit', value: 3_012_680 });
    expect(found).toMatchObject({ stage: 'visit', category: 'minimum-living-allowance', assignment: { user: 'narisu' } });
  });

  it('is offered recognition of urban hardship, consolation money and cancer aid, but not the allowance again', () => {
    const { offered, notOffered } = at('visited');
    expect(offered).toEqual(expect.arrayContaining(['urban-hardship-recognition', 'consolation-money', 'two-cancer-aid']));
    expect(notOffered).toContain('minimum-living-allowance');
  });

  it('7,000 yuan stand in the ledger while the women’s federation is at it', () => {
    const { case: found } = at('accepted');
    expect(found.aids).toMatchObject([{ measure: 'consolation-money', amount: 7_000_00 }]);
    expect(found.referrals.map(({ department, status }) => [department, status])).toEqual([
      ['civil-affairs', 'done'],
      ['womens-federation', 'accepted'],
    ]);
    expect(found.stage).toBe('referral');
  });

  it('the next settlements join the same case and the same warning', () => {
    const before = at('accepted').case;
    const { case: found, standings } = at('increment');
    expect(found.id).toBe(before.id);
    expect(found.warnings).toEqual(before.warnings);
    expect(found.increments.at(-1)).toMatchObject({ change: 'merged', changedAt: '2024-08-08T01:00:00.000Z' });
    expect(standings.filter(({ warning }) => warning?.status === 'open')).toHaveLength(1);
    // The department works on undisturbed.
    expect(found.referrals).toEqual(before.referrals);
  });

  it('closed as newly helped; what was on the table opens nothing again, a new bill does', () => {
    expect(at('closed').case).toMatchObject({ stage: 'closed', outcome: { code: 'helped-new' } });
    expect(afterwards()).toEqual({ sameAgain: 0, newBill: 1 });
  });
}
