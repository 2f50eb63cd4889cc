import { describe, expect, inject, it, vi } from 'vitest';
import * as z from 'zod';
import { dynamoBuriedEvents } from '../../shared/adapters/aws/buried-events.ts';
import { s3EventArchive } from '../../shared/adapters/aws/event-archive.ts';
import { openTable } from '../../shared/adapters/aws/table.ts';
import { makeEvent } from '../../shared/audit/make-event.ts';
import { verifyArchive } from '../../shared/audit/verify-archive.ts';
import { instantOf } from '../../shared/calendar/plain-date.ts';
import { archiveLines } from '../builders/archive.ts';
import { clientsOf, invoke } from './clients.ts';

const cloud = inject('cloud');
const clients = clientsOf(cloud.endpoint);
const table = openTable({ tableName: cloud.TableName, client: clients.dynamo() });
const archive = s3EventArchive(clients.s3, cloud.ArchiveBucket, table);
const PATIENCE = { timeout: 120_000, interval: 1_000 };
/** Of no other test of this deployment. */
const ITEM = { pk: 'H#buried-in-the-cloud', sk: 'S#entry' };
const PLACE = 'stream#of-a-version-before';

const Answer = z.object({
  putBack: z.object({ writes: z.number(), events: z.number() }).optional(),
  buried: z.array(z.object({ place: z.string(), item: z.string(), reason: z.string() })),
});

async function order(what: object) {
  return Answer.parse(await invoke(cloud, cloud.ArchiveEventsName, what));
}

/** Events of the archive of which the lines have this text: type and actor. */
async function archived(text: string): Promise<string[]> {
  const found: string[] = [];
  for await (const line of archiveLines(archive)) {
    if (!line.includes(text)) continue;
    const { event } = z.object({ event: z.object({ type: z.string(), actor: z.string() }) }).parse(JSON.parse(line));
    found.push(`${event.type} by ${event.actor}`);
  }
  return found;
}

describe('events that the deployed archiver cannot read', () => {
  it('are put aside where a person finds them, while the archive tells of them and goes on', async () => {
    await table.put({ ...ITEM, events: [{ id: 'a', type: 'something.else' }] });
    const item = `${ITEM.pk} ${ITEM.sk}`;
    const found = await vi.waitFor(async () => {
      const write = (await order({ do: 'list-buried' })).buried.find((one) => one.item === item);
      if (write === undefined) throw new Error('not buried yet');
      return write;
    }, PATIENCE);
    expect(found.reason).toMatch(/^STORED_ITEM_SHAPE: /);
    await vi.waitFor(async () => expect(await archived(found.place)).toEqual(['events.buried by system']), PATIENCE);
  });

  it('are archived once by the order of a person, when the version that is deployed can read them', async () => {
    // A version before this one knew no months that are closed.
    const told = { id: { S: 'c'.repeat(32) }, type: { S: 'period.closed' }, at: { S: '2024-03-15T01:00:00.000Z' } };
    const event = { M: { ...told, actor: { S: 'system' }, subject: { M: { period: { S: '2024-02' } } }, data: { M: {} } } };
    const image = { pk: { S: 'PERIOD#2024-02' }, sk: { S: 'P' }, events: { L: [event] } };
    const burial = makeEvent('events.buried', instantOf(Date.now()), { place: PLACE }, { reason: 'STORED_ITEM_SHAPE' }, PLACE);
    const reason = { place: PLACE, reason: 'STORED_ITEM_SHAPE' };
    await dynamoBuriedEvents(table).bury({ dynamodb: { NewImage: image } }, reason, burial);

    const putBack = { do: 'put-back', by: 'operator:cloud-test' };
    const answer = await order(putBack);
    expect(answer.putBack).toEqual({ writes: 1, events: 1 });
    // What this version cannot read either stays.
    expect(answer.buried.map(({ item }) => item)).toContain(`${ITEM.pk} ${ITEM.sk}`);
    expect(answer.buried.map(({ place }) => place)).not.toContain(PLACE);
    expect((await order(putBack)).putBack).toEqual({ writes: 0, events: 0 });
    await vi.waitFor(async () => {
      expect(await archived(told.id.S)).toEqual(['period.closed by system']);
      expect(await archived(PLACE)).toEqual(['events.buried by system', 'message.put-back by operator:cloud-test']);
      expect(await verifyArchive(archive, { head: await archive.head() })).toMatchObject({ ok: true });
    }, PATIENCE);
  });
});
