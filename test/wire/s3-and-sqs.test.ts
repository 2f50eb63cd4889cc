import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { s3EventArchive } from '../../shared/adapters/aws/event-archive.ts';
import { s3ObjectStore } from '../../shared/adapters/aws/object-store.ts';
import { s3ReportFiles } from '../../shared/adapters/aws/report-files.ts';
import { sqsDeadLetterBox, sqsReceiver, sqsSender } from '../../shared/adapters/aws/sqs-queues.ts';
import { s3DownloadLinks, s3UploadLinks } from '../../shared/adapters/aws/upload-links.ts';
import { eventArchiveContract } from '../contract/event-archive.contract.ts';
import { objectStoreContract } from '../contract/object-store.contract.ts';
import { queueContract } from '../contract/queue.contract.ts';
import { reportArchiveContract } from '../contract/report-archive.contract.ts';
import { collect } from '../contract/subject.ts';
import { archiveInBucket } from './bucket-archive.ts';
import { type ObjectAndQueueServer, startObjectAndQueueServer, startTableServer, type TableServer } from './local-services.ts';

vi.setConfig({ testTimeout: 60_000 });

let server: ObjectAndQueueServer;
let tables: TableServer;
beforeAll(async () => {
  server = await startObjectAndQueueServer();
  tables = await startTableServer();
});
afterAll(async () => {
  await server.stop();
  await tables.stop();
});

const noEvents = { events: async () => [], close: async () => undefined };

objectStoreContract('S3', {
  make: async () => ({ port: s3ObjectStore(server.s3, await server.newBucket()), ...noEvents }),
});

eventArchiveContract('S3 and DynamoDB', {
  make: async () => {
    const { table, client } = await tables.newTable();
    return {
      port: s3EventArchive(server.s3, await server.newBucket(), table),
      events: async () => [],
      close: async () => client.destroy(),
    };
  },
});

reportArchiveContract('S3 and DynamoDB', {
  make: async () => {
    const { table, client } = await tables.newTable();
    const subject = archiveInBucket(server.s3, await server.newBucket(), table);
    return {
      ...subject,
      close: async () => {
        client.destroy();
        await subject.close();
      },
    };
  },
});

queueContract('SQS', {
  make: async () => {
    const settings = await server.newQueues(2);
    return {
      port: { sender: sqsSender(settings), receiver: sqsReceiver(settings), deadLetters: sqsDeadLetterBox(settings) },
      ...noEvents,
    };
  },
  eventually: (check) => vi.waitFor(check, { timeout: 20_000, interval: 20 }),
  pass: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000)),
  maxAttempts: 2,
  coalesces: false,
});

describe('upload links: S3', () => {
  it('lets whoever has the link put exactly that object, with real bytes', async () => {
    const bucket = await server.newBucket();
    const key = 'inbox/medical-insurance/inpatient-settlement/2024-03/住院.csv';
    const url = await s3UploadLinks(server.s3ForLinks, bucket).uploadUrl(key, 60);
    const answer = await fetch(url, { method: 'PUT', body: '姓名,身份证号\n' });
    expect(answer.status).toBe(200);
    const bytes = Buffer.concat(await collect(s3ObjectStore(server.s3, bucket).read(key)));
    expect(bytes.toString()).toBe('姓名,身份证号\n');
  });
});

describe('reports in a bucket', () => {
  it('are had by a link under their name, and are gone once removed', async () => {
    const bucket = await server.newBucket();
    const files = s3ReportFiles(server.s3, bucket);
    const key = 'reports/R-000000000000000000000000/visit-ledger_411122.csv';
    await files.write(key, Buffer.from('办件编号'));
    const url = await s3DownloadLinks(server.s3ForLinks, bucket).downloadUrl(key, 'visit-ledger_411122.csv', 60);
    const had = await fetch(url);
    expect([had.status, await had.text()]).toEqual([200, '办件编号']);
    expect(new URL(url).searchParams.get('response-content-disposition')).toContain('visit-ledger_411122.csv');
    expect((await collect(files.list('reports/'))).map((one) => one.key)).toEqual([key]);
    expect([await files.remove(key), await files.remove(key)]).toEqual([true, false]);
    expect((await fetch(url)).status).toBe(404);
  });
});

describe('large objects: S3', () => {
  async function* parts(count: number, last?: Error): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < count; n += 1) yield new Uint8Array(1_000_000).fill(n);
    if (last !== undefined) throw last;
  }

  it('go up in parts and come back whole', async () => {
    const store = s3ObjectStore(server.s3, await server.newBucket());
    await store.write('rejects/large.csv', parts(18));
    let size = 0;
    for await (const chunk of store.read('rejects/large.csv')) {
      expect(chunk[0]).toBe(Math.floor(size / 1_000_000));
      size += chunk.length;
    }
    expect(size).toBe(18_000_000);
    expect((await store.info('rejects/large.csv'))?.size).toBe(18_000_000);
  });

  it('leave nothing when they break off after some parts', async () => {
    const bucket = await server.newBucket();
    const store = s3ObjectStore(server.s3, bucket);
    await expect(store.write('rejects/large.csv', parts(18, new Error('disk gone')))).rejects.toThrow('disk gone');
    expect(await store.info('rejects/large.csv')).toBeUndefined();
    const { Uploads = [] } = await server.s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(Uploads).toEqual([]);
  });
});
