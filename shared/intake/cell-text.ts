/** Marks of no width, those of the direction of writing among them, which come along when a number is copied from a dialog. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const BLANKS = /[\s\u00a0\u00ad\u3000\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+/g;

/** Full-width to half-width (NFKC) and every blank removed: the form in which names of columns and codes are compared. */
export function fold(text: string): string {
  return text.normalize('NFKC').replace(BLANKS, '');
}

/** Trimmed, invisible characters removed; inner blanks stay. */
export function trimCell(text: string): string {
  return text.replace(INVISIBLE, '').trim();
}

/** Digits on both sides of a line break: two numbers in one cell, which folded would run together into one that nobody wrote. */
export function onSeveralLines(text: string): boolean {
  return /[\r\n]/.test(text) && /\d\s*[\r\n]\s*\d/.test(text.normalize('NFKC'));
}

/** More than one number in a cell: on several lines, or with blanks between that do not part thousands. */
export function severalNumbers(text: string): boolean {
  return onSeveralLines(text) || (/\s/.test(text) && /\d\s+(?!\d{3}(?!\d))\d/.test(text.normalize('NFKC')));
}

/** Only blanks, of whatever kind. */
export function isBlank(text: string): boolean {
  return text === '' || trimCell(text) === '';
}

/** Ways departments write "nothing here" in cells that hold no free text. */
const NOTHING = new Set([
  ...['', '-', '--', '–', '—', '——', '―', '――', '/', '//', '\\', '\\N', '...', '......'],
  ...[
    'NULL',
    'NONE',
    'NAN',
    'N/A',
    'NA',
    '无',
    '无。',
    '(无)',
    '空',
    '(空)',
    '(空白)',
    '暂无',
    '未填',
    '未填写',
    '不详',
    '未知',
    '不明',
  ],
]);

/** True for a folded cell that states nothing. */
export function statesNothing(folded: string): boolean {
  return NOTHING.has(folded.toUpperCase());
}

/** Printable ASCII without blanks, which folding leaves as it is. */
export function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x21 || unit > 0x7e) return false;
  }
  return true;
}

/** The text in memory of its own: a part of a longer text would keep all of it alive. */
export function ownText(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
