import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SharedTexts } from '../../../shared/intake/shared-texts.ts';

describe('SharedTexts', () => {
  it('gives back every text by its number, in whatever order and however often it is asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 50 }), fc.array(fc.nat(60)), (texts, asked) => {
        const shared = new SharedTexts();
        for (const text of texts) shared.add(text);
        for (const n of [...texts.keys(), ...asked]) expect(shared.at(n)).toBe(texts[n] ?? '');
      }),
    );
  });

  it('keeps more texts than it first has room for, and tells those apart that share a place among the recent', () => {
    const shared = new SharedTexts();
    const text = (n: number) => `住院结算𠮷${n}`.repeat(1 + (n % 5));
    for (let n = 0; n < 20_000; n++) shared.add(text(n));
    for (const n of [0, 4_096, 0, 8_192, 19_999, 12_345, 4_096]) expect(shared.at(n)).toBe(text(n));
    expect(shared.at(20_000)).toBe('');
    expect(shared.at(-1)).toBe('');
    expect(shared.at(Number.NaN)).toBe('');
  });
});
