/** Spreadsheets keep 15 significant digits, and JSON readers hardly more. */
export const LARGEST_EXACT = 1e15;

/** The number as a spreadsheet shows it in a wide cell: 15 significant digits, so that 1234.56 is not 1234.5599999999999. */
export function shownNumber(value: number): string {
  const text = String(Number(value.toPrecision(15)));
  return text.includes('e') ? value.toFixed(10).replace(/\.?0+$/, '') : text;
}
