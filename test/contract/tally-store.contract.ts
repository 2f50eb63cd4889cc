import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Period } from '../../shared/calendar/period.ts';
import type { AreaCounts, NumberedTally, TallyStore } from '../../shared/ports/tally-store.ts';
import { type SubjectMaker, withSubject } from './subject.ts';

const MARCH = '2024-03' as Period;
const APRIL = '2024-04' as Period;
const TOWNSHIP = ['', '41', '4111', '411122', '411122100'];

function tally(number: number, changes: Partial<NumberedTally> = {}): NumberedTally {
  return { number, areas: TOWNSHIP, month: MARCH, name: 'visits/made', amount: 1, ...changes };
}

function inOrder(found: readonly AreaCounts[]): readonly AreaCounts[] {
  return [...found].sort((a, b) => (`${a.area} ${a.month}` < `${b.area} ${b.month}` ? -1 : 1));
}

/** What every store of counts promises. */
export function tallyStoreContract(name: string, maker: SubjectMaker<TallyStore>): void {
  describe(`counts for dashboards: ${name}`, () => {
    it('has counted nothing at first', () =>
      withSubject(maker, async (store) => {
        expect(await store.countedUpTo()).toBe(0);
        expect(await store.of(['', '411122'], [MARCH])).toEqual([]);
        expect(await store.below('4111', MARCH)).toEqual([]);
      }));

    it('adds amounts by area, month and name', () =>
      withSubject(maker, async (store) => {
        await store.add([tally(1), tally(2), tally(3, { name: 'help/fen', amount: 620_005 })], 5);
        await store.add([tally(6), tally(7, { month: APRIL }), tally(8, { areas: [''] })], 9);
        expect(await store.countedUpTo()).toBe(9);
        expect(inOrder(await store.of(['', '411122'], [MARCH, APRIL]))).toEqual([
          { area: '', month: MARCH, counts: { 'visits/made': 4, 'help/fen': 620_005 } },
          { area: '', month: APRIL, counts: { 'visits/made': 1 } },
          { area: '411122', month: MARCH, counts: { 'visits/made': 3, 'help/fen': 620_005 } },
          { area: '411122', month: APRIL, counts: { 'visits/made': 1 } },
        ]);
      }));

    it('shows the areas right below one, by area', () =>
      withSubject(maker, async (store) => {
        const other = ['', '41', '4111', '411123', '411123200'];
        await store.add([tally(1), tally(2, { areas: other }), tally(3, { areas: ['', '37'] })], 3);
        const areasBelow = async (area: string) => (await store.below(area, MARCH)).map((one) => one.area);
        expect(await areasBelow('')).toEqual(['37', '41']);
        expect(await areasBelow('4111')).toEqual(['411122', '411123']);
        expect(await areasBelow('411122')).toEqual(['411122100']);
        expect(await areasBelow('411122100')).toEqual([]);
        expect(await store.below('4111', APRIL)).toEqual([]);
      }));

    it('notes what is counted where the events added nothing', () =>
      withSubject(maker, async (store) => {
        await store.add([], 7);
        expect(await store.countedUpTo()).toBe(7);
        await store.add([tally(8)], 8);
        expect(await store.of([''], [MARCH])).toEqual([{ area: '', month: MARCH, counts: { 'visits/made': 1 } }]);
      }));

    it('counts every event once, however the stretches overlap, repeat and meet', () =>
      withSubject(maker, async (store) => {
        const all = Array.from({ length: 40 }, (_, index) => tally(index + 1, { name: `n/${index % 3}`, amount: index + 1 }));
        const sums = [0, 0, 0];
        for (const { number, amount } of all) sums[(number - 1) % 3] = (sums[(number - 1) % 3] ?? 0) + amount;
        for (const [from, to] of [
          [1, 10],
          [1, 10],
          [5, 22],
          [1, 15],
          [23, 31],
        ] as const) {
          await store.add(all.slice(from - 1, to), to);
        }
        // Several at once: who is told that others were at it comes again, as a queue would.
        const late = [31, 40, 40, 36].map(async (to) => {
          for (let attempt = 0; attempt < 5; attempt += 1) {
            const done = await store.add(all.slice(20, to), to).then(
              () => true,
              () => false,
            );
            if (done) return;
          }
        });
        await Promise.all(late);
        await store.add(all.slice(20), 40);
        expect(await store.countedUpTo()).toBe(40);
        for (const { counts } of await store.of(TOWNSHIP, [MARCH])) {
          expect(counts).toEqual({ 'n/0': sums[0], 'n/1': sums[1], 'n/2': sums[2] });
        }
      }));

    it('gives the same counts for the same events, however they were cut into batches', () =>
      withSubject(maker, async (store) => {
        const cuts = fc.sample(fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 3, maxLength: 9 }), {
          numRuns: 1,
          seed: 7,
        });
        const ends = [...(cuts[0] ?? []), 100].sort((a, b) => a - b);
        const all = Array.from({ length: 100 }, (_, index) => tally(index + 1));
        for (const end of ends) await store.add(all.slice(await store.countedUpTo(), end), end);
        expect((await store.of(['411122100'], [MARCH]))[0]?.counts).toEqual({ 'visits/made': 100 });
      }));
  });
}
