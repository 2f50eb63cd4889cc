import { hash } from 'node:crypto';
import type { FeedId } from '../catalog/feed.ts';
import type { PersonKey } from '../facts/fact.ts';
import type { HouseholdId } from './household.ts';

/** Secret for every keyed hash of the platform: 32 bytes. Whoever has it can test guesses of identity numbers. */
export type PseudonymSecret = Uint8Array;

/** A keyed hash with the secret and purpose fixed: text in, lower-case hex out. */
export type KeyedHash = (text: string) => string;

const BLOCK = 64;
/** Texts up to so many characters are put down and cut out without calling out of JavaScript. */
const SHORT = 64;

/** Puts texts behind a fixed prefix, in one buffer used again and again. */
class Prefixed {
  #bytes: Buffer;
  readonly #start: number;
  /** Views of the buffer by length: making one costs a fifth of a hash. */
  readonly #views: Uint8Array[] = [];

  constructor(prefix: Uint8Array) {
    this.#start = prefix.length;
    this.#bytes = Buffer.alloc(prefix.length + SHORT * 3);
    this.#bytes.set(prefix);
  }

  /** Prefix and text as UTF-8; good until the next call. */
  with(text: string): Uint8Array {
    const start = this.#start;
    const length = text.length;
    let bytes = this.#bytes;
    if (length <= SHORT) {
      let at = 0;
      for (; at < length; at++) {
        const unit = text.charCodeAt(at);
        if (unit > 127) break;
        bytes[start + at] = unit;
      }
      if (at === length) {
        const known = this.#views[length];
        if (known !== undefined) return known;
        const view = bytes.subarray(0, start + length);
        this.#views[length] = view;
        return view;
      }
    }
    if (start + length * 3 > bytes.length) {
      bytes = Buffer.alloc(start + length * 3 + SHORT);
      this.#bytes.copy(bytes, 0, 0, start);
      this.#bytes = bytes;
      this.#views.length = 0;
    }
    return bytes.subarray(0, start + bytes.write(text, start, 'utf8'));
  }
}

/**
 * HMAC-SHA-256 over `purpose + text`. Built from two one-shot hashes, which is several times faster than
 * `createHmac` for short texts; the result is the same (RFC 2104).
 */
export function keyedHash(secret: PseudonymSecret, purpose: string): KeyedHash {
  if (secret.length !== 32) throw new RangeError('the pseudonym secret must have 32 bytes');
  const prefix = Buffer.from(`${purpose}\0`, 'utf8');
  const outer = Buffer.alloc(BLOCK + 32, 0x5c);
  const inner = Buffer.alloc(BLOCK + prefix.length, 0x36);
  for (let i = 0; i < secret.length; i += 1) {
    inner[i] = (secret[i] ?? 0) ^ 0x36;
    outer[i] = (secret[i] ?? 0) ^ 0x5c;
  }
  inner.set(prefix, BLOCK);
  const prefixed = new Prefixed(inner);
  return (text) => {
    // Text out and back in: returning a fresh buffer costs twice as much.
    outer.write(hash('sha256', prefixed.with(text), 'binary'), BLOCK, 32, 'latin1');
    return hash('sha256', outer, 'hex');
  };
}

/** A short keyed hash that lends the bytes it hashed. */
export interface ShortKeyedHasher {
  readonly hash: KeyedHash;
  /** UTF-8 of the text hashed last; good until the next one. */
  readonly bytes: () => Uint8Array;
}

/** At most half of SHA-256: what is left out is what carrying a hash on would need. */
const SHORT_DIGITS = 32;

/**
 * SHA-256 over secret, purpose and text, cut to `digits` hex digits: half the work of `keyedHash`. What speaks against
 * putting the secret in front, that a whole hash can be carried on by whoever sees it, does not hold for one cut to half or
 * less.
 */
export function shortKeyedHasher(secret: PseudonymSecret, purpose: string, digits: number): ShortKeyedHasher {
  if (secret.length !== 32) throw new RangeError('the pseudonym secret must have 32 bytes');
  if (digits > SHORT_DIGITS) throw new RangeError('a short keyed hash has at most 32 digits');
  const prefix = Buffer.concat([secret, Buffer.from(`${purpose}\0`, 'utf8')]);
  const prefixed = new Prefixed(prefix);
  let last: Uint8Array = prefix;
  return {
    hash: (text) => {
      last = prefixed.with(text);
      return hash('sha256', last, 'hex').slice(0, digits);
    },
    bytes: () => last.subarray(prefix.length),
  };
}

/** 80 bits. */
const KEY_DIGITS = 20;
/** 48 bits: people write few of them for one household. */
const MARK_DIGITS = 12;

/** The pseudonyms and keys the platform uses, each under its own purpose so that none can be compared with another. */
export interface Pseudonyms {
  /** Of an 18-digit identity number. */
  readonly person: (number18: string) => PersonKey;
  /** Of a name as spelt, blanks removed: for exact search only. */
  readonly name: KeyedHash;
  /** Of natural keys of a feed: departments build settlement numbers from identity numbers, so keys are never kept in the clear. */
  readonly naturalKeysOf: (feed: FeedId) => KeyedHash;
  /** Of a text that is kept masked: tells it from others masked alike, the same in every feed. */
  readonly maskedText: KeyedHash;
  /** Of the number a household is declared or registered under, or of a person for a household of one. */
  readonly household: (source: string) => HouseholdId;
}

/** All pseudonyms of one secret. */
export function pseudonymsOf(secret: PseudonymSecret): Pseudonyms {
  const person = keyedHash(secret, 'person');
  const name = shortKeyedHasher(secret, 'name', KEY_DIGITS).hash;
  const household = keyedHash(secret, 'household');
  return {
    person: (number18) => person(number18).slice(0, 32) as PersonKey,
    name: (text) => name(text.replace(/\s+/gu, '')),
    naturalKeysOf: (feed) => shortKeyedHasher(secret, `natural-key\0${feed}`, KEY_DIGITS).hash,
    maskedText: shortKeyedHasher(secret, 'masked-text', MARK_DIGITS).hash,
    household: (source) => `H${household(source).slice(0, 24)}` as HouseholdId,
  };
}
