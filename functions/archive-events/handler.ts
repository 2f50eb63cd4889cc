import { archiveEvents, type SourcedEvents } from '../../shared/audit/archive-events.ts';
import { dateInChina } from '../../shared/calendar/plain-date.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { ArchiveEntry, EventArchive } from '../../shared/ports/event-log.ts';
import { type Log, LogCode, type Metrics } from '../../shared/ports/log.ts';
import type { TallyStore } from '../../shared/ports/tally-store.ts';
import { countArchived } from '../../shared/reports/count-archived.ts';
import type { BatchAnswer } from '../process-batch.ts';

/** What the table's stream hands over: one shard's records in order. */
export interface StreamEvent<Record> {
  readonly Records: readonly Record[];
  /** Given because the event source has a tumbling window. Order and places hold within a shard only. */
  readonly shardId?: string;
}

/** What the function needs. `eventsOf` unwraps stream records: places in order, each with the events of one write. */
export interface ArchiveDeps<Record> {
  readonly archive: EventArchive;
  readonly tallies: TallyStore;
  readonly eventsOf: (records: readonly Record[]) => readonly SourcedEvents[];
  readonly placeOf: (record: Record) => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Counts follow the archive: what is not counted now is with a later batch, so the batch is not archived again for it. */
async function count<Record>(deps: ArchiveDeps<Record>, added: readonly ArchiveEntry[]): Promise<void> {
  try {
    await countArchived(deps, added);
  } catch (error) {
    deps.log.warn(LogCode.EventsNotCounted, { reason: error instanceof Error ? error.name : 'UnknownError' });
    deps.metrics.count('EventsNotCounted', added.length);
  }
}

/** A shard is read to its end within a day of being closed and is open for hours: two days after its start it is done with. */
const SHARD_LIFE_MS = 2 * 24 * 3600 * 1000;

/** The handler of the table's stream. A batch that cannot be archived now is answered as failed from its first record on. */
export function createHandler<Record>(
  deps: ArchiveDeps<Record>,
): (event: StreamEvent<Record>) => Promise<BatchAnswer & { readonly state: object }> {
  return async (event) => {
    const [first] = event.Records;
    if (first === undefined) return { batchItemFailures: [], state: {} };
    const source = event.shardId ?? 'stream';
    try {
      const today = dateInChina(deps.clock.now());
      const events = deps.eventsOf(event.Records);
      const added = await archiveEvents(deps.archive, source, events, today, (other) => outlived(other, source));
      deps.metrics.count('EventsArchived', added.length);
      deps.log.info(LogCode.EventsArchived, { records: event.Records.length, events: added.length });
      await count(deps, added);
      return { batchItemFailures: [], state: {} };
    } catch (error) {
      deps.log.warn(LogCode.MessageRetried, { queue: 'stream', reason: error instanceof Error ? error.name : 'UnknownError' });
      deps.metrics.count('MessagesRetried', 1);
      return { batchItemFailures: [{ itemIdentifier: deps.placeOf(first) }], state: {} };
    }
  };
}

/** Whether a shard began so long before another that nothing can come from it any more. Shard ids carry their start, ms. */
function outlived(shard: string, newer: string): boolean {
  const [from, to] = [startOf(shard), startOf(newer)];
  return from !== undefined && to !== undefined && to - from > SHARD_LIFE_MS;
}

function startOf(shard: string): number | undefined {
  const digits = /^shardId-(\d{20})-/.exec(shard)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
