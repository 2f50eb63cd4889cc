import { beforeAll, describe, expect, it, vi } from 'vitest';
import { birthsFile, enrolmentFile, jiangxi, newborn } from '../../infra/local/case-stories/jiangxi.ts';
import { inCounty, played } from './story-county.ts';

vi.setConfig({ hookTimeout: 120_000, testTimeout: 120_000 });

let at: Awaited<ReturnType<typeof played>>['at'];
beforeAll(async () => {
  ({ at } = await played(jiangxi));
});

describe('Jiangxi: a newborn to be enrolled', () => {
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

  it('a child born on 2023-12-31 is no task, one born a day later is', async () => {
    const adult = { name: '桂美兰', number: '' };
    const tasks = await inCounty('2024-02-19 09:00', async (office) => {
      const before = newborn('李年末', '2023-12-31', 22);
      const after = newborn('王元旦', '2024-01-01', 24);
      const insured = newborn('赵早办', '2024-01-05', 26);
      await office.drop([
        enrolmentFile('2024-01', [{ ...adult, number: insured.number }]),
        birthsFile('2023-12', [before]),
        birthsFile('2024-01', [after, insured]),
      ]);
      const open = await office.openCases();
      return { households: open.map(({ household }) => household), after: await office.householdOf(after.number) };
    });
    expect(tasks.households).toEqual([tasks.after]);
  });
});
