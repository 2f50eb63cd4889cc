import type { OpenDay } from '../audit/daily-root.ts';
import type { DomainEvent } from '../audit/event.ts';
import type { PlainDate } from '../calendar/plain-date.ts';

/** Events that go with no stored change: reads and searches of personal data, messages put back. */
export interface EventLog {
  /** Reads and searches are found again by household: see `HouseholdReads`. */
  append(events: readonly DomainEvent[]): Promise<void>;
}

/** One line of the archive. */
export interface ArchiveEntry {
  /** Counts from 1 without gaps. */
  readonly number: number;
  readonly event: DomainEvent;
  /** sha256 over the previous hash and the canonical text of number and event, hex. */
  readonly hash: string;
}

/** The end of the chain. */
export interface ChainHead {
  readonly number: number;
  readonly hash: string;
  readonly positions: Readonly<Record<string, string>>;
  /** The day that is written to; none before the first, nor in an archive of the time before days. */
  readonly open?: OpenDay;
}

/** One file or object of the archive. */
export interface ArchivePart {
  /** None for what was written before the archive was kept by days. */
  readonly day: PlainDate | undefined;
  /** Its place below the archive. */
  readonly name: string;
  /**
   * Its text, piece after piece, each ending with a line end unless somebody has been at it. `seen` is given the bytes as they
   * are stored while they are read, where the part has `bytes`.
   * @throws FrameError (audit/archive-frames.ts) after what could be read
   */
  texts(seen?: (bytes: Uint8Array) => void): AsyncIterable<Buffer>;
  /** Its bytes as they are stored; not every archive gives them. */
  bytes?(): AsyncIterable<Uint8Array>;
}

/** A root as it is stored. */
export interface KeptText {
  readonly day: PlainDate;
  readonly text: string;
  readonly where: string;
}

/** Days from and to, both counted in. */
export interface DayRange {
  readonly from?: PlainDate;
  readonly to?: PlainDate;
}

/** An archive that can be read: the platform's own, or a copy of its files alone. */
export interface StoredArchive {
  /** Every part, by day and number; with `from` those with events of this number and later, and perhaps some before. */
  parts(from?: number): AsyncIterable<ArchivePart>;
  /** The roots of finished days as stored, oldest first. */
  roots(range?: DayRange): AsyncIterable<KeptText>;
}

/** The write-once archive. */
export interface EventArchive extends StoredArchive {
  head(): Promise<ChainHead>;
  /** Adds entries of the open day that follow `from`; false when somebody else moved the head meanwhile (nothing added). */
  append(from: ChainHead, entries: readonly ArchiveEntry[], next: ChainHead): Promise<boolean>;
  /**
   * Ends the open day, keeps its root (`rootOf` the head; none when it had no events) and opens the day of `next`; false when
   * somebody else moved the head meanwhile.
   */
  turn(from: ChainHead, next: ChainHead & { readonly open: OpenDay }): Promise<boolean>;
}
