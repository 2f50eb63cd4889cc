import * as z from 'zod';
import { archiveEvents, type SourcedEvents } from '../../shared/audit/archive-events.ts';
import { makeEvent } from '../../shared/audit/make-event.ts';
import { dateInChina } from '../../shared/calendar/plain-date.ts';
import type { BuriedEvents, BuriedWrite } from '../../shared/ports/buried-events.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { PermanentError } from '../../shared/ports/errors.ts';
import type { ArchiveEntry, EventArchive } from '../../shared/ports/event-log.ts';
import { type Log, LogCode, type Metrics } from '../../shared/ports/log.ts';
import type { TallyStore } from '../../shared/ports/tally-store.ts';
import { countArchived } from '../../shared/reports/count-archived.ts';
import type { BatchAnswer } from '../process-batch.ts';
import { sayingWhy } from '../saying-why.ts';

/** What the table's stream hands over: one shard's records in order. */
export interface StreamEvent<Record> {
  readonly Records: readonly Record[];
  /** Given because the event source has a tumbling window. Order and places hold within a shard only. */
  readonly shardId?: string;
}

/** What a person calls the function with. Stops a slip of the hand from being taken for an order. */
const Order = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('list-buried') }),
  z.strictObject({ do: z.literal('put-back'), by: z.string().min(1).max(128) }),
]);

/** What a person is told: what is buried, and after putting back what was read and what still cannot be. */
export interface BuriedAnswer {
  readonly putBack?: { readonly writes: number; readonly events: number };
  readonly buried: readonly BuriedWrite[];
}

/** What the function needs. `eventsOf` unwraps stream records: places in order, each with the events of one write. */
export interface ArchiveDeps<Record> {
  readonly archive: EventArchive;
  readonly tallies: TallyStore;
  readonly eventsOf: (records: readonly Record[]) => readonly SourcedEvents[];
  readonly buried: BuriedEvents<Record>;
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

/**
 * The handler of the table's stream. A batch that cannot be archived now is answered as failed from its first record on; a write
 * whose events cannot be read is buried, so that it does not hold up its neighbours until the stream forgets them all.
 */
export function createHandler<Record>(
  deps: ArchiveDeps<Record>,
): (event: StreamEvent<Record>) => Promise<BatchAnswer & { readonly state: object }> {
  return async (event) => {
    const [first] = event.Records;
    if (first === undefined) return { batchItemFailures: [], state: {} };
    const source = event.shardId ?? 'stream';
    try {
      const today = dateInChina(deps.clock.now());
      const events: SourcedEvents[] = [];
      const buried = await deps.buried.placesOf(source);
      for (const record of event.Records) {
        const place = `${source}#${deps.placeOf(record)}`;
        // A later version may be able to read it, but a batch that comes again must not tell what is put back by itself.
        if (!buried.has(place)) events.push(...(await readable(deps, place, record)));
      }
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

/** The events of a write; none when it had to be buried. Reading is the same however often it is tried. */
async function readable<Record>(deps: ArchiveDeps<Record>, place: string, record: Record): Promise<readonly SourcedEvents[]> {
  try {
    return deps.eventsOf([record]);
  } catch (error) {
    await bury(deps, place, record, error);
    return [];
  }
}

/** The reason is kept with the write; the log says where it is. */
async function bury<Record>(deps: ArchiveDeps<Record>, place: string, record: Record, error: unknown): Promise<void> {
  const code = error instanceof PermanentError ? error.code : error instanceof Error ? error.name : 'UnknownError';
  const reason = error instanceof PermanentError ? `${code}: ${error.message}` : code;
  const event = makeEvent('events.buried', deps.clock.now(), { place }, { reason: code }, place);
  if (!(await deps.buried.bury(record, { place, reason }, event))) return;
  deps.log.error(LogCode.EventsBuried, { place, reason: code });
  deps.metrics.count('EventsBuried', 1);
}

/** Answers a person who looks at what is buried, or puts it back once a version is deployed that can read it. */
export function createOrderHandler<Record>(
  deps: Pick<ArchiveDeps<Record>, 'buried' | 'clock' | 'log'>,
): (event: unknown) => Promise<BuriedAnswer> {
  return (event) => sayingWhy(() => obey(deps, event));
}

async function obey<Record>(deps: Pick<ArchiveDeps<Record>, 'buried' | 'clock' | 'log'>, event: unknown): Promise<BuriedAnswer> {
  const order = Order.safeParse(event);
  if (!order.success) {
    throw new PermanentError(
      'UNKNOWN_ORDER',
      '应为 {"do":"list-buried"} 或 {"do":"put-back","by":…} / expected one of these orders',
    );
  }
  if (order.data.do === 'list-buried') return { buried: await deps.buried.list() };
  const { by } = order.data;
  const putBack = { writes: 0, events: 0 };
  for (const { place } of await deps.buried.list()) {
    try {
      const told = (count: number) =>
        makeEvent('message.put-back', deps.clock.now(), { queue: 'stream', place }, { count }, place, by);
      putBack.events += await deps.buried.putBack(place, told);
      putBack.writes += 1;
    } catch (error) {
      // Not for this version either: it stays.
      if (!(error instanceof PermanentError && error.code === 'STORED_ITEM_SHAPE')) throw error;
    }
  }
  deps.log.info(LogCode.EventsPutBack, putBack);
  return { putBack, buried: await deps.buried.list() };
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
