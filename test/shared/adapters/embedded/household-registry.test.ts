import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../../../shared/adapters/embedded/open-embedded.ts';
import type { PlainDate } from '../../../../shared/calendar/plain-date.ts';
import { instant } from '../../../builders/facts.ts';
import { membership, registration } from '../../../builders/registrations.ts';
import { householdId, standing } from '../../../builders/standings.ts';
import { withFolder } from './data-folder.ts';

describe('households that are lived in from a day on', () => {
  it('leave out those everybody has left before and that were never assessed', () =>
    withFolder(async (folder) => {
      const { households, standings, close } = openEmbedded(folder);
      const left = { to: '2024-03-31' as PlainDate };
      await households.register(
        [
          registration(1, 1, [membership(1, left), membership(2)]),
          registration(2, 1, [membership(3, left), membership(4, left)]),
          registration(3, 1, [membership(4)]),
          registration(5, 1, [membership(5)]),
        ],
        instant(),
      );
      await standings.save([{ standing: standing(3, 1), events: [], messages: [] }]);
      await households.register([registration(5, 2, [membership(6)])], instant());
      const on = async (day: string) =>
        (await households.households({ limit: 10, livedInFrom: day as PlainDate })).households.toSorted();
      const ids = (...numbers: number[]) => numbers.map(householdId).sort();
      expect(await on('2024-04-01')).toEqual(ids(2, 3, 4, 6));
      expect(await on('2024-03-31')).toEqual(ids(1, 2, 3, 4, 6));
      expect((await households.households({ limit: 10 })).households.toSorted()).toEqual(ids(1, 2, 3, 4, 5, 6));
      close();
    }));
});
