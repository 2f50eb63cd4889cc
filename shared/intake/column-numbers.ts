import { fold } from './cell-text.ts';

/** What stands in a row that numbers the columns of a form, as `栏次 1 2 3` or `甲 乙 (1) (2)=(1)+(3)`. */
const COLUMN_NUMBER = /^(栏次|栏目|行次|列次|列号|编号|[甲乙丙丁戊己庚辛壬癸]|[A-Z]|\(?(\d{1,2})\)?([=＝].*)?)$/;

/** A row of nothing but the columns' numbers, which rise one by one: `1 2 3`, `甲 乙 1 2`, `A B C`. */
export function numbersColumns(cells: readonly string[]): boolean {
  const filled = cells.map(fold).filter((text) => text !== '');
  if (filled.length < 3) return false;
  let number: number | undefined;
  for (const text of filled) {
    const match = COLUMN_NUMBER.exec(text);
    if (match === null) return false;
    if (match[2] === undefined) continue;
    if (number !== undefined && Number(match[2]) !== number + 1) return false;
    number = Number(match[2]);
  }
  return true;
}
