import type { PlainDate } from '../calendar/plain-date.ts';
import { PermanentError } from '../ports/errors.ts';
import type { DayRange, EventArchive } from '../ports/event-log.ts';
import { type DailyRoot, readRoot, rootOf } from './daily-root.ts';

/**
 * The roots of finished days, oldest first, for whoever keeps a copy elsewhere. The last day's root is made when it ends but
 * stored only with the next day's first event, so it is made here where that has not happened yet.
 * @throws PermanentError when a stored root cannot be read
 */
export async function finishedRoots(
  archive: EventArchive,
  today: PlainDate,
  range: DayRange = {},
): Promise<readonly DailyRoot[]> {
  const head = await archive.head();
  const roots: DailyRoot[] = [];
  for await (const { text, where } of archive.roots(range)) {
    const root = readRoot(text);
    if (root === undefined) {
      throw new PermanentError(
        'archive-root-damaged',
        `档案的日根 ${where} 无法读取，请用 aidwatch audit verify 验证 / the archive's root ${where} cannot be read: run aidwatch audit verify`,
      );
    }
    roots.push(root);
  }
  const last = rootOf(head);
  if (last === undefined || last.day >= today || roots.at(-1)?.day === last.day || !within(last.day, range)) return roots;
  return [...roots, last];
}

function within(day: PlainDate, { from, to }: DayRange): boolean {
  return (from === undefined || day >= from) && (to === undefined || day <= to);
}
