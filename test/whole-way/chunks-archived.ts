import type { StoredArchive } from '../../shared/ports/event-log.ts';
import { archiveLines } from '../builders/archive.ts';

/** What is read of an event of the archive. */
interface Told {
  readonly event: {
    readonly type: string;
    readonly data: { readonly feed: string; readonly chunks: readonly (readonly (string | number)[])[] };
  };
}

/** Every chunk of facts an archive tells of, sorted: each must be there once, however many an event tells of. */
export async function chunksArchived(archive: StoredArchive): Promise<string[]> {
  const told: string[] = [];
  for await (const text of archiveLines(archive)) {
    const { event } = JSON.parse(text) as Told;
    if (event.type !== 'facts.recorded') continue;
    for (const chunk of event.data.chunks) told.push([event.data.feed, ...chunk].join(' '));
  }
  return told.sort();
}
