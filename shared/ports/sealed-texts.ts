import type { PersonKey } from '../facts/fact.ts';

/** A stored record with what is sealed in it. */
export interface SealedRecord {
  /** Where the store finds it again. */
  readonly place: string;
  /** Whom or what it is sealed for. */
  readonly person: PersonKey;
  readonly texts: readonly string[];
  /** Words that people wrote and that were kept before such words were sealed. */
  readonly unsealed?: readonly string[];
}

/** The same record sealed anew. */
export interface ResealedRecord {
  readonly record: SealedRecord;
  /** In the order of `record.texts`. */
  readonly texts: readonly string[];
  /** `record.unsealed` under seal, in its order. */
  readonly sealed?: readonly string[];
}

/** Everything sealed that a store keeps, to be gone through page by page and sealed anew in place, beside all other work. */
export interface SealedTexts {
  /** Some records after a place, in a fixed order; a page may be empty while `next` is given. */
  page(after: string | undefined, limit: number): Promise<{ readonly records: readonly SealedRecord[]; readonly next?: string }>;
  /** Replaces what was sealed by what says the same, unless the record was changed meanwhile; answers how many were replaced. */
  replace(records: readonly ResealedRecord[]): Promise<number>;
}
