import type { DomainEvent } from '../audit/event.ts';
import type { Period } from '../calendar/period.ts';
import type { Instant } from '../calendar/plain-date.ts';
import type { FeedId } from '../catalog/feed.ts';
import type { Delivery } from '../facts/coverage.ts';
import type { FileId, FileSequence } from '../facts/fact.ts';
import type { Receipt } from '../intake/receipt.ts';

/** A file at the door, known by path and content. */
export interface Arrival {
  /** Made from path and store version: the same drop has the same id however often it is announced. */
  readonly id: FileId;
  /** Path below the inbox. */
  readonly path: string;
  readonly feed: FeedId;
  readonly period: Period;
  readonly sha256: string;
  readonly size: number;
  readonly arrivedAt: Instant;
  /**
   * When the store took the bytes. Announcements come out of order and hours late: where a store has no order of drops of its
   * own, this is the order of files, not when each was first looked at.
   */
  readonly droppedAt?: Instant;
}

/** A file on record. `seq` orders it among the files of its feed; `receipt` is there once it is done. */
export interface FileRecord extends Omit<Arrival, 'droppedAt'> {
  readonly seq: FileSequence;
  readonly receipt?: Receipt;
}

/** What the register says to an arrival. */
export type ClaimOutcome =
  /** First time these bytes come for this feed and period, or a repeat of an unfinished one: read it. */
  | { readonly outcome: 'take'; readonly file: FileRecord }
  /** This very drop has been dealt with: nothing to do, the receipt stands. */
  | { readonly outcome: 'done'; readonly file: FileRecord }
  /** The same bytes came for the same feed and period under another drop. */
  | { readonly outcome: 'duplicate'; readonly of: FileRecord };

/** Which files to list. All conditions must hold. */
export interface FileQuery {
  readonly feed?: FeedId;
  /** Arrived at this moment or later. */
  readonly arrivedFrom?: Instant;
  /** Arrived before this moment. */
  readonly arrivedBefore?: Instant;
  readonly limit: number;
  /** The cursor of the page before. */
  readonly after?: string;
}

/** The book of files: who sent what, what became of it, and what is thereby covered. */
export interface FileRegister {
  /** Atomic on (feed, period, sha256): of two drops of the same bytes exactly one gets `take`. Keeps the first `seq` and `arrivedAt`. */
  claim(arrival: Arrival): Promise<ClaimOutcome>;
  /** Closes a taken file with its receipt, deliveries and event in one go. Repeating it with the same receipt changes nothing. */
  finish(file: FileId, receipt: Receipt, deliveries: readonly Delivery[], event: DomainEvent): Promise<void>;
  /** Gives up a claim whose file turned out unreadable, so that the same bytes may be tried again; keeps the receipt. */
  refuse(arrival: Arrival, receipt: Receipt, event: DomainEvent): Promise<void>;
  /** Keeps the receipt of a drop that was not taken (bytes already known). */
  recordDuplicate(arrival: Arrival, receipt: Receipt, event: DomainEvent): Promise<void>;
  /**
   * Rows of a file that were known already from an earlier file when they came; `part` makes a repeat count once. A report to
   * the sender, not state: of two files with the same row that are read at once, either may count it.
   */
  recordKnownRows(file: FileId, part: string, count: number): Promise<void>;
  /** The record, its receipt adjusted by `recordKnownRows`. */
  get(file: FileId): Promise<FileRecord | undefined>;
  getMany(files: readonly FileId[]): Promise<ReadonlyMap<FileId, FileRecord>>;
  /** Newest first. */
  list(query: FileQuery): Promise<{ readonly files: readonly FileRecord[]; readonly next?: string }>;
  /** Everything delivered so far: the same list object, which is never changed, while nothing is added. */
  deliveries(): Promise<readonly Delivery[]>;
}
