import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { connectAws } from '../../shared/adapters/aws/connect-aws.ts';
import { extendChain } from '../../shared/audit/chain.ts';
import { verifyArchive } from '../../shared/audit/verify-archive.ts';
import type { ChainHead } from '../../shared/ports/event-log.ts';
import type { QueueName } from '../../shared/ports/queue.ts';
import { archiveLines, archiveOfLines, FIRST_DAY } from '../builders/archive.ts';
import { factChunk, instant, personKey } from '../builders/facts.ts';
import { arrival } from '../builders/files.ts';
import { membership, registration, sealedIdentity } from '../builders/registrations.ts';
import { householdEvent, householdId, standingChange, warning } from '../builders/standings.ts';
import { collect } from '../contract/subject.ts';
import { type ObjectAndQueueServer, startObjectAndQueueServer, startTableServer, type TableServer } from './local-services.ts';

let tables: TableServer;
let objects: ObjectAndQueueServer;
beforeAll(async () => {
  tables = await startTableServer();
  objects = await startObjectAndQueueServer();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await tables.stop();
  await objects.stop();
});

async function connected() {
  const env = {
    AWS_REGION: 'cn-north-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
    AWS_ENDPOINT_URL_S3: objects.endpoint,
    AWS_ENDPOINT_URL_SQS: objects.endpoint,
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const queues = await objects.newQueues(2);
  const url = (urls: typeof queues.urls | undefined, queue: QueueName) => urls?.[queue] ?? '';
  const all = (urls: typeof queues.urls | undefined) => ({
    files: url(urls, 'files'),
    updates: url(urls, 'updates'),
    assessments: url(urls, 'assessments'),
    cases: url(urls, 'cases'),
    reports: url(urls, 'reports'),
  });
  return connectAws({
    tableName: (await tables.newTable()).tableName,
    exchangeBucket: await objects.newBucket(),
    archiveBucket: await objects.newBucket(),
    queueUrls: all(queues.urls),
    deadLetterUrls: all(queues.deadLetterUrls),
    env,
  });
}

it('reaches every service by names from the settings and endpoints from the environment', async () => {
  const aws = await connected();
  await aws.facts.append([factChunk()]);
  expect((await aws.facts.ofPersons([personKey(1)])).get(personKey(1))).toEqual([factChunk()]);
  await aws.registry.register([registration(1, 1, [membership(1)])], instant());
  expect((await aws.registry.membersOf([householdId(1)])).get(householdId(1))).toHaveLength(1);
  await aws.standings.save([standingChange(1, 1)]);
  expect(await aws.standings.warning(warning(1).id)).toEqual(warning(1));
  expect((await aws.files.claim(arrival(1))).outcome).toBe('take');
  await aws.vault.put([sealedIdentity(1)]);
  expect(await aws.vault.byName('name-1', 5)).toEqual([personKey(1)]);
  await aws.eventLog.append([householdEvent(1, 1, 'data.read')]);
  await aws.exchange.write('receipts/a.json', new TextEncoder().encode('{}'));
  expect((await collect(aws.exchange.list('receipts/'))).map((info) => info.key)).toEqual(['receipts/a.json']);
  expect(await aws.uploadLinks.uploadUrl('inbox/a.csv', 60)).toContain('/inbox/a.csv?');
  await aws.sender.send('files', [{ body: '{}' }]);
  expect(await aws.receiver.receive('files', 1, 30)).toHaveLength(1);
  await aws.deadLetters.bury('files', '{}', 'reason');
  expect(await aws.deadLetters.putBack('files')).toBe(1);
});

it('keeps an archive that verifies, lost races and altered bytes included', async () => {
  const { archive } = await connected();
  const offer = (from: ChainHead, count: number, seed: number) => {
    const events = Array.from({ length: count }, (_, n) => householdEvent(seed + n, 1));
    const entries = extendChain(from, events);
    const end = entries.at(-1);
    return {
      entries,
      next: { number: end?.number ?? 0, hash: end?.hash ?? '', positions: { shard: String(seed) }, open: FIRST_DAY.open },
    };
  };
  expect(await archive.turn(await archive.head(), FIRST_DAY)).toBe(true);
  const empty = await archive.head();
  const first = offer(empty, 3, 1);
  const rival = offer(empty, 2, 50);
  const outcomes = await Promise.all([
    archive.append(empty, first.entries, first.next),
    archive.append(empty, rival.entries, rival.next),
  ]);
  expect(outcomes.filter(Boolean)).toHaveLength(1);
  const head = await archive.head();
  const second = offer(head, 4, 100);
  expect(await archive.append(head, second.entries, second.next)).toBe(true);
  const verdict = await verifyArchive(archive, { head: await archive.head() });
  expect(verdict).toMatchObject({ ok: true, events: head.number + 4 });

  const altered = (await collect(archiveLines(archive))).map((line) => line.replace('"version":1', '"version":2'));
  expect(await verifyArchive(archiveOfLines(altered))).toMatchObject({ ok: false, fault: 'altered', number: 1 });
});
