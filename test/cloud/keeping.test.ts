import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, describe, expect, inject, it, vi } from 'vitest';
import * as z from 'zod';
import { s3EventArchive } from '../../shared/adapters/aws/event-archive.ts';
import { dynamoEventLog } from '../../shared/adapters/aws/event-log.ts';
import { dynamoFactStore } from '../../shared/adapters/aws/fact-store.ts';
import { dynamoHouseholdReads } from '../../shared/adapters/aws/household-reads.ts';
import { dynamoHouseholdRegistry } from '../../shared/adapters/aws/household-registry.ts';
import { dynamoIdentityVault } from '../../shared/adapters/aws/identity-vault.ts';
import { loadKeys } from '../../shared/adapters/aws/load-keys.ts';
import { s3ObjectStore } from '../../shared/adapters/aws/object-store.ts';
import { openTable } from '../../shared/adapters/aws/table.ts';
import type { Instant, PlainDate } from '../../shared/calendar/plain-date.ts';
import { ATTACHMENTS } from '../../shared/casework/attachments.ts';
import type { PersonKey } from '../../shared/facts/fact.ts';
import { keyIdOf, openFields, openIdentity, sealerUnder, sealIdentity } from '../../shared/registry/sealing.ts';
import { archiveLines } from '../builders/archive.ts';
import { caseId } from '../builders/cases.ts';
import { factChunk, factRow, fileId, fileSequence, instant, personKey } from '../builders/facts.ts';
import { membership, registration } from '../builders/registrations.ts';
import { householdEvent, householdId } from '../builders/standings.ts';
import { clientsOf, invoke } from './clients.ts';

const cloud = inject('cloud');
const clients = clientsOf(cloud.endpoint);
const table = openTable({ tableName: cloud.TableName, client: clients.dynamo() });
const exchange = s3ObjectStore(clients.s3, cloud.ExchangeBucket);
const [facts, registry, vault] = [dynamoFactStore(table), dynamoHouseholdRegistry(table), dynamoIdentityVault(table)];
const [eventLog, reads] = [dynamoEventLog(table), dynamoHouseholdReads(table)];

/** People of long ago, apart from those of the other tests of this deployment. */
const PEOPLE = Array.from({ length: 40 }, (_, n) => 9_000 + n);
const GONE = PEOPLE[0] ?? 0;
const NUMBER = '410225198001020011';
const LONG_AGO = '2019-03-12' as PlainDate;
const photo = `${ATTACHMENTS}${caseId(9_000)}/${'0'.repeat(64)}`;
const ofCase = caseId(9_000) as string as PersonKey;

const Answer = z.looseObject({
  state: z.enum(['going-on', 'planned', 'done', 'waiting']),
  digest: z.string().optional(),
  plans: z
    .array(z.looseObject({ purpose: z.string(), kinds: z.array(z.object({ kind: z.string(), count: z.number() })) }))
    .optional(),
  certificates: z.array(z.looseObject({ id: z.string(), purpose: z.string(), deleted: z.number() })).optional(),
});

/** Calls the deployed function as a person does, until it is done. */
async function keep(order: object): Promise<z.infer<typeof Answer>> {
  for (;;) {
    const answer = Answer.parse(await invoke(cloud, cloud.KeepDataName, order));
    if (answer.state !== 'going-on') return answer;
  }
}

async function sealerNow() {
  return sealerUnder((await loadKeys(cloud.KeysSecretId, clients.secrets)).dataKeys);
}

async function eventsArchived(types: readonly string[]): Promise<string[]> {
  const archive = s3EventArchive(clients.s3, cloud.ArchiveBucket, table);
  const lines: string[] = [];
  for await (const line of archiveLines(archive)) if (types.some((type) => line.includes(`"${type}"`))) lines.push(line);
  return lines;
}

describe('keeping data in the cloud', () => {
  afterAll(() => clients.secrets.destroy());

  it('deletes what is past keeping by the digest of a plan, and archives the certificates', async () => {
    const sealer = await sealerNow();
    await facts.append(
      PEOPLE.flatMap((n) => {
        const person = personKey(n);
        const sealed = sealer.seal(person, '{"diagnosisName":"肺炎"}');
        return [
          factChunk({ person, file: fileId(9_001), rows: [factRow({ key: 'old', from: LONG_AGO, content: 'old', sealed })] }),
          factChunk({
            person,
            file: fileId(9_002),
            seq: fileSequence(2),
            rows: [factRow({ key: 'new', from: '2026-03-12' as PlainDate, sealed })],
          }),
        ];
      }),
    );
    await vault.put(
      PEOPLE.map((n) => {
        const person = personKey(n);
        return {
          person,
          nameKey: `n${n}`,
          sealed: sealIdentity(sealer, person, { number: NUMBER, name: `王${n}` }),
          seq: fileSequence(1),
        };
      }),
    );
    await registry.register(
      PEOPLE.map((n) => registration(n, 2, [membership(n, n === GONE ? { to: LONG_AGO } : {})])),
      instant(),
    );
    const at = '2019-04-01T00:00:00.000Z' as Instant;
    const look = { ...householdEvent(GONE, 1, 'data.read'), at, data: { action: 'household.read', found: 1, purpose: 'visit' } };
    await eventLog.append([look]);

    const planned = await keep({ do: 'plan' });
    expect(planned.state).toBe('planned');
    const counts = new Map(
      (planned.plans ?? []).map(({ purpose, kinds }) => [purpose, kinds.reduce((sum, { count }) => sum + count, 0)]),
    );
    expect(counts.get('facts')).toBeGreaterThanOrEqual(PEOPLE.length);
    expect(counts.get('vault')).toBeGreaterThanOrEqual(1);
    expect(counts.get('reads')).toBeGreaterThanOrEqual(1);

    const order = { do: 'delete', digest: planned.digest, by: 'operator:cloud-test' };
    const done = await keep(order);
    expect(done.state).toBe('done');
    expect(done.certificates?.find(({ purpose }) => purpose === 'facts')?.deleted).toBe(counts.get('facts'));
    const stored = [...(await facts.ofPersons(PEOPLE.map(personKey))).values()].flat();
    expect(stored).toHaveLength(2 * PEOPLE.length);
    expect(stored.flatMap(({ rows }) => rows.map(({ key }) => key))).toEqual(PEOPLE.map(() => 'new'));
    expect([...(await vault.get([GONE, GONE + 1].map(personKey))).keys()]).toEqual([personKey(GONE + 1)]);
    expect((await reads.ofHousehold({ household: householdId(GONE), limit: 9 })).reads).toEqual([]);
    expect(await keep(order)).toMatchObject({ state: 'done', certificates: done.certificates });
    await vi.waitFor(
      async () => {
        const archived = await eventsArchived(['data.deletion-begun', 'data.deleted']);
        for (const { id } of done.certificates ?? []) {
          expect(archived.filter((line) => line.includes(`"id":"${id}"`))).toHaveLength(1);
          expect(archived.filter((line) => line.includes(`"certificate":"${id}"`))).toHaveLength(1);
        }
      },
      { timeout: 120_000, interval: 1_000 },
    );
  });

  it('seals everything anew with the key that is current, and back again', async () => {
    const before = await sealerNow();
    await exchange.write(photo, Buffer.from(before.seal(ofCase, 'cGhvdG8=')));
    const stored = await clients.secrets.send(new GetSecretValueCommand({ SecretId: cloud.KeysSecretId }));
    const secret = z.looseObject({ seed: z.string() }).parse(JSON.parse(stored.SecretString ?? ''));
    const dataKeys = { 2: Buffer.alloc(32, 7).toString('base64') };
    const keysOf = async () => {
      const held = [...(await facts.ofPersons(PEOPLE.map(personKey))).values()].flat().flatMap(({ rows }) => rows);
      const texts = [
        ...held.flatMap(({ sealed }) => sealed ?? []),
        ...[...(await vault.get(PEOPLE.map(personKey))).values()].map(({ sealed }) => sealed),
      ];
      const parts: Uint8Array[] = [];
      for await (const part of exchange.read(photo)) parts.push(part);
      return new Set([...texts, Buffer.concat(parts).toString()].map(keyIdOf));
    };
    // Whoever else works on this deployment reads with the first key: it is current again at the end, and everything is sealed with it.
    for (const current of [2, 1]) {
      const SecretString = JSON.stringify({ ...secret, dataKeys, current });
      await clients.secrets.send(new PutSecretValueCommand({ SecretId: cloud.KeysSecretId, SecretString }));
      const answer = await keep({ do: 'reseal', by: 'operator:cloud-test' });
      // Dead letters of other tests may be there: then it says so.
      expect(['done', 'waiting']).toContain(answer.state);
      expect(await keysOf()).toEqual(new Set([current]));
      const sealer = await sealerNow();
      const person = personKey(GONE + 1);
      expect(openIdentity(sealer, person, (await vault.get([person])).get(person)?.sealed ?? '').name).toBe(`王${GONE + 1}`);
      const rows = (await facts.ofPersons([person])).get(person)?.flatMap((chunk) => chunk.rows) ?? [];
      expect(openFields(sealer, person, rows[0]?.sealed ?? '')).toEqual({ diagnosisName: '肺炎' });
    }
    const SecretString = JSON.stringify(secret);
    await clients.secrets.send(new PutSecretValueCommand({ SecretId: cloud.KeysSecretId, SecretString }));
  });
});
