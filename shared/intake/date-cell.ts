import { fromEpochDay, plainDate } from '../calendar/plain-date.ts';
import { fold, statesNothing } from './cell-text.ts';

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
const EMPTY_DAYS = new Set(['1900-01-01', '1899-12-30', '1899-12-31', '9999-12-31']);

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
  String.raw`^${DAY}(?:${WEEKDAY})?(?:[T\s]*(?:${HALF_OF_DAY}\s*)?${CLOCK}(?:\s*[AP]M)?(?:Z|[+-]\d{2}:?\d{2})?)?$`,
  'i',
);

function calendarDay(year: string, month: string, day: string): string | undefined {
  const padded = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (OPEN_ENDED.has(padded) || EMPTY_DAYS.has(padded)) return '';
  return plainDate(Number(year), Number(month), Number(day));
}

function readDate(text: string): string | undefined {
  const plain = text.normalize('NFKC').trim();
  const folded = fold(plain);
  if (statesNothing(folded) || OPEN_ENDED.has(folded)) return '';
  const compact = /^(\d{4})(\d{2})(\d{2})(\d{6})?(\.0)?$/.exec(folded);
  if (compact) return calendarDay(compact[1] ?? '', compact[2] ?? '', compact[3] ?? '');
  const parted = DATE_AND_TIME.exec(plain);
  if (parted) return calendarDay(parted[1] ?? '', parted[2] ?? '', parted[3] ?? '');
  const month = /^(\d{4})(?:[-/.年](\d{1,2})月?|(\d{2}))$/.exec(folded);
  if (month) {
    const number = Number(month[2] ?? month[3]);
    const year = Number(month[1]);
    return plainDate(year, number, 1)?.slice(0, 7);
  }
  if (/^\d{5}(\.\d+)?$/.test(folded)) return dayOfSerial(Number(folded));
  return undefined;
}

const CACHE_LIMIT = 20_000;

/**
 * A reader of date cells: `YYYY-MM-DD`, `YYYY-MM` when only a month is stated, `''` when the cell states nothing (also
 * 长期, 0000-00-00, 1900-01-01), undefined when it is no date. Remembers short cells, since dates repeat.
 */
export function dateReader(): (text: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  return (text) => {
    // Short strings are copies; longer ones would keep the whole decoded piece they were cut from alive in the cache.
    if (text.length > 12) return readDate(text);
    const hit = known.get(text);
    if (hit !== undefined || known.has(text)) return hit;
    const date = readDate(text);
    if (known.size < CACHE_LIMIT) known.set(text, date);
    return date;
  };
}
