import { expect, it } from 'vitest';
import type { Moments } from './moments.ts';

/** Henan: what must be there at the moments of the story, wherever it is played. */
export function expectHenan(at: Moments): void {
  it('one warning by the line of 5,000 yuan alone, and one case of it', () => {
    const { case: found, standings } = at('warned');
    const [warning, ...others] = standings.flatMap(({ warning: one }) => (one === undefined ? [] : [one]));
    expect(others).toEqual([]);
    expect(warning).toMatchObject({ grade: { id: 'general' }, category: 'near-poor' });
    const bills = warning?.reasons.find(({ indicator }) => indicator === 'medical-self-paid-12m');
    expect(bills).toMatchObject({ result: 'hit', value: 3_167_000, trigger: 'general', line: 500_000 });
    expect(bills?.evidence.map(({ date }) => date)).toEqual(['2023-12-04', '2023-12-11', '2023-12-18', '2023-12-25']);
    expect(found).toMatchObject({ source: 'warning', warnings: [warning?.id], category: 'near-poor' });
  });

  it('nothing speaks against a visit, so the coordinator of the village has it at once, with ten working days', () => {
    const { case: found } = at('warned');
    expect(found.proposals).toEqual([]);
    expect(found).toMatchObject({ stage: 'visit', assignment: { user: 'wangfang', level: 'village' } });
    // Monday the 15th and ten working days: to the end of Monday the 29th.
    expect(found.clocks.at(-1)).toMatchObject({ step: 'visit', redAt: '2024-01-29T16:00:00.000Z', light: 'green' });
  });

  it('two people find it true; the township has it from there', () => {
    const { case: found } = at('visited');
    expect(found.visits).toMatchObject([{ truth: 'T1', investigators: ['王芳', '李强'], proposed: ['A6'], round: 0 }]);
    expect(found).toMatchObject({ stage: 'review', assignment: { level: 'township', area: '411122104' } });
  });

  it('is offered temporary aid, and the mother alone the allowance if she does not improve; the household as a whole is not', () => {
    const { offered, notOffered } = at('visited');
    expect(offered).toEqual(expect.arrayContaining(['temporary-aid', 'minimum-living-allowance-single']));
    expect(notOffered).toContain('minimum-living-allowance');
  });

  it('temporary aid of 5,040 yuan stands in the ledger, for this warning', () => {
    const { case: found } = at('helped');
    expect(found.aids).toMatchObject([
      { measure: 'temporary-aid', department: 'civil-affairs', amount: 5_040_00, date: '2024-01-19', event: found.warnings[0] },
    ]);
    expect(found.stage).toBe('follow-up');
  });

  it('ninety days later the household is assessed again and a person closes the case', () => {
    const looked = at('looked-again').case;
    expect(looked.followUp).toMatchObject({ grade: 'general', outcome: 'temporary-aid' });
    expect(looked.stage).toBe('follow-up');
    const { case: closed, standings } = at('closed');
    expect(closed).toMatchObject({ stage: 'closed', outcome: { code: 'temporary-aid', by: 'liqiang' } });
    expect(standings.flatMap(({ warning }) => warning?.status ?? [])).toEqual(['handled']);
  });

  it('everybody who did something is in the history, in order', () => {
    const deeds = at('closed').case.history.map(({ by, what }) => `${by} ${what}`);
    // Lights come on, and what is known widens as feeds grow old: neither is anybody's deed.
    expect(deeds.filter((deed) => deed !== 'system raise-light' && deed !== 'system join')).toEqual([
      'system open',
      'system desk-check',
      'system assign-visit',
      'wangfang record-visit',
      'liqiang decide',
      'system follow-up',
      'liqiang look-again',
    ]);
  });
}
