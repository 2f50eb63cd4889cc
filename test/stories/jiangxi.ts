import { expect, it } from 'vitest';
import type { Moments } from './moments.ts';

/** Jiangxi: what must be there at the moments of the story, wherever it is played. */
export function expectJiangxi(at: Moments): void {
  it('a task and no hardship: it comes after the general grade', () => {
    expect(at('found').case).toMatchObject({
      source: 'entitlement',
      grade: { id: 'task', rank: 3 },
      stage: 'visit',
      assignment: { user: 'xiaoli' },
    });
  });

  it('telling the parents is enough; three answers do', () => {
    expect(at('told').case.visits).toMatchObject([{ means: 'telephone', truth: 'T1', proposed: ['A1'] }]);
  });

  it('closes itself when the list of the insured shows the child', () => {
    const { case: closed, standings } = at('enrolled');
    expect(closed).toMatchObject({ stage: 'closed', outcome: { code: 'entitlement-delivered', by: 'system' } });
    expect(standings.flatMap(({ warning }) => warning?.withdrawal ?? [])).toEqual(['entitlement-delivered']);
  });
}
