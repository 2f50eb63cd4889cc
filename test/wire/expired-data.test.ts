import { afterAll, beforeAll, vi } from 'vitest';
import { type ObjectAndQueueServer, startObjectAndQueueServer, startTableServer, type TableServer } from './local-services.ts';
import { cloudExpiredDataContract } from './table-contracts.ts';

vi.setConfig({ testTimeout: 60_000 });

let tables: TableServer;
let objects: ObjectAndQueueServer;
beforeAll(async () => {
  tables = await startTableServer();
  objects = await startObjectAndQueueServer();
});
afterAll(async () => {
  await tables.stop();
  await objects.stop();
});

cloudExpiredDataContract('DynamoDB and S3', async () => ({
  ...(await tables.newTable()),
  s3: objects.s3,
  bucket: await objects.newBucket(),
}));
