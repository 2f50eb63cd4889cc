import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeGb18030 } from '../../../shared/intake/gb18030-encoder.ts';

const decode = (bytes: Uint8Array): string => new TextDecoder('gb18030', { fatal: true }).decode(bytes);

const isPrivateUse = (unit: number): boolean => unit >= 0xe000 && unit <= 0xf8ff;

describe('encodeGb18030', () => {
  it('keeps ASCII as it is', () => {
    expect([...encodeGb18030('A1,\r\n')]).toEqual([0x41, 0x31, 0x2c, 0x0d, 0x0a]);
  });

  it('writes common characters in two bytes', () => {
    expect([...encodeGb18030('身份')]).toEqual([0xc9, 0xed, 0xb7, 0xdd]);
    expect([...encodeGb18030('中')]).toEqual([0xd6, 0xd0]);
  });

  it('writes rare characters of names in four bytes', () => {
    expect([...encodeGb18030('𠀀')]).toEqual([0x95, 0x32, 0x82, 0x36]);
    expect(encodeGb18030('䶮').length).toBeGreaterThanOrEqual(2);
    expect(decode(encodeGb18030('张䶮𬭎'))).toBe('张䶮𬭎');
  });

  it('writes a question mark for half a surrogate pair', () => {
    expect([...encodeGb18030('a\ud800b')]).toEqual([0x61, 0x3f, 0x62]);
    expect([...encodeGb18030('\udc00')]).toEqual([0x3f]);
  });

  it('writes nothing for nothing', () => {
    expect(encodeGb18030('').length).toBe(0);
  });

  it('comes back from the decoder for every character of the basic plane but a few of private use', () => {
    const lost: number[] = [];
    for (let unit = 0x80; unit <= 0xffff; unit++) {
      if (unit >= 0xd800 && unit <= 0xdfff) continue;
      const text = String.fromCharCode(unit);
      if (decode(encodeGb18030(text)) !== text) lost.push(unit);
    }
    // U+E5E5 never had a form; the 2022 standard moved 18 private-use forms to real characters; U+FFFD means undecodable.
    expect(lost.filter((unit) => unit !== 0xfffd && !isPrivateUse(unit))).toEqual([]);
    expect(lost.length).toBe(20);
  });

  it('comes back from the decoder for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(text.isWellFormed() && [...text].every((character) => !/[\ue000-\uf8ff\ufffd]/.test(character)));
        expect(new TextDecoder('gb18030', { fatal: true, ignoreBOM: true }).decode(encodeGb18030(text))).toBe(text);
      }),
    );
  });
});
