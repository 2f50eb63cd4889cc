import { hash } from 'node:crypto';
import type { PersonKey } from '../facts/fact.ts';
import type { HouseholdId } from './household.ts';

/** Secret for every keyed hash of the platform: 32 bytes. Whoever has it can test guesses of identity numbers. */
export type PseudonymSecret = Uint8Array;

/** A keyed hash with the secret and purpose fixed: text in, lower-case hex out. */
export type KeyedHash = (text: string) => string;

const BLOCK = 64;

/**
 * HMAC-SHA-256 over `purpose + text`. Built from two one-shot hashes, which is several times faster than
 * `createHmac` for short texts; the result is the same (RFC 2104).
 */
export function keyedHash(secret: PseudonymSecret, purpose: string): KeyedHash {
  if (secret.length !== 32) throw new RangeError('the pseudonym secret must have 32 bytes');
  const prefix = Buffer.from(`${purpose}\0`, 'utf8');
  const outer = Buffer.alloc(BLOCK + 32, 0x5c);
  let inner = Buffer.alloc(BLOCK + prefix.length + 256, 0x36);
  for (let i = 0; i < secret.length; i += 1) {
    inner[i] = (secret[i] ?? 0) ^ 0x36;
    outer[i] = (secret[i] ?? 0) ^ 0x5c;
  }
  inner.set(prefix, BLOCK);
  const start = BLOCK + prefix.length;
  return (text) => {
    if (start + text.length * 3 > inner.length) {
      const larger = Buffer.alloc(start + text.length * 3 + 256);
      inner.copy(larger, 0, 0, start);
      inner = larger;
    }
    const end = start + inner.write(text, start, 'utf8');
    // Hex out and back in: returning a fresh buffer costs four times as much.
    outer.write(hash('sha256', inner.subarray(0, end), 'hex'), BLOCK, 'hex');
    return hash('sha256', outer, 'hex');
  };
}

/** The pseudonyms and keys the platform uses, each under its own purpose so that none can be compared with another. */
export interface Pseudonyms {
  /** Of an 18-digit identity number. */
  readonly person: (number18: string) => PersonKey;
  /** Of a name as spelt, blanks removed: for exact search only. */
  readonly name: KeyedHash;
  /** Of a natural key: departments build settlement numbers from identity numbers, so keys are never kept in the clear. */
  readonly naturalKey: KeyedHash;
  /** Of the number a household is declared or registered under, or of a person for a household of one. */
  readonly household: (source: string) => HouseholdId;
}

/** All pseudonyms of one secret. */
export function pseudonymsOf(secret: PseudonymSecret): Pseudonyms {
  const person = keyedHash(secret, 'person');
  const name = keyedHash(secret, 'name');
  const naturalKey = keyedHash(secret, 'natural-key');
  const household = keyedHash(secret, 'household');
  return {
    person: (number18) => person(number18).slice(0, 32) as PersonKey,
    name: (text) => name(text.replace(/\s+/gu, '')).slice(0, 32),
    naturalKey: (text) => naturalKey(text).slice(0, 20),
    household: (source) => `H${household(source).slice(0, 24)}` as HouseholdId,
  };
}
