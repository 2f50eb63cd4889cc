import { describe, expect, it } from 'vitest';
import { toldIn } from '../../../shared/assistance/told.ts';
import { acted, visitForm } from '../../builders/acting.ts';
import { by } from '../../builders/case-rules.ts';
import { aCase } from '../../builders/cases.ts';
import { person } from './offered-family.ts';

const visitor = () => by(['coordinator']);
const head = person(1);

describe('what the people of a case told', () => {
  it('of a member holds from the visit on, a later visit going before, and a question left open takes nothing back', () => {
    const visited = (found: ReturnType<typeof aCase>, at: string, member: object) =>
      acted(found, visitForm({ visitedAt: at, members: [{ person: head, present: true, ...member }] }), visitor());
    const first = visited(aCase(1), '2024-04-01T08:00:00Z', { workAbility: 'full', work: 'none' });
    const second = visited(first, '2024-04-01T09:00:00Z', { workAbility: 'light' });
    expect(toldIn(second).members?.get(head)).toEqual({ workAbility: 'light', work: 'none' });
    // Sent first, made last: phones are without signal.
    const late = visited(second, '2024-04-01T07:00:00Z', { workAbility: 'none' });
    expect(toldIn(late).members?.get(head)).toMatchObject({ workAbility: 'light' });
  });

  it('of income and property holds from the report of the check on', () => {
    const applied = aCase(1, {
      stage: 'review',
      application: { channel: 'cadre', needs: ['medical'], measures: [], statement: '女儿患白血病' },
    });
    expect(toldIn(applied)).toMatchObject({ needs: ['medical'] });
    expect(toldIn(applied).incomePerHead).toBeUndefined();
    const check = [{ item: 'vehicles', found: { kind: 'no-record' } }];
    const report = { action: 'record-check', check, incomePerHead: 340_00, assets: 'within' };
    expect(toldIn(acted(applied, report, by(['caseworker'])))).toMatchObject({ incomePerHead: 340_00, assets: 'within' });
  });
});
