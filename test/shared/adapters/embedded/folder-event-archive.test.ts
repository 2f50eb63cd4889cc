import { appendFileSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { ArchiveFolder } from '../../../../shared/adapters/embedded/archive-folder.ts';
import { DATABASE_FILE, EmbeddedDatabase } from '../../../../shared/adapters/embedded/database.ts';
import { FolderEventArchive } from '../../../../shared/adapters/embedded/folder-event-archive.ts';
import { EventOutbox } from '../../../../shared/adapters/embedded/outbox.ts';
import { archiveEvents } from '../../../../shared/audit/archive-events.ts';
import { EMPTY_CHAIN, extendChain, lineOf } from '../../../../shared/audit/chain.ts';
import { finishedRoots } from '../../../../shared/audit/finished-roots.ts';
import { verifyArchive } from '../../../../shared/audit/verify-archive.ts';
import type { PlainDate } from '../../../../shared/calendar/plain-date.ts';
import { archiveLines } from '../../../builders/archive.ts';
import { householdEvent } from '../../../builders/standings.ts';
import { collect } from '../../../contract/subject.ts';
import { withFolder } from './data-folder.ts';

const FRIDAY = '2024-03-15' as PlainDate;
const SATURDAY = '2024-03-16' as PlainDate;
const MONDAY = '2024-03-18' as PlainDate;

const sourced = (first: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({
    position: String(first + n).padStart(15, '0'),
    events: [householdEvent(first + n, 1)],
  }));

async function withArchive(
  fileBytes: number,
  test: (archive: FolderEventArchive, folder: string, dataDir: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (dataDir) => {
    const database = new EmbeddedDatabase(dataDir);
    try {
      await test(new FolderEventArchive(database, join(dataDir, 'archive'), fileBytes), join(dataDir, 'archive'), dataDir);
    } finally {
      database.close();
    }
  });
}

const whole = async (archive: FolderEventArchive) => verifyArchive(archive, { head: await archive.head() });

describe('the archive in a folder', () => {
  it('has a partition a day, goes on in a new file when one is full, and proves as one chain', () =>
    withArchive(500, async (archive, folder) => {
      for (let first = 1; first <= 40; first += 5) await archiveEvents(archive, 'outbox', sourced(first, 5), FRIDAY);
      await archiveEvents(archive, 'outbox', sourced(41, 5), SATURDAY);
      expect(readdirSync(folder)).toEqual(['day=2024-03-15', 'day=2024-03-16', 'roots']);
      const files = readdirSync(join(folder, 'day=2024-03-15'));
      expect(files.length).toBeGreaterThan(1);
      expect(files[0]).toBe('events-000000000001.jsonl.zst');
      expect(readdirSync(join(folder, 'day=2024-03-16'))).toEqual(['events-000000000041.jsonl.zst']);
      expect(await whole(archive)).toMatchObject({ ok: true, events: 45, roots: 1 });
    }));

  it('gives the root of a finished day out before the next event stores it, the same both times', () =>
    withArchive(100_000, async (archive, folder) => {
      await archiveEvents(archive, 'outbox', sourced(1, 3), FRIDAY);
      expect(await collect(finishedRoots(archive, FRIDAY))).toEqual([]);
      const [early, ...others] = await collect(finishedRoots(archive, SATURDAY));
      expect(early).toMatchObject({ day: '2024-03-15', first: 1, last: 3, count: 3, previous: '0'.repeat(64) });
      expect(others).toEqual([]);
      expect(existsSync(join(folder, 'roots'))).toBe(false);
      await archiveEvents(archive, 'outbox', sourced(4, 2), MONDAY);
      expect(await collect(finishedRoots(archive, MONDAY))).toEqual([early]);
      await archiveEvents(archive, 'outbox', sourced(6, 1), '2024-03-19' as PlainDate);
      expect((await collect(finishedRoots(archive, MONDAY)))[1]).toMatchObject({
        day: MONDAY,
        first: 4,
        last: 5,
        previous: early?.root,
      });
    }));

  it('goes on in the open day when the clock goes back', () =>
    withArchive(100_000, async (archive, folder) => {
      await archiveEvents(archive, 'outbox', sourced(1, 3), SATURDAY);
      await archiveEvents(archive, 'outbox', sourced(4, 3), FRIDAY);
      expect(readdirSync(folder)).toEqual(['day=2024-03-16']);
      expect(await whole(archive)).toMatchObject({ ok: true, events: 6 });
    }));

  it('cuts off what a process left that died between the file and the head', () =>
    withArchive(100_000, async (archive, folder) => {
      await archiveEvents(archive, 'outbox', sourced(1, 3), FRIDAY);
      const file = join(folder, 'day=2024-03-15', 'events-000000000001.jsonl.zst');
      const frame = readFileSync(file);
      appendFileSync(file, frame.subarray(0, 40));
      expect(await collect(archiveLines(archive))).toHaveLength(3);
      expect(await verifyArchive(new ArchiveFolder(folder))).toMatchObject({ ok: true, events: 3, unfinished: true });
      await archiveEvents(archive, 'outbox', sourced(1, 5), FRIDAY);
      expect(await whole(archive)).toMatchObject({ ok: true, events: 5 });
      expect(await verifyArchive(new ArchiveFolder(folder))).toEqual(await whole(archive));
    }));

  it('cuts it off also when the next event comes on another day', () =>
    withArchive(100, async (archive, folder) => {
      await archiveEvents(archive, 'outbox', sourced(1, 3), FRIDAY);
      const day = join(folder, 'day=2024-03-15');
      appendFileSync(join(day, 'events-000000000001.jsonl.zst'), 'left behind');
      writeFileSync(join(day, 'events-000000000004.jsonl.zst'), 'left behind in a new file');
      await archiveEvents(archive, 'outbox', sourced(4, 3), SATURDAY);
      expect(readdirSync(day)).toEqual(['events-000000000001.jsonl.zst']);
      expect(await verifyArchive(new ArchiveFolder(folder))).toMatchObject({ ok: true, events: 6, roots: 1 });
    }));

  it('overwrites a whole new file left by such a process', () =>
    withArchive(1, async (archive, folder) => {
      await archiveEvents(archive, 'outbox', sourced(1, 1), FRIDAY);
      writeFileSync(join(folder, 'day=2024-03-15', 'events-000000000002.jsonl.zst'), 'left behind, longer\n'.repeat(50));
      expect(await whole(archive)).toMatchObject({ ok: true, events: 1 });
      await archiveEvents(archive, 'outbox', sourced(2, 1), FRIDAY);
      expect(await whole(archive)).toMatchObject({ ok: true, events: 2 });
    }));

  it('is read by DuckDB with the day as a column', () =>
    withArchive(100_000, async (archive, folder) => {
      for (let first = 1; first <= 9; first += 3) await archiveEvents(archive, 'outbox', sourced(first, 3), FRIDAY);
      await archiveEvents(archive, 'outbox', sourced(10, 2), SATURDAY);
      const connection = await (await DuckDBInstance.create(':memory:')).connect();
      const answer = await connection.runAndReadAll(`
        SELECT day::VARCHAR AS day, count(*)::INTEGER AS events, min(number)::INTEGER AS first, any_value(event->>'type') AS type
        FROM read_json('${folder}/day=*/*.jsonl.zst', format = 'newline_delimited', hive_partitioning = true,
          columns = {number: 'BIGINT', hash: 'VARCHAR', event: 'JSON'})
        GROUP BY ALL ORDER BY day`);
      expect(answer.getRowObjects()).toEqual([
        { day: '2024-03-15', events: 9, first: 1, type: 'household.assessed' },
        { day: '2024-03-16', events: 2, first: 10, type: 'household.assessed' },
      ]);
      connection.closeSync();
    }));
});

describe('an archive of the time before days', () => {
  /** Plain files as they were written then, with the end as the database kept it. */
  async function withOldArchive(test: (archive: FolderEventArchive, folder: string) => Promise<void>): Promise<void> {
    await withArchive(100_000, async (archive, folder, dataDir) => {
      const entries = extendChain(
        EMPTY_CHAIN,
        Array.from({ length: 7 }, (_, n) => householdEvent(n + 1, 1)),
      );
      const text = (list: typeof entries) => list.map((entry) => `${lineOf(entry)}\n`).join('');
      mkdirSync(folder);
      writeFileSync(join(folder, 'events-000001.jsonl'), text(entries.slice(0, 4)));
      const second = text(entries.slice(4));
      writeFileSync(join(folder, 'events-000002.jsonl'), `${second}{"left behind`);
      const head = { number: 7, hash: entries[6]?.hash, positions: { outbox: '000000000000007' } };
      const database = new DatabaseSync(join(dataDir, DATABASE_FILE));
      database
        .prepare('INSERT INTO chain (only, head, file, offset) VALUES (1, ?, 2, ?)')
        .run(JSON.stringify(head), second.length);
      database.close();
      await test(archive, folder);
    });
  }

  it('is read as it is', () =>
    withOldArchive(async (archive) => {
      expect(await whole(archive)).toMatchObject({ ok: true, events: 7, roots: 0 });
    }));

  it('is gone on with by days, its last file ending where the archive did', () =>
    withOldArchive(async (archive, folder) => {
      expect(await archiveEvents(archive, 'outbox', sourced(6, 5), FRIDAY)).toHaveLength(3);
      await archiveEvents(archive, 'outbox', sourced(11, 1), SATURDAY);
      expect(await whole(archive)).toMatchObject({ ok: true, events: 11, roots: 1 });
      const copy = new ArchiveFolder(folder);
      expect(await verifyArchive(copy)).toMatchObject({ ok: true, events: 11, roots: 1 });
      expect(await verifyArchive(copy, { from: FRIDAY, to: FRIDAY })).toMatchObject({ ok: true, events: 3, roots: 1 });
      const scratch = join(folder, '..', 'scratch');
      const { files, copy: ofLast, head } = await archive.snapshot(scratch);
      await archiveEvents(archive, 'outbox', sourced(12, 3), SATURDAY);
      expect(files).toHaveLength(4);
      expect(files.at(-1)).toBe(ofLast);
      expect(head.number).toBe(11);
      const connection = await (await DuckDBInstance.create(':memory:')).connect();
      const answer = await connection.runAndReadAll(
        `SELECT count(*)::INTEGER AS events, max(number)::INTEGER AS last FROM read_json(${JSON.stringify(files).replaceAll('"', "'")},
          format = 'newline_delimited', columns = {number: 'BIGINT', hash: 'VARCHAR', event: 'JSON'})`,
      );
      expect(answer.getRowObjects()).toEqual([{ events: 11, last: 11 }]);
      connection.closeSync();
      expect(await verifyArchive(archive, { head })).toMatchObject({ ok: true, events: 11 });

      writeFileSync(join(folder, 'events-000002.jsonl'), '');
      expect(await verifyArchive(copy)).toMatchObject({ ok: false, fault: 'missing', number: 5 });
    }));
});

describe('what lies beyond the end of an archive', () => {
  it('puts aside what a newer database has archived, when an older one is put in its place, and loses none of it', () =>
    withFolder(async (dataDir) => {
      const folder = join(dataDir, 'archive');
      const withDatabase = async (test: (archive: FolderEventArchive) => Promise<void>) => {
        const database = new EmbeddedDatabase(dataDir);
        await test(new FolderEventArchive(database, folder));
        database.close();
      };
      await withDatabase(async (archive) => void (await archiveEvents(archive, 'outbox', sourced(1, 3), FRIDAY)));
      copyFileSync(join(dataDir, DATABASE_FILE), join(dataDir, 'backup'));
      await withDatabase(async (archive) => {
        await archiveEvents(archive, 'outbox', sourced(4, 3), FRIDAY);
        await archiveEvents(archive, 'outbox', sourced(7, 2), SATURDAY);
      });
      copyFileSync(join(dataDir, 'backup'), join(dataDir, DATABASE_FILE));
      await withDatabase(async (archive) => {
        await archiveEvents(archive, 'outbox', sourced(14, 2), FRIDAY);
        expect(await whole(archive)).toMatchObject({ ok: true, events: 5 });
        expect(readdirSync(join(folder, 'day=2024-03-16'))).toEqual([]);
      });
      const [aside = ''] = readdirSync(join(dataDir, 'archive-beyond'));
      const kept = await collect(archiveLines(new ArchiveFolder(join(dataDir, 'archive-beyond', aside))));
      expect(kept.map((line) => (JSON.parse(line) as { number: number }).number)).toEqual([4, 5, 6, 7, 8]);
      expect(readdirSync(join(dataDir, 'archive-beyond', aside, 'roots'))).toEqual(['2024-03-15.json']);
    }));

  it('puts nothing aside of what a process left that died while it added events: they wait and come again', () =>
    withFolder(async (dataDir) => {
      const folder = join(dataDir, 'archive');
      const database = new EmbeddedDatabase(dataDir);
      const archive = new FolderEventArchive(database, folder);
      await archiveEvents(archive, 'outbox', sourced(1, 3), FRIDAY);
      database.write(() => database.emit(householdEvent(4, 1)));
      const before = readFileSync(join(folder, 'day=2024-03-15', 'events-000000000001.jsonl.zst'));
      database.close();
      copyFileSync(join(dataDir, DATABASE_FILE), join(dataDir, 'before'));
      const dying = new EmbeddedDatabase(dataDir);
      await archiveEvents(new FolderEventArchive(dying, folder), 'outbox', await outboxOf(dying), FRIDAY);
      dying.close();
      copyFileSync(join(dataDir, 'before'), join(dataDir, DATABASE_FILE));
      const reopened = new EmbeddedDatabase(dataDir);
      const again = new FolderEventArchive(reopened, folder);
      expect(readFileSync(join(folder, 'day=2024-03-15', 'events-000000000001.jsonl.zst')).length).toBeGreaterThan(before.length);
      expect(await again.putAsideBeyond()).toBeUndefined();
      await archiveEvents(again, 'outbox', await outboxOf(reopened), FRIDAY);
      expect(await whole(again)).toMatchObject({ ok: true, events: 4 });
      expect(existsSync(join(dataDir, 'archive-beyond'))).toBe(false);
      reopened.close();
    }));
});

/** What waits to be archived, in positions after those of `sourced`. */
async function outboxOf(database: EmbeddedDatabase) {
  const waiting = await new EventOutbox(database).pending('', 10);
  return waiting.map(({ events }) => ({ position: String(900).padStart(15, '0'), events }));
}
