import { ArchiveFolder } from '../../shared/adapters/embedded/archive-folder.ts';
import { NOTHING_BEFORE } from '../../shared/audit/daily-root.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import type { ChainHead, StoredArchive } from '../../shared/ports/event-log.ts';

/** A day of the archive in tests. */
export const ARCHIVE_DAY = '2024-03-15' as PlainDate;

/** The head of an archive that has just opened its first day. */
export const FIRST_DAY: ChainHead & { readonly open: NonNullable<ChainHead['open']> } = {
  number: 0,
  hash: NOTHING_BEFORE,
  positions: {},
  open: { day: ARCHIVE_DAY, first: 1, before: NOTHING_BEFORE, previous: NOTHING_BEFORE },
};

/** Lines as an archive of the time before days. */
export function archiveOfLines(lines: readonly string[], name = 'events.jsonl'): StoredArchive {
  return {
    async *parts() {
      const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      yield {
        day: undefined,
        name,
        async *texts() {
          if (text.length > 0) yield text;
        },
      };
    },
    async *roots() {},
  };
}

/** The lines of an archive, in order. */
export async function* archiveLines(archive: StoredArchive): AsyncGenerator<string> {
  for await (const part of archive.parts()) {
    for await (const text of part.texts())
      yield* text
        .toString('utf8')
        .split('\n')
        .filter((line) => line !== '');
  }
}

/** Everything an archive in a folder says, unpacked. */
export async function archiveText(folder: string): Promise<string> {
  let text = '';
  for await (const line of archiveLines(new ArchiveFolder(folder))) text += `${line}\n`;
  return text;
}
