import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/archive-events/handler.ts';
import { eventsOfStreamRecords, type StreamRecord } from '../../../shared/adapters/aws/stream-events.ts';
import { EMPTY_CHAIN } from '../../../shared/audit/chain.ts';
import type { Instant } from '../../../shared/calendar/plain-date.ts';
import type { ArchiveEntry, ChainHead, EventArchive } from '../../../shared/ports/event-log.ts';
import type { TallyStore } from '../../../shared/ports/tally-store.ts';

const DAY_MS = 24 * 3600 * 1000;

function archiveOf(options: { readonly broken?: true } = {}) {
  let head: ChainHead = EMPTY_CHAIN;
  const kept: ArchiveEntry[] = [];
  const archive: EventArchive = {
    head: async () => head,
    append: async (_, entries, next) => {
      if (options.broken) throw new Error('no way to the bucket');
      kept.push(...entries);
      head = next;
      return true;
    },
    turn: async (_, next) => {
      head = next;
      return true;
    },
    async *parts() {},
    async *roots() {},
  };
  return { archive, kept, headNow: () => head };
}

/** Counts nothing, in the way given. */
function talliesThat(add: TallyStore['add']): TallyStore {
  return { countedUpTo: async () => 0, add, of: async () => [], below: async () => [] };
}

function handlerOn(archive: EventArchive, tallies: TallyStore = talliesThat(async () => undefined)) {
  const silent = () => undefined;
  return createHandler<StreamRecord>({
    archive,
    tallies,
    eventsOf: eventsOfStreamRecords,
    buried: { bury: async () => true, placesOf: async () => new Set(), list: async () => [], putBack: async () => 0 },
    placeOf: (record) => record.dynamodb?.SequenceNumber ?? '',
    clock: { now: () => '2024-03-14T16:00:00.000Z' as Instant },
    log: { info: silent, warn: silent, error: silent },
    metrics: { count: silent },
  });
}

function written(sequence: string, id: string): StreamRecord {
  const event = {
    id: { S: id },
    type: { S: 'facts.recorded' },
    at: { S: '2024-03-01T00:00:00.000Z' },
    actor: { S: 'system' },
    subject: { M: { person: { S: 'p' } } },
    data: { M: { rows: { N: '1' } } },
  };
  return {
    eventName: 'INSERT',
    dynamodb: { SequenceNumber: sequence, NewImage: { pk: { S: 'P#p' }, events: { L: [{ M: event }] } } },
  };
}

function shard(startMs: number, tail: string): string {
  return `shardId-${String(startMs).padStart(20, '0')}-${tail}`;
}

describe('archiving from the stream', () => {
  it('takes a batch that comes again only once', async () => {
    const { archive, kept } = archiveOf();
    const handle = handlerOn(archive);
    const event = { shardId: shard(1_700_000_000_000, 'aaaa'), Records: [written('100', 'e1'), written('101', 'e2')] };
    await handle(event);
    await handle(event);
    expect(kept.map((entry) => entry.event.id)).toEqual(['e1', 'e2']);
  });

  it('takes what a second shard brings although its places are lower', async () => {
    const { archive, kept } = archiveOf();
    const handle = handlerOn(archive);
    await handle({ shardId: shard(1_700_000_000_000, 'aaaa'), Records: [written('900', 'e1')] });
    await handle({ shardId: shard(1_700_000_000_000, 'bbbb'), Records: [written('100', 'e2')] });
    expect(kept.map((entry) => entry.event.id)).toEqual(['e1', 'e2']);
  });

  it('forgets shards that began more than two days before the one it reads', async () => {
    const { archive, headNow } = archiveOf();
    const handle = handlerOn(archive);
    const [old, recent, now] = [0, DAY_MS, 2 * DAY_MS + 1].map((age) => shard(1_700_000_000_000 + age, 'aaaa'));
    for (const [index, shardId] of [old, recent, now].entries()) {
      await handle({ ...(shardId === undefined ? {} : { shardId }), Records: [written('100', `e${index}`)] });
    }
    expect(Object.keys(headNow().positions)).toEqual([recent, now]);
  });

  it('asks for the batch again from its first record when the archive cannot be written', async () => {
    const { archive } = archiveOf({ broken: true });
    const answer = await handlerOn(archive)({ Records: [written('100', 'e1'), written('101', 'e2')] });
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '100' }], state: {} });
  });

  it('does not ask again for what is archived but could not be counted', async () => {
    const { archive, kept } = archiveOf();
    const tallies = talliesThat(() => Promise.reject(new Error('no way to the table')));
    const answer = await handlerOn(archive, tallies)({ Records: [written('100', 'e1')] });
    expect(answer).toEqual({ batchItemFailures: [], state: {} });
    expect(kept).toHaveLength(1);
  });

  it('counts what it has archived', async () => {
    const { archive } = archiveOf();
    const added: number[] = [];
    const tallies = talliesThat(async (_, upTo) => void added.push(upTo));
    await handlerOn(archive, tallies)({ Records: [written('100', 'e1'), written('101', 'e2')] });
    expect(added).toEqual([2]);
  });

  it('opens the day it is in China', async () => {
    const { archive, headNow } = archiveOf();
    await handlerOn(archive)({ Records: [written('100', 'e1')] });
    expect(headNow().open).toMatchObject({ day: '2024-03-15', first: 1 });
  });

  it('has nothing to do when a window closes without records', async () => {
    const { archive } = archiveOf({ broken: true });
    expect(await handlerOn(archive)({ Records: [] })).toEqual({ batchItemFailures: [], state: {} });
  });
});
