import { appendFileSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EmbeddedDatabase } from '../../../../shared/adapters/embedded/database.ts';
import { FolderEventArchive } from '../../../../shared/adapters/embedded/folder-event-archive.ts';
import { archiveEvents } from '../../../../shared/audit/archive-events.ts';
import { verifyChain } from '../../../../shared/audit/chain.ts';
import { householdEvent } from '../../../builders/standings.ts';
import { collect } from '../../../contract/subject.ts';
import { withFolder } from './data-folder.ts';

const sourced = (first: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({
    position: String(first + n).padStart(15, '0'),
    events: [householdEvent(first + n, 1)],
  }));

async function withArchive(
  fileBytes: number,
  test: (archive: FolderEventArchive, folder: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const database = new EmbeddedDatabase(folder);
    try {
      await test(new FolderEventArchive(database, join(folder, 'archive'), fileBytes), join(folder, 'archive'));
    } finally {
      database.close();
    }
  });
}

describe('the archive in a folder', () => {
  it('goes on in a new file when one is full, and reads and proves them as one chain', () =>
    withArchive(2_000, async (archive, folder) => {
      for (let first = 1; first <= 60; first += 5) await archiveEvents(archive, 'outbox', sourced(first, 5));
      const files = readdirSync(folder);
      expect(files.length).toBeGreaterThan(3);
      expect(files[0]).toBe('events-000001.jsonl');
      expect(await verifyChain(archive.lines(), await archive.head())).toMatchObject({ ok: true, events: 60 });
      expect((await collect(archive.lines()))[0]?.where).toBe('events-000001.jsonl:1');
    }));

  it('cuts off what a process left that died between the file and the head', () =>
    withArchive(100_000, async (archive, folder) => {
      await archiveEvents(archive, 'outbox', sourced(1, 3));
      appendFileSync(join(folder, 'events-000001.jsonl'), '{"number":4,"event":{"half');
      expect(await collect(archive.lines())).toHaveLength(3);
      await archiveEvents(archive, 'outbox', sourced(1, 5));
      expect(await verifyChain(archive.lines(), await archive.head())).toMatchObject({ ok: true, events: 5 });
      expect(readFileSync(join(folder, 'events-000001.jsonl'), 'utf8')).not.toContain('half{');
    }));

  it('overwrites a whole new file left by such a process', () =>
    withArchive(1, async (archive, folder) => {
      await archiveEvents(archive, 'outbox', sourced(1, 1));
      writeFileSync(join(folder, 'events-000002.jsonl'), 'left behind, and longer than what follows\n'.repeat(50));
      await archiveEvents(archive, 'outbox', sourced(2, 1));
      expect(await verifyChain(archive.lines(), await archive.head())).toMatchObject({ ok: true, events: 2 });
    }));

  it('shows one altered byte, a file gone and a file cut short', () =>
    withArchive(1_500, async (archive, folder) => {
      for (let first = 1; first <= 40; first += 5) await archiveEvents(archive, 'outbox', sourced(first, 5));
      const head = await archive.head();
      const files = readdirSync(folder).sort();
      const last = join(folder, files.at(-1) ?? '');
      const second = join(folder, files[1] ?? '');
      const bytes = readFileSync(second);

      const altered = Buffer.from(bytes);
      altered[200] = (altered[200] ?? 0) ^ 1;
      writeFileSync(second, altered);
      expect(await verifyChain(archive.lines(), head)).toMatchObject({ ok: false, where: 'events-000002.jsonl:1' });

      unlinkSync(second);
      expect(await verifyChain(archive.lines(), head)).toMatchObject({ ok: false, fault: 'missing' });

      writeFileSync(second, bytes);
      expect(await verifyChain(archive.lines(), head)).toMatchObject({ ok: true });

      const end = readFileSync(last);
      writeFileSync(last, end.subarray(0, end.lastIndexOf(10, end.length - 2) + 1));
      expect(await verifyChain(archive.lines(), head)).toMatchObject({ ok: false, fault: 'cut-off' });
    }));
});
