import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { DATABASE_FILE, EmbeddedDatabase } from '../../../../shared/adapters/embedded/database.ts';
import { LogFolding } from '../../../../shared/adapters/embedded/log-folding.ts';
import { withFolder } from './data-folder.ts';

const MEGABYTE = 2 ** 20;

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Takes up as many megabytes in the database. */
function fill(database: EmbeddedDatabase, megabytes: number): void {
  database.write(() => {
    for (let i = 0; i < megabytes; i += 1) {
      database.run('INSERT INTO dead_letters (queue, body, reason) VALUES (?, ?, ?)', 'files', 'x'.repeat(MEGABYTE), 'full');
    }
  });
}

describe('folding the log', () => {
  it('brings what was written into the database file beside the writers, and lets the log begin anew', () =>
    withFolder(async (folder) => {
      const database = new EmbeddedDatabase(folder);
      const folding = new LogFolding(folder, 2 * MEGABYTE);
      const file = join(folder, DATABASE_FILE);
      fill(database, 3);
      await vi.waitFor(() => expect(sizeOf(file)).toBeGreaterThan(3 * MEGABYTE), { timeout: 10_000 });
      // A change that comes while the log is being folded goes to its end; one after that begins it anew.
      const begunAnew = () => {
        fill(database, 1);
        expect(sizeOf(`${file}-wal`)).toBeLessThan(2 * MEGABYTE);
      };
      await vi.waitFor(begunAnew, { timeout: 10_000, interval: 200 });
      const before = sizeOf(file);
      const foldedAgain = () => {
        fill(database, 1);
        expect(sizeOf(file)).toBeGreaterThan(before + 2 * MEGABYTE);
      };
      await vi.waitFor(foldedAgain, { timeout: 10_000, interval: 200 });
      await folding.close();
      database.close();
    }));

  it('does not keep the log from being emptied when the database is written anew', () =>
    withFolder(async (folder) => {
      const database = new EmbeddedDatabase(folder);
      const folding = new LogFolding(folder, MEGABYTE);
      fill(database, 60);
      for (let round = 0; round < 5; round += 1) {
        database.rewrite();
        expect(sizeOf(`${join(folder, DATABASE_FILE)}-wal`)).toBe(0);
      }
      await folding.close();
      database.close();
    }));

  it(
    'says that the log is in use, rather than that nothing remains, when somebody still reads what was before',
    { timeout: 30_000 },
    () =>
      withFolder(async (folder) => {
        const database = new EmbeddedDatabase(folder);
        fill(database, 1);
        const reader = new DatabaseSync(join(folder, DATABASE_FILE));
        reader.exec('BEGIN; SELECT count(*) FROM dead_letters');
        expect(() => database.rewrite()).toThrow(/in use/);
        reader.close();
        database.rewrite();
        expect(sizeOf(`${join(folder, DATABASE_FILE)}-wal`)).toBe(0);
        database.close();
      }),
  );

  it('leaves a short log to whoever closes the database last', () =>
    withFolder(async (folder) => {
      const database = new EmbeddedDatabase(folder);
      const folding = new LogFolding(folder);
      fill(database, 1);
      await folding.close();
      expect(sizeOf(`${join(folder, DATABASE_FILE)}-wal`)).toBeGreaterThan(MEGABYTE);
      database.close();
      expect(sizeOf(join(folder, DATABASE_FILE))).toBeGreaterThan(MEGABYTE);
    }));
});
