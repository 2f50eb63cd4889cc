import type { PlainDate } from '../calendar/plain-date.ts';
import { PermanentError } from '../ports/errors.ts';
import type { DayRange, EventArchive } from '../ports/event-log.ts';
import { type DailyRoot, readRoot, rootOf } from './daily-root.ts';

/** What is read of an archive for its roots. */
export type RootsArchive = Pick<EventArchive, 'head' | 'roots'>;

/**
 * The roots of finished days, oldest first, for whoever keeps a copy elsewhere. The last day's root is made when it ends but
 * stored only with the next day's first event, so it is made here where that has not happened yet.
 * @throws PermanentError when a stored root cannot be read
 */
export async function* finishedRoots(archive: RootsArchive, today: PlainDate, range: DayRange = {}): AsyncGenerator<DailyRoot> {
  const unstored = rootOf(await archive.head());
  let newest: PlainDate | undefined;
  for await (const { day, text, where } of archive.roots(range)) {
    const root = readRoot(text);
    if (root === undefined) {
      throw new PermanentError(
        'archive-root-damaged',
        `档案的日根 ${where} 无法读取，请用 aidwatch audit verify 验证 / the archive's root ${where} cannot be read: run aidwatch audit verify`,
      );
    }
    newest = day;
    yield root;
  }
  if (unstored !== undefined && unstored.day < today && unstored.day !== newest && within(unstored.day, range)) yield unstored;
}

/** At most `limit` of them, and the day to go on from when there are more. */
export async function pageOfRoots(
  archive: RootsArchive,
  today: PlainDate,
  { limit, ...range }: DayRange & { readonly limit: number },
): Promise<{ readonly roots: readonly DailyRoot[]; readonly next?: PlainDate }> {
  const roots: DailyRoot[] = [];
  for await (const root of finishedRoots(archive, today, range)) {
    if (roots.length === limit) return { roots, next: root.day };
    roots.push(root);
  }
  return { roots };
}

function within(day: PlainDate, { from, to }: DayRange): boolean {
  return (from === undefined || day >= from) && (to === undefined || day <= to);
}
