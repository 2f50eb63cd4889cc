import { afterAll, beforeAll, vi } from 'vitest';
import { startTableServer, type TableServer } from './local-services.ts';
import { tableContracts } from './table-contracts.ts';

vi.setConfig({ testTimeout: 60_000 });

let server: TableServer;
beforeAll(async () => {
  server = await startTableServer();
});
afterAll(() => server.stop());

tableContracts('DynamoDB', () => server.newTable());
