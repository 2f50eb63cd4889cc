import type { DomainEvent } from '../audit/event.ts';

/** A write whose events could not be read, where it is kept. */
export interface BuriedWrite {
  /** Where the stream told it: source, `#`, place in it. */
  readonly place: string;
  /** The item that was written. */
  readonly item: string;
  readonly reason: string;
}

/** Writes whose events could not be read as the stream told them: kept as they came, until somebody puts them back. */
export interface BuriedEvents<Record> {
  /** Keeps a write with the event that says so; false when it is kept already. */
  bury(record: Record, write: Omit<BuriedWrite, 'item'>, event: DomainEvent): Promise<boolean>;
  /** Places of a source of which a write was ever buried, put back since or not. */
  placesOf(source: string): Promise<ReadonlySet<string>>;
  /** What was not put back yet. */
  list(): Promise<readonly BuriedWrite[]>;
  /**
   * Has the events of a write told anew, each once however often this is done, and marks the write with the event that says
   * so. Answers how many; throws what reading them throws while they still cannot be read.
   */
  putBack(place: string, event: (count: number) => DomainEvent): Promise<number>;
}
