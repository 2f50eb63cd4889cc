import type { CaseAction } from './actions.ts';

/** Types of file that are taken for photos, signatures and papers. */
export type AttachmentType = Extract<CaseAction, { readonly action: 'attach' }>['type'];

/** How files of the types taken begin. */
const BEGINNINGS: readonly { readonly type: AttachmentType; readonly at: number; readonly bytes: string }[] = [
  { type: 'image/jpeg', at: 0, bytes: 'ffd8ff' },
  { type: 'image/png', at: 0, bytes: '89504e470d0a1a0a' },
  { type: 'image/webp', at: 8, bytes: '57454250' },
  { type: 'application/pdf', at: 0, bytes: '255044462d' },
];

/** What a file is by its own bytes, whatever its sender calls it. */
export function typeOfBytes(bytes: Uint8Array): AttachmentType | undefined {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('hex');
  return BEGINNINGS.find(({ at, bytes: wanted }) => start.startsWith(wanted, at * 2))?.type;
}

/**
 * Whether a file of this type has its end. A phone whose line broke may send the first part of a picture as if it were all
 * of it, and nobody would see that before the family has been left. Looks at the parts of the file, not at the picture; what
 * phones append after its end is no fault.
 */
export function isWhole(type: AttachmentType, file: Uint8Array): boolean {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  switch (type) {
    case 'image/jpeg':
      return hasJpegEnd(bytes);
    case 'image/png':
      return hasPngEnd(bytes);
    case 'image/webp':
      return bytes.length >= 12 && bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.length >= 8 + bytes.readUInt32LE(4);
    case 'application/pdf':
      return bytes.subarray(-PDF_TAIL).includes('%%EOF');
  }
}

/** Bytes from the end in which readers of PDF look for its mark; twice what Adobe's do. */
const PDF_TAIL = 2_048;

const JPEG_END = 0xd9;
const JPEG_SCAN = 0xda;

/** Goes from marker to marker (ITU T.81, annex B), since the small picture within a photo has an end of its own. */
function hasJpegEnd(bytes: Buffer): boolean {
  let at = 2;
  while (at + 1 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === JPEG_END) return true;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (at + 4 > bytes.length) return false;
    at += 2 + bytes.readUInt16BE(at + 2);
    if (marker === JPEG_SCAN) at = endOfScan(bytes, at);
  }
  return false;
}

/** Where the coded data of a scan end: at a marker that is neither a stuffed byte nor a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}

function hasPngEnd(bytes: Buffer): boolean {
  let at = 8;
  while (at + 12 <= bytes.length) {
    const next = at + 12 + bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === 'IEND') return next <= bytes.length;
    at = next;
  }
  return false;
}
