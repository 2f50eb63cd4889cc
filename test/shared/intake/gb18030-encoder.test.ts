import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeGb18030 } from '../../../shared/intake/gb18030-encoder.ts';

const decode = (bytes: Uint8Array): string => new TextDecoder('gb18030', { fatal: true }).decode(bytes);

describe('encodeGb18030', () => {
  it('writes what the decoder reads, for any text', () => {
    // Private use is left out: the 2022 edition moved some of its codes to assigned characters.
    const text = fc.string({ unit: 'binary' }).filter((value) => !/[\ue000-\uf8ff\ufffd]/.test(value));
    fc.assert(
      fc.property(text, (value) => {
        expect(decode(encodeGb18030(value))).toBe(value);
      }),
    );
  });

  it('writes common characters in two bytes as every other program does', () => {
    expect([...encodeGb18030('张A')]).toEqual([0xd5, 0xc5, 0x41]);
  });

  it('writes rare characters of names beyond the BMP in four bytes', () => {
    expect(encodeGb18030('𠮷')).toHaveLength(4);
    expect(decode(encodeGb18030('䶮𠮷'))).toBe('䶮𠮷');
  });

  it('writes every assigned character of the BMP', () => {
    const lost: number[] = [];
    for (let unit = 1; unit < 0xfffd; unit++) {
      const text = String.fromCharCode(unit);
      const unassigned = unit >= 0xd800 && unit <= 0xf8ff;
      if (!unassigned && decode(encodeGb18030(text)) !== text) lost.push(unit);
    }
    expect(lost).toEqual([]);
  });

  it('writes a question mark for what has no code', () => {
    expect(Buffer.from(encodeGb18030('a\ud800b')).toString('latin1')).toBe('a?b');
  });
});
