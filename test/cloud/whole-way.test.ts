import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import * as z from 'zod';
import { readerPage } from '../../functions/serve-api/reader-page.ts';
import { type CaseFamily, caseFamilyFiles, caseFamilyPeople } from '../../infra/local/demo-county/case-families.ts';
import { s3EventArchive } from '../../shared/adapters/aws/event-archive.ts';
import { dynamoFactStore } from '../../shared/adapters/aws/fact-store.ts';
import { dynamoHouseholdRegistry } from '../../shared/adapters/aws/household-registry.ts';
import { loadKeys } from '../../shared/adapters/aws/load-keys.ts';
import { s3ObjectStore } from '../../shared/adapters/aws/object-store.ts';
import { sqsDeadLetterBox, sqsSender } from '../../shared/adapters/aws/sqs-queues.ts';
import { dynamoStandingStore } from '../../shared/adapters/aws/standing-store.ts';
import { openTable } from '../../shared/adapters/aws/table.ts';
import { verifyArchive } from '../../shared/audit/verify-archive.ts';
import { type Period, parsePeriod } from '../../shared/calendar/period.ts';
import { pseudonymsOf } from '../../shared/registry/pseudonym.ts';
import { archiveLines } from '../builders/archive.ts';
import { addressOf, callApi, clientsOf, queuesOf, signIn } from './clients.ts';
import { quiet } from './quiet.ts';

const cloud = inject('cloud');
const clients = clientsOf(cloud.endpoint);
const table = openTable({ tableName: cloud.TableName, client: clients.dynamo() });
const exchange = s3ObjectStore(clients.s3, cloud.ExchangeBucket);
const archive = s3EventArchive(clients.s3, cloud.ArchiveBucket, table);
const queues = queuesOf(cloud, clients.sqs);
const families: readonly CaseFamily[] = ['henan', 'shandong', 'yantai', 'hinggan'];
const lastMonth = monthBefore(new Date());
const files = families.flatMap((family) => caseFamilyFiles(family, lastMonth));

const WarningList = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      household: z.string(),
      area: z.string(),
      family: z.string(),
      grade: z.string(),
      status: z.string(),
      reasons: z.array(
        z.object({
          indicator: z.string(),
          result: z.string(),
          evidence: z.array(z.object({ feed: z.string(), file: z.string().nullable(), row: z.number() })),
          text: z.object({ zh: z.string(), en: z.string() }),
        }),
      ),
    }),
  ),
});
const Named = z.object({ name: z.string(), area: z.string() });
const Limits = z.object({ items: z.array(Named.extend({ value: z.unknown() })), missing: z.array(Named) });
type Warnings = z.infer<typeof WarningList>['items'];

function monthBefore(now: Date): Period {
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
  const period = parsePeriod(month);
  if (period === undefined) throw new RangeError(`${month} is no month`);
  return period;
}

const PATIENCE = { timeout: 120_000, interval: 500 };

function eventually(check: () => Promise<void>): Promise<void> {
  return vi.waitFor(check, PATIENCE);
}

async function textOf(key: string): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of exchange.read(key)) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

async function warningsFor(token: string): Promise<Warnings> {
  const answer = await callApi(cloud, '/api/v1/warnings?limit=100', { token, purpose: 'supervision' });
  expect(answer).toMatchObject({ status: 200 });
  return WarningList.parse(answer.body).items;
}

async function everyStanding() {
  const registry = dynamoHouseholdRegistry(table);
  const { households } = await registry.households({ limit: 500 });
  return { households, standings: await dynamoStandingStore(table).load(households) };
}

describe('the deployed platform', () => {
  let supervisor = '';

  beforeAll(async () => {
    supervisor = await signIn(cloud, { name: 'supervisor', role: 'supervisor', areas: '*' });
    for (const file of files) await exchange.write(`inbox/${file.path}`, file.bytes);
    await eventually(async () => {
      for (const file of files) expect(await exchange.info(`receipts/${file.path}.json`), file.path).toBeDefined();
    });
    await quiet(queues, PATIENCE);
  });

  afterAll(async () => {
    for (const client of [clients.s3, clients.sqs, clients.secrets]) client.destroy();
  });

  it('answers every dropped file with a receipt that accounts for its rows', async () => {
    for (const file of files) {
      const receipt: unknown = JSON.parse(await textOf(`receipts/${file.path}.json`));
      expect(receipt, file.path).toMatchObject({ file: file.path, status: expect.stringMatching(/^(accepted|partly)$/) });
    }
  });

  it('keeps the facts of the heads under their pseudonyms', async () => {
    const keys = await loadKeys(cloud.KeysSecretId, clients.secrets);
    const pseudonyms = pseudonymsOf(keys.pseudonymSecret);
    for (const family of families) {
      const [head] = caseFamilyPeople(family, lastMonth);
      const person = pseudonyms.person(head?.identityNumber ?? '');
      const chunks = (await dynamoFactStore(table).ofPersons([person])).get(person) ?? [];
      expect(chunks.length, family).toBeGreaterThan(0);
    }
  });

  it('assesses every household with the pack of its area', async () => {
    const { households, standings } = await everyStanding();
    expect(households.length).toBeGreaterThanOrEqual(families.length);
    const packs = new Set([...standings.values()].flat().map((standing) => standing.assessment.pack));
    expect([...packs].sort()).toEqual(['henan-low-income', 'hinggan-urban-hardship', 'shandong-low-income']);
  });

  it('shows each family in the worklist with reasons down to file and row', async () => {
    const warnings = await warningsFor(supervisor);
    const counties = new Set(warnings.map((warning) => warning.area.slice(0, 6)));
    expect(counties).toEqual(new Set(['411122', '371621', '370611', '152201']));
    for (const { id, status, reasons } of warnings) {
      expect(status).toBe('open');
      const evidence = reasons.filter((reason) => reason.result === 'hit').flatMap((reason) => reason.evidence);
      expect(evidence.length, id).toBeGreaterThan(0);
      for (const { file, row } of evidence) {
        expect(files.map((one) => one.path)).toContain(file);
        expect(row).toBeGreaterThan(1);
      }
    }
  });

  it('lets nobody in without a token and shows nobody another area', async () => {
    expect(await callApi(cloud, '/api/v1/warnings', { purpose: 'supervision' })).toMatchObject({ status: 401 });
    const elsewhere = await signIn(cloud, { name: 'elsewhere', role: 'caseworker', areas: '530000' });
    const answer = await callApi(cloud, '/api/v1/warnings', { token: elsewhere, purpose: 'visit' });
    expect(answer).toMatchObject({ status: 200, body: { items: [] } });
  });

  it('answers health and its own description to anybody', async () => {
    expect(await callApi(cloud, '/api/v1/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await callApi(cloud, '/api/v1/openapi.json')).toMatchObject({
      status: 200,
      body: { openapi: expect.stringMatching(/^3\.1\./) },
    });
    const page = await fetch(addressOf(cloud, '/'));
    expect(page.headers.get('content-security-policy')).toContain(readerPage.scriptHash);
    expect(await page.text()).toBe(readerPage.html);
  });

  it('holds to the limits and amounts that areas set in the file deployed with it, and says which are not entered', async () => {
    const { body } = await callApi(cloud, '/api/v1/limits', { token: supervisor });
    const { items, missing } = Limits.parse(body);
    const standards = items.filter(({ name }) => name === 'living-standard-month');
    expect(standards).toContainEqual(expect.objectContaining({ area: '411122', value: { zh: '510.00元', en: '510.00 yuan' } }));
    // The file says nothing of incomes.
    expect(missing).toContainEqual({ name: 'disposable-income-year', area: '411122' });
    expect(missing).not.toContainEqual({ name: 'living-standard-month', area: '411122' });
  });

  it('finds a person by number and writes the search down before answering', async () => {
    const [head] = caseFamilyPeople('henan', lastMonth);
    const answer = await callApi(cloud, '/api/v1/search', {
      token: supervisor,
      purpose: 'supervision',
      body: { number: head?.identityNumber },
    });
    expect(answer).toMatchObject({ status: 200, body: { items: [expect.anything()] } });
    await eventually(async () => {
      const types = [];
      for await (const text of archiveLines(archive)) types.push(JSON.parse(text).event?.type);
      expect(types).toContain('data.searched');
    });
  });

  it('shows the household behind a warning, its members masked by role', async () => {
    const [warning] = await warningsFor(supervisor);
    const household = warning?.household ?? '';
    const answer = await callApi(cloud, `/api/v1/households/${household}`, { token: supervisor, purpose: 'supervision' });
    expect(answer).toMatchObject({ status: 200, body: { id: household, members: expect.any(Array), facts: expect.any(Array) } });
    const numbers = families.flatMap((family) => caseFamilyPeople(family, lastMonth)).map((one) => one.identityNumber);
    expect(numbers.filter((number) => JSON.stringify(answer.body).includes(number))).toEqual([]);
  });

  it('takes a file by a link straight into the bucket and answers it like any other', async () => {
    const officer = { name: 'officer', role: 'department', areas: '*', departments: 'medical-insurance' } as const;
    const token = await signIn(cloud, officer);
    const settlement = files.find((file) => file.path.startsWith('medical-insurance/inpatient-settlement/'));
    const [, , period = '', name = ''] = settlement?.path.split('/') ?? [];
    const wanted = { feed: 'medical-insurance/inpatient-settlement', period, name };
    const ticket = await callApi(cloud, '/api/v1/uploads', { token, body: wanted });
    expect(ticket).toMatchObject({ status: 201, body: { method: 'PUT' } });
    const { file, url } = z.object({ file: z.string(), url: z.url() }).parse(ticket.body);
    expect((await fetch(url, { method: 'PUT', body: Buffer.from(settlement?.bytes ?? []) })).status).toBe(200);
    await eventually(async () => {
      expect(JSON.parse(await textOf(`receipts/${file}.json`))).toMatchObject({ file, status: 'duplicate' });
    });
    const others = { ...wanted, feed: 'civil-affairs/low-income-register' };
    expect(await callApi(cloud, '/api/v1/uploads', { token, body: others })).toMatchObject({ status: 403 });
  });

  it('changes nothing when everything is announced again and every file is sent again under another name', async () => {
    const sweep = () => sqsSender(queues).send('assessments', [{ body: JSON.stringify({ v: 1, kind: 'sweep' }) }]);
    // Whoever was assessed before the last file came knows of its feed only after a sweep.
    await sweep();
    await quiet(queues, PATIENCE);
    const before = await everyStanding();
    const again = files.map((file) => ({ v: 1, kind: 'file-dropped', key: `inbox/${file.path}` }));
    await sqsSender(queues).send(
      'files',
      [...again, ...again].map((message) => ({ body: JSON.stringify(message) })),
    );
    for (const file of files) await exchange.write(`inbox/${renamed(file.path)}`, file.bytes);
    await eventually(async () => {
      for (const file of files) {
        const receipt = `receipts/${renamed(file.path)}.json`;
        expect(await exchange.info(receipt), receipt).toBeDefined();
        expect(JSON.parse(await textOf(receipt))).toMatchObject({ status: 'duplicate' });
      }
    });
    await sweep();
    await quiet(queues, PATIENCE);
    expect(await everyStanding()).toEqual(before);
  });

  it('buries a message it cannot read with the reason, and puts it back when asked', async () => {
    const box = sqsDeadLetterBox(queues);
    await sqsSender(queues).send('updates', [{ body: '{"v":99}' }, { body: 'no message at all' }]);
    await eventually(async () => {
      const reasons = (await box.list('updates', 10)).map((letter) => letter.reason).sort();
      expect(reasons).toEqual([expect.stringMatching(/^NOT_JSON: /), expect.stringMatching(/^UNKNOWN_MESSAGE: /)]);
    });
    expect(await box.putBack('updates')).toBe(2);
    await eventually(async () => expect(await box.list('updates', 10)).toHaveLength(2));
  });

  it('refuses a file in a folder of no feed with a receipt and stores nothing of it', async () => {
    const key = 'weather-bureau/rain/2024-03/雨量.csv';
    await exchange.write(`inbox/${key}`, Buffer.from('日期,雨量\n2024-03-01,3\n'));
    await eventually(async () => {
      expect(JSON.parse(await textOf(`receipts/${key}.json`))).toMatchObject({ status: 'refused' });
    });
  });

  it('archives every event in one unbroken chain', async () => {
    let size = -1;
    await eventually(async () => {
      const { number } = await archive.head();
      const settled = number === size;
      size = number;
      expect(settled).toBe(true);
    });
    const head = await archive.head();
    expect(await verifyArchive(archive, { head })).toMatchObject({ ok: true });
    const ids: string[] = [];
    const types = new Set<string>();
    for await (const text of archiveLines(archive)) {
      const { event } = z.object({ event: z.object({ id: z.string(), type: z.string() }) }).parse(JSON.parse(text));
      ids.push(event.id);
      types.add(event.type);
    }
    expect(new Set(ids).size).toBe(ids.length);
    for (const type of [
      'file.taken',
      'facts.recorded',
      'membership.changed',
      'household.assessed',
      'warning.opened',
      'file.duplicate',
    ]) {
      expect(types).toContain(type);
    }
  });

  it('leaves no name and no number in logs, archive or dead letters', async () => {
    const planted = families
      .flatMap((family) => caseFamilyPeople(family, lastMonth))
      .flatMap((one) => [one.name, one.identityNumber]);
    const places = [readFileSync(cloud.logFile, 'utf8')];
    for await (const text of archiveLines(archive)) places.push(text);
    const text = places.join('\n');
    expect(text.length).toBeGreaterThan(1000);
    expect(planted.filter((one) => text.includes(one))).toEqual([]);
  });
});

function renamed(path: string): string {
  return path.replace(/([^/]+)$/, 'again-$1');
}
