import type { Action } from '../access/policy.ts';
import type { EventType } from '../audit/event.ts';
import type { Bilingual } from '../catalog/feed.ts';

/** Codes in words. */
export type Words = Readonly<Record<string, Bilingual>>;

/** What a column holds, which decides how it is written. */
export type ColumnKind =
  | 'text'
  /** An id of the platform; never a name or an identity number. */
  | 'id'
  /** One of a closed list; `words` says what each means. Several may stand in one cell, parted by blanks. */
  | 'code'
  | 'date'
  /** A moment, UTC. */
  | 'moment'
  | 'count'
  /** A fraction or a measured time. */
  | 'number'
  /** Money in fen; written in yuan where people read it. */
  | 'fen'
  | 'yes-no';

/** One column of a report, named as the query names it. */
export interface ReportColumn {
  readonly name: string;
  readonly title: Bilingual;
  readonly kind: ColumnKind;
  readonly words?: Words;
  /** A count of people or households: shown as `<5` where it is small and the report leaves the platform. */
  readonly countsPeople?: true;
  /** Computed from counts of people: left out where one of them is not shown. */
  readonly derived?: true;
}

/** A report: what it is called, who may pull it, which events it is drawn from, and its columns. Its query is `sql/<id>.sql`. */
export interface ReportSpec {
  readonly id: string;
  readonly title: Bilingual;
  /** What one row is, which day decides whether it belongs to the period, and what should be known to read it. */
  readonly about: Bilingual;
  /** `ledger`: rows of single cases, for roles that may read cases. `aggregate`: counts. */
  readonly kind: 'ledger' | 'aggregate';
  readonly action: Extract<Action, `reports.${string}`>;
  readonly reads: readonly EventType[];
  readonly columns: readonly ReportColumn[];
  /** Columns that add up to another of the same row, so that none can be worked out from the rest. */
  readonly sums?: readonly { readonly total: string; readonly of: readonly string[] }[];
  /** What the plot of a printed page shows: a bar for each row and figure. */
  readonly plot?: { readonly label: string; readonly values: readonly string[] };
}
