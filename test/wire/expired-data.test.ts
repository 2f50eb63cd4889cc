import { afterAll, beforeAll, vi } from 'vitest';
import { dynamoCaseStore } from '../../shared/adapters/aws/case-store.ts';
import { dynamoEventLog } from '../../shared/adapters/aws/event-log.ts';
import { s3ObjectRemoval } from '../../shared/adapters/aws/exchange-removal.ts';
import { cloudExpiredData } from '../../shared/adapters/aws/expired-data.ts';
import { dynamoFileRegister } from '../../shared/adapters/aws/file-register.ts';
import { dynamoHouseholdReads } from '../../shared/adapters/aws/household-reads.ts';
import { dynamoHouseholdRegistry } from '../../shared/adapters/aws/household-registry.ts';
import { dynamoIdentityVault } from '../../shared/adapters/aws/identity-vault.ts';
import { s3ObjectStore } from '../../shared/adapters/aws/object-store.ts';
import { expiredDataContract } from '../contract/expired-data.contract.ts';
import { type ObjectAndQueueServer, startObjectAndQueueServer, startTableServer, type TableServer } from './local-services.ts';

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

expiredDataContract('DynamoDB and S3', {
  async make() {
    const { table, walk, client, events } = await tables.newTable();
    const bucket = await objects.newBucket();
    const [files, cases, registry] = [dynamoFileRegister(table), dynamoCaseStore(table), dynamoHouseholdRegistry(table)];
    const exchange = s3ObjectRemoval(objects.s3, bucket);
    return {
      port: {
        expired: cloudExpiredData({ table, walk, exchange, files, cases, registry }),
        objects: s3ObjectStore(objects.s3, bucket),
        files,
        cases,
        vault: dynamoIdentityVault(table),
        registry,
        eventLog: dynamoEventLog(table),
        reads: dynamoHouseholdReads(table),
      },
      events: async () => events(),
      close: async () => client.destroy(),
    };
  },
});
