import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedHash, pseudonymsOf } from '../../../shared/registry/pseudonym.ts';

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

describe('pseudonymsOf', () => {
  it('gives keys of 20 hex digits that depend on the secret and on every character', () => {
    const { naturalKey } = pseudonymsOf(secret);
    expect(naturalKey('feed|JS1')).toMatch(/^[0-9a-f]{20}$/);
    const keys = ['feed|JS1', 'feed|JS2', 'feed|结1', '', 'y'.repeat(500)].flatMap((text) => [
      naturalKey(text),
      pseudonymsOf(other).naturalKey(text),
    ]);
    expect(new Set(keys).size).toBe(10);
    expect(naturalKey('feed|JS1')).toBe(keys[0]);
  });
});
