import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import type { FactValue, PersonKey } from '../facts/fact.ts';
import { shortKeyedHasher } from './pseudonym.ts';

const NONCE = 12;
const TAG = 16;

/** Seals and opens short texts about a person with AES-256-GCM; the person is authenticated with it, so a seal cannot be moved to another. */
export interface Sealer {
  seal(person: PersonKey, text: string): string;
  /** Throws SealError when the bytes were altered, belong to another person or were sealed with another key. */
  open(person: PersonKey, sealed: string): string;
}

/** A sealed text that cannot be opened. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

/**
 * Sealer for a 32-byte data key. The nonce is derived from key, person and text (a synthetic nonce), so the same text
 * seals to the same bytes: repeating a write changes nothing, and no nonce is ever used for two different texts.
 */
export function sealerOf(dataKey: Uint8Array): Sealer {
  if (dataKey.length !== 32) throw new RangeError('the data key must have 32 bytes');
  // A key object is set up once; a raw key would be set up again for every text, at four times the cost.
  const key = createSecretKey(dataKey);
  const nonceOf = shortKeyedHasher(dataKey, 'seal-nonce', 2 * NONCE);
  // Used again for every text: making buffers costs as much as ciphering.
  const nonce = Buffer.alloc(NONCE);
  let out = Buffer.alloc(1_024);
  return {
    seal(person, text) {
      nonce.write(nonceOf.hash(`${person}\0${text}`), 0, NONCE, 'hex');
      const bytes = nonceOf.bytes();
      const from = bytes.indexOf(0);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      cipher.setAAD(bytes.subarray(0, from));
      const body = cipher.update(bytes.subarray(from + 1));
      cipher.final();
      const length = NONCE + body.length + TAG;
      if (length > out.length) out = Buffer.alloc(length * 2);
      out.set(nonce, 0);
      out.set(body, NONCE);
      out.set(cipher.getAuthTag(), NONCE + body.length);
      return out.toString('base64', 0, length);
    },
    open(person, sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      if (bytes.length < NONCE + TAG) throw new SealError('sealed text is too short to be one');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE));
      decipher.setAAD(Buffer.from(person));
      decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
      try {
        return decipher.update(bytes.subarray(NONCE, bytes.length - TAG), undefined, 'utf8') + decipher.final('utf8');
      } catch {
        throw new SealError('sealed text was altered, belongs to another person or was sealed with another key');
      }
    },
  };
}

/** The data keys by number, from 1. What is sealed names its key, but for the first, whose seals are as they always were. */
export interface DataKeys {
  /** Number of the key that seals. */
  current(): number;
  /** Undefined for a key that is not held (any more). */
  keyOf(id: number): Uint8Array | undefined;
}

const FIRST_KEY = 1;
/** A colon is no letter of base64. */
const NUMBERED = /^(\d{1,6}):/;

/** The number of the key a text was sealed with. */
export function keyIdOf(sealed: string): number {
  const id = NUMBERED.exec(sealed)?.[1];
  return id === undefined ? FIRST_KEY : Number(id);
}

/**
 * Sealer under several keys: seals with the current one and opens with the one a sealed text names, so that keys can be
 * changed while people read and files come in.
 */
export function sealerUnder(keys: DataKeys): Sealer {
  const sealers = new Map<number, Sealer>();
  const sealerFor = (id: number): Sealer => {
    const known = sealers.get(id);
    if (known !== undefined) return known;
    const key = keys.keyOf(id);
    if (key === undefined) throw new SealError(`sealed with data key ${id}, which is not held here`);
    const sealer = sealerOf(key);
    sealers.set(id, sealer);
    return sealer;
  };
  return {
    seal(person, text) {
      const id = keys.current();
      const sealed = sealerFor(id).seal(person, text);
      return id === FIRST_KEY ? sealed : `${id}:${sealed}`;
    },
    open(person, sealed) {
      const id = keyIdOf(sealed);
      return sealerFor(id).open(person, id === FIRST_KEY ? sealed.replace(NUMBERED, '') : sealed.slice(sealed.indexOf(':') + 1));
    },
  };
}

/** What the vault holds of a person. */
export interface Identity {
  readonly number: string;
  /** Empty when no file gave a name. */
  readonly name: string;
}

/** Seals a person's number and name for the vault. */
export function sealIdentity(sealer: Sealer, person: PersonKey, identity: Identity): string {
  return sealer.seal(person, `${identity.number}${identity.name}`);
}

/** Opens what `sealIdentity` sealed: 18 digits, then the name. */
export function openIdentity(sealer: Sealer, person: PersonKey, sealed: string): Identity {
  const text = sealer.open(person, sealed);
  return { number: text.slice(0, 18), name: text.slice(18) };
}

/** Sensitive fields are sealed as one JSON object per row. */
export function openFields(sealer: Sealer, person: PersonKey, sealed: string): Readonly<Record<string, FactValue>> {
  const opened: unknown = JSON.parse(sealer.open(person, sealed));
  if (typeof opened !== 'object' || opened === null) return {};
  return Object.fromEntries(
    Object.entries(opened).filter((entry): entry is [string, FactValue] =>
      ['string', 'number', 'boolean'].includes(typeof entry[1]),
    ),
  );
}
