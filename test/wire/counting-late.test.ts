import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { s3EventArchive } from '../../shared/adapters/aws/event-archive.ts';
import { dynamoTallyStore } from '../../shared/adapters/aws/tally-store.ts';
import { archiveEvents } from '../../shared/audit/archive-events.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import { countArchived } from '../../shared/reports/count-archived.ts';
import { householdEvent } from '../builders/standings.ts';
import { collect } from '../contract/subject.ts';
import { startObjectAndQueueServer, startTableServer } from './local-services.ts';

it('counts what was left out without going through the archive from its first day', async () => {
  const [server, tables] = [await startObjectAndQueueServer(), await startTableServer()];
  const { table, client } = await tables.newTable();
  const bucket = await server.newBucket();
  const archive = s3EventArchive(server.s3, bucket, table);
  const tallies = dynamoTallyStore(table);
  let number = 0;
  const archived = (day: string) => {
    number += 1;
    const events = [householdEvent(number, 1)];
    return archiveEvents(archive, 'shard', [{ position: String(number).padStart(6, '0'), events }], day as PlainDate);
  };
  for (const day of ['2024-03-15', '2024-03-16', '2024-03-17', '2024-03-18']) {
    for (let batch = 0; batch < 3; batch += 1) {
      const added = await archived(day);
      if (day < '2024-03-17') await countArchived({ archive, tallies }, added);
    }
  }
  expect(await tallies.countedUpTo()).toBe(6);

  const listed: string[] = [];
  server.s3.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      const output = answer.output as { Contents?: readonly { Key?: string }[] };
      if (context.commandName === ListObjectsV2Command.name) listed.push(...(output.Contents ?? []).map(({ Key }) => Key ?? ''));
      return answer;
    },
    { step: 'initialize' },
  );
  const days = async (from?: number) => [...new Set((await collect(archive.parts(from))).map(({ day }) => day))];
  expect(await days(7)).toEqual(['2024-03-17', '2024-03-18']);
  expect(await days(6)).toEqual(['2024-03-16', '2024-03-17', '2024-03-18']);
  expect(await days(1)).toEqual(['2024-03-15', '2024-03-16', '2024-03-17', '2024-03-18']);
  expect(await days(99)).toEqual(['2024-03-18']);

  listed.length = 0;
  await countArchived({ archive, tallies }, await archived('2024-03-18'));
  expect(await tallies.countedUpTo()).toBe(13);
  expect(listed.filter((key) => key.includes('2024-03-15'))).toEqual([]);
  client.destroy();
  await server.stop();
  await tables.stop();
});
