import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { s3ReportArchive } from '../../../../shared/adapters/aws/report-archive.ts';
import { packLines } from '../../../../shared/audit/archive-frames.ts';
import { dayFolder, eventsFile } from '../../../../shared/audit/archive-layout.ts';
import { EMPTY_CHAIN, extendChain, lineOf } from '../../../../shared/audit/chain.ts';
import type { Instant } from '../../../../shared/calendar/plain-date.ts';
import { RetryLaterError } from '../../../../shared/ports/errors.ts';
import type { EventArchive } from '../../../../shared/ports/event-log.ts';
import type { ObjectStore } from '../../../../shared/ports/object-store.ts';
import { ARCHIVE_DAY, FIRST_DAY } from '../../../builders/archive.ts';
import { householdEvent } from '../../../builders/standings.ts';

/** A bucket with one object a event, read as `read` says. */
function bucket(events: number, read: (key: string, bytes: Buffer) => AsyncIterable<Uint8Array>) {
  const scratch = mkdtempSync(join(tmpdir(), 'aidwatch-copies-'));
  onTestFinished(() => rmSync(scratch, { recursive: true }));
  const chain = extendChain(
    EMPTY_CHAIN,
    Array.from({ length: events }, (_, n) => householdEvent(n + 1, 1)),
  );
  const stored = new Map(
    chain.map((entry) => [`archive/${dayFolder(ARCHIVE_DAY)}/${eventsFile(entry.number)}`, packLines([lineOf(entry)])]),
  );
  const head = { ...FIRST_DAY, number: events, hash: chain.at(-1)?.hash ?? '' };
  const objects: Pick<ObjectStore, 'list' | 'read'> = {
    async *list() {
      for (const [key, { length }] of stored) yield { key, size: length, version: '1', lastModified: '' as Instant };
    },
    read: (key) => read(key, stored.get(key) ?? Buffer.alloc(0)),
  };
  const archive = { head: async () => head, async *roots() {} } as Partial<EventArchive> as EventArchive;
  const verified = { all: async () => [], keep: async () => undefined };
  return { scratch, reports: s3ReportArchive({ archive, objects, verified, scratch }) };
}

describe('the copy of an archive in a bucket', () => {
  it('takes an object again whose connection broke off within it', async () => {
    const tried = new Map<string, number>();
    const { reports } = bucket(5, async function* (key, bytes) {
      const tries = (tried.get(key) ?? 0) + 1;
      tried.set(key, tries);
      yield bytes.subarray(0, 20);
      if (tries < 3) throw new RetryLaterError('connection lost');
      yield bytes.subarray(20);
    });
    const snapshot = await reports.snapshot();
    expect([...tried.values()]).toEqual([3, 3, 3, 3, 3]);
    expect(await reports.verify(snapshot)).toMatchObject({ ok: true, events: 5 });
  });

  it('is given up, and leaves nothing, when an object stays out of reach', async () => {
    const { reports, scratch } = bucket(5, async function* (key, bytes) {
      yield bytes.subarray(0, 20);
      if (key.endsWith('3.jsonl.zst')) throw new RetryLaterError('connection lost');
      yield bytes.subarray(20);
    });
    await expect(reports.snapshot()).rejects.toThrow('connection lost');
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('is tried later when an object is not as long as the list said', async () => {
    for (const length of [-1, 1]) {
      const { reports } = bucket(3, async function* (_, bytes) {
        yield length < 0 ? bytes.subarray(0, length) : Buffer.concat([bytes, Buffer.alloc(length)]);
      });
      await expect(reports.snapshot()).rejects.toThrow(RetryLaterError);
    }
  });

  it('says in words that the storage of the function is too small, and gives it back', async () => {
    const { reports, scratch } = bucket(3, async function* (_, bytes) {
      yield bytes.subarray(0, 20);
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    });
    await expect(reports.snapshot()).rejects.toMatchObject({
      code: 'report-too-large',
      message: expect.stringMatching(/临时存储.*Athena.*temporary storage.*Athena/s),
    });
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('fetches several objects at a time, and never too many', async () => {
    let [now, most] = [0, 0];
    const { reports } = bucket(200, async function* (_, bytes) {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      yield bytes;
      now -= 1;
    });
    await reports.snapshot();
    expect(most).toBeGreaterThan(8);
    expect(most).toBeLessThanOrEqual(64);
  });

  it('verifies its own copies only', async () => {
    const [{ reports }, other] = [bucket(1, only), bucket(1, only)];
    await expect(reports.verify(await other.reports.snapshot())).rejects.toThrow('another archive');
  });
});

async function* only(_: string, bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}
