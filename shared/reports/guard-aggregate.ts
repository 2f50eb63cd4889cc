import type { ReportRow, ReportValue } from '../ports/report-engine.ts';
import type { ReportSpec } from './report.ts';
import { type GuardedCount, guardedText, guardSmallCells, SMALLEST_SHOWN } from './small-cells.ts';

/**
 * The rows of an aggregate as they may leave the platform: small counts of people are not shown, nor what would give them away
 * within the row, nor figures computed from them. Rows of ledgers stay as they are.
 */
export function guardAggregate(
  spec: ReportSpec,
  rows: readonly ReportRow[],
  line: number = SMALLEST_SHOWN,
): readonly ReportRow[] {
  const places = new Map(spec.columns.map(({ name }, index) => [name, index]));
  const guarded = rows.map(() => new Map<number, Exclude<GuardedCount, number>>());
  const hide = (row: number, place: number | undefined, count: GuardedCount | undefined) => {
    if (place === undefined || count === undefined || typeof count === 'number') return;
    // Small says more than withheld, so it stays only where nothing else hides the count.
    const there = guarded[row]?.get(place);
    if (there === undefined || count === 'withheld') guarded[row]?.set(place, there === 'small' ? 'small' : count);
  };
  const countIn = (row: ReportRow, place: number | undefined): number => {
    const value = place === undefined ? null : row[place];
    return typeof value === 'number' ? value : 0;
  };
  spec.columns.forEach(({ countsPeople }, place) => {
    if (countsPeople !== true) return;
    const { cells } = guardSmallCells({ cells: rows.map((row) => [countIn(row, place)]), sums: NO_SUMS }, line);
    cells.forEach(([count], row) => {
      hide(row, place, count);
    });
  });
  for (const { total, of } of spec.sums ?? []) {
    const parts = of.map((name) => places.get(name));
    const sums = { rows: true, columns: false, all: false };
    const table = guardSmallCells({ cells: rows.map((row) => parts.map((place) => countIn(row, place))), sums }, line);
    table.cells.forEach((cells, row) => {
      cells.forEach((count, index) => {
        hide(row, parts[index], count);
      });
      hide(row, places.get(total), table.rowSums[row]);
    });
  }
  return rows.map((row, index) => {
    const hidden = guarded[index];
    if (hidden === undefined || hidden.size === 0) return row;
    return row.map((value, place): ReportValue => {
      const count = hidden.get(place);
      if (count !== undefined) return guardedText(count, line);
      return spec.columns[place]?.derived === true && value !== null ? guardedText('withheld', line) : value;
    });
  });
}

const NO_SUMS = { rows: false, columns: false, all: false };
