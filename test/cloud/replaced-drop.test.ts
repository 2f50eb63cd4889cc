import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, expect, inject, it, vi } from 'vitest';
import { dynamoFactStore } from '../../shared/adapters/aws/fact-store.ts';
import { loadKeys } from '../../shared/adapters/aws/load-keys.ts';
import { s3ObjectStore } from '../../shared/adapters/aws/object-store.ts';
import { sqsSender } from '../../shared/adapters/aws/sqs-queues.ts';
import { openTable } from '../../shared/adapters/aws/table.ts';
import { pseudonymsOf } from '../../shared/registry/pseudonym.ts';
import { HEADER, person, row } from '../shared/intake/read-file.ts';
import { clientsOf, queuesOf, unannounced } from './clients.ts';

const cloud = inject('cloud');
const clients = clientsOf(cloud.endpoint);
const facts = dynamoFactStore(openTable({ tableName: cloud.TableName, client: clients.dynamo() }));
const exchange = s3ObjectStore(clients.s3, cloud.ExchangeBucket);
const PATH = 'medical-insurance/inpatient-settlement/2024-03/同名.csv';
/** People of these files alone. */
const [FIRST, LATER] = [811, 812];

afterAll(() => {
  for (const client of [clients.s3, clients.sqs, clients.secrets]) client.destroy();
});

/** Puts a person's bill under the name that both files have; answers as S3 announces it through EventBridge. */
async function drop(n: number): Promise<string> {
  const key = `inbox/${PATH}`;
  const Body = Buffer.from(`${HEADER}\n${row(n, { 7: '10.00' })}\n`);
  const { VersionId } = await clients.s3.send(new PutObjectCommand({ Bucket: cloud.ExchangeBucket, Key: key, Body }));
  // The emulator announces no version, so this does.
  const object = { key, 'version-id': VersionId, size: Body.length };
  return JSON.stringify({ source: 'aws.s3', 'detail-type': 'Object Created', detail: { object } });
}

async function receipts(): Promise<{ readonly at: string; readonly text: string }[]> {
  const found: { at: string; text: string }[] = [];
  for await (const { key } of exchange.list(`receipts/${PATH}`)) {
    const parts: Uint8Array[] = [];
    for await (const part of exchange.read(key)) parts.push(part);
    found.push({ at: key.slice(`receipts/${PATH}`.length), text: Buffer.concat(parts).toString('utf8') });
  }
  return found;
}

it('reads a file that another replaced under its name before it was read, and answers both', async () => {
  await unannounced(cloud, async () => {
    const announcements = [await drop(FIRST), await drop(LATER)];
    await sqsSender(queuesOf(cloud, clients.sqs)).send(
      'files',
      announcements.map((body) => ({ body })),
    );
  });
  const patience = { timeout: 60_000, interval: 500 };
  await vi.waitFor(async () => expect(await receipts()).toHaveLength(2), patience);
  const answers = await receipts();
  expect(answers.map(({ at }) => at)).toEqual(['.json', expect.stringMatching(/^\.json\.before-[0-9a-f]{8}$/)]);
  for (const { text } of answers) expect(JSON.parse(text)).toMatchObject({ status: 'accepted', rows: { accepted: 1 } });
  const pseudonyms = pseudonymsOf((await loadKeys(cloud.KeysSecretId, clients.secrets)).pseudonymSecret);
  const people = [FIRST, LATER].map((n) => pseudonyms.person(person(n)));
  await vi.waitFor(async () => {
    const stored = await facts.ofPersons(people);
    expect(people.map((one) => stored.get(one)?.flatMap(({ rows }) => rows).length)).toEqual([1, 1]);
  }, patience);
});
