import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Text in one frame, at most; a longer line has a frame of its own. What reads a frame holds one in memory. */
const FRAME_TEXT = 4 * 1024 * 1024;
/** More than any frame we write holds; a frame that claims more was not written by us. */
const MOST_TEXT = 64 * 1024 * 1024;
const MOST_PACKED = 64 * 1024 * 1024;
const MAGIC = 0xfd2fb528;

const SETTINGS = { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 } };

/** A frame that cannot be read: cut short where the bytes end, or damaged. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly kind: 'torn' | 'damaged';
  constructor(kind: 'torn' | 'damaged') {
    super(kind === 'torn' ? 'the bytes end within a frame' : 'a frame is damaged');
    this.kind = kind;
  }
}

/** Lines as Zstandard frames, one after the other, whole lines in each; frames of several appends may follow each other. */
export function packLines(lines: readonly string[]): Buffer {
  const frames: Buffer[] = [];
  let text = '';
  for (const line of lines) {
    if (text.length > 0 && text.length + line.length >= FRAME_TEXT) {
      frames.push(zstdCompressSync(text, SETTINGS));
      text = '';
    }
    text += `${line}\n`;
  }
  frames.push(zstdCompressSync(text, SETTINGS));
  return frames.length === 1 && frames[0] !== undefined ? frames[0] : Buffer.concat(frames);
}

/**
 * The text of each frame, in order; only one is held at a time. Node's own reader stops in silence after the first frame,
 * so frames are told apart here.
 * @throws FrameError at the first frame that cannot be read, after those before it
 */
export async function* unpackFrames(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Buffer = Buffer.alloc(0);
  for await (const part of bytes) {
    waiting = waiting.length === 0 ? Buffer.from(part.buffer, part.byteOffset, part.byteLength) : Buffer.concat([waiting, part]);
    let start = 0;
    for (let size = frameSize(waiting, start); size !== undefined; size = frameSize(waiting, start)) {
      const text = unpack(waiting.subarray(start, start + size));
      start += size;
      if (text.length > 0) yield text;
    }
    waiting = waiting.subarray(start);
    if (waiting.length > MOST_PACKED) throw new FrameError('damaged');
  }
  if (waiting.length > 0) throw new FrameError('torn');
}

function unpack(frame: Buffer): Buffer {
  try {
    return zstdDecompressSync(frame, { maxOutputLength: MOST_TEXT });
  } catch {
    throw new FrameError('damaged');
  }
}

/** Length of the frame that begins at `start`, by RFC 8878 §3.1.1; undefined when not all of it is there yet. */
function frameSize(bytes: Buffer, start: number): number | undefined {
  if (bytes.length < start + 5) return undefined;
  if (bytes.readUInt32LE(start) !== MAGIC) throw new FrameError('damaged');
  const descriptor = bytes.readUInt8(start + 4);
  const single = (descriptor >> 5) & 1;
  const sizeBytes = [single, 2, 4, 8][descriptor >> 6] ?? 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  let at = start + 5 + (single === 1 ? 0 : 1) + dictionaryBytes + sizeBytes;
  for (let last = false; !last; ) {
    if (bytes.length < at + 3) return undefined;
    const header = bytes.readUIntLE(at, 3);
    last = (header & 1) === 1;
    const kind = (header >> 1) & 3;
    if (kind === 3) throw new FrameError('damaged');
    // A block of one repeated byte is stored as that byte.
    at += 3 + (kind === 1 ? 1 : header >> 3);
  }
  at += (descriptor >> 2) & 1 ? 4 : 0;
  return at > bytes.length ? undefined : at - start;
}
