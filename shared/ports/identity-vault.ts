import type { FileSequence, PersonKey } from '../facts/fact.ts';

/** A person's name and number, sealed. `nameKey` is the keyed hash of the name, for exact search. */
export interface SealedIdentity {
  readonly person: PersonKey;
  readonly nameKey: string;
  /** AES-256-GCM of `{ number, name }`, base64. */
  readonly sealed: string;
  /** Which file said so: a later file's spelling of the name wins. */
  readonly seq: FileSequence;
}

/** The only place with names and identity numbers, and those only sealed. */
export interface IdentityVault {
  /** Which of these are there, with the name key held. */
  known(persons: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, { readonly nameKey: string; readonly seq: FileSequence }>>;
  /** Keeps each unless one of a later sequence is there. */
  put(identities: readonly SealedIdentity[]): Promise<void>;
  get(persons: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, SealedIdentity>>;
  /** People of exactly this name, at most `limit`, by person key, those after `after`. */
  byName(nameKey: string, limit: number, after?: PersonKey): Promise<readonly PersonKey[]>;
}
