import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { stepFunctionsWorkflow } from '../../shared/adapters/aws/case-workflow.ts';
import { loadKeys } from '../../shared/adapters/aws/load-keys.ts';
import { s3ObjectStore } from '../../shared/adapters/aws/object-store.ts';
import { connectS3 } from '../../shared/adapters/aws/s3-client.ts';
import { sqsReceiver } from '../../shared/adapters/aws/sqs-queues.ts';
import { openTable } from '../../shared/adapters/aws/table.ts';
import type { CaseId } from '../../shared/casework/case.ts';
import { instant } from '../builders/facts.ts';
import { collect } from '../contract/subject.ts';

// Left to the SDK's own limits of five to fifteen minutes, none of these would end in time.
vi.setConfig({ testTimeout: 60_000 });
afterEach(() => vi.unstubAllEnvs());

/** A service that leaves the first request without an answer and gives this to every other. */
async function silentOnce(answer: (response: ServerResponse) => void) {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    request.resume();
    if (asked > 1) answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('AWS_REGION', 'cn-north-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const json = (type: string, body: object) => (response: ServerResponse) =>
  void response.setHeader('content-type', type).end(JSON.stringify(body));

it('asks again when a connection to the table falls silent, well within the time of the shortest function', async () => {
  const service = await silentOnce(json('application/x-amz-json-1.0', { Item: { pk: { S: 'a' }, sk: { S: 'S' } } }));
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', service.url);
  const table = openTable({ tableName: 'aidwatch' });
  expect(await table.get({ pk: 'a', sk: 'S' })).toEqual({ pk: 'a', sk: 'S' });
  expect(service.asked()).toBe(2);
  service.stop();
});

it('asks queues, workflow, keys and buckets again too, each in less time than its shortest function has', async () => {
  const queues = await silentOnce(json('application/x-amz-json-1.0', { Messages: [] }));
  const workflow = await silentOnce(json('application/x-amz-json-1.0', { executionArn: 'arn', startDate: 1 }));
  const secrets = await silentOnce(
    json('application/x-amz-json-1.1', { SecretString: JSON.stringify({ seed: 'x'.repeat(64) }) }),
  );
  const bucket = await silentOnce((response) => void response.setHeader('etag', '"e"').end());
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', queues.url);
  vi.stubEnv('AWS_ENDPOINT_URL_SFN', workflow.url);
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', secrets.url);
  vi.stubEnv('AWS_ENDPOINT_URL_S3', bucket.url);
  const machine = { stateMachineArn: 'arn:aws:states:x:0:stateMachine:m', clock: { now: () => instant() } };
  await Promise.all([
    sqsReceiver({ urls: { files: `${queues.url}/0/files` } }).receive('files', 1, 30),
    stepFunctionsWorkflow(machine).start({ case: 'C-1' as CaseId, run: 1 }),
    loadKeys('keys'),
    s3ObjectStore(connectS3(process.env), 'exchange').write('receipts/a.json', Buffer.from('{}')),
  ]);
  const services = [queues, workflow, secrets, bucket];
  expect(services.map(({ asked }) => asked())).toEqual([2, 2, 2, 2]);
  for (const service of services) service.stop();
});

it('gives an object up whose bytes stop coming, but not because its reader is slow', async () => {
  const part = Buffer.alloc(600_000, 'x');
  let stalls = true;
  const server = createServer((_, response) => {
    response.setHeader('content-length', 2 * part.length);
    response.write(part);
    if (!stalls) response.end(part);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('AWS_ENDPOINT_URL_S3', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'cn-north-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const store = s3ObjectStore(connectS3(process.env), 'exchange', 300);
  await expect(collect(store.read('inbox/a.csv'))).rejects.toMatchObject({ name: 'RetryLaterError' });
  stalls = false;
  let [read, waited] = [0, false];
  for await (const bytes of store.read('inbox/a.csv')) {
    if (!waited) await pause(1_000);
    waited = true;
    read += bytes.length;
  }
  expect(read).toBe(2 * part.length);
  server.closeAllConnections();
  server.close();
});
