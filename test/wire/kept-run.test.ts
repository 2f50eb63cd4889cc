import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoKeptRun } from '../../shared/adapters/aws/kept-run.ts';
import { startTableServer, type TableServer } from './local-services.ts';

interface Run {
  readonly state: string;
  readonly pages?: number;
}

let server: TableServer;
beforeAll(async () => {
  server = await startTableServer();
});
afterAll(() => server.stop());

describe('a run kept in the table', () => {
  it('is there as it was left, for whoever comes next', async () => {
    const { table, client } = await server.newTable();
    const run = dynamoKeptRun<Run>(table, 'DELETION');
    expect(await run.load()).toBeUndefined();
    await run.save({ state: 'planning', pages: 1 });
    await run.save({ state: 'planned', pages: 2 });
    const other = dynamoKeptRun<Run>(table, 'DELETION');
    expect(await other.load()).toEqual({ state: 'planned', pages: 2 });
    expect(await dynamoKeptRun<Run>(table, 'RESEALING').load()).toBeUndefined();
    client.destroy();
  });

  it('is gone on with by one of two, and the other is told so', async () => {
    const { table, client } = await server.newTable();
    const [one, other] = [dynamoKeptRun<Run>(table, 'DELETION'), dynamoKeptRun<Run>(table, 'DELETION')];
    await Promise.all([one.load(), other.load()]);
    await one.save({ state: 'planning' });
    await expect(other.save({ state: 'deleting' })).rejects.toMatchObject({ name: 'RetryLaterError' });
    expect(await other.load()).toEqual({ state: 'planning' });
    client.destroy();
  });
});
