import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dynamoDeliveryBook, NEWS_PER_PAGE } from '../../shared/adapters/aws/delivery-book.ts';
import { openTable, type Table } from '../../shared/adapters/aws/table.ts';
import type { Period } from '../../shared/calendar/period.ts';
import type { Delivery } from '../../shared/facts/coverage.ts';
import { fileId } from '../builders/facts.ts';
import { arrival, deliveryBy } from '../builders/files.ts';
import { startTableServer, type TableServer, type WireTable } from './local-services.ts';

vi.setConfig({ testTimeout: 60_000 });

let server: TableServer;
let wire: WireTable;
beforeAll(async () => {
  server = await startTableServer();
});
beforeEach(async () => {
  wire = await server.newTable();
});
afterEach(() => wire.client.destroy());
afterAll(() => server.stop());

/** What the n-th file delivered, of a county of its own. */
function delivery(n: number, changes: Partial<Delivery> = {}): Delivery {
  return deliveryBy(arrival(n), { county: String(410_000 + n), ...changes });
}

async function tell(table: Table, from: number, to: number): Promise<void> {
  const book = dynamoDeliveryBook(table);
  for (let n = from; n <= to; n += 1) await book.tell([delivery(n)]);
}

/** Counties by the book of a process that has read nothing yet. */
async function told(table: Table): Promise<string[]> {
  return (await dynamoDeliveryBook(table).all()).map(({ county }) => county).sort();
}

function counties(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, n) => delivery(from + n).county);
}

/** Counts what a client asks and what it is sent. */
function metered(client: DynamoDBClient) {
  const meter = { requests: 0, bytes: 0 };
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const { headers } = answer.response as { headers: Readonly<Record<string, string>> };
      meter.requests += 1;
      meter.bytes += Number(headers['content-length']);
      return answer;
    },
    { step: 'deserialize', name: 'meter' },
  );
  return meter;
}

/** As versions before this one added a delivery: an item of its own, then the state. */
async function addLoose(table: Table, n: number, revision: number): Promise<void> {
  const one = delivery(n);
  await table.put({ pk: 'COVERAGE', sk: `${one.feed}#${one.county}#${one.period}#${one.file}`, ...one });
  await table.put({ pk: 'COVERAGE-STATE', sk: 'STATE', revision });
}

describe('what a reader of deliveries takes', () => {
  it('is what is new: one request, and no more bytes the more there is', async () => {
    await tell(wire.table, 1, 40);
    const meter = metered(wire.client);
    const book = dynamoDeliveryBook(wire.table);
    const taken = async (): Promise<{ requests: number; bytes: number }> => {
      Object.assign(meter, { requests: 0, bytes: 0 });
      await book.all();
      return { ...meter };
    };
    const first = await taken();
    expect(first.requests).toBe(2);
    const nothing = await taken();
    expect(nothing.requests).toBe(1);
    expect(nothing.bytes).toBeLessThan(100);
    await dynamoDeliveryBook(wire.table).tell([delivery(41)]);
    const one = await taken();
    expect(one.requests).toBe(1);
    expect(one.bytes).toBeLessThan(400);
    expect(first.bytes).toBeGreaterThan(30 * one.bytes);
    expect(await book.all()).toHaveLength(41);
  });

  it('when it begins is bound pages, smaller than what they tell one by one, and the few told since', async () => {
    await tell(wire.table, 1, NEWS_PER_PAGE);
    await tell(wire.table, NEWS_PER_PAGE + 1, NEWS_PER_PAGE + 3);
    const meter = metered(wire.client);
    expect(await told(wire.table)).toEqual(counties(1, NEWS_PER_PAGE + 3));
    expect(meter.requests).toBe(2);
    expect(meter.bytes).toBeLessThan(NEWS_PER_PAGE * 40);
  });

  it('is in its list once, and complete when it was so once', async () => {
    const book = dynamoDeliveryBook(wire.table);
    await book.tell([delivery(1), delivery(2, { complete: false })]);
    await book.tell([delivery(1, { complete: false }), delivery(2)]);
    expect(await dynamoDeliveryBook(wire.table).all()).toEqual([delivery(1), delivery(2)]);
  });
});

describe('news of deliveries', () => {
  it('is lost by nobody while many processes tell and others read', async () => {
    const writers = Array.from({ length: 10 }, (_, w) => tell(openTable(wire), w * 10 + 1, w * 10 + 10));
    let writing = true;
    const readers = Array.from({ length: 3 }, async () => {
      const book = dynamoDeliveryBook(openTable(wire));
      let before = new Set<string>();
      while (writing) {
        const now = new Set((await book.all()).map(({ county }) => county));
        expect([...before].filter((county) => !now.has(county))).toEqual([]);
        before = now;
      }
      return (await book.all()).length;
    });
    await Promise.all(writers);
    writing = false;
    expect(await Promise.all(readers)).toEqual([100, 100, 100]);
    expect(await told(wire.table)).toEqual(counties(1, 100));
  });

  it('that was told before a question is in its answer, also when another question is on its way', async () => {
    const book = dynamoDeliveryBook(wire.table);
    const early = book.all();
    await dynamoDeliveryBook(wire.table).tell([delivery(1)]);
    const late = book.all();
    expect([(await early).length, (await late).length]).toEqual([expect.any(Number), 1]);
  });

  it('is read on after a question that failed', async () => {
    let failing = true;
    const book = dynamoDeliveryBook({
      ...wire.table,
      async *query(query) {
        if (failing) throw new Error('unreachable');
        yield* wire.table.query(query);
      },
    });
    await tell(wire.table, 1, 2);
    await expect(book.all()).rejects.toThrow('unreachable');
    failing = false;
    expect(await book.all()).toHaveLength(2);
    failing = true;
    await expect(book.all()).rejects.toThrow('unreachable');
    failing = false;
    expect(await book.all()).toHaveLength(2);
  });

  it('beyond a gap waits until what lies before it can be seen', async () => {
    await tell(wire.table, 1, 3);
    const gap = 'NEWS#000000000002';
    let hidden = true;
    const book = dynamoDeliveryBook({
      ...wire.table,
      async *query(query) {
        for await (const item of wire.table.query(query)) if (!(hidden && item['sk'] === gap)) yield item;
      },
    });
    expect((await book.all()).map(({ county }) => county)).toEqual(counties(1, 1));
    hidden = false;
    expect((await book.all()).map(({ county }) => county)).toEqual(counties(1, 3));
  });

  it('of a file of very many counties is told in parts that each fit into an item', async () => {
    const many = Array.from({ length: 80_000 }, (_, n) =>
      delivery(1, { county: `${(n * 7_919_113) % 1_000_000_007}`, file: fileId(n) }),
    );
    await dynamoDeliveryBook(wire.table).tell(many);
    const parts = wire.records().filter(({ dynamodb }) => dynamodb?.NewImage?.['sk']?.S?.startsWith('NEWS#'));
    expect(parts.length).toBeGreaterThan(1);
    expect(await dynamoDeliveryBook(wire.table).all()).toHaveLength(new Set(many.map(({ county, file }) => county + file)).size);
  });

  it('that a dead writer left unbound is bound with the next page', async () => {
    const noPages: Table = {
      ...wire.table,
      put: (item, condition) =>
        item.pk === 'COVERAGE-BOUND' ? Promise.reject(new Error('killed')) : wire.table.put(item, condition),
    };
    await tell(wire.table, 1, NEWS_PER_PAGE - 1);
    await expect(dynamoDeliveryBook(noPages).tell([delivery(NEWS_PER_PAGE)])).rejects.toThrow('killed');
    const pages = async () => {
      const from: unknown[] = [];
      for await (const item of wire.table.query({ partition: 'COVERAGE-BOUND' })) from.push([item['sk'], item['upTo']]);
      return from;
    };
    expect(await pages()).toEqual([]);
    await tell(wire.table, NEWS_PER_PAGE + 1, 2 * NEWS_PER_PAGE);
    expect(await pages()).toEqual([
      ['PAGE#000000000001', NEWS_PER_PAGE],
      [`PAGE#000000000${NEWS_PER_PAGE + 1}`, 2 * NEWS_PER_PAGE],
    ]);
    expect(await told(wire.table)).toEqual(counties(1, 2 * NEWS_PER_PAGE));
  });
});

describe('deliveries stored by versions before this one', () => {
  it('are read with what was told since, and those that such a version still adds are not missed', async () => {
    for (const n of [1, 2, 3]) await addLoose(wire.table, n, n);
    const reader = dynamoDeliveryBook(wire.table);
    expect(await reader.all()).toHaveLength(3);
    await tell(wire.table, 4, 5);
    expect(await reader.all()).toHaveLength(5);
    await addLoose(wire.table, 6, 4);
    expect(await reader.all()).toHaveLength(6);
    expect(await told(wire.table)).toEqual(counties(1, 6));
  });

  it('are copied when the first is told after them, so that a reader that begins does not read them one by one', async () => {
    for (let n = 1; n <= 60; n += 1) await addLoose(wire.table, n, n);
    await tell(wire.table, 61, 61);
    let loose = 0;
    const watched: Table = {
      ...wire.table,
      query(query) {
        if (query.partition === 'COVERAGE') loose += 1;
        return wire.table.query(query);
      },
    };
    expect(await told(watched)).toEqual(counties(1, 61));
    expect(loose).toBe(0);
    // A copy of what was there before does not do once such a version adds another.
    await addLoose(wire.table, 62, 61);
    expect(await told(watched)).toEqual(counties(1, 62));
    expect(loose).toBe(1);
  });

  it('are read one by one while a copy of them is not there whole', async () => {
    const months = ['2024-01', '2024-02'] as const;
    for (const [n, period] of months.entries()) {
      const one = delivery(n + 1, { period: period as Period });
      await wire.table.put({ pk: 'COVERAGE', sk: `${one.feed}#${one.county}#${one.period}#${one.file}`, ...one });
    }
    await wire.table.put({ pk: 'COVERAGE-STATE', sk: 'STATE', revision: 2 });
    await wire.table.put({ pk: 'COVERAGE-BOUND', sk: 'LOOSE#000000000002#000000000002', revision: 2, parts: 2, rows: '[]' });
    expect(await told(wire.table)).toEqual(counties(1, 2));
  });
});
