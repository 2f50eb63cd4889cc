import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Crc32, Md5, readableStreamHasher, Sha1, Sha256 } from '../../functions/native-checksums.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => new TextEncoder().encode(text);

describe('the checksums of the bundles', () => {
  // RFC 1321, FIPS 180-4, and the check value of CRC-32/ISO-HDLC.
  it.each([
    [Md5, 'abc', '900150983cd24fb0d6963f7d28e17f72', 16],
    [Sha1, 'abc', 'a9993e364706816aba3e25717850c26c9cd0d89d', 20],
    [Sha256, 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', 32],
    [Crc32, '123456789', 'cbf43926', 4],
  ])('are those of the standards, however the bytes come: %#', async (Hash, text, expected, length) => {
    const whole = new Hash();
    whole.update(bytes(text));
    expect(hex(await whole.digest())).toBe(expected);
    expect(whole.digestLength).toBe(length);
    const pieces = new Hash();
    for (const letter of text) pieces.update(letter);
    expect(hex(await pieces.digest())).toBe(expected);
    // Asked twice, and begun anew.
    expect(hex(await pieces.digest())).toBe(expected);
    pieces.reset();
    pieces.update(text);
    expect(hex(await pieces.digest())).toBe(expected);
    const stream = Readable.from([...text].map(bytes));
    expect(hex(await readableStreamHasher(Hash, stream))).toBe(expected);
  });

  it('sign with a secret, in each of its forms: RFC 4231, test case 2', async () => {
    for (const secret of ['Jefe', bytes('Jefe'), bytes('Jefe').buffer]) {
      const signature = new Sha256(secret);
      signature.update('what do ya want for nothing?');
      expect(hex(await signature.digest())).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
    }
  });

  it('of nothing are those of nothing', async () => {
    expect(hex(await new Sha256().digest())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hex(await new Crc32().digest())).toBe('00000000');
  });
});
