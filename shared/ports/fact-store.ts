import type { FactChunk, PersonKey } from '../facts/fact.ts';

/** The facts, append-only. */
export interface FactStore {
  /**
   * Keeps chunks, each with its `facts.recorded` event, atomically per chunk. A chunk already there (same person, feed,
   * sequence, first row) is left as it is and makes no second event.
   */
  append(chunks: readonly FactChunk[]): Promise<void>;
  /** Every chunk of these people, read after all finished appends (strongly consistent), in no promised order. */
  ofPersons(persons: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, readonly FactChunk[]>>;
}
