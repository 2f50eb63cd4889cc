import { placeOfRow } from '../facts/row-number.ts';
import type { Receipt } from './receipt.ts';

/** Where a viewer of a workbook with rows in several sheets shows a row. */
export interface SheetRow {
  /** What the tab says. */
  readonly sheet: string;
  readonly row: number;
}

/** The place of a row known by its number; undefined when the number is the row itself, or nothing is known of the sheets. */
export function sheetRowOf(receipt: Pick<Receipt, 'sheets'> | undefined, number: number): SheetRow | undefined {
  const lists = receipt?.sheets?.filter(({ use }) => use === 'read' || use === 'unfit') ?? [];
  if (lists.length < 2) return undefined;
  const { sheet, row } = placeOfRow(number);
  const name = receipt?.sheets?.[sheet - 1]?.name;
  return name === undefined ? undefined : { sheet: name, row };
}

/** The place as an optional part of what is shown of a row. */
export function placeShown(receipt: Pick<Receipt, 'sheets'> | undefined, number: number): { readonly at?: SheetRow } {
  const at = sheetRowOf(receipt, number);
  return at === undefined ? {} : { at };
}

/** A row in words of Chinese: `第15行`, `工作表“红庙镇”第15行`, or by the number of the sheet when its name is not known. */
export function rowInWords(number: number, at?: SheetRow): string {
  if (at !== undefined) return `工作表“${at.sheet}”第${at.row}行`;
  const { sheet, row } = placeOfRow(number);
  return sheet === 1 ? `第${row}行` : `第${sheet}个工作表第${row}行`;
}

/** The sheets of a workbook with rows in several: by their numbers what their tabs say. */
export type SheetNames = ReadonlyMap<number, string>;

/** Where a viewer of the file shows a row. */
export function placeIn(sheets: SheetNames | undefined, number: number): { readonly row: number; readonly sheet?: string } {
  if (sheets === undefined) return { row: number };
  const { sheet, row } = placeOfRow(number);
  const name = sheets.get(sheet);
  return name === undefined ? { row } : { row, sheet: name };
}
