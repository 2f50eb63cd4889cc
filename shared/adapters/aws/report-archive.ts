import { closeSync, constants, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { unpackFrames } from '../../audit/archive-frames.ts';
import { dayOfFolder, firstOfEventsFile } from '../../audit/archive-layout.ts';
import { verifyRemembering } from '../../audit/verify-archive.ts';
import type { PlainDate } from '../../calendar/plain-date.ts';
import { PermanentError, RetryLaterError } from '../../ports/errors.ts';
import type { ArchivePart, EventArchive, StoredArchive } from '../../ports/event-log.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { ArchiveSnapshot, ReportArchive } from '../../ports/report-engine.ts';
import type { VerifiedDays } from '../../ports/verified-days.ts';
import { openScratchFolder } from '../scratch-folder.ts';
import { inParallel } from './bounded-parallel.ts';
import { ARCHIVE_PREFIX } from './event-archive.ts';

/** Objects fetched at a time: most are a few kilobytes, so that waiting for answers takes the time, not the line. */
const WIDTH = 48;
/** A connection that breaks off within an object is taken up again; the client's own tries end with the answer's head. */
const TRIES = 3;

/** What the archive of a bucket is read from. */
export interface BucketArchive {
  readonly archive: EventArchive;
  /** The bucket it lies in. */
  readonly objects: Pick<ObjectStore, 'list' | 'read'>;
  readonly verified: VerifiedDays;
  /** Folder of the machine for copies, each in one of its own until it is released; a killed report's are removed by the next. */
  readonly scratch: string;
}

/** One object of the archive, and where its bytes lie in the copy of its day. */
interface CopiedObject {
  readonly key: string;
  readonly day: PlainDate;
  readonly name: string;
  readonly file: string;
  readonly start: number;
  readonly size: number;
}

/**
 * The archive of a bucket, for reports. A snapshot is a copy: the objects up to the head, those of a day one after the other
 * in one file, as the archive of a folder has them, so that an engine opens a file a day and not one for each append. What is
 * verified are the bytes the engine reads; of days found whole before, only that they are the same (decision 0039). All days are
 * needed whatever the period: the chain proves itself from its beginning, and what an event of a month goes back to may be years
 * old.
 */
export function s3ReportArchive({ archive, objects, verified, scratch }: BucketArchive): ReportArchive {
  const copies = new WeakMap<ArchiveSnapshot, StoredArchive>();
  return {
    async snapshot() {
      const { number, hash } = await archive.head();
      const folder = openScratchFolder(scratch);
      const release = async () => folder.close();
      try {
        const copied = await objectsUpTo(objects, number, folder.path);
        await inParallel(WIDTH, copied, (one) => copyObject(objects, one));
        const files = [...new Set(copied.filter(({ size }) => size > 0).map(({ file }) => file))];
        const snapshot: ArchiveSnapshot = { head: { number, hash }, files, release };
        copies.set(snapshot, { parts: () => partsOf(copied), roots: (range) => archive.roots(range) });
        return snapshot;
      } catch (error) {
        await release();
        throw readable(error);
      }
    },
    async verify(snapshot) {
      const copy = copies.get(snapshot);
      if (copy === undefined) throw new Error('a snapshot of another archive');
      return verifyRemembering(copy, snapshot.head, verified);
    },
  };
}

/** The objects that begin up to this number; each was added as a whole, so none goes on beyond the head. */
async function objectsUpTo(objects: Pick<ObjectStore, 'list'>, last: number, folder: string): Promise<CopiedObject[]> {
  const copied: CopiedObject[] = [];
  let end = 0;
  for await (const { key, size } of objects.list(`${ARCHIVE_PREFIX}day=`)) {
    const name = key.slice(ARCHIVE_PREFIX.length);
    const [partition = '', file = ''] = name.split('/');
    const [day, first] = [dayOfFolder(partition), firstOfEventsFile(file)];
    if (day === undefined || first === undefined || first > last) continue;
    if (copied.at(-1)?.day !== day) end = 0;
    copied.push({ key, day, name, file: join(folder, `${day}.jsonl.zst`), start: end, size });
    end += size;
  }
  return copied;
}

async function copyObject(objects: Pick<ObjectStore, 'read'>, object: CopiedObject): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await writeObject(objects, object);
      return;
    } catch (error) {
      if (!(error instanceof RetryLaterError) || attempt === TRIES) throw error;
    }
  }
}

async function writeObject(objects: Pick<ObjectStore, 'read'>, { key, file, start, size }: CopiedObject): Promise<void> {
  const handle = await open(file, constants.O_WRONLY | constants.O_CREAT, 0o600);
  try {
    let end = start;
    for await (const bytes of objects.read(key)) {
      // Beyond its place lies the next object.
      if (end + bytes.length > start + size) throw new RetryLaterError('an object of the archive changed while it was copied');
      for (let done = 0; done < bytes.length; ) {
        done += (await handle.write(bytes, done, bytes.length - done, end + done)).bytesWritten;
      }
      end += bytes.length;
    }
    if (end !== start + size) throw new RetryLaterError('an object of the archive came cut short');
  } finally {
    await handle.close();
  }
}

/** The copied objects as parts of an archive, by day and number. */
async function* partsOf(copied: readonly CopiedObject[]): AsyncGenerator<ArchivePart> {
  for (const object of copied) {
    yield {
      day: object.day,
      name: object.name,
      bytes: () => bytesOf(object),
      texts: (seen) => unpackFrames(bytesOf(object, seen)),
    };
  }
}

async function* bytesOf({ file, start, size }: CopiedObject, seen?: (bytes: Uint8Array) => void): AsyncGenerator<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  const handle = openSync(file, 'r');
  let read: number;
  try {
    read = readSync(handle, bytes, 0, size, start);
  } finally {
    // Closed before anybody sees the bytes: whoever verifies may stop at any of them.
    closeSync(handle);
  }
  const stored = bytes.subarray(0, read);
  seen?.(stored);
  yield stored;
}

/** What stops a copy, in words. */
function readable(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOSPC') return error;
  return new PermanentError(
    'report-too-large',
    '档案超出报表函数的临时存储空间，未生成报表；请按 docs/reports.md 改用 Athena / the archive is more than the temporary storage of the function can hold, so no report was made; docs/reports.md shows the way by Athena',
  );
}
