import type { DomainEvent } from '../audit/event.ts';

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
}

/** The write-once archive. */
export interface EventArchive {
  head(): Promise<ChainHead>;
  /** Adds entries that follow `from`; false when somebody else moved the head meanwhile (nothing added). */
  append(from: ChainHead, entries: readonly ArchiveEntry[], next: ChainHead): Promise<boolean>;
  /** The archive's lines in order, as stored text, with where each stands (object or file name and line), to be verified. */
  lines(): AsyncIterable<{ readonly text: string; readonly where: string }>;
}
