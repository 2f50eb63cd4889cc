import { beforeAll, describe, expect, it, vi } from 'vitest';
import { birthsFile, enrolmentFile, jiangxi, newborn } from '../../infra/local/case-stories/jiangxi.ts';
import { expectJiangxi } from '../stories/jiangxi.ts';
import type { Moments } from '../stories/moments.ts';
import { inCounty, played } from './story-county.ts';

vi.setConfig({ hookTimeout: 120_000, testTimeout: 120_000 });

let at: Moments;
beforeAll(async () => {
  ({ at } = await played(jiangxi));
});

describe('Jiangxi: a newborn to be enrolled', () => {
  expectJiangxi((moment) => at(moment));

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
