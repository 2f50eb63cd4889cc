import type { ReportValue } from '../ports/report-engine.ts';
import { harmless } from '../workbook/harmless.ts';
import type { ReportLanguage } from './cover.ts';
import type { ReportColumn } from './report.ts';

/** A value as people read it in a cell: codes in words, money in yuan, moments in China's time. Empty when nothing is known. */
export function cellText(value: ReportValue, { kind, words }: ReportColumn, language: ReportLanguage): string {
  if (value === null || value === '') return '';
  switch (kind) {
    case 'code':
      return harmless(wordsOf(String(value), words, language));
    case 'fen':
      return typeof value === 'number' ? (value / 100).toFixed(2) : harmless(String(value));
    case 'yes-no':
      return typeof value === 'boolean' ? YES_NO[language][value ? 0 : 1] : harmless(String(value));
    case 'moment':
      return typeof value === 'string' ? chinaTime(value) : harmless(String(value));
    case 'text':
    case 'id':
    case 'date':
    case 'count':
    case 'number':
      return typeof value === 'number' ? String(value) : harmless(String(value));
  }
}

const YES_NO: Readonly<Record<ReportLanguage, readonly [string, string]>> = { zh: ['是', '否'], en: ['yes', 'no'] };

/** Several codes may stand in a cell, parted by blanks; one without words stands as it is. */
function wordsOf(codes: string, words: ReportColumn['words'], language: ReportLanguage): string {
  return codes
    .split(' ')
    .map((code) => words?.[code]?.[language] ?? code)
    .join('；');
}

function chinaTime(moment: string): string {
  const ms = Date.parse(moment);
  return Number.isNaN(ms) ? harmless(moment) : new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}
