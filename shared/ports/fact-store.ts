import type { FactChunk, PersonKey } from '../facts/fact.ts';

/** The facts, append-only. */
export interface FactStore {
  /**
   * Keeps chunks, each atomically with the `facts.recorded` event that tells of it; an event may tell of many. A chunk already
   * there (same person, feed, sequence, first row) is left as it is and is told of no second time. Answers with what
   * `ofPersons` would say of these people now.
   */
  append(chunks: readonly FactChunk[]): Promise<ReadonlyMap<PersonKey, readonly FactChunk[]>>;
  /** Every chunk of these people, read after all finished appends (strongly consistent), in no promised order. */
  ofPersons(persons: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, readonly FactChunk[]>>;
}
