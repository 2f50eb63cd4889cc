import type { PlainDate } from '../calendar/plain-date.ts';

/** A finished day of the archive that was read from end to end and found whole. */
export interface VerifiedDay {
  readonly day: PlainDate;
  /** The day's root (audit/daily-root.ts). */
  readonly root: string;
  /** SHA-256, hex, over a line for each of its files in order: name, blank, SHA-256 of the bytes as stored. */
  readonly digest: string;
}

/** Remembers them, so that bytes that are the same need not be read line by line again. */
export interface VerifiedDays {
  all(): Promise<readonly VerifiedDay[]>;
  /** Takes the place of what was remembered of the same days. */
  keep(days: readonly VerifiedDay[]): Promise<void>;
}
