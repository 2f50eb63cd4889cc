import { isAscii, isUtf8 } from 'node:buffer';

/** Text encodings of delimited files. */
export type TextEncoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be';

/** So much of the beginning of a file is looked at to find form, delimiter and header. Bytes. */
export const HEAD_SIZE = 256 * 1024;
/** Larger pieces are cut, so that memory does not depend on how the bytes arrive. */
const PIECE = 64 * 1024;

/** What the bytes themselves say. `unclear`: not valid UTF-8, so whoever knows the columns must choose. */
export type Look =
  | {
      readonly kind: 'text';
      readonly encoding: TextEncoding;
      readonly byteOrderMark: boolean;
      readonly head: Uint8Array;
      readonly size: number;
    }
  | {
      readonly kind: 'unclear';
      readonly byteOrderMark: boolean;
      readonly head: Uint8Array;
      readonly faults: () => Promise<EncodingFaults>;
      readonly stop: () => Promise<void>;
    }
  | { readonly kind: 'zip' | 'archive' | 'ole' | 'sealed' | 'pdf' | 'binary' | 'empty' };

/** How well each reading of a file that is not clean UTF-8 fits. */
export interface EncodingFaults {
  readonly utf8: number;
  readonly gb18030: number;
  /** Characters beyond ASCII were valid UTF-8 before the first fault. */
  readonly utf8SeenBefore: boolean;
}

/** Pieces of at most 64 KB, whatever arrives. */
export async function* pieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += PIECE) yield chunk.subarray(at, at + PIECE);
  }
}

/** Index at which an incomplete UTF-8 character at the very end begins; the length when the last one is whole. */
function wholeUtf8(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? bytes.length - back : bytes.length;
    }
    if (byte < 0x80) return bytes.length;
  }
  return bytes.length;
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, at) => bytes[at] === byte);
}

/** Archives other than zip: RAR, 7z, gzip. */
const ARCHIVES = [
  [0x52, 0x61, 0x72, 0x21, 0x1a, 7],
  [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
  [0x1f, 0x8b, 8],
];
/** The stream in which an office program puts a document locked with a password. */
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le');

function signatureOf(head: Uint8Array): 'zip' | 'archive' | 'ole' | 'sealed' | 'pdf' | 'binary' | undefined {
  if (startsWith(head, [0x50, 0x4b, 3, 4]) || startsWith(head, [0x50, 0x4b, 5, 6])) return 'zip';
  if (startsWith(head, [0xd0, 0xcf, 0x11, 0xe0])) return Buffer.from(head).includes(ENCRYPTED) ? 'sealed' : 'ole';
  if (ARCHIVES.some((signature) => startsWith(head, signature))) return 'archive';
  if (startsWith(head, [0x25, 0x50, 0x44, 0x46])) return 'pdf';
  return countNul(head) > NUL_TOLERATED + head.length / 1000 ? 'binary' : undefined;
}

/** A stray NUL costs the row it stands in; more of them, and the file is no text, except UTF-16. */
const NUL_TOLERATED = 8;

/** In text of this encoding so many of a hundred characters are digits, delimiters and line breaks, whose upper byte is NUL. */
const PLAIN_SHARE = 10;
const ODD_CHARACTERS = /[^\t\n\r -~\u00a0-\u00ff\u2010-\u203b\u2150-\u218f\u25a0-\u26ff\u3000-\u9fff\uf900-\ufaff\ufe30-\uffee]/g;

/**
 * UTF-16 whose mark was lost: NUL stands at every other place far more often than between them (where it is the lower byte of
 * a few characters, 一 among them), and nearly all of what is decoded is what tables are written in.
 */
function unmarkedUtf16(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const places = [0, 0];
  for (let at = head.indexOf(0); at >= 0; at = head.indexOf(0, at + 1)) places[at % 2] = (places[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = places;
  const most = Math.max(even, odd);
  if (most * 200 < PLAIN_SHARE * head.length || Math.min(even, odd) * 10 > most) return undefined;
  const encoding = odd > even ? 'utf-16le' : 'utf-16be';
  const text = new TextDecoder(encoding).decode(head.subarray(0, head.length & ~1));
  const odds = text.match(ODD_CHARACTERS)?.length ?? 0;
  return odds * 50 <= text.length && /[\t,;|\n\r]/.test(text) ? encoding : undefined;
}

function countNul(head: Uint8Array): number {
  let count = 0;
  for (let at = head.indexOf(0); at >= 0; at = head.indexOf(0, at + 1)) count += 1;
  return count;
}

/** NUL is no character of any cell: it is shown like a byte that could not be decoded. */
function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}

function countReplacements(decoder: InstanceType<typeof TextDecoder>, piece: Uint8Array | undefined): number {
  const text = piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
  let count = 0;
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) count += 1;
  return count;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}

/**
 * Looks at a file once: byte-order mark, then strict UTF-8 over the whole file. Stops at the first byte that is not UTF-8
 * (`faults` reads on from there, `stop` does not). A character cut off by the end of the file is a truncated UTF-8 file, nothing else.
 */
export async function lookAtBytes(bytes: AsyncIterable<Uint8Array>): Promise<Look> {
  const source = pieces(bytes);
  const parts: Uint8Array[] = [];
  let gathered = 0;
  let size = 0;
  while (gathered < HEAD_SIZE) {
    const next = await source.next();
    if (next.done) break;
    // Copied: the giver may use its buffer again.
    parts.push(next.value.slice());
    gathered += next.value.length;
  }
  const head = parts.length === 0 ? new Uint8Array() : join(parts);
  size = head.length;
  if (size === 0) return { kind: 'empty' };
  const utf16 = startsWith(head, [0xff, 0xfe]) ? 'utf-16le' : startsWith(head, [0xfe, 0xff]) ? 'utf-16be' : undefined;
  if (utf16 !== undefined) {
    await source.return(undefined);
    return { kind: 'text', encoding: utf16, byteOrderMark: true, head, size };
  }
  const unmarked = unmarkedUtf16(head);
  if (unmarked !== undefined) {
    await source.return(undefined);
    return { kind: 'text', encoding: unmarked, byteOrderMark: false, head, size };
  }
  const binary = signatureOf(head);
  if (binary) {
    await source.return(undefined);
    return { kind: binary };
  }
  const byteOrderMark = startsWith(head, [0xef, 0xbb, 0xbf]);
  let beyondAscii = false;
  let carry = new Uint8Array();
  let piece: Uint8Array = head;
  for (;;) {
    const block: Uint8Array = carry.length === 0 ? piece : Buffer.concat([carry, piece]);
    const whole = wholeUtf8(block);
    const checked = block.subarray(0, whole);
    if (!isUtf8(checked)) {
      const seen = beyondAscii;
      const stop = async (): Promise<void> => {
        await source.return(undefined);
      };
      return { kind: 'unclear', byteOrderMark, head, faults: () => countFaults(block, source, seen), stop };
    }
    beyondAscii ||= !isAscii(checked.subarray(byteOrderMark && size === head.length ? 3 : 0));
    carry = block.slice(whole);
    const next = await source.next();
    if (next.done) return { kind: 'text', encoding: 'utf-8', byteOrderMark, head, size };
    piece = next.value;
    size += piece.length;
  }
}

async function countFaults(block: Uint8Array, rest: AsyncIterable<Uint8Array>, utf8SeenBefore: boolean): Promise<EncodingFaults> {
  const utf8 = new TextDecoder('utf-8');
  const gb18030 = new TextDecoder('gb18030');
  let utf8Faults = countReplacements(utf8, block);
  let gbFaults = countReplacements(gb18030, block);
  for await (const piece of rest) {
    utf8Faults += countReplacements(utf8, piece);
    gbFaults += countReplacements(gb18030, piece);
  }
  return {
    utf8: utf8Faults + countReplacements(utf8, undefined),
    gb18030: gbFaults + countReplacements(gb18030, undefined),
    utf8SeenBefore,
  };
}

/** Text of the head alone; a character cut off at its end is left out unless the head is the whole file. */
export function decodeHead(head: Uint8Array, encoding: TextEncoding, byteOrderMark: boolean): string {
  // The decoder takes the mark of UTF-16 off by itself.
  const skip = byteOrderMark && !encoding.startsWith('utf-16') ? 3 : 0;
  return withoutNul(new TextDecoder(encoding).decode(head.subarray(skip), { stream: true }));
}

/** Decodes a whole file piece by piece; bytes that are no text come out as U+FFFD. */
export async function* decodeText(
  bytes: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  byteOrderMark: boolean,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  let skip = byteOrderMark && encoding === 'gb18030' ? 3 : 0;
  for await (const piece of pieces(bytes)) {
    const from = Math.min(skip, piece.length);
    skip -= from;
    const text = decoder.decode(from === 0 ? piece : piece.subarray(from), { stream: true });
    if (text !== '') yield withoutNul(text);
  }
  const last = decoder.decode();
  if (last !== '') yield last;
}
