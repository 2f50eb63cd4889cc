import { describe, expect, it } from 'vitest';
import { placeOfRow, rowNumber } from '../../../shared/facts/row-number.ts';

describe('the number of a row in its file', () => {
  it('is the row of a table without sheets and of a first sheet, and shows sheet and row of a further one', () => {
    expect(rowNumber(1, 1_048_576)).toBe(1_048_576);
    expect(rowNumber(3, 15)).toBe(30_000_015);
    expect(placeOfRow(1_048_576)).toEqual({ sheet: 1, row: 1_048_576 });
    expect(placeOfRow(30_000_015)).toEqual({ sheet: 3, row: 15 });
    expect(placeOfRow(rowNumber(200, 1_048_576))).toEqual({ sheet: 200, row: 1_048_576 });
  });
});
