import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { s3EventArchive } from '../../shared/adapters/aws/event-archive.ts';
import type { Table } from '../../shared/adapters/aws/table.ts';
import { archiveEvents } from '../../shared/audit/archive-events.ts';
import { verifyArchive } from '../../shared/audit/verify-archive.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import type { EventArchive } from '../../shared/ports/event-log.ts';
import { ARCHIVE_DAY } from '../builders/archive.ts';
import { householdEvent } from '../builders/standings.ts';
import { type ObjectAndQueueServer, startObjectAndQueueServer, startTableServer, type TableServer } from './local-services.ts';

vi.setConfig({ testTimeout: 60_000 });

const NEXT_DAY = '2024-03-16' as PlainDate;

let server: ObjectAndQueueServer;
let tables: TableServer;
beforeAll(async () => {
  server = await startObjectAndQueueServer();
  tables = await startTableServer();
});
afterAll(async () => {
  await server.stop();
  await tables.stop();
});

const sourced = (first: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({
    position: String(first + n).padStart(9, '0'),
    events: [householdEvent(first + n, 1)],
  }));

/** An archive, and one over the same bucket and table whose process dies before it moves the head. */
async function archives() {
  const [{ table }, bucket] = [await tables.newTable(), await server.newBucket()];
  let moves = Number.POSITIVE_INFINITY;
  const dying: Table = {
    ...table,
    update: (...move) => {
      moves -= 1;
      if (moves < 0) throw new Error('died');
      return table.update(...move);
    },
  };
  return {
    bucket,
    archive: s3EventArchive(server.s3, bucket, table),
    diesAfter: (count: number): EventArchive => {
      moves = count;
      return s3EventArchive(server.s3, bucket, dying);
    },
  };
}

async function keys(bucket: string): Promise<string[]> {
  const { Contents } = await server.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  return (Contents ?? []).map(({ Key }) => Key ?? '').sort();
}

async function whole(archive: EventArchive, events: number, roots: number): Promise<void> {
  expect(await verifyArchive(archive, { head: await archive.head() })).toMatchObject({ ok: true, events, roots });
}

describe('the archive in a bucket', () => {
  it('takes a batch once whose object was written by a process that died before it moved the head', async () => {
    const { archive, bucket, diesAfter } = await archives();
    await archiveEvents(archive, 'shard-a', sourced(1, 3), ARCHIVE_DAY);
    await expect(archiveEvents(diesAfter(0), 'shard-a', sourced(4, 2), ARCHIVE_DAY)).rejects.toThrow('died');
    expect(await archiveEvents(archive, 'shard-a', sourced(4, 2), ARCHIVE_DAY)).toHaveLength(2);
    await whole(archive, 5, 0);
    expect(await keys(bucket)).toHaveLength(2);
  });

  it('lets another source go on after such an object, and forgets neither', async () => {
    const { archive, bucket, diesAfter } = await archives();
    await archiveEvents(archive, 'shard-a', sourced(1, 3), ARCHIVE_DAY);
    await expect(archiveEvents(diesAfter(0), 'shard-a', sourced(4, 2), ARCHIVE_DAY)).rejects.toThrow('died');
    expect(await archiveEvents(archive, 'shard-b', sourced(50, 4), ARCHIVE_DAY)).toHaveLength(4);
    expect(await archiveEvents(archive, 'shard-a', sourced(4, 2), ARCHIVE_DAY)).toHaveLength(0);
    await whole(archive, 9, 0);
    expect(await keys(bucket)).toHaveLength(3);
  });

  it('ends a day that a process died over, with the same root', async () => {
    const { archive, bucket, diesAfter } = await archives();
    await archiveEvents(archive, 'shard-a', sourced(1, 3), ARCHIVE_DAY);
    await expect(archiveEvents(diesAfter(0), 'shard-a', sourced(4, 2), NEXT_DAY)).rejects.toThrow('died');
    const root = async () => {
      const object = await server.s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'archive/roots/2024-03-15.json' }));
      return object.Body?.transformToString();
    };
    const before = await root();
    expect(await archiveEvents(archive, 'shard-b', sourced(50, 1), NEXT_DAY)).toHaveLength(1);
    expect(await archiveEvents(archive, 'shard-a', sourced(4, 2), NEXT_DAY)).toHaveLength(2);
    expect(await root()).toBe(before);
    await whole(archive, 6, 1);
    expect((await archive.head()).open?.day).toBe(NEXT_DAY);
    expect(await keys(bucket)).toEqual([
      'archive/day=2024-03-15/events-000000000001.jsonl.zst',
      'archive/day=2024-03-15/events-000000000004.jsonl.zst',
      'archive/day=2024-03-16/events-000000000004.jsonl.zst',
      'archive/day=2024-03-16/events-000000000005.jsonl.zst',
      'archive/roots/2024-03-15.json',
    ]);
  });

  it('leaves no object beside the chain when many write at once while the day ends', async () => {
    const { archive, bucket } = await archives();
    const writers = Array.from({ length: 6 }, async (_, n) => {
      for (let round = 0; round < 3; round += 1) {
        const day = n % 2 === 0 && round > 0 ? NEXT_DAY : ARCHIVE_DAY;
        for (let done = false; !done; ) {
          done = await archiveEvents(archive, `shard-${n}`, sourced(1 + n * 100 + round * 2, 2), day).then(
            () => true,
            () => false,
          );
        }
      }
    });
    await Promise.all(writers);
    await whole(archive, 36, 1);
    const lines = (await keys(bucket)).filter((key) => key.startsWith('archive/day='));
    expect(new Set(lines.map((key) => key.split('/')[2])).size).toBe(lines.length - 1);
  });
});
