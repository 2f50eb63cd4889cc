import { dayAfter, dayBefore, fromEpochDay, type PlainDate, plainDate } from '../calendar/plain-date.ts';
import { fold, statesNothing, trimCell } from './cell-text.ts';
import { remembered } from './remembered-cells.ts';

/** Spreadsheet serial of 1970-01-01 in the 1900 date system. */
const SERIAL_OF_EPOCH = 25_569;
/** Serials below lie before 1927 and above after 2119: such a number is no date of ours. */
const LEAST_SERIAL = 10_000;
const LAST_SERIAL = 80_000;

const OPEN_ENDED = new Set([
  '长期',
  '长期有效',
  '永久',
  '永久有效',
  '至今',
  '无固定期限',
  '无期限',
  '不详',
  '未知',
  '0',
  '00000000',
  '0000-00-00',
  '1900-01-00',
]);
const EMPTY_DAYS = new Set(['0001-01-01', '1900-01-01', '1899-12-30', '1899-12-31', '2999-12-31', '9999-12-31']);

/** The day of a spreadsheet serial of the 1900 date system; undefined outside 1927–2119. */
export function dayOfSerial(serial: number): string | undefined {
  const day = Math.floor(serial);
  return day >= LEAST_SERIAL && day <= LAST_SERIAL ? fromEpochDay(day - SERIAL_OF_EPOCH) : undefined;
}

const DAY = String.raw`(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?`;
/** Spreadsheets show it in their long formats. */
const WEEKDAY = String.raw`\s*\(?(?:星期|周)[一二三四五六日天]\)?`;
const HALF_OF_DAY = '(?:凌晨|早上|上午|中午|下午|晚上|[AP]M)';
const CLOCK = String.raw`\d{1,2}(?:[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?|分)?|时)`;
/** A day with whatever of the time stands behind it, which is not kept. */
const DATE_AND_TIME = new RegExp(
  String.raw`^${DAY}(?:${WEEKDAY})?(?:[T\s]*(?:${HALF_OF_DAY}\s*)?${CLOCK}(?:\s*[AP]M)?\s*(Z|[+-]\d{2}:?\d{2})?)?$`,
  'i',
);

function calendarDay(year: string, month: string, day: string): string | undefined {
  const padded = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (OPEN_ENDED.has(padded) || EMPTY_DAYS.has(padded)) return '';
  return plainDate(Number(year), Number(month), Number(day));
}

/** Minutes that clocks in China are ahead of UTC. */
const CHINA = 480;

/** The day it is in China when it is `day` with the clock of `text` elsewhere: programs write our midnight as 16:00Z of the day before. */
function dayInChina(day: string, text: string, zone: string): string | undefined {
  const [, hour = '0', minute = '0'] = /[T\s](\d{1,2})[:时](\d{1,2})?/i.exec(text) ?? [];
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d{2}):?(\d{2})/.exec(zone) ?? [];
  const ahead = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
  const clock = Number(hour) * 60 + Number(minute) + CHINA - ahead;
  if (clock >= 0 && clock < 1_440) return day;
  return clock < 0 ? dayBefore(day as PlainDate) : dayAfter(day as PlainDate);
}

/** Digits of Chinese dates; both round signs stand for zero. */
const NUMERALS = '零一二三四五六七八九';
const SPELLED =
  /^([零〇○一二三四五六七八九]{4})年(?:([一二三四五六七八九十]{1,3})月(?:份|([一二三四五六七八九十]{1,3})[日号]?)?)?$/;

/** `二〇二四年三月十五日` in digits; anything else as it is. */
function inDigits(text: string): string {
  const match = SPELLED.exec(text);
  if (match === null) return text;
  const [, year = '', month = '', day] = match;
  const digits = Array.from(year, (one) => Math.max(0, NUMERALS.indexOf(one))).join('');
  return `${digits}年${numberOf(month)}月${day === undefined ? '' : `${numberOf(day)}日`}`;
}

/** `十` to `三十一` as a number. */
function numberOf(spelled: string): number {
  const [tens, ones] = spelled.includes('十') ? spelled.split('十') : ['0', spelled];
  return (tens === '' ? 1 : Math.max(0, NUMERALS.indexOf(tens ?? ''))) * 10 + Math.max(0, NUMERALS.indexOf(ones || '零'));
}

/** Signs that stand between year, month and day by a slip of the input method, and 号 for 日, as the usual ones. */
function usual(text: string): string {
  return text
    .replace(/(?<=\d)\s*[‐‑‒–—―−、。,，\\_]\s*(?=\d)/g, '-')
    .replace(/^(\d{4}) +(\d{1,2})(?: +(\d{1,2}))?$/, (_, year, month, day) => [year, month, day].filter(Boolean).join('-'))
    .replace(/(?<=\d)号/, '日')
    .replace(/(?<=\d)[.。]$/, '');
}

function readDate(text: string): string | undefined {
  const written = trimCell(text.normalize('NFKC'));
  const folded = fold(written);
  if (statesNothing(folded) || OPEN_ENDED.has(folded)) return '';
  return readWritten(written) ?? readWritten(usual(inDigits(written)));
}

function readWritten(plain: string): string | undefined {
  const folded = fold(plain);
  const compact = /^(\d{4})(\d{2})(\d{2})(\d{6})?(\.0)?$/.exec(folded);
  if (compact) return calendarDay(compact[1] ?? '', compact[2] ?? '', compact[3] ?? '');
  const parted = DATE_AND_TIME.exec(plain);
  if (parted) {
    const day = calendarDay(parted[1] ?? '', parted[2] ?? '', parted[3] ?? '');
    const zone = parted[4];
    return day && zone !== undefined ? dayInChina(day, plain, zone) : day;
  }
  const month = /^(\d{4})\s*(?:[-/.年]\s*(\d{1,2})\s*(?:月份?)?|(\d{2}))$/.exec(plain);
  if (month) {
    const number = Number(month[2] ?? month[3]);
    const year = Number(month[1]);
    return plainDate(year, number, 1)?.slice(0, 7);
  }
  if (/^\d{5}(\.\d+)?$/.test(plain)) return dayOfSerial(Number(plain));
  return undefined;
}

const CACHE_LIMIT = 20_000;

/**
 * A reader of date cells: `YYYY-MM-DD`, `YYYY-MM` when only a month is stated, `''` when the cell states nothing (also
 * 长期, 0000-00-00, 1900-01-01), undefined when it is no date. Remembers short cells, since dates repeat.
 */
export function dateReader(): (text: string) => string | undefined {
  return remembered(readDate, CACHE_LIMIT);
}

/**
 * Whether a number read as `date` may as well be year and month with the month in one digit: `20243` is March 2024 to who wrote
 * it, and 3 June 1955 as a serial.
 */
export function mayBeShortMonth(date: string, text: string): boolean {
  return date < '1960' && /^20\d\d[1-9]$/.test(fold(text));
}

/** What keeps a text from being a date, where that can be told: no year, a year of two digits, a year behind the day. */
export function flawOfDate(text: string): 'no-year' | 'short-year' | 'year-last' | 'short-month' | undefined {
  const folded = fold(text);
  if (/^20\d\d[1-9]$/.test(folded)) return 'short-month';
  if (/^\d{1,2}月\d{1,2}[日号]?$/.test(folded)) return 'no-year';
  if (/^\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?$/.test(folded)) return 'short-year';
  return /^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}$/.test(folded) ? 'year-last' : undefined;
}
