import { fold, severalNumbers, statesNothing } from './cell-text.ts';
import { Fault } from './fault.ts';

/** How many decimal places of a unit make up one fen: fen 0, 角 1, 元 2, 百元 4, 千元 5, 万元 6, 亿元 10. */
export type MoneyScale = 0 | 1 | 2 | 4 | 5 | 6 | 10;

/** What a bare number counts, by the unit a feed's field has. */
export const SCALE_OF_UNIT = { yuan: 2, wan: 6, fen: 0 } as const satisfies Readonly<Record<string, MoneyScale>>;

const SCALES: Readonly<Record<string, MoneyScale>> = {
  分: 0,
  角: 1,
  元: 2,
  圆: 2,
  百元: 4,
  千元: 5,
  仟元: 5,
  万: 6,
  万元: 6,
  亿: 10,
  亿元: 10,
};
const UNIT_NAMES: Readonly<Record<MoneyScale, string>> = {
  0: '分',
  1: '角',
  2: '元',
  4: '百元',
  5: '千元',
  6: '万元',
  10: '亿元',
};

/** Above this an amount of one row is taken for a mistake: 1,000,000,000 yuan, in fen. */
const LARGEST = 100_000_000_000;

/** The scale of a unit word such as `万元` or `人民币元`; undefined for a word that is no unit of yuan. */
export function moneyScale(word: string): MoneyScale | undefined {
  const plain = fold(word).replace(/^人民币/, '');
  if (plain === '' || /^(RMB|CNY|¥)$/i.test(plain)) return fold(word) === '' ? undefined : 2;
  return Object.hasOwn(SCALES, plain) ? SCALES[plain] : undefined;
}

function tooLarge(): Fault {
  return new Fault(
    'MONEY_TOO_LARGE',
    '金额超过10亿元，请核对数值和表头的单位（元/万元）',
    'the amount is over 1,000,000,000 yuan; check it and the unit in the column name',
  );
}

function tooPrecise(): Fault {
  return new Fault(
    'MONEY_TOO_PRECISE',
    '金额不足一分的部分不为零，请四舍五入到分后再报',
    'the amount has a part below one fen; round it to two decimals of a yuan',
  );
}

function scientific(): Fault {
  return new Fault(
    'MONEY_NOT_A_NUMBER',
    '金额是科学计数法（如 1.23E+05），可能已舍去几位；请将该列设为“数值”格式，写出全部数字后重新导出',
    'the amount is in scientific notation (like 1.23E+05) and digits may be lost; export the column again with all of them',
  );
}

function toFen(whole: string, fraction: string, scale: MoneyScale): number | Fault {
  if (/[1-9]/.test(fraction.slice(scale))) return tooPrecise();
  if (whole.length > 13) return tooLarge();
  const fen = Number(whole || '0') * 10 ** scale + Number(fraction.slice(0, scale).padEnd(scale, '0') || '0');
  return fen > LARGEST ? tooLarge() : fen;
}

const PLAIN_LENGTH = 11;
const scratch = new Uint16Array(PLAIN_LENGTH);

/**
 * Fen of a cell that lies in `units`, when it is `1234`, `1234.5` or `1234.56` in yuan without any dressing: nearly every
 * cell. NaN sends the cell the long way, through `parseMoney`.
 */
export function plainYuan(units: Uint16Array, start: number, end: number): number {
  if (end - start > PLAIN_LENGTH) return Number.NaN;
  let fen = 0;
  let decimals = -1;
  for (let i = start; i < end; i++) {
    const c = units[i] ?? 0;
    if (c >= 48 && c <= 57) {
      fen = fen * 10 + (c - 48);
      if (decimals >= 0) decimals++;
    } else if (c === 46 && decimals < 0 && i > start) decimals = 0;
    else return Number.NaN;
  }
  if (start === end || decimals > 2 || decimals === 0) return Number.NaN;
  fen = decimals === 2 ? fen : decimals === 1 ? fen * 10 : fen * 100;
  return fen <= LARGEST ? fen : Number.NaN;
}

/**
 * Integer fen of a money cell whose bare numbers are in the unit of `scale`; undefined when the cell states nothing. Reads
 * thousands commas, ¥, 元/万 after the number, full-width digits, minus or brackets for negative. No floating point on the way.
 */
export function parseMoney(text: string, scale: MoneyScale): number | Fault | undefined {
  if (scale === 2 && text.length <= PLAIN_LENGTH) {
    for (let i = 0; i < text.length; i++) scratch[i] = text.charCodeAt(i);
    const fen = plainYuan(scratch, 0, text.length);
    if (!Number.isNaN(fen)) return fen;
  }
  let rest = fold(text).replace(/，/g, ',').replace(/[−–—]/g, '-');
  if (statesNothing(rest)) return undefined;
  let negative = false;
  const bracketed = /^\((.+)\)$/.exec(rest);
  if (bracketed) {
    negative = true;
    rest = bracketed[1] ?? '';
  }
  rest = rest.replace(/^([+-]?)(¥|RMB|CNY|人民币)/i, '$1');
  const match = /^([+-]?)¥?([1-9]\d{0,2}(?:,\d{3})+|\d+|(?=\.\d))(?:\.(\d*))?(亿元|亿|万元|万|千元|百元|元|圆|角|分)?整?$/.exec(
    rest,
  );
  if (!match || severalNumbers(text)) {
    if (/^[+-]?\d(\.\d+)?E[+-]?\d+$/i.test(rest)) return scientific();
    return new Fault(
      'MONEY_NOT_A_NUMBER',
      `金额不是数字；应为数字，如 1234.50（单位${UNIT_NAMES[scale]}）`,
      'the amount is not a number; expected digits such as 1234.50',
    );
  }
  const [, sign, whole = '', fraction = '', unit] = match;
  const fen = toFen(
    whole.replaceAll(',', '').replace(/^0+(?=\d)/, ''),
    fraction,
    unit === undefined ? scale : (SCALES[unit] ?? scale),
  );
  if (typeof fen !== 'number') return fen;
  return negative !== (sign === '-') && fen !== 0 ? -fen : fen;
}
