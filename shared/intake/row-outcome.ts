import type { Period } from '../calendar/period.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import type { FeedSpec } from '../catalog/feed.ts';
import type { FactRow, PersonKey } from '../facts/fact.ts';
import type { IntakeError } from './receipt.ts';
import type { RowFault } from './row-faults.ts';

/** An accepted row: the fact, and the identity for the vault, which is the only place number and name may go. */
export interface PersonRow {
  readonly person: PersonKey;
  /** 18 characters. */
  readonly number: string;
  readonly name: string | undefined;
  readonly birth: PlainDate;
  readonly sex: 'male' | 'female';
  readonly fact: FactRow;
}

/** A refused row as sent, with everything that is wrong with it. */
export interface RejectedRow {
  /** As a viewer of the file shows it, the first being 1. */
  readonly row: number;
  readonly cells: readonly string[];
  /** The line as sent, of a row that is no row of cells. */
  readonly raw?: string;
  readonly errors: readonly IntakeError[];
}

/** What became of one row of the file. */
export type RowOutcome =
  | {
      readonly kind: 'accepted';
      readonly row: PersonRow;
      /** What may not have been meant, although the row counts. */
      readonly remarks?: readonly RowFault[];
    }
  | { readonly kind: 'rejected'; readonly row: RejectedRow }
  | { readonly kind: 'duplicate' | 'skipped' };

/** What the rows of a feed are turned into facts with. */
export interface RowContext {
  readonly feed: FeedSpec;
  readonly period: Period;
  readonly today: PlainDate;
  readonly pseudonym: (number18: string) => PersonKey;
  /** Keyed hash for natural keys of the feed, at least 16 hex digits. */
  readonly keyOf: (text: string) => string;
  /** Keyed hash of a text that is kept masked, the same in every feed. */
  readonly markOf: (text: string) => string;
  /** Must give the same for the same text: repeats are recognised by what is sealed. */
  readonly seal: (person: PersonKey, text: string) => string;
}
