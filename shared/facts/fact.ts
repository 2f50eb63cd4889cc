import type { Instant, PlainDate } from '../calendar/plain-date.ts';
import type { FeedId } from '../catalog/feed.ts';

/** Keyed pseudonym of a person (HMAC-SHA-256 of the 18-digit number, 32 hex digits). The only name a person has outside the vault. */
export type PersonKey = string & { readonly __brand: 'PersonKey' };

/** One dropped file that was taken: 24 hex digits. */
export type FileId = string & { readonly __brand: 'FileId' };

/**
 * Orders the files of a feed: last day of the period, then arrival. Text; compares with `<`. A file re-sent for the same
 * period comes later than the one it corrects; a late file for an earlier month does not override a later month.
 */
export type FileSequence = string & { readonly __brand: 'FileSequence' };

/** Value of a field in a fact. Money is integer fen, dates are ISO text, codes are canonical, a related person is a pseudonym. */
export type FactValue = string | number | boolean;

/** One accepted row. Short names of rarely read parts would save bytes but not reading time, so names are whole. */
export interface FactRow {
  /** Row number in the sender's file (row-number.ts): as its viewer shows it, the first line being 1, but beyond a workbook's first sheet. */
  readonly row: number;
  /** Natural key within person and feed. For a reversal that names another original, the original's key. */
  readonly key: string;
  /** Day it happened or holds from. */
  readonly from: PlainDate;
  /** Last day it holds (status feeds); absent while it still holds. */
  readonly to?: PlainDate;
  /** Takes back the row with the same key. */
  readonly reversal?: true;
  /** Where the row places the person. */
  readonly area?: string;
  /** True when `area` is only a guess from the identity number's place of first registration. */
  readonly areaAssumed?: true;
  readonly fields: Readonly<Record<string, FactValue>>;
  /** Sensitive fields, sealed with the data key; base64. */
  readonly sealed?: string;
  /** Short hash of everything the row states, to tell a repeat from a correction. */
  readonly content: string;
}

/** A deletion: the day it was done, the day before which things had to be over, and the number of its certificate. */
export interface DeletionMark {
  readonly on: PlainDate;
  readonly before: PlainDate;
  readonly certificate: string;
}

/**
 * What stays in place of rows whose time was over: that there were some, so that nothing is counted or taken in anew, and
 * nothing of what they said but where they placed the person.
 */
export interface DeletedRows {
  /** The number the chunk's first row had, by which the chunk is known. */
  readonly firstRow: number;
  /** Natural keys of the rows, which are closed: see `foldFacts`. */
  readonly keys: readonly string[];
  readonly under: readonly DeletionMark[];
  /** Where the person was placed by a deleted row, with the sequence of the last file that said so, if nothing kept says it better. */
  readonly place?: { readonly area: string; readonly areaAssumed?: true; readonly seq: FileSequence };
}

/**
 * The rows of one person in one file, as stored: append-only; never changed but that rows past keeping are deleted. Its key is
 * person + feed + sequence + first row, so appending it again changes nothing.
 */
export interface FactChunk {
  readonly person: PersonKey;
  readonly birth: PlainDate;
  readonly sex: 'male' | 'female';
  readonly feed: FeedId;
  readonly file: FileId;
  readonly seq: FileSequence;
  /** When the platform learned it: the arrival of the file (bitemporal second axis). */
  readonly recordedAt: Instant;
  readonly rows: readonly FactRow[];
  readonly deleted?: DeletedRows;
}

/** The number of a chunk's first row as it came, which is part of its key. */
export function firstRowOf({ rows, deleted }: Pick<FactChunk, 'rows' | 'deleted'>): number {
  return deleted?.firstRow ?? rows[0]?.row ?? 0;
}

/** A fact as it counts after the fold: the latest word on its key, reversals netted. */
export interface Fact {
  readonly person: PersonKey;
  readonly feed: FeedId;
  readonly file: FileId;
  readonly seq: FileSequence;
  /** Sequence of the last file that said the same, when `seq` is not that of the only one. */
  readonly saidAgain?: FileSequence;
  readonly row: number;
  readonly recordedAt: Instant;
  readonly key: string;
  readonly from: PlainDate;
  readonly to?: PlainDate;
  readonly area?: string;
  readonly areaAssumed?: true;
  readonly fields: Readonly<Record<string, FactValue>>;
  readonly sealed?: string;
  /**
   * A reversal without the row it takes back: nothing happened, money came back. `of-unsent`: it names a row that has not come,
   * whose amount is in no sum either. `of-unnamed`: it names none.
   */
  readonly cameBack?: 'of-unsent' | 'of-unnamed';
}
