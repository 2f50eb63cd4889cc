import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PersonKey } from '../../../shared/facts/fact.ts';
import { keyIdOf, openIdentity, SealError, sealerOf, sealerUnder, sealIdentity } from '../../../shared/registry/sealing.ts';

const sealer = sealerOf(new Uint8Array(32).fill(3));
const person = 'ab'.repeat(16) as PersonKey;
const other = 'cd'.repeat(16) as PersonKey;

describe('sealerOf', () => {
  it('opens what it sealed, short and long in any order, and seals the same text to the same bytes', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.constantFrom('', '心'.repeat(3_000), '{"diagnosisName":"肺炎"}', 'a\0b'),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (texts) => {
        const sealed = texts.map((each) => sealer.seal(person, each));
        expect(sealed.map((each) => sealer.open(person, each))).toEqual(texts);
        expect(texts.map((each) => sealer.seal(person, each))).toEqual(sealed);
      }),
    );
  });

  it('refuses a seal that was altered, moved to another person or made with another key', () => {
    const sealed = sealer.seal(person, '{"diagnosisName":"肺炎"}');
    const bytes = Buffer.from(sealed, 'base64');
    bytes[14] = (bytes[14] ?? 0) ^ 1;
    expect(() => sealer.open(person, bytes.toString('base64'))).toThrow(SealError);
    expect(() => sealer.open(other, sealed)).toThrow(SealError);
    expect(() => sealerOf(new Uint8Array(32).fill(4)).open(person, sealed)).toThrow(SealError);
    expect(() => sealer.open(person, 'AAAA')).toThrow(SealError);
  });

  it('gives number and name of an identity back', () => {
    const sealed = sealIdentity(sealer, person, { number: '410225198001020011', name: '王建国' });
    expect(openIdentity(sealer, person, sealed)).toEqual({ number: '410225198001020011', name: '王建国' });
  });
});

describe('sealerUnder', () => {
  const key = (n: number) => new Uint8Array(32).fill(n);
  const under = (current: number, held: readonly number[]) =>
    sealerUnder({ current: () => current, keyOf: (id) => (held.includes(id) ? key(id) : undefined) });

  it('seals with the first key as it always was, so that what is stored stays as it is', () => {
    expect(under(1, [1]).seal(person, '王')).toBe(sealerOf(key(1)).seal(person, '王'));
  });

  it('names later keys, and opens what was sealed with any key it holds', () => {
    const [first, second] = [under(1, [1]).seal(person, '王'), under(2, [1, 2]).seal(person, '王')];
    expect([keyIdOf(first), keyIdOf(second)]).toEqual([1, 2]);
    const both = under(2, [1, 2]);
    expect([both.open(person, first), both.open(person, second)]).toEqual(['王', '王']);
  });

  it('says which key is missing', () => {
    const first = under(1, [1]).seal(person, '王');
    expect(() => under(2, [2]).open(person, first)).toThrow(/data key 1, which is not held/);
  });

  it('refuses a seal that names another key than it was made with', () => {
    const second = under(2, [1, 2]).seal(person, '王');
    expect(() => under(2, [1, 2]).open(person, second.replace('2:', ''))).toThrow(SealError);
  });
});
