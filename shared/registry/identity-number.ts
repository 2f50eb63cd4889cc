import { type PlainDate, plainDate } from '../calendar/plain-date.ts';
import type { Bilingual } from '../catalog/feed.ts';

/** A citizen identity number that holds together (GB 11643-1999), or why it does not. Messages never repeat the number. */
export type IdentityNumber =
  | {
      readonly ok: true;
      /** 18 characters, the check character in upper case. */
      readonly number: string;
      readonly birth: PlainDate;
      readonly sex: 'male' | 'female';
      /** Six-digit area of first registration: not where the person lives. */
      readonly origin: string;
    }
  | { readonly ok: false; readonly code: string; readonly message: Bilingual };

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK = '10X98765432';
const CHECK_UNITS = Uint16Array.from(CHECK, (character) => character.charCodeAt(0));
/** First two digits of GB/T 2260 in use; 83 is the residence permit of Taiwan residents, which follows the same standard. */
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'
    .split(' ')
    .map(Number),
);
/** Whether two digits are a province's in GB/T 2260. */
export function isProvince(code: number): boolean {
  return PROVINCES.has(code);
}

const BLANKS = /[\s\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff'‘’`"]/g;

/** What is written where there is no number; fifteen ones would pass for that of somebody born on 11 November 1911. */
const NOTHING = /^(无|暂无|没有|未办|未办理|空|NULL|N\/A|[-—–/\\]+|1{15})$/;
/** Signs that look like the last X and come from other keyboards: the times sign, Greek and Cyrillic letters. */
const LOOKS_LIKE_X = /[×ΧХ]$/;
/** Permanent residence cards of foreigners until 2023: three letters and 12 digits. */
const OLD_FOREIGNER = /^[A-Z]{3}\d{12}$/;

const FIRST_YEAR = 1880;
const DAY_NUMBERS = 320 * 512;
/**
 * Births by day number, for they repeat across people and making the text is slower than finding it again. null: no such
 * day. A list, since looking into a map of so many costs as much as making the text.
 */
const births: (PlainDate | null | undefined)[] = new Array(DAY_NUMBERS).fill(undefined);

function birthOf(yyyymmdd: number): PlainDate | null {
  const year = Math.floor(yyyymmdd / 10_000);
  const month = Math.floor(yyyymmdd / 100) % 100;
  const day = yyyymmdd % 100;
  const at = (year - FIRST_YEAR) * 512 + month * 32 + day;
  if (year < FIRST_YEAR || month > 12 || day > 31 || at >= DAY_NUMBERS) return null;
  const known = births[at];
  if (known !== undefined) return known;
  const birth = plainDate(year, month, day) ?? null;
  births[at] = birth;
  return birth;
}

/** A date as the number yyyymmdd, which compares faster than text. */
function dayNumber(date: PlainDate): number {
  return Number(date.replaceAll('-', ''));
}

function refuse(code: string, zh: string, en: string): Extract<IdentityNumber, { ok: false }> {
  return { ok: false, code, message: { zh, en } };
}

/** Weighted sum of the first 17 digits modulo 11, or -1 when one of them is not a digit. */
function remainder(text: string): number {
  let sum = 0;
  for (let i = 0; i < 17; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    sum += digit * (WEIGHTS[i] ?? 0);
  }
  return sum % 11;
}

/** The check character (0–9 or X) that belongs to 17 digits; undefined when they are not 17 digits. */
export function checkCharacter(first17: string): string | undefined {
  const rest = first17.length === 17 ? remainder(first17) : -1;
  return rest < 0 ? undefined : CHECK[rest];
}

/** Permanent residence cards since 2023: 9, province, country, birth, sequence, check character as in GB 11643. */
function isForeigner(text: string): boolean {
  return /^9\d{16}[\dX]$/.test(text) && isProvince(Number(text.slice(1, 3))) && CHECK[remainder(text)] === text[17];
}

function judge(text: string, rest: number, today: PlainDate | undefined): IdentityNumber {
  const origin = text.slice(0, 6);
  if (!PROVINCES.has(Number(text.slice(0, 2)))) {
    if (isForeigner(text)) return foreigner();
    return refuse(
      'ID_ORIGIN',
      '身份证号码前两位不是省级行政区划代码，请核对原件后改正',
      'the first two digits of the identity number are no province code; check against the document',
    );
  }
  const birth = birthOf(Number(text.slice(6, 14)));
  if (birth === null) {
    return refuse(
      'ID_BIRTH',
      '身份证号码中的出生日期（第7至14位）不存在，请核对原件后改正',
      'the birth date inside the identity number (digits 7 to 14) does not exist; check against the document',
    );
  }
  if (today !== undefined && birth > today) {
    return refuse(
      'ID_BIRTH_IN_FUTURE',
      `身份证号码中的出生日期晚于系统当天日期 ${today}；请核对号码，如号码无误，可能是系统时钟有误`,
      `the birth date inside the identity number is after today (${today}); check the number, or the clock of this system`,
    );
  }
  if (CHECK.charCodeAt(rest) !== text.charCodeAt(17)) {
    if (text.endsWith('000')) return precisionLost();
    return refuse(
      'ID_CHECK_DIGIT',
      '身份证号码校验位不符，至少有一位填错，请核对原件后改正',
      'the check digit of the identity number does not fit, so at least one digit is wrong; check against the document',
    );
  }
  return { ok: true, number: text, birth, sex: (text.charCodeAt(16) & 1) === 1 ? 'male' : 'female', origin };
}

function foreigner(): IdentityNumber {
  return refuse(
    'ID_FOREIGNER',
    '这是外国人永久居留身份证号码，暂不接收；请从表中删去该行，此人情况另行告知民政部门',
    'this is the number of a foreigner’s permanent residence card, which is not taken; leave the row out and tell civil affairs of the person',
  );
}

/** Kept as a number somewhere: what a spreadsheet program makes of 18 digits ends in 000. */
export function precisionLost(): Extract<IdentityNumber, { ok: false }> {
  return refuse(
    'ID_PRECISION_LOST',
    '身份证号码曾按数字保存，末三位已丢失成000，无法恢复；请将该列设为“文本”格式后从原系统重新导出',
    'the identity number was kept as a number and its last three digits are lost; export the column again as text',
  );
}

function readCleaned(text: string, today: PlainDate | undefined): IdentityNumber {
  if (text === '' || NOTHING.test(text))
    return refuse('ID_MISSING', '身份证号码为空，请补填18位号码', 'the identity number is empty; give all 18 characters');
  if (/^\d(\.\d+)?E\+?\d+$/.test(text)) {
    return refuse(
      'ID_SCIENTIFIC',
      '身份证号码变成了科学计数法（如 3.71E+17），后几位已丢失；请将该列设为“文本”格式后从原系统重新导出',
      'the identity number is in scientific notation (like 3.71E+17) and digits are lost; export the column again as text',
    );
  }
  if (/[*•●#?＊]/.test(text) || /X{2,}/.test(text)) {
    return refuse(
      'ID_MASKED',
      '身份证号码已脱敏（含*号），无法对应到人；请提供完整号码',
      'the identity number is masked, so the person cannot be told; give the whole number',
    );
  }
  if (OLD_FOREIGNER.test(text)) return foreigner();
  if (/^\d{15}$/.test(text)) {
    // GB 11643-1989: no century and no check digit; everyone with such a number was born in the 1900s.
    const first17 = `${text.slice(0, 6)}19${text.slice(6)}`;
    return judge(first17 + (checkCharacter(first17) ?? ''), remainder(first17), today);
  }
  if (/^\d{17}[\dX]$/.test(text)) return judge(text, remainder(text), today);
  if (/^\d+X?$/.test(text)) {
    return refuse(
      'ID_LENGTH',
      `身份证号码应为18位（或旧15位），此处为${text.length}位，请核对原件后改正`,
      `an identity number has 18 characters (or 15 in the old form), this one has ${text.length}; check against the document`,
    );
  }
  return refuse(
    'ID_NOT_A_NUMBER',
    '不是居民身份证号码（含有数字和末位X以外的字符，可能是护照、通行证或军官证）；请改填此人的居民身份证或港澳台居民居住证号码，没有的请删去该行，另行告知民政部门',
    'not a citizen identity number (characters other than digits and a final X; perhaps a passport or travel permit); give the number of the identity card or residence permit, or leave the row out and tell civil affairs',
  );
}

/**
 * Reads an identity number as departments write it: full-width digits, blanks, zero-width characters, apostrophe, `="…"`,
 * lower-case x, 15 digits (GB 11643-1989). With `today`, a birth after it is refused. Rules: GB 11643-1999; domain.md §6.
 */
export function parseIdentityNumber(raw: string, today?: PlainDate): IdentityNumber {
  const rest = raw.length === 18 ? remainder(raw) : -1;
  if (rest >= 0) {
    const last = raw.charCodeAt(17);
    if ((last >= 48 && last <= 57) || last === 88) return judge(raw, rest, today);
  }
  const folded = raw.normalize('NFKC').replace(BLANKS, '').toUpperCase().replace(LOOKS_LIKE_X, 'X');
  return readCleaned(folded.startsWith('=') ? folded.slice(1) : folded, today);
}

/** A valid number and what it says, without the place of origin: the first six digits. */
export type KnownIdentity = Omit<Extract<IdentityNumber, { ok: true }>, 'origin'>;

/** Reads numbers of 18 plain characters where they lie in a longer text, from `start` on. */
export type PlainIdentityReader = (text: string, units: Uint16Array, start: number) => KnownIdentity | undefined;

/**
 * A reader for numbers with which nothing is wrong; undefined sends the cell the long way, through `parseIdentityNumber`.
 * `units` are the UTF-16 units of `text`. A birth after `today` is wrong.
 */
export function plainIdentityReader(today: PlainDate): PlainIdentityReader {
  const lastDay = dayNumber(today);
  return (text, units, start) => {
    let sum = 0;
    let birthDay = 0;
    for (let i = 0; i < 17; i++) {
      const digit = (units[start + i] ?? 0) - 48;
      if (digit < 0 || digit > 9) return undefined;
      sum += digit * (WEIGHTS[i] ?? 0);
      if (i >= 6 && i < 14) birthDay = birthDay * 10 + digit;
    }
    if (CHECK_UNITS[sum % 11] !== units[start + 17] || birthDay > lastDay) return undefined;
    if (!PROVINCES.has(((units[start] ?? 0) - 48) * 10 + (units[start + 1] ?? 0) - 48)) return undefined;
    const birth = birthOf(birthDay);
    if (birth === null) return undefined;
    const sex = ((units[start + 16] ?? 0) & 1) === 1 ? 'male' : 'female';
    return { ok: true, number: text.slice(start, start + 18), birth, sex };
  };
}

/**
 * The text with every identity number inside it replaced by `****`: 18 characters whose birth date and check digit hold, or
 * 15 digits standing alone with a possible birth date.
 */
export function maskIdentityNumbers(text: string): string {
  if (!hasManyDigits(text)) return text;
  const folded = /[０-９Ｘｘ]/.test(text) ? text.normalize('NFKC') : text;
  return folded.replace(/\d{15,}[Xx]?/g, (run) => maskRun(run));
}

/** Enough digits, of whatever width, for an identity number. */
function hasManyDigits(text: string): boolean {
  let digits = 0;
  for (let i = 0; i < text.length && digits < 15; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 128 ? unit >= 48 && unit <= 57 : /\d/.test(text.charAt(i).normalize('NFKC'))) digits++;
  }
  return digits >= 15;
}

function maskRun(run: string): string {
  if (run.length === 15) return readCleaned(run, undefined).ok ? '****' : run;
  for (let at = 0; at + 18 <= run.length; at++) {
    const piece = run.slice(at, at + 18).toUpperCase();
    if (readCleaned(piece, undefined).ok) return `${run.slice(0, at)}****${maskRun(run.slice(at + 18))}`;
  }
  return run;
}
