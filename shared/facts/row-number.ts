/** More rows than a sheet can have (1,048,576), and round, so that the number still shows sheet and row. */
const PER_SHEET = 10_000_000;

/**
 * The number a row of a file is known by, in keys, evidence and notices: one row has one, whatever sheet it stands in. Of a
 * table without sheets, and of a workbook's first sheet, the row as its viewer shows it; of sheet 3, row 15: 30000015.
 */
export function rowNumber(sheet: number, row: number): number {
  return sheet <= 1 ? row : sheet * PER_SHEET + row;
}

/** Sheet (counted from 1 among those shown) and row as a viewer of the file shows them. */
export function placeOfRow(number: number): { readonly sheet: number; readonly row: number } {
  return { sheet: Math.max(1, Math.floor(number / PER_SHEET)), row: number % PER_SHEET };
}
