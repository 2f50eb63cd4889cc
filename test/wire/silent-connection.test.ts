import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { openTable } from '../../shared/adapters/aws/table.ts';

vi.setConfig({ testTimeout: 60_000 });
afterEach(() => vi.unstubAllEnvs());

it('asks again when a connection to the table falls silent, well within the time of the shortest function', async () => {
  let asked = 0;
  const server = createServer((_, answer) => {
    asked += 1;
    // The first request is never answered.
    if (asked > 1) answer.setHeader('content-type', 'application/x-amz-json-1.0').end('{"Item":{"pk":{"S":"a"},"sk":{"S":"S"}}}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'cn-north-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const table = openTable({ tableName: 'aidwatch' });
  expect(await table.get({ pk: 'a', sk: 'S' })).toEqual({ pk: 'a', sk: 'S' });
  expect(asked).toBe(2);
  server.closeAllConnections();
  server.close();
});
