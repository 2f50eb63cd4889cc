import { describe, expect, it } from 'vitest';
import { isWhole, typeOfBytes } from '../../../shared/casework/attachment-bytes.ts';

/** A photo as phones make them: a small picture with an end of its own within it, a scan with stuffed bytes and a restart. */
const PHOTO = Buffer.from('ffd8ffe1000affd8ffd9ffd90102ffda0008010100003f00d2ff00cfffd0aaffffd9', 'hex');
/** Of two scans, as pictures that appear little by little have. */
const PROGRESSIVE = Buffer.from('ffd8ffda0008010100003f0011ffda0008010200003f0022ffd9', 'hex');
const chunk = (type: string, data: Buffer) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(type, 'latin1'), data, Buffer.alloc(4)]);
};
const PNG = Buffer.concat([
  Buffer.from('89504e470d0a1a0a', 'hex'),
  chunk('IHDR', Buffer.alloc(13)),
  chunk('IDAT', Buffer.alloc(20)),
  chunk('IEND', Buffer.alloc(0)),
]);
const WEBP = Buffer.concat([Buffer.from('RIFF\x0c\0\0\0WEBPVP8 ', 'latin1'), Buffer.alloc(4)]);
const PDF = Buffer.from('%PDF-1.7\n1 0 obj\nendobj\ntrailer\nstartxref\n0\n%%EOF\n');

describe('the end of an attachment', () => {
  it.each([
    ['a photo', 'image/jpeg', PHOTO],
    ['a progressive photo', 'image/jpeg', PROGRESSIVE],
    ['a PNG', 'image/png', PNG],
    ['a WebP', 'image/webp', WEBP],
    ['a PDF', 'application/pdf', PDF],
  ] as const)('of %s is there, and missing when it is cut off', (_, type, bytes) => {
    expect(typeOfBytes(bytes)).toBe(type);
    expect(isWhole(type, bytes)).toBe(true);
    for (const share of [0.3, 0.5, 0.8]) expect(isWhole(type, bytes.subarray(0, bytes.length * share))).toBe(false);
  });

  it('is missing from a photo cut anywhere, though the small picture within it ends', () => {
    for (let length = 3; length < PHOTO.length; length += 1)
      expect(isWhole('image/jpeg', PHOTO.subarray(0, length)), String(length)).toBe(false);
  });

  it('may be followed by what phones append to a photo', () => {
    expect(isWhole('image/jpeg', Buffer.concat([PHOTO, Buffer.from('SEFHk trailer')]))).toBe(true);
  });

  it('is missing from a WebP that is no RIFF file', () => {
    expect(isWhole('image/webp', Buffer.from('000000000000000057454250', 'hex'))).toBe(false);
  });
});
