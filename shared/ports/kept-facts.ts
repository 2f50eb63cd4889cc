import type { FactChunk, PersonKey } from '../facts/fact.ts';

/** A chunk as it was read, and with a mark in place of rows. */
export interface ChangedChunk {
  readonly before: FactChunk;
  readonly after: FactChunk;
}

/** The facts, to be gone through person by person for what is past keeping, beside all other work. */
export interface KeptFacts {
  /** Some people about whom there may be facts, after a place, in a fixed order; a page may be empty while `next` is given. */
  people(after: string | undefined, limit: number): Promise<{ readonly people: readonly PersonKey[]; readonly next?: string }>;
  /**
   * Puts the changed chunks of some people in place of those read, each person's in their order, without an event: they are
   * told of together when all are done. A chunk that was changed meanwhile is left as it is. Answers for each person whether
   * all were replaced.
   */
  replace(people: readonly (readonly ChangedChunk[])[]): Promise<readonly boolean[]>;
}
