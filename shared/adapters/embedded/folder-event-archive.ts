import { randomUUID } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  writeSync,
} from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EMPTY_CHAIN, lineOf } from '../../audit/chain.ts';
import type { ArchiveEntry, ChainHead, EventArchive } from '../../ports/event-log.ts';
import { body, type EmbeddedDatabase, integer } from './database.ts';

/** A file is closed for good once it is this large. */
const ARCHIVE_FILE_BYTES = 64 * 1024 * 1024;
const LINE_END = 0x0a;

interface End {
  readonly head: ChainHead;
  /** Number of the file that is written to. */
  readonly file: number;
  /** How many of its bytes belong to the archive. */
  readonly offset: number;
}

/**
 * The archive as append-only files of JSON lines in a folder. Where it ends is kept in the database, in the transaction
 * that checks the head; bytes beyond that end are left by a process that died in between and are cut off by the next append.
 */
export class FolderEventArchive implements EventArchive {
  readonly #database: EmbeddedDatabase;
  readonly #folder: string;
  readonly #fileBytes: number;
  constructor(database: EmbeddedDatabase, folder: string, fileBytes: number = ARCHIVE_FILE_BYTES) {
    this.#database = database;
    this.#folder = folder;
    this.#fileBytes = fileBytes;
  }

  async head(): Promise<ChainHead> {
    return this.#end().head;
  }

  async append(from: ChainHead, entries: readonly ArchiveEntry[], next: ChainHead): Promise<boolean> {
    return this.#database.write(() => {
      const end = this.#end();
      if (!sameHead(end.head, from)) return false;
      const full = end.offset >= this.#fileBytes;
      const file = full ? end.file + 1 : end.file;
      const offset = full ? 0 : end.offset;
      const bytes = Buffer.from(entries.map((entry) => `${lineOf(entry)}\n`).join(''), 'utf8');
      if (bytes.length > 0) writeAt(this.#path(file), offset, bytes, this.#folder);
      this.#database.run(
        'INSERT OR REPLACE INTO chain (only, head, file, offset) VALUES (1, ?, ?, ?)',
        JSON.stringify(next),
        file,
        offset + bytes.length,
      );
      return true;
    });
  }

  async *lines(): AsyncIterable<{ readonly text: string; readonly where: string }> {
    const end = this.#end();
    for (let number = 1; number <= end.file; number += 1) {
      const path = this.#path(number);
      const there = await stat(path).catch(() => undefined);
      // A file that is gone shows as missing numbers.
      if (there === undefined) continue;
      const size = number === end.file ? Math.min(end.offset, there.size) : there.size;
      if (size === 0) continue;
      yield* linesOf(path, size);
    }
  }

  /**
   * The files as they stand now, the one that is written to as a copy in `into`: what a process that died left behind its end
   * is not in it, and what is added later neither. The caller removes the copy.
   */
  async snapshot(into: string): Promise<{ readonly head: ChainHead; readonly files: readonly string[]; readonly copy?: string }> {
    const end = this.#end();
    const files: string[] = [];
    for (let number = 1; number < end.file; number += 1) {
      // A file that is gone shows when the archive is verified.
      if ((await stat(this.#path(number)).catch(() => undefined)) !== undefined) files.push(this.#path(number));
    }
    if (end.offset === 0) return { head: end.head, files };
    const copy = join(into, `archive-${randomUUID()}.jsonl`);
    await mkdir(into, { recursive: true, mode: 0o700 });
    await pipeline(createReadStream(this.#path(end.file), { end: end.offset - 1 }), createWriteStream(copy, { mode: 0o600 }));
    return { head: end.head, files: [...files, copy], copy };
  }

  #end(): End {
    const row = this.#database.get('SELECT head, file, offset FROM chain');
    if (row === undefined) return { head: EMPTY_CHAIN, file: 1, offset: 0 };
    return { head: body<ChainHead>(row[0], ['number', 'hash', 'positions']), file: integer(row[1]), offset: integer(row[2]) };
  }

  #path(number: number): string {
    return join(this.#folder, `events-${String(number).padStart(6, '0')}.jsonl`);
  }
}

function sameHead(a: ChainHead, b: ChainHead): boolean {
  const positions = (head: ChainHead) => JSON.stringify(Object.entries(head.positions).sort(([x], [y]) => (x < y ? -1 : 1)));
  return a.number === b.number && a.hash === b.hash && positions(a) === positions(b);
}

function writeAt(path: string, offset: number, bytes: Buffer, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = openSync(path, offset === 0 ? 'w' : 'r+', 0o600);
  try {
    ftruncateSync(file, offset);
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, offset + done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (offset > 0) return;
  const parent = openSync(folder, 'r');
  try {
    fsyncSync(parent);
  } finally {
    closeSync(parent);
  }
}

/** The first `size` bytes of a file as lines; a last line without its end is given as it stands. */
async function* linesOf(path: string, size: number): AsyncGenerator<{ readonly text: string; readonly where: string }> {
  let line = 0;
  let rest: Buffer = Buffer.alloc(0);
  const place = () => {
    line += 1;
    return `${basename(path)}:${line}`;
  };
  for await (const part of createReadStream(path, { end: size - 1, highWaterMark: 1024 * 1024 })) {
    const bytes: Buffer = rest.length === 0 ? part : Buffer.concat([rest, part]);
    let start = 0;
    for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, start)) {
      yield { text: bytes.toString('utf8', start, end), where: place() };
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
  if (rest.length > 0) yield { text: rest.toString('utf8'), where: place() };
}
