import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { DATABASE_FILE } from '../../../../shared/adapters/embedded/database.ts';
import { openEmbedded } from '../../../../shared/adapters/embedded/open-embedded.ts';
import { archiveEvents } from '../../../../shared/audit/archive-events.ts';
import { type DomainEvent, linesOf } from '../../../../shared/audit/event.ts';
import { verifyArchive } from '../../../../shared/audit/verify-archive.ts';
import { ARCHIVE_DAY } from '../../../builders/archive.ts';
import { withFolder } from './data-folder.ts';

const KILLS = 6;

/** Starts the appending process, lets it work for a while and kills it without warning. */
async function workAndDie(folder: string, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'keep-appending.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function count(folder: string, sql: string): number {
  const database = new DatabaseSync(join(folder, DATABASE_FILE), { readOnly: true });
  try {
    return Number(database.prepare(sql).get()?.['n']);
  } finally {
    database.close();
  }
}

/** How many lines of a table the events have together. */
function told(events: readonly DomainEvent[], table: 'chunks' | 'people'): number {
  return events.reduce((sum, { data }) => sum + linesOf(data[table]).length, 0);
}

describe('stores whose process is killed at any moment', () => {
  it(
    'hold an event for every change and no other, and an archive that proves and can be completed',
    () =>
      withFolder(async (folder) => {
        let before = 0;
        for (let kill = 1; kill <= KILLS; kill += 1) {
          await workAndDie(folder, kill * 23);
          const { archive, outbox, close } = openEmbedded(folder);
          const events = (await outbox.pending('', 1_000_000)).flatMap((one) => one.events);
          const ofType = (type: string) => events.filter((event) => event.type === type).length;

          expect(count(folder, 'SELECT count(*) AS n FROM facts')).toBe(told(events, 'chunks'));
          expect(count(folder, 'SELECT count(*) AS n FROM persons')).toBe(told(events, 'people'));
          expect(count(folder, 'SELECT sum(version) AS n FROM standings')).toBe(ofType('household.assessed'));
          expect(count(folder, 'SELECT count(*) AS n FROM warnings')).toBe(ofType('household.assessed'));
          expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
          expect(events.length).toBeGreaterThan(before);
          before = events.length;

          expect(await verifyArchive(archive, { head: await archive.head() })).toMatchObject({ ok: true });
          await archiveEvents(archive, 'outbox', await outbox.pending('', 1_000_000), ARCHIVE_DAY);
          expect(await verifyArchive(archive, { head: await archive.head() })).toMatchObject({ ok: true, events: events.length });
          close();
        }
        expect(count(folder, "SELECT count(*) AS n FROM pragma_integrity_check WHERE integrity_check <> 'ok'")).toBe(0);
      }),
    60_000,
  );
});
