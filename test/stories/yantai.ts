import { expect, it } from 'vitest';
import type { Moments } from './moments.ts';

/** Yantai: what must be there at the moments of the story, wherever it is played. */
export function expectYantai(at: Moments): void {
  it('red, so the visit is due within two working days', () => {
    const { case: found, standings } = at('warned');
    expect(found).toMatchObject({ grade: { id: 'red' }, category: 'none', stage: 'visit', assignment: { user: 'linna' } });
    expect(found.clocks.at(-1)).toMatchObject({ step: 'visit', redAt: '2024-01-17T16:00:00.000Z' });
    const bills = standings[0]?.warning?.reasons.find(({ indicator }) => indicator === 'medical-self-paid-12m');
    expect(bills?.evidence).toHaveLength(11);
  });

  it('is offered recognition, temporary aid, medical aid and a charity', () => {
    expect(at('visited').offered).toEqual(
      expect.arrayContaining(['rigid-expenditure-recognition', 'temporary-aid', 'medical-aid', 'charity-match']),
    );
  });

  it('the caseworker applies for them: the application joins the case that is open', () => {
    const warned = at('warned').case;
    const { case: found } = at('applied');
    expect(found.id).toBe(warned.id);
    expect(found.application).toMatchObject({ channel: 'caseworker', needs: ['medical', 'living', 'education'] });
    expect(found.application?.measures).toHaveLength(7);
    expect(found.consent).toMatchObject({ by: 'gaofei' });
  });

  it('seven linked matters go out together and come back done', () => {
    expect(at('referred').case.referrals.map(({ status }) => status)).toEqual(Array(7).fill('sent'));
    const { case: done } = at('done');
    expect(done.referrals.map(({ department, status }) => [department, status])).toEqual([
      ['civil-affairs', 'done'],
      ['civil-affairs', 'done'],
      ['medical-insurance', 'done'],
      ['medical-insurance', 'done'],
      ['education', 'done'],
      ['charity', 'done'],
      ['civil-affairs', 'done'],
    ]);
    expect(done.stage).toBe('follow-up');
  });

  it('closed as newly helped after thirty days', () => {
    expect(at('closed').case).toMatchObject({ stage: 'closed', outcome: { code: 'helped-new' } });
    expect(at('closed').standings[0]?.warning?.status).toBe('handled');
  });
}
