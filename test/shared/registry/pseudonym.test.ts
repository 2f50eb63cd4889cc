import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feedId } from '../../../shared/catalog/feed.ts';
import { keyedHash, pseudonymsOf, shortKeyedHasher } from '../../../shared/registry/pseudonym.ts';

const secret = new Uint8Array(32).fill(9);
const other = new Uint8Array(32).fill(10);

describe('keyedHash', () => {
  it('is HMAC-SHA-256 of purpose and text, whatever texts came before', () => {
    const person = keyedHash(secret, 'person');
    const text = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 200 }).map((part) => part.toWellFormed()),
      fc.constantFrom('410225198001020011', '张三', '', 'x'.repeat(1_000), '心'.repeat(700)),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (texts) => {
        for (const each of texts) {
          expect(person(each)).toBe(createHmac('sha256', secret).update(`person\0${each}`, 'utf8').digest('hex'));
        }
      }),
    );
  });

  it('refuses a secret of another length than 32 bytes', () => {
    expect(() => keyedHash(new Uint8Array(31), 'person')).toThrow(RangeError);
  });
});

describe('shortKeyedHasher', () => {
  it('gives as many digits as asked for and lends the bytes it hashed', () => {
    const hasher = shortKeyedHasher(secret, 'seal-nonce', 24);
    expect(hasher.hash('肺炎')).toMatch(/^[0-9a-f]{24}$/);
    expect(Buffer.from(hasher.bytes()).toString()).toBe('肺炎');
  });

  it('gives no more than half of the hash away, for a whole one could be carried on', () => {
    expect(() => shortKeyedHasher(secret, 'name', 33)).toThrow(RangeError);
  });
});

describe('pseudonymsOf', () => {
  it('gives keys of 20 hex digits that depend on the secret, the feed and every character', () => {
    const inpatient = feedId('medical-insurance', 'inpatient-settlement');
    const chronic = feedId('medical-insurance', 'outpatient-chronic-settlement');
    const keyOf = pseudonymsOf(secret).naturalKeysOf(inpatient);
    expect(keyOf('JS1')).toMatch(/^[0-9a-f]{20}$/);
    const keys = ['JS1', 'JS2', '结1', '', 'y'.repeat(500)].flatMap((text) => [
      keyOf(text),
      pseudonymsOf(secret).naturalKeysOf(chronic)(text),
      pseudonymsOf(other).naturalKeysOf(inpatient)(text),
    ]);
    expect(new Set(keys).size).toBe(15);
    expect(keyOf('JS1')).toBe(keys[0]);
  });
});
