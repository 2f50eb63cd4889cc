import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unpackFrames } from '../../audit/archive-frames.ts';
import { dayOfFolder, dayOfRootFile, firstOfEventsFile, ROOTS_FOLDER } from '../../audit/archive-layout.ts';
import type { PlainDate } from '../../calendar/plain-date.ts';
import type { ArchivePart, DayRange, KeptText, StoredArchive } from '../../ports/event-log.ts';

const LINE_END = 0x0a;
const READ_BYTES = 1024 * 1024;

/** How far a file counts, bytes; undefined for all of it. */
type SizeOf = (day: PlainDate | undefined, name: string) => number | undefined;

/**
 * An archive as it lies in a folder: the platform's own, or a copy, also of a bucket. Needs nothing but the files. A copy
 * may be the folder that holds `archive/`, as a copy of a whole bucket does.
 */
export class ArchiveFolder implements StoredArchive {
  readonly #folder: string;
  readonly #sizeOf: SizeOf;
  constructor(folder: string, sizeOf: SizeOf = () => undefined) {
    this.#folder = folder;
    this.#sizeOf = sizeOf;
  }

  async *parts(): AsyncGenerator<ArchivePart> {
    const names = await namesIn(this.#folder);
    // What was written before the archive was kept by days.
    for (const name of names) if (/^events-\d{6}\.jsonl$/.test(name)) yield this.#part(undefined, name);
    for (const folder of names) {
      const day = dayOfFolder(folder);
      if (day === undefined) continue;
      for (const name of await namesIn(join(this.#folder, folder))) {
        if (firstOfEventsFile(name) !== undefined) yield this.#part(day, `${folder}/${name}`);
      }
    }
  }

  async *roots({ from, to }: DayRange = {}): AsyncGenerator<KeptText> {
    for (const name of await namesIn(join(this.#folder, ROOTS_FOLDER))) {
      const day = dayOfRootFile(name);
      if (day === undefined || (from !== undefined && day < from) || (to !== undefined && day > to)) continue;
      const where = `${ROOTS_FOLDER}/${name}`;
      yield { day, where, text: await readFile(join(this.#folder, where), 'utf8') };
    }
  }

  #part(day: PlainDate | undefined, name: string): ArchivePart {
    const path = join(this.#folder, name);
    const size = this.#sizeOf(day, name);
    const bytes = () => (size === 0 ? nothing() : bytesOf(path, size));
    return {
      day,
      name,
      bytes,
      texts: (seen) => {
        const stored = seen === undefined ? bytes() : shown(bytes(), seen);
        return day === undefined ? wholeLines(stored) : unpackFrames(stored);
      },
    };
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

async function* nothing(): AsyncGenerator<Buffer> {}

async function* shown(bytes: AsyncIterable<Buffer>, seen: (bytes: Uint8Array) => void): AsyncGenerator<Buffer> {
  for await (const part of bytes) {
    seen(part);
    yield part;
  }
}

async function* bytesOf(path: string, size: number | undefined): AsyncGenerator<Buffer> {
  yield* createReadStream(path, { highWaterMark: READ_BYTES, ...(size === undefined ? {} : { end: size - 1 }) });
}

/** Plain text in pieces of whole lines; a last line without its end is given as it stands. */
async function* wholeLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const part of bytes) {
    const all = rest.length === 0 ? part : Buffer.concat([rest, part]);
    const end = all.lastIndexOf(LINE_END) + 1;
    if (end > 0) yield all.subarray(0, end);
    rest = all.subarray(end);
  }
  if (rest.length > 0) yield rest;
}
