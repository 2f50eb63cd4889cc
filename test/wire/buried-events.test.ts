import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHandler, createOrderHandler } from '../../functions/archive-events/handler.ts';
import { dynamoBuriedEvents } from '../../shared/adapters/aws/buried-events.ts';
import { s3EventArchive } from '../../shared/adapters/aws/event-archive.ts';
import { eventsOfStreamRecords, type StreamRecord } from '../../shared/adapters/aws/stream-events.ts';
import { dynamoTallyStore } from '../../shared/adapters/aws/tally-store.ts';
import { readEntry } from '../../shared/audit/chain.ts';
import type { DomainEvent } from '../../shared/audit/event.ts';
import { verifyArchive } from '../../shared/audit/verify-archive.ts';
import type { EventArchive } from '../../shared/ports/event-log.ts';
import type { LogFields } from '../../shared/ports/log.ts';
import { archiveLines } from '../builders/archive.ts';
import { instant } from '../builders/facts.ts';
import { householdEvent } from '../builders/standings.ts';
import {
  type ObjectAndQueueServer,
  startObjectAndQueueServer,
  startTableServer,
  type TableServer,
  type WireTable,
} from './local-services.ts';

vi.setConfig({ testTimeout: 60_000 });

const SHARD = 'shardId-00000001700000000000-aaaa';
const SECRET = '张三';

let tables: TableServer;
let buckets: ObjectAndQueueServer;
let wire: WireTable;
beforeAll(async () => {
  tables = await startTableServer();
  buckets = await startObjectAndQueueServer();
});
beforeEach(async () => {
  wire = await tables.newTable();
});
afterAll(async () => {
  await tables.stop();
  await buckets.stop();
});

/** Writes a household's item with an event, which may be of a kind that a version cannot read. */
async function write(n: number, changes: object = {}): Promise<void> {
  await wire.table.put({ pk: `H#${n}`, sk: 'S#entry', events: [{ ...householdEvent(n, 1), ...changes }] });
}

const strange = { type: 'something.else', data: { note: SECRET } };

/** A version of the deployed function, over a stream that it reads on from where it was. */
async function archiver({
  eventsOf = eventsOfStreamRecords,
  archive,
}: {
  readonly eventsOf?: typeof eventsOfStreamRecords;
  readonly archive?: EventArchive;
} = {}) {
  const lines: { readonly code: string; readonly fields: LogFields | undefined }[] = [];
  const counted: string[] = [];
  const note = (code: string, fields?: LogFields) => void lines.push({ code, fields });
  const into = archive ?? s3EventArchive(buckets.s3, await buckets.newBucket(), wire.table);
  const deps = {
    archive: into,
    tallies: dynamoTallyStore(wire.table),
    buried: dynamoBuriedEvents(wire.table),
    eventsOf,
    placeOf: (record: StreamRecord) => record.dynamodb?.SequenceNumber ?? '',
    clock: { now: () => instant() },
    log: { info: note, warn: note, error: note },
    metrics: { count: (name: string, value: number) => void counted.push(...Array<string>(value).fill(name)) },
  };
  const handle = createHandler<StreamRecord>(deps);
  let read = 0;
  return {
    archive: into,
    lines,
    counted,
    order: createOrderHandler(deps),
    async entries(): Promise<DomainEvent[]> {
      const events: DomainEvent[] = [];
      for await (const line of archiveLines(into)) {
        const entry = readEntry(line);
        if (entry !== undefined) events.push(entry.event);
      }
      return events;
    },
    /** Hands over what the stream tells since, as often as wanted. */
    async readOn(times = 1) {
      const Records = wire.records().slice(read);
      read = wire.records().length;
      let answer = await handle({ shardId: SHARD, Records });
      for (let n = 1; n < times; n += 1) answer = await handle({ shardId: SHARD, Records });
      return answer.batchItemFailures;
    },
  };
}

describe('a write whose events cannot be read', () => {
  it('is buried, and its neighbours are archived', async () => {
    for (const n of [1, 3]) await write(n);
    await write(2, strange);
    await write(4);
    const { readOn, entries, archive } = await archiver();
    expect(await readOn()).toEqual([]);
    expect((await entries()).map(({ id }) => id)).toEqual([1, 3, 4].map((n) => householdEvent(n, 1).id));
    expect(await verifyArchive(archive)).toMatchObject({ ok: true });
  });

  it('is an event of the archive itself, a line, a count and one item, however often its batch comes', async () => {
    await write(1, strange);
    await write(2);
    const { readOn, entries, lines, counted, order } = await archiver();
    await readOn(3);
    const place = `${SHARD}#1`;
    expect(await order({ do: 'list-buried' })).toEqual({
      buried: [{ place, item: 'H#1 S#entry', reason: expect.stringMatching(/^STORED_ITEM_SHAPE: .*0\.type/) }],
    });
    await readOn();
    expect((await entries()).map(({ type, subject, data }) => [type, subject, data])).toEqual([
      ['household.assessed', expect.anything(), expect.anything()],
      ['events.buried', { place }, { reason: 'STORED_ITEM_SHAPE' }],
    ]);
    expect(counted.filter((name) => name === 'EventsBuried')).toHaveLength(1);
    expect(lines.filter(({ code }) => code === 'AW3004_EVENTS_BURIED')).toEqual([
      { code: 'AW3004_EVENTS_BURIED', fields: { place, reason: 'STORED_ITEM_SHAPE' } },
    ]);
  });

  it('is kept as the stream told it, and says nothing of its content anywhere else', async () => {
    await write(1, strange);
    const { readOn, lines, order } = await archiver();
    await readOn();
    const item = await wire.table.get({ pk: 'BURIED-EVENTS', sk: `${SHARD}#1` });
    expect(JSON.parse(String(item?.['told']))).toMatchObject({ L: [{ M: { type: { S: 'something.else' } } }] });
    expect(String(item?.['told'])).toContain(SECRET);
    const { told: _, ...rest } = item ?? {};
    expect(JSON.stringify([lines, rest, await order({ do: 'list-buried' })])).not.toContain(SECRET);
  });

  it('makes the batch come again while it cannot be buried', async () => {
    await write(1, strange);
    await write(2);
    const { readOn, entries } = await archiver();
    const { client } = wire;
    client.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          if (commandName === 'PutItemCommand') throw Object.assign(new Error(), { name: 'ThrottlingException' });
          return next(args);
        },
      { step: 'initialize', name: 'throttled' },
    );
    expect(await readOn()).toEqual([{ itemIdentifier: '1' }]);
    client.middlewareStack.remove('throttled');
    expect(await entries()).toEqual([]);
  });
});

describe('putting back what was buried', () => {
  /** A version that knows no months that were closed. */
  const older: typeof eventsOfStreamRecords = (records) => {
    if (JSON.stringify(records).includes('period.closed')) throw new Error('unknown kind');
    return eventsOfStreamRecords(records);
  };

  it('archives its events once and says who did, however often it is done', async () => {
    await write(1, { type: 'period.closed' });
    await write(2);
    const before = await archiver({ eventsOf: older });
    await before.readOn();
    const { archive, order, readOn, entries } = await archiver({ archive: before.archive });
    expect((await order({ do: 'list-buried' })).buried).toHaveLength(1);
    expect(await order({ do: 'put-back', by: 'li' })).toEqual({ putBack: { writes: 1, events: 1 }, buried: [] });
    expect(await order({ do: 'put-back', by: 'li' })).toEqual({ putBack: { writes: 0, events: 0 }, buried: [] });
    await readOn();
    expect((await entries()).map(({ type, actor }) => [type, actor])).toEqual([
      ['household.assessed', 'system'],
      ['events.buried', 'system'],
      ['period.closed', 'system'],
      ['message.put-back', 'li'],
    ]);
    expect(await verifyArchive(archive)).toMatchObject({ ok: true });
  });

  it('is the one way back: a later version that is handed the batch again does not take what it could read', async () => {
    await write(1, { type: 'period.closed' });
    const before = await archiver({ eventsOf: older });
    await before.readOn();
    await write(2);
    const { order, readOn, entries } = await archiver({ archive: before.archive });
    await readOn();
    await order({ do: 'put-back', by: 'li' });
    await readOn();
    expect((await entries()).filter(({ type }) => type === 'period.closed')).toHaveLength(1);
  });

  it('leaves what cannot be read by this version either', async () => {
    await write(1, strange);
    await write(2, strange);
    const { readOn, order } = await archiver();
    await readOn();
    const answer = await order({ do: 'put-back', by: 'li' });
    expect(answer.putBack).toEqual({ writes: 0, events: 0 });
    expect(answer.buried.map(({ item }) => item)).toEqual(['H#1 S#entry', 'H#2 S#entry']);
  });

  it('goes on where it was cut off', async () => {
    await wire.table.put({
      pk: 'H#1',
      sk: 'S#entry',
      events: [1, 2, 3].map((n) => ({ ...householdEvent(n, 1), type: 'period.closed' })),
    });
    const { readOn } = await archiver({ eventsOf: older });
    await readOn();
    const { order } = await archiver();
    let puts = 0;
    wire.client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === 'UpdateItemCommand' && puts === 0) {
            puts += 1;
            throw Object.assign(new Error(), { name: 'ThrottlingException' });
          }
          return next(args);
        },
      { step: 'initialize', name: 'cut' },
    );
    await expect(order({ do: 'put-back', by: 'li' })).rejects.toMatchObject({ name: 'RetryLaterError' });
    expect(await order({ do: 'put-back', by: 'li' })).toEqual({ putBack: { writes: 1, events: 3 }, buried: [] });
    const told = wire.events().filter(({ type }) => type === 'period.closed');
    // Of the write itself, and once more put back.
    expect(told).toHaveLength(6);
  });

  it.each([{}, { do: 'put-back' }, { do: 'forget' }])('is not done by a slip of the hand: %j', async (slip) => {
    const { order } = await archiver();
    await expect(order(slip)).rejects.toMatchObject({ code: 'UNKNOWN_ORDER' });
  });
});
