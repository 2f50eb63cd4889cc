import { isBlank } from './cell-text.ts';
import type { SourceRecord } from './source-record.ts';

/** A column's cells from row `top` to row `bottom` that a spreadsheet shows as one. */
export interface MergedCells {
  readonly column: number;
  readonly top: number;
  readonly bottom: number;
}

/** Ranges kept of one sheet; the cells of further ones stay empty and their rows come back. */
export const MERGES_KEPT = 100_000;

/**
 * Gives every row what merged cells say of it: a spreadsheet keeps their words in the uppermost row alone, and a household's number
 * merged over its members stands for each of them. Columns of money are left as they are, for a sum would count once a row. Rows must
 * come in order; a row that states nothing itself stays empty.
 */
export class MergedRows {
  readonly #columns: readonly { readonly column: number; readonly ranges: readonly MergedCells[]; at: number; text: string }[];

  constructor(ranges: readonly MergedCells[], isMoney: (column: number) => boolean) {
    const byColumn = new Map<number, MergedCells[]>();
    for (const range of ranges) {
      if (isMoney(range.column)) continue;
      const same = byColumn.get(range.column);
      if (same === undefined) byColumn.set(range.column, [range]);
      else same.push(range);
    }
    this.#columns = Array.from(byColumn, ([column, own]) => ({
      column,
      ranges: own.sort((a, b) => a.top - b.top),
      at: 0,
      text: '',
    }));
  }

  fill(record: SourceRecord): SourceRecord {
    let cells: string[] | undefined;
    const empty = record.cells.every(isBlank);
    for (const merged of this.#columns) {
      while ((merged.ranges[merged.at]?.bottom ?? Number.POSITIVE_INFINITY) < record.row) merged.at += 1;
      const range = merged.ranges[merged.at];
      if (range === undefined || range.top > record.row) continue;
      const own = record.cells[merged.column] ?? '';
      if (range.top === record.row) merged.text = own;
      else if (!empty && isBlank(own)) {
        cells ??= [...record.cells];
        while (cells.length < merged.column) cells.push('');
        cells[merged.column] = merged.text;
      }
    }
    return cells === undefined ? record : { ...record, cells };
  }
}
