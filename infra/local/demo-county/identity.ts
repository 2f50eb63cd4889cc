import type { PlainDate } from '../../../shared/calendar/plain-date.ts';

/** Written apart from the platform's own check on purpose: fixtures made by the code under test would prove nothing. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/**
 * A valid 18-digit citizen identity number (GB 11643-1999) of an invented person: six-digit area of first registration,
 * birth, and sequence 0–999 (odd male, even female).
 */
export function identityNumberOf(area: string, birth: PlainDate, sequence: number): string {
  const first17 = `${area.slice(0, 6)}${birth.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`;
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(first17[index]), 0);
  return `${first17}${'10X98765432'[sum % 11] ?? ''}`;
}

/** The 15-digit form of before 1999; undefined for births outside the 1900s, which it cannot state. */
export function oldIdentityNumber(number: string): string | undefined {
  return number.slice(6, 8) === '19' ? number.slice(0, 6) + number.slice(8, 17) : undefined;
}

/** The same number with a check digit that does not belong to it. */
export function withWrongCheckDigit(number: string): string {
  return `${number.slice(0, 17)}${number.endsWith('7') ? '8' : '7'}`;
}
