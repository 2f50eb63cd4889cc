import { pipeline, Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

/** One file of a zip archive, its bytes made as they are asked for. */
export interface ZipEntry {
  readonly name: string;
  readonly parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Bytes an entry and the whole archive may have without the 64-bit form, which some office programs do not open. */
const MOST_BYTES = 0xffff_ffff;
/** Sizes follow the data; names are UTF-8. */
const FLAGS = 0x0808;
const DEFLATED = 8;
/** 1980-01-01: the same content gives the same bytes. */
const DATE = 0x0021;

interface Written {
  readonly name: Buffer;
  readonly offset: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

/**
 * A zip archive as a stream: nothing of an entry is kept but its sizes, which follow its data. Entries come one after the other,
 * so what is told in a later one may depend on what passed before. Throws RangeError beyond four gigabytes.
 */
export async function* zipStream(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const written: Written[] = [];
  let offset = 0;
  for await (const { name, parts } of entries) {
    const path = Buffer.from(name, 'utf8');
    const begins = offset;
    const head = Buffer.alloc(30);
    head.write('PK\x03\x04', 0, 'latin1');
    common(head, 4, { crc: 0, packed: 0, size: 0, nameLength: path.length });
    yield head;
    yield path;
    const tally = { crc: 0, size: 0 };
    let packed = 0;
    for await (const part of packedParts(parts, tally)) {
      packed += part.length;
      yield part;
    }
    const tail = Buffer.alloc(16);
    tail.write('PK\x07\x08', 0, 'latin1');
    if (tally.size > MOST_BYTES || begins + packed > MOST_BYTES)
      throw new RangeError('the workbook has grown beyond four gigabytes');
    tail.writeUInt32LE(tally.crc, 4);
    tail.writeUInt32LE(packed, 8);
    tail.writeUInt32LE(tally.size, 12);
    yield tail;
    offset += head.length + path.length + packed + tail.length;
    written.push({ name: path, offset: begins, crc: tally.crc, packed, size: tally.size });
  }
  yield directory(written, offset);
}

/** Deflated parts; counts what went in. */
async function* packedParts(parts: ZipEntry['parts'], tally: { crc: number; size: number }): AsyncGenerator<Buffer> {
  const counted = async function* () {
    for await (const part of parts) {
      tally.crc = crc32(part, tally.crc);
      tally.size += part.length;
      yield part;
    }
  };
  // What goes wrong comes out where the parts are taken.
  const packed = pipeline(Readable.from(counted(), { objectMode: false }), createDeflateRaw(), () => undefined);
  for await (const part of packed) yield part as Buffer;
}

function directory(written: readonly Written[], offset: number): Buffer {
  const lines = written.flatMap(({ name, offset: begins, crc, packed, size }) => {
    const line = Buffer.alloc(46);
    line.write('PK\x01\x02', 0, 'latin1');
    line.writeUInt16LE(20, 4);
    common(line, 6, { crc, packed, size, nameLength: name.length });
    line.writeUInt32LE(begins, 42);
    return [line, name];
  });
  const central = Buffer.concat(lines);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(written.length, 8);
  end.writeUInt16LE(written.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([central, end]);
}

/** The fields that stand in both kinds of header, from the version on. */
function common(
  to: Buffer,
  at: number,
  { crc, packed, size, nameLength }: { crc: number; packed: number; size: number; nameLength: number },
): void {
  to.writeUInt16LE(20, at);
  to.writeUInt16LE(FLAGS, at + 2);
  to.writeUInt16LE(DEFLATED, at + 4);
  to.writeUInt16LE(DATE, at + 8);
  to.writeUInt32LE(crc, at + 10);
  to.writeUInt32LE(packed, at + 14);
  to.writeUInt32LE(size, at + 18);
  to.writeUInt16LE(nameLength, at + 22);
}
