import { fold, isBlank } from './cell-text.ts';
import { foldName } from './column-name.ts';
import { Fault } from './fault.ts';
import { type MoneyScale, moneyScale } from './money.ts';

const BRACKETS = /[([【〔{<]([^)\]】〕}>]*)[)\]】〕}>]/g;
const HINT = /^(必填|选填|可空|非必填|格式.*|如.*|文本|\d+位|[ymd年月日/.-]+|YYYY.*)$/i;
/** Which paper a number is of, where only one will do. */
const PAPER = /^((居民|公民)?身份(证|证号|证号码|号码)|户口[簿本])$/;

interface Unit {
  readonly scale?: MoneyScale;
  readonly unknown?: string;
}

/** Takes unit and hint brackets off a folded column name: `个人自付(元)` → `个人自付` with the scale of yuan. */
export function withoutUnit(name: string): { readonly plain: string } & Unit {
  let unit: Unit = {};
  const plain = name.replace(BRACKETS, (whole, inner: string) => {
    const word = inner.replace(/^(金额|计量)?(单位)?:?/, '');
    const scale = moneyScale(word);
    if (scale !== undefined) unit = { scale };
    else if (/(元|币|镑|USD|HKD)$/i.test(word)) unit = { unknown: word };
    else if (!HINT.test(word) && !PAPER.test(word)) return whole;
    return '';
  });
  const tail = /[/:_-]?(?:(?:金额|计量)?单位:?)?(人民币)?(亿元|万元|千元|仟元|百元|元|角|分)$/.exec(plain);
  if (tail)
    return {
      plain: plain.slice(0, tail.index),
      ...(moneyScale(tail[2] ?? '') === undefined ? {} : { scale: moneyScale(tail[2] ?? '') as MoneyScale }),
    };
  return { plain: foldName(plain), ...unit };
}

const UNIT = '(?:人民币|RMB|¥)?(亿元|亿|万元|万|千元|仟元|百元|元|角|分)(?:人民币)?';
const UNIT_WORD = new RegExp(`^${UNIT}$`, 'i');
/** A cell of nothing but a unit, and a sentence that says in which unit the table is kept. */
const UNIT_ALONE = new RegExp(`^[([]?${UNIT}[)\\]]?$`, 'i');
const UNIT_SENTENCE = new RegExp(`(?:均?以|金额[:(])${UNIT}(?:为单位|计算|计|[)、,;]|$)`, 'i');

/**
 * The unit of a line such as `单位：万元` or `单位：户、人、万元` above the header. `填报单位：元氏县…` is no unit.
 */
export function unitOfLines(rows: readonly (readonly string[])[]): MoneyScale | undefined {
  for (const row of rows) {
    for (const cell of row.concat(row.join(' '))) {
      const word = unitOfLine(cell.normalize('NFKC'));
      if (word !== undefined) return moneyScale(word);
    }
  }
  return undefined;
}

function unitOfLine(text: string): string | undefined {
  for (const said of text.split('单位').slice(1)) {
    for (const word of said.split(/[\s:()[\]、,;/为是均]+/)) {
      const unit = UNIT_WORD.exec(word)?.[1];
      if (unit !== undefined) return unit;
    }
  }
  const folded = fold(text);
  return (UNIT_ALONE.exec(folded) ?? UNIT_SENTENCE.exec(folded))?.[1];
}

/**
 * The unit of the groups a column stands under, such as `费用(万元)` merged over several columns of a row above. `rows` begin with
 * the nearest.
 */
export function unitOfGroup(rows: readonly (readonly string[])[], column: number): Unit {
  for (const groups of rows) {
    const group = groupAt(groups, column);
    const unit: Unit = group === undefined ? {} : withoutUnit(foldName(group));
    if (unit.scale !== undefined || unit.unknown !== undefined) return unit;
  }
  return {};
}

/** The words of the merged cell a column lies under: they stand in its first column. */
function groupAt(groups: readonly string[], column: number): string | undefined {
  for (let at = column; at >= 0; at -= 1) {
    const group = groups[at] ?? '';
    if (!isBlank(group)) return group;
  }
  return undefined;
}

/** A cell that says, in brackets or bare, what the column above it is counted in. */
const UNIT_CELL =
  /^[([【]?(单位:?)?(人民币)?(亿元|万元|千元|百元|元|角|分|人|户|次|天|日|个月|月|年|岁|张|个|间|亩|平方米|m2|%|-|\/)[)\]】]?$/;

/** Whether the row right under a header belongs to it: nothing but units, and one of money among them. */
export function isUnitRow(cells: readonly string[]): boolean {
  const filled = cells.map(fold).filter((cell) => cell !== '');
  return filled.every((cell) => UNIT_CELL.test(cell)) && filled.some((cell) => /[元角分]/.test(cell));
}

/** Whether a cell is a unit of money and nothing else. */
export function statesUnit(cell: string): boolean {
  return UNIT_ALONE.test(fold(cell));
}

/** A column that states for each row what its amounts are counted in. */
export const UNIT_COLUMN = /^(计量|金额|货币|数额)单位$/;

/** The unit is stated row by row. */
export function unitInColumn(header: string, unitColumn: string): Fault {
  return new Fault(
    'UNKNOWN_UNIT',
    `列“${header}”的金额单位另写在“${unitColumn}”列中，不能逐行识别；请换算成同一单位，写入列名，如“${header}（元）”，并删去“${unitColumn}”列`,
    `the unit of column "${header}" is given row by row in column "${unitColumn}", which cannot be read; convert all to one unit, say it in the column name, such as "${header}（元）", and delete "${unitColumn}"`,
  );
}

/** A bracket behind the name that looks like a unit of money and is none we know. */
export function unknownUnit(header: string): Fault {
  return new Fault(
    'UNKNOWN_UNIT',
    `列“${header}”的金额单位无法识别；应为元、万元、千元、百元、角或分`,
    `the money unit of column "${header}" is not known; expected 元, 万元, 千元, 百元, 角 or 分`,
  );
}
