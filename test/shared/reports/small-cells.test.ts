import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CountTable,
  type GuardedCount,
  type GuardedTable,
  guardedText,
  guardSmallCells,
  guardSmallCounts,
} from '../../../shared/reports/small-cells.ts';

const EVERY_SUM = { rows: true, columns: true, all: true };

/** All counts a reader who knows the rule must reckon with. */
function possible(count: GuardedCount, line: number, most: number): readonly number[] {
  if (typeof count === 'number') return [count];
  const [from, to] = count === 'small' ? [1, line - 1] : [line, most];
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);
}

function fits(shown: GuardedCount | undefined, sum: number, line: number): boolean {
  if (shown === undefined) return true;
  if (typeof shown === 'number') return shown === sum;
  return shown === 'small' ? sum >= 1 && sum < line : sum >= line;
}

/** Every table that reads as the one shown, by trying all. */
function* readings({ cells, rowSums, columnSums, all }: GuardedTable, line: number, most: number): Generator<number[]> {
  const flat = cells.flat();
  const columns = cells[0]?.length ?? 0;
  const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
  const tried: number[] = [];
  function* from(place: number): Generator<number[]> {
    const shown = flat[place];
    if (place > 0 && place % columns === 0) {
      if (!fits(rowSums[place / columns - 1], sum(tried.slice(place - columns, place)), line)) return;
    }
    if (shown === undefined) {
      const bySums = Array.from({ length: columns }, (_, c) => sum(tried.filter((_, at) => at % columns === c)));
      if (bySums.every((one, c) => fits(columnSums[c], one, line)) && fits(all, sum(tried), line)) yield [...tried];
      return;
    }
    for (const count of possible(shown, line, most)) {
      tried[place] = count;
      yield* from(place + 1);
    }
    tried.length = place;
  }
  yield* from(0);
}

/** Which counts hidden as small could be worked out: cells, sums of rows, sums of columns, sum of all. */
function givenAway(shown: GuardedTable, line: number, most: number): number {
  const columns = shown.cells[0]?.length ?? 0;
  const statesOf = (read: readonly number[]) => {
    const rows = shown.cells.map((_, r) => read.slice(r * columns, (r + 1) * columns));
    const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
    const bySums = Array.from({ length: columns }, (_, c) => sum(rows.map((row) => row[c] ?? 0)));
    return [...read, ...rows.map(sum), ...bySums, sum(read)];
  };
  const none = (n: number) => Array.from({ length: n }, () => undefined);
  const states: readonly (GuardedCount | undefined)[] = [
    ...shown.cells.flat(),
    ...(shown.rowSums.length > 0 ? shown.rowSums : none(shown.cells.length)),
    ...(shown.columnSums.length > 0 ? shown.columnSums : none(columns)),
    shown.all,
  ];
  const seen = states.map(() => new Set<number>());
  for (const read of readings(shown, line, most)) {
    for (const [place, count] of statesOf(read).entries()) seen[place]?.add(count);
  }
  return states.filter((state, place) => state === 'small' && seen[place]?.size === 1).length;
}

const tables = fc
  .record({
    rows: fc.integer({ min: 1, max: 3 }),
    columns: fc.integer({ min: 1, max: 2 }),
    line: fc.integer({ min: 3, max: 4 }),
    sums: fc.record({ rows: fc.boolean(), columns: fc.boolean(), all: fc.boolean() }),
  })
  .chain(({ rows, columns, line, sums }) =>
    fc.record({
      line: fc.constant(line),
      table: fc.record({
        cells: fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: columns, maxLength: columns }), {
          minLength: rows,
          maxLength: rows,
        }),
        sums: fc.constant(sums),
      }),
    }),
  );

describe('the small-cell rule', () => {
  it('shows counts of five and more, and none, and hides what lies between', () => {
    expect(guardSmallCells({ cells: [[12, 0, 4, 5, 1]], sums: { rows: false, columns: false, all: false } })).toEqual({
      cells: [[12, 0, 'small', 5, 'small']],
      rowSums: [],
      columnSums: [],
      all: undefined,
    });
  });

  it('writes them as readers know it', () => {
    expect([12, 'small' as const, 'withheld' as const].map((count) => guardedText(count))).toEqual(['12', '<5', '*']);
    expect(guardedText('small', 10)).toBe('<10');
  });

  it('holds back the smallest other count of a list whose sum would give one away', () => {
    expect(guardSmallCounts([40, 3, 20, 31])).toEqual({ counts: [40, 'small', 'withheld', 31], sum: 94 });
  });

  it('needs no further count where two small ones hide each other', () => {
    expect(guardSmallCounts([40, 3, 2])).toEqual({ counts: [40, 'small', 'small'], sum: 45 });
  });

  it('sees through two small ones that leave no choice: 1 and 1 can only be 1 and 1', () => {
    expect(guardSmallCounts([40, 1, 1])).toEqual({ counts: ['withheld', 'small', 'small'], sum: 42 });
  });

  it('holds back a whole rectangle of a table with all its sums, and shows the sums', () => {
    const cells = [
      [30, 12, 50],
      [9, 3, 40],
      [60, 70, 80],
    ];
    expect(guardSmallCells({ cells, sums: EVERY_SUM })).toEqual({
      cells: [
        ['withheld', 'withheld', 50],
        ['withheld', 'small', 40],
        [60, 70, 80],
      ],
      rowSums: [92, 52, 210],
      columnSums: [99, 85, 170],
      all: 354,
    });
  });

  it('hides a small sum like any other count', () => {
    const cells = [
      [2, 1],
      [50, 60],
    ];
    const shown = guardSmallCells({ cells, sums: EVERY_SUM });
    expect(shown.rowSums[0]).toBe('small');
    expect(givenAway(shown, 5, 70)).toBe(0);
  });

  it('takes a table with nothing in it', () => {
    expect(guardSmallCounts([])).toEqual({ counts: [], sum: 0 });
    expect(guardSmallCells({ cells: [], sums: EVERY_SUM }).cells).toEqual([]);
  });

  it.each([
    ['a line that would name what it hides', { cells: [[1]], sums: EVERY_SUM }, 2],
    ['a ragged table', { cells: [[1, 2], [3]], sums: EVERY_SUM }, 5],
    ['less than nobody', { cells: [[-1]], sums: EVERY_SUM }, 5],
    ['half a household', { cells: [[2.5]], sums: EVERY_SUM }, 5],
  ] as const)('refuses %s', (_, table, line) => {
    expect(() => guardSmallCells(table as CountTable, line)).toThrow(RangeError);
  });

  it('never shows a count from one to the line, whatever the table', () => {
    fc.assert(
      fc.property(tables, ({ table, line }) => {
        const { cells, rowSums, columnSums, all } = guardSmallCells(table, line);
        for (const count of [...cells.flat(), ...rowSums, ...columnSums, all]) {
          expect(typeof count === 'number' && count > 0 && count < line).toBe(false);
        }
      }),
    );
  });

  it('never changes a count it shows', () => {
    fc.assert(
      fc.property(tables, ({ table, line }) => {
        const { cells } = guardSmallCells(table, line);
        for (const [r, row] of cells.entries()) {
          for (const [c, count] of row.entries()) if (typeof count === 'number') expect(count).toBe(table.cells[r]?.[c]);
        }
      }),
    );
  });

  it('leaves no small count that can be worked out by trying every table that reads the same', () => {
    fc.assert(
      fc.property(tables, ({ table, line }) => {
        const shown = guardSmallCells(table, line);
        // Numbers above the largest sum by the line are room enough: one step up or down is an alternative already.
        if (shown.cells.flat().every((count) => count === 'withheld')) return;
        expect(givenAway(shown, line, 8)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
