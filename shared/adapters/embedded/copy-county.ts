import { chmodSync, createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DATABASE_FILE, EmbeddedDatabase } from './database.ts';
import { ARCHIVE_FOLDER, FolderEventArchive } from './folder-event-archive.ts';

/**
 * Copies the database of a data directory as it stands at one moment, and then of the archive what that database knows: copied the
 * other way round, or as files while they are written, the two would not fit.
 */
export async function copyCounty(database: EmbeddedDatabase, dataDir: string, into: string): Promise<void> {
  const path = join(into, DATABASE_FILE);
  database.copyInto(path);
  chmodSync(path, 0o600);
  const copy = new EmbeddedDatabase(into);
  try {
    const archive = new FolderEventArchive(copy, join(dataDir, ARCHIVE_FOLDER));
    for await (const { name, bytes } of archive.parts()) {
      // A part of a folder always has them.
      if (bytes !== undefined) await keep(join(into, ARCHIVE_FOLDER, name), bytes());
    }
    const { open } = await archive.head();
    for await (const { day, where, text } of archive.roots()) {
      if (open !== undefined && day >= open.day) continue;
      const to = join(into, ARCHIVE_FOLDER, where);
      await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      await writeFile(to, text, { mode: 0o600 });
    }
  } finally {
    copy.close();
  }
}

async function keep(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await pipeline(bytes, createWriteStream(path, { mode: 0o600 }));
}
