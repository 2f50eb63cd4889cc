import { randomUUID } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { packLines } from '../../audit/archive-frames.ts';
import { dayFolder, eventsFile, firstOfEventsFile, ROOTS_FOLDER, rootFile } from '../../audit/archive-layout.ts';
import { EMPTY_CHAIN, lineOf } from '../../audit/chain.ts';
import { type OpenDay, rootOf, rootText } from '../../audit/daily-root.ts';
import type { DomainEvent } from '../../audit/event.ts';
import type { PlainDate } from '../../calendar/plain-date.ts';
import type {
  ArchiveEntry,
  ArchivePart,
  ChainHead,
  DayRange,
  EventArchive,
  KeptText,
  StoredArchive,
} from '../../ports/event-log.ts';
import { type BeyondFile, eventsBeyond, filesBeyond } from './archive-beyond.ts';
import { ArchiveFolder } from './archive-folder.ts';
import { body, type EmbeddedDatabase, integer, text } from './database.ts';

/** The archive's folder below the data directory. */
export const ARCHIVE_FOLDER = 'archive';
/** Beside the archive's folder: what lay beyond its end. */
export const BEYOND_FOLDER = 'archive-beyond';

/** What was found beyond the end of an archive and put aside. */
export interface PutAside {
  readonly folder: string;
  readonly events: number;
}

/** A file is closed for good once it is this large. */
const ARCHIVE_FILE_BYTES = 64 * 1024 * 1024;

interface End {
  readonly head: ChainHead;
  /** Number of the first event of the file that is written to; in an archive without days, the file's own number. */
  readonly file: number;
  /** How many of its bytes belong to the archive. */
  readonly offset: number;
}

/**
 * The archive as append-only files in a folder, a partition a day; each append adds frames to the day's last file and is on
 * the disk before it counts. Where the archive ends is kept in the database, in the transaction that checks the head; bytes
 * beyond that end are left by a process that died in between and are cut off by the next append. Where they are of another
 * making, because the database is older than the archive, they are put aside first. What was written before
 * the archive was kept by days, plain files beside the partitions, stays as it is and is read first.
 */
export class FolderEventArchive implements EventArchive {
  readonly #database: EmbeddedDatabase;
  readonly #folder: string;
  readonly #fileBytes: number;
  #looked = false;
  constructor(database: EmbeddedDatabase, folder: string, fileBytes: number = ARCHIVE_FILE_BYTES) {
    this.#database = database;
    this.#folder = folder;
    this.#fileBytes = fileBytes;
  }

  async head(): Promise<ChainHead> {
    return this.#end().head;
  }

  async append(from: ChainHead, entries: readonly ArchiveEntry[], next: ChainHead): Promise<boolean> {
    const { open } = from;
    if (open === undefined) throw new Error('no day is open');
    // Made before the turn to write: others may write meanwhile.
    const bytes = entries.length === 0 ? Buffer.alloc(0) : packLines(entries.map(lineOf));
    await this.#lookBeyond();
    return this.#database.write(() => {
      const end = this.#end();
      if (!sameHead(end.head, from)) return false;
      const full = end.offset >= this.#fileBytes;
      const file = full ? from.number + 1 : end.file;
      const offset = full ? 0 : end.offset;
      if (bytes.length > 0) writeAt(join(this.#folder, dayFolder(open.day), eventsFile(file)), offset, bytes);
      this.#keepEnd({ head: next, file, offset: offset + bytes.length });
      return true;
    });
  }

  async turn(from: ChainHead, next: ChainHead & { readonly open: OpenDay }): Promise<boolean> {
    await this.#lookBeyond();
    return this.#database.write(() => {
      const end = this.#end();
      if (!sameHead(end.head, from)) return false;
      this.#cutOff(end);
      const root = rootOf(from);
      if (root !== undefined) writeAt(join(this.#folder, ROOTS_FOLDER, rootFile(root.day)), 0, Buffer.from(rootText(root)));
      this.#keepEnd({ head: next, file: next.open.first, offset: 0 });
      return true;
    });
  }

  /**
   * Puts aside what lies beyond the end that the database knows, beside the archive's folder; undefined when there is nothing but
   * what a process left that died while it added events, which wait in the outbox still. All else is of a database newer than
   * this one (restored from an older backup, parted from its log, cut off from power): the archive cannot go on from it, and
   * nobody may lose it.
   */
  async putAsideBeyond(): Promise<PutAside | undefined> {
    this.#looked = true;
    const end = this.#end();
    const files = filesBeyond(this.#folder, { head: end.head, sizeIn: (day, name) => sizeIn(end, day, name) });
    if (files.length === 0) return undefined;
    const ids = await eventsBeyond(this.#folder, files);
    const waiting = this.#waiting();
    const roots = files.some(({ name }) => name.startsWith(ROOTS_FOLDER));
    if (!roots && ids.every((id) => waiting.has(id))) return undefined;
    return this.#database.write(() => {
      if (!sameHead(this.#end().head, end.head)) return undefined;
      return { folder: this.#move(files, end.head.number + 1), events: ids.length };
    });
  }

  /** Once, before this process adds anything. */
  async #lookBeyond(): Promise<void> {
    if (!this.#looked) await this.putAsideBeyond();
  }

  /** The ids of the events that wait to be archived. */
  #waiting(): ReadonlySet<string> {
    const rows = this.#database.all('SELECT list FROM events');
    const lines = rows.flatMap(([list]) => text(list).split('\n'));
    return new Set(lines.map((line) => (JSON.parse(line) as DomainEvent).id));
  }

  #move(files: readonly BeyondFile[], first: number): string {
    const aside = join(dirname(this.#folder), BEYOND_FOLDER, `${String(first).padStart(12, '0')}-${randomUUID().slice(0, 8)}`);
    for (const { name, from } of files) {
      const path = join(this.#folder, name);
      // Frames of an append begin where the one before ended, so that the rest of a file is a file that reads by itself.
      const kept = join(aside, from === 0 ? name : join(dirname(name), eventsFile(first)));
      writeAt(kept, 0, readFileSync(path).subarray(from));
      if (from === 0) rmSync(path);
      else writeAt(path, from, Buffer.alloc(0));
    }
    return aside;
  }

  /** The files as they lie, with what a process that died may have left after the end: for verifying them. */
  files(): StoredArchive {
    return new ArchiveFolder(this.#folder);
  }

  parts(): AsyncIterable<ArchivePart> {
    const end = this.#end();
    return new ArchiveFolder(this.#folder, (day, name) => sizeIn(end, day, basename(name))).parts();
  }

  roots(range?: DayRange): AsyncIterable<KeptText> {
    return new ArchiveFolder(this.#folder).roots(range);
  }

  /**
   * The files as they stand now, the one that is written to as a copy in `into`: what a process that died left behind its end
   * is not in it, and what is added later neither. The caller removes the copy.
   */
  async snapshot(into: string): Promise<{ readonly head: ChainHead; readonly files: readonly string[]; readonly copy?: string }> {
    const end = this.#end();
    const files: string[] = [];
    let copy: string | undefined;
    for await (const { day, name } of new ArchiveFolder(this.#folder).parts()) {
      const [path, size] = [join(this.#folder, name), sizeIn(end, day, basename(name))];
      if (size === undefined) files.push(path);
      if (size === undefined || size === 0) continue;
      await mkdir(into, { recursive: true, mode: 0o700 });
      // Its ending says how it is packed.
      copy = join(into, `archive-${randomUUID()}${day === undefined ? '.jsonl' : '.jsonl.zst'}`);
      await pipeline(createReadStream(path, { end: size - 1 }), createWriteStream(copy, { mode: 0o600 }));
      files.push(copy);
    }
    return { head: end.head, files, ...(copy === undefined ? {} : { copy }) };
  }

  #end(): End {
    const row = this.#database.get('SELECT head, file, offset FROM chain');
    if (row === undefined) return { head: EMPTY_CHAIN, file: 1, offset: 0 };
    return { head: body<ChainHead>(row[0], ['number', 'hash', 'positions']), file: integer(row[1]), offset: integer(row[2]) };
  }

  #keepEnd({ head, file, offset }: End): void {
    const sql = 'INSERT OR REPLACE INTO chain (only, head, file, offset) VALUES (1, ?, ?, ?)';
    this.#database.run(sql, JSON.stringify(head), file, offset);
  }

  /** Takes away what lies beyond the end, so that the files of a finished day count as they are. */
  #cutOff(end: End): void {
    const { open } = end.head;
    const folder = open === undefined ? this.#folder : join(this.#folder, dayFolder(open.day));
    for (const name of namesIn(folder)) {
      const size = sizeIn(end, open?.day, name);
      if (size === 0) rmSync(join(folder, name));
      else if (size !== undefined) writeAt(join(folder, name), size, Buffer.alloc(0));
    }
  }
}

/** How much of a file belongs to the archive: all of a finished one (undefined), nothing of one beyond the end. */
function sizeIn({ head, file, offset }: End, day: PlainDate | undefined, name: string): number | undefined {
  if (day !== head.open?.day) return day === undefined || (head.open !== undefined && day < head.open.day) ? undefined : 0;
  const number = day === undefined ? oldFileNumber(name) : firstOfEventsFile(name);
  if (number === undefined || number < file) return undefined;
  return number === file ? offset : 0;
}

function oldFileNumber(name: string): number | undefined {
  const digits = /^events-(\d{6})\.jsonl$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function sameHead(a: ChainHead, b: ChainHead): boolean {
  const positions = (head: ChainHead) => JSON.stringify(Object.entries(head.positions).sort(([x], [y]) => (x < y ? -1 : 1)));
  return a.number === b.number && a.hash === b.hash && a.open?.day === b.open?.day && positions(a) === positions(b);
}

/** Writes bytes at a place of a file, which ends with them. */
function writeAt(path: string, offset: number, bytes: Buffer): void {
  const folder = dirname(path);
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = openSync(path, offset === 0 ? 'w' : 'r+', 0o600);
  try {
    ftruncateSync(file, offset);
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, offset + done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (offset > 0) return;
  syncFolder(folder);
  if (made === undefined) return;
  syncFolder(dirname(folder));
  syncFolder(dirname(made));
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
