import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openEmbedded } from '../../../../shared/adapters/embedded/open-embedded.ts';
import type { PlainDate } from '../../../../shared/calendar/plain-date.ts';
import { instant, personKey } from '../../../builders/facts.ts';
import { membership, registration } from '../../../builders/registrations.ts';
import { householdId, standing } from '../../../builders/standings.ts';
import { withFolder } from './data-folder.ts';

/** So many registrations at once that their placements wait to be sorted in. */
const MANY = 1_200;
const inTurn = Array.from({ length: MANY }, (_, n) => n);
const left = { to: '2024-03-31' as PlainDate };

/** Everybody alone before they came to live four to a household. */
const four = inTurn.map((n) => registration(n, 1, [membership(10_000 + n, left), membership(Math.floor(n / 4))]));

describe('people who are registered many at a time', () => {
  it('are found in their households as if they had been registered one by one', () =>
    withFolder(async (folder) => {
      const atOnce = openEmbedded(join(folder, 'at-once'));
      const inParts = openEmbedded(join(folder, 'in-parts'));
      await atOnce.households.register(four, instant());
      for (let n = 0; n < MANY; n += 100) await inParts.households.register(four.slice(n, n + 100), instant());
      const asked = inTurn.map(householdId);
      const found = await atOnce.households.membersOf(asked);
      expect(found.size).toBe(MANY / 4);
      expect(
        found
          .get(householdId(7))
          ?.map(({ person }) => person)
          .sort(),
      ).toEqual([28, 29, 30, 31].map(personKey).sort());
      expect(found).toEqual(await inParts.households.membersOf(asked));
      expect(await atOnce.households.households({ limit: 5_000 })).toEqual(await inParts.households.households({ limit: 5_000 }));
      atOnce.close();
      inParts.close();
    }));

  it('are where the last registration puts them, whether it came alone or with many', () =>
    withFolder(async (folder) => {
      const { households, close } = openEmbedded(folder);
      const livedIn = async () =>
        (await households.households({ limit: 5_000, livedInFrom: '2024-04-01' as PlainDate })).households;
      await households.register(four, instant());
      const moved = [0, 1, 2, 3].map((n) => registration(n, 2, [membership(0, left), membership(1)]));
      await households.register(moved, instant());
      expect(await livedIn()).not.toContain(householdId(0));
      await households.register(
        inTurn.map((n) => registration(n, 3, [membership(Math.floor(n / 4), left), membership(5_000)])),
        instant(),
      );
      await households.register([registration(9, 4, [membership(2)])], instant());
      expect((await livedIn()).toSorted()).toEqual([householdId(2), householdId(5_000)].sort());
      const members = await households.membersOf([householdId(5_000)]);
      expect(members.get(householdId(5_000))).toHaveLength(MANY);
      close();
    }));

  it('are found by another process before the first has read any of them', () =>
    withFolder(async (folder) => {
      const [one, other] = [openEmbedded(folder), openEmbedded(folder)];
      await one.households.register(four, instant());
      expect((await other.households.membersOf([householdId(7)])).get(householdId(7))).toHaveLength(4);
      expect((await one.households.membersOf([householdId(8)])).get(householdId(8))).toHaveLength(4);
      one.close();
      other.close();
    }));
});

describe('households that are lived in from a day on', () => {
  it('leave out those everybody has left before and that were never assessed', () =>
    withFolder(async (folder) => {
      const { households, standings, close } = openEmbedded(folder);
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
