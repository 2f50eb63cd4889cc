import type { PlainDate } from '../calendar/plain-date.ts';
import { monthLength } from '../calendar/plain-date.ts';
import type { FieldSpec } from '../catalog/feed.ts';
import { maskIdentityNumbers, parseIdentityNumber } from '../registry/identity-number.ts';
import { fold, onSeveralLines, severalNumbers, statesNothing, trimCell } from './cell-text.ts';
import { codes, flags, wordBesideCode } from './code-cell.ts';
import { dateReader, flawOfDate, mayBeShortMonth } from './date-cell.ts';
import { Fault } from './fault.ts';
import { type MoneyScale, parseMoney, SCALE_OF_UNIT } from './money.ts';
import { type CellParser, remembered } from './remembered-cells.ts';

/** What beside the field itself decides how its cells are read. */
export interface ParseContext {
  /** The column may name places, for its header does not speak of codes. */
  readonly places?: true;
  readonly today: PlainDate;
  /** Money: what a bare number means in this column. */
  readonly scale?: MoneyScale;
  /** Dates: may lie after today (the day something ends). */
  readonly future: boolean;
  /** Dates: what a bare month stands for; undefined where the day itself is needed. */
  readonly month?: 'first-day' | 'last-day';
}

const NAME_LENGTH = 60;

/** What is wrong with a date, by its flaw. */
const FLAWS = {
  'no-year': ['没有写年份', 'the year is missing'],
  'short-year': ['年份只写了两位', 'the year has two digits only'],
  'short-month': ['月份只写了一位', 'the month has one digit only'],
  'year-last': ['年份写在最后，分不清月和日', 'the year stands last, so month and day cannot be told apart'],
} as const;

function badDate(field: FieldSpec, text: string): Fault {
  const month = field.type.kind === 'month';
  const flaw = flawOfDate(text);
  const [zh, en] =
    flaw === undefined ? [`不是有效的${month ? '年月' : '日期'}`, `not a valid ${month ? 'month' : 'date'}`] : FLAWS[flaw];
  const example = month ? '2024-01' : '2024-01-05';
  return new Fault('BAD_DATE', `${zh}，应如 ${example}`, `${en}, expected one like ${example}`);
}

/** A month where the day itself is asked for. */
function dayMissing(): Fault {
  return new Fault(
    'BAD_DATE',
    '只写到年月，缺少日；应如 2024-01-05',
    'only year and month are given and the day is missing; expected one like 2024-01-05',
  );
}

function inFuture(date: string, today: PlainDate): Fault {
  return new Fault(
    'DATE_IN_FUTURE',
    `日期 ${date} 晚于系统当天日期 ${today}；请核对日期，如日期无误，可能是系统时钟有误`,
    `the date ${date} is after today (${today}); check it, or the clock of this system`,
  );
}

function dates(field: FieldSpec, context: ParseContext): CellParser {
  const read = dateReader();
  return (text) => {
    const date = read(text);
    if (date === '') return undefined;
    if (date === undefined || (context.month !== undefined && mayBeShortMonth(date, text))) return badDate(field, text);
    let day = date;
    if (date.length === 7) {
      if (context.month === undefined) return dayMissing();
      day =
        context.month === 'first-day'
          ? `${date}-01`
          : `${date}-${monthLength(Number(date.slice(0, 4)), Number(date.slice(5, 7)))}`;
    }
    return day > context.today && !context.future ? inFuture(day, context.today) : day;
  };
}

function months(field: FieldSpec, context: ParseContext): CellParser {
  const read = dateReader();
  return (text) => {
    const date = read(text);
    if (date === '') return undefined;
    if (date === undefined || mayBeShortMonth(date, text)) return badDate(field, text);
    const month = date.slice(0, 7);
    return month > context.today.slice(0, 7) && !context.future ? inFuture(month, context.today) : month;
  };
}

/** An area code beside the name of the place, as forms keep it in one cell: `召陵区#411104`, `411104 召陵区`, `召陵区(411104)`. */
const CODE_AND_NAME = /^[\p{Script=Han}#()[\]_|:,/、-]*?([1-8]\d{5}(?:\d{3}){0,2})[\p{Script=Han}#()[\]_|:,/、-]*$/u;
const PLACE_NAME = /^\p{Script=Han}{1,40}(省|自治区|市|区|县|旗|盟|州|乡|镇|街道|办事处|村|村委会|社区|居委会)$/u;

/** Whether an area cell has the name of a place in the stead of its code: that says where, but not in a form that can be counted on. */
export function namesPlace(text: string): boolean {
  return PLACE_NAME.test(fold(text));
}

function areas(byName: boolean): CellParser {
  const bad = new Fault(
    'BAD_AREA',
    '不是行政区划代码；应为6位、9位或12位数字，如 410225 或 410225101203',
    'not an area code; expected 6, 9 or 12 digits such as 410225 or 410225101203',
  );
  return remembered((text) => {
    const key = fold(text).replace(/\.0+$/, '');
    if (statesNothing(key) || (byName && namesPlace(key))) return undefined;
    const code = CODE_AND_NAME.exec(key)?.[1];
    if (code === undefined || onSeveralLines(text)) return bad;
    return code.length > 6 && code.endsWith('000')
      ? code.endsWith('000000') && code.length === 12
        ? code.slice(0, 6)
        : code.slice(0, -3)
      : code;
  });
}

/** Levels are written 一级, 壹级 or Ⅰ级 as often as 1. */
const CHINESE_DIGITS = '一二三四五六七八九壹贰叁肆伍陆柒捌玖';
const ROMAN_DIGITS = ['I', 'II', 'III', 'IV'];
const SPELLED = /^(?:残疾)?(?:([一二三四五六七八九壹贰叁肆伍陆柒捌玖])|(I{1,3}|IV))级?(?:残疾)?$/;

function digitsOf(key: string): string {
  const [spelled, chinese, roman] = SPELLED.exec(key) ?? SPELLED.exec(wordBesideCode(key) ?? '') ?? [];
  if (spelled === undefined) return key.replaceAll(',', '');
  return String(chinese === undefined ? ROMAN_DIGITS.indexOf(roman ?? '') + 1 : (CHINESE_DIGITS.indexOf(chinese) % 9) + 1);
}

function integers(field: FieldSpec, min: number, max: number): CellParser {
  return remembered((text) => {
    const key = fold(text).replace(/^["']|["']$/g, '');
    if (statesNothing(key)) return undefined;
    const match = /^([+-]?\d{1,15})(?:\.0*)?(?:岁|级|年度?|人|月|个|次|天)?$/.exec(digitsOf(key));
    if (!match || severalNumbers(text)) {
      return new Fault(
        'NOT_AN_INTEGER',
        `不是整数；应为${min}至${max}之间的整数`,
        `not a whole number; expected one from ${min} to ${max}`,
      );
    }
    const value = Number(match[1]);
    if (value >= min && value <= max) return value === 0 ? 0 : value;
    return new Fault(
      'OUT_OF_RANGE',
      `${field.title.zh}超出范围；应为${min}至${max}之间的整数`,
      `${field.title.en} is out of range; expected a whole number from ${min} to ${max}`,
    );
  });
}

function texts(maxLength: number): CellParser {
  return (text) => {
    const trimmed = text.trim();
    if (trimmed === '') return undefined;
    if (trimmed.length > maxLength) {
      return new Fault(
        'TOO_LONG',
        `内容有${trimmed.length}个字，超过${maxLength}个字的上限；请核对是否错列`,
        `${trimmed.length} characters, more than the limit of ${maxLength}; check whether columns have shifted`,
      );
    }
    return trimmed;
  };
}

/** A person's name: blanks inside dropped (张 三), dots of minority names kept. */
function names(): CellParser {
  return (text) => {
    const name = /[^\u4e00-\u9fff]/.test(text) ? trimCell(text).replace(/[\s\u3000]+/g, '') : text;
    if (name === '') return undefined;
    if (name.length > NAME_LENGTH) {
      return new Fault(
        'TOO_LONG',
        `姓名超过${NAME_LENGTH}个字；请核对是否错列`,
        `the name has more than ${NAME_LENGTH} characters; check whether columns have shifted`,
      );
    }
    return name;
  };
}

/** Identity numbers of related people; the subject's own is read by the row reader, which needs all of its parts. */
function identities(today: PlainDate): CellParser {
  return (text) => {
    if (statesNothing(fold(text))) return undefined;
    const parsed = parseIdentityNumber(text, today);
    return parsed.ok ? parsed.number : new Fault(parsed.code, parsed.message.zh, parsed.message.en);
  };
}

/** Compiles the reader of one column. Text comes back unmasked: keys are built from it before `maskedText`. */
export function cellParser(field: FieldSpec, context: ParseContext): CellParser {
  const type = field.type;
  switch (type.kind) {
    case 'identity':
      return identities(context.today);
    case 'name':
      return names();
    case 'text':
      return texts(type.maxLength);
    case 'code':
      return codes(type.values);
    case 'date':
      return dates(field, context);
    case 'month':
      return months(field, context);
    case 'money': {
      const scale = context.scale ?? SCALE_OF_UNIT[type.unit];
      return (text) => parseMoney(text, scale);
    }
    case 'integer':
      return integers(field, type.min, type.max);
    case 'area':
      return areas(context.places === true);
    case 'flag':
      return flags();
  }
}

/**
 * Text as it may go on: identity numbers inside it are masked. What was masked is followed by a keyed hash of the whole text,
 * since departments build household and settlement numbers from identity numbers and those must stay apart.
 */
export function maskedText(text: string, markOf: (text: string) => string): string {
  const masked = maskIdentityNumbers(text);
  return masked === text ? text : `${masked}#${markOf(text)}`;
}
