import type { PlainDate } from '../calendar/plain-date.ts';
import { RetryLaterError } from '../ports/errors.ts';
import type { ArchiveEntry, EventArchive } from '../ports/event-log.ts';
import { eventText, extendChainByTexts } from './chain.ts';
import { dayAfter } from './daily-root.ts';
import type { DomainEvent } from './event.ts';

/** Events from one source (a stream shard, the outbox) with their place in it; places compare as text. */
export interface SourcedEvents {
  readonly position: string;
  readonly events: readonly DomainEvent[];
  /** The same events as `eventText` of chain.ts makes them, from a source that keeps them so. */
  readonly texts?: readonly string[];
}

const TRIES = 8;

/**
 * Adds what is new from a source to the archive, once and in order: the archive's head remembers how far each source has
 * been taken. `today` is the day in China; a day before the open one goes to the open one, since days never go back.
 * Returns what was added. Throws RetryLaterError when others keep moving the head. Sources that are `outlived`
 * are forgotten, so that the head does not grow with every shard there ever was.
 */
export async function archiveEvents(
  archive: EventArchive,
  source: string,
  batch: readonly SourcedEvents[],
  today: PlainDate,
  outlived: (source: string) => boolean = () => false,
): Promise<readonly ArchiveEntry[]> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const head = await archive.head();
    const taken = head.positions[source] ?? '';
    const fresh = batch.filter((one) => one.position > taken);
    const last = fresh.at(-1);
    if (last === undefined) return [];
    if (head.open === undefined || head.open.day < today) {
      await archive.turn(head, { ...head, open: dayAfter(head, today) });
      continue;
    }
    const entries = extendChainByTexts(
      head,
      fresh.flatMap((one) => one.texts ?? one.events.map(eventText)),
    );
    const end = entries.at(-1);
    const kept = Object.fromEntries(Object.entries(head.positions).filter(([other]) => !outlived(other)));
    const next = {
      number: end?.number ?? head.number,
      hash: end?.hash ?? head.hash,
      positions: { ...kept, [source]: last.position },
      open: head.open,
    };
    if (await archive.append(head, entries, next)) return entries;
  }
  throw new RetryLaterError('the archive head kept moving under this writer');
}
