import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import * as z from 'zod';
import { reportQueries } from '../../infra/report-queries.ts';
import { s3EventArchive } from '../../shared/adapters/aws/event-archive.ts';
import { dynamoEventLog } from '../../shared/adapters/aws/event-log.ts';
import { s3ObjectStore } from '../../shared/adapters/aws/object-store.ts';
import { dynamoReportJobStore } from '../../shared/adapters/aws/report-job-store.ts';
import { sqsDeadLetterBox, sqsSender } from '../../shared/adapters/aws/sqs-queues.ts';
import { openTable } from '../../shared/adapters/aws/table.ts';
import { DuckDbReportEngine } from '../../shared/adapters/duckdb/duckdb-report-engine.ts';
import { ArchiveFolder } from '../../shared/adapters/embedded/archive-folder.ts';
import { verifyArchive } from '../../shared/audit/verify-archive.ts';
import type { Instant, PlainDate } from '../../shared/calendar/plain-date.ts';
import { workingCalendar } from '../../shared/calendar/working-days.ts';
import { catalog } from '../../shared/catalog/index.ts';
import { computeReport } from '../../shared/reports/compute-report.ts';
import { countedDays } from '../../shared/reports/counted-days.ts';
import { reportsOf } from '../../shared/reports/index.ts';
import { done, told, warned } from '../builders/reporting.ts';
import { collect } from '../contract/subject.ts';
import { addressOf, callApi, clientsOf, queuesOf, signIn } from './clients.ts';
import { SCHEDULED } from './deploy.ts';
import { quiet } from './quiet.ts';

const cloud = inject('cloud');
const clients = clientsOf(cloud.endpoint);
const table = openTable({ tableName: cloud.TableName, client: clients.dynamo() });
const stored = s3ObjectStore(clients.s3, cloud.ArchiveBucket);
const archive = s3EventArchive(clients.s3, cloud.ArchiveBucket, table);
const PATIENCE = { timeout: 120_000, interval: 500 };
/** A county of these tests alone. */
const AREA = '530402';
const MARCH = { from: '2024-03-01' as PlainDate, to: '2024-03-31' as PlainDate };
const FAMILIES = 25;

const Report = z.object({
  id: z.string(),
  state: z.string(),
  rows: z.number(),
  archive: z.string().nullable(),
  period: z.string().nullable(),
  alarm: z.object({ zh: z.string(), en: z.string() }).nullable(),
  failure: z.unknown(),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
});
type Report = z.infer<typeof Report>;
const Cover = z.object({
  archive: z.object({ ok: z.boolean() }),
  data: z.object({ archivedUpTo: z.number(), countedUpTo: z.number() }),
  proof: z.object({ rows: z.number(), rowsSha256: z.string(), querySha256: z.string() }),
  pulled: z.object({ by: z.string(), purpose: z.string() }),
});

let token = '';

beforeAll(async () => {
  token = await signIn(cloud, { name: 'report-auditor', role: 'auditor', areas: AREA });
  await dynamoEventLog(table).append(
    Array.from({ length: FAMILIES }, (_, n) => {
      const area = `${AREA}101`;
      return [
        warned('opened', '2024-03-04', n + 1, { area }),
        told(
          'case.opened',
          '2024-03-04 10:00',
          { case: `C${n}`, household: `H${n}` },
          { area, category: 'none', grade: 'general' },
        ),
        done('record-visit', '2024-03-08', n, {
          area,
          means: 'home',
          truth: 'true-new',
          visit: `V${n}`,
          visited: '2024-03-07T16:30:00.000Z',
        }),
      ];
    }).flat(),
  );
  await settled();
});

afterAll(() => {
  for (const client of [clients.s3, clients.sqs, clients.secrets]) client.destroy();
});

/** Waits until nothing more is archived. */
async function settled(): Promise<void> {
  let last = -1;
  await vi.waitFor(
    async () => {
      const { number } = await archive.head();
      const calm = number === last && number >= FAMILIES * 3;
      last = number;
      if (!calm) throw new Error(`the archive goes on: ${number}`);
    },
    { ...PATIENCE, interval: 4_000 },
  );
}

async function ask(report: string, format: string): Promise<string> {
  const answer = await callApi(cloud, '/api/v1/reports', {
    token,
    purpose: 'audit',
    key: randomUUID(),
    body: { report, ...MARCH, area: AREA, format },
  });
  expect(answer).toMatchObject({ status: 202, body: { state: 'waiting', files: [] } });
  return Report.parse(answer.body).id;
}

async function made(id: string): Promise<Report> {
  return vi.waitFor(async () => {
    const { body } = await callApi(cloud, `/api/v1/reports/${id}`, { token });
    const report = Report.parse(body);
    if (report.state === 'waiting' || report.state === 'making') throw new Error(`the report is ${report.state}`);
    return report;
  }, PATIENCE);
}

/** A file of a report, had by the link that the API answers with. */
async function download(id: string, name: string): Promise<Buffer> {
  const path = addressOf(cloud, `/api/v1/reports/${id}/files/${encodeURIComponent(name)}`);
  const headers = { authorization: `Bearer ${token}`, 'x-purpose': 'audit' };
  const answer = await fetch(path, { headers, redirect: 'manual' });
  expect(answer.status).toBe(303);
  const file = await fetch(answer.headers.get('location') ?? '');
  expect(file.status).toBe(200);
  return Buffer.from(await file.arrayBuffer());
}

async function filesOf({ id, files }: Report): Promise<ReadonlyMap<string, Buffer>> {
  const had = new Map<string, Buffer>();
  for (const { name, bytes, sha256 } of files) {
    const file = await download(id, name);
    expect([file.length, createHash('sha256').update(file).digest('hex')], name).toEqual([bytes, sha256]);
    had.set(name, file);
  }
  return had;
}

function fileEnding(files: ReadonlyMap<string, Buffer>, ending: string): string {
  const [, bytes] = [...files].find(([name]) => name.endsWith(ending)) ?? [];
  return bytes?.toString('utf8') ?? '';
}

/** The digest of the rows that a machine of one's own gives over a copy of the bucket, up to the same event. */
async function onOneMachine(report: string, upTo: number): Promise<{ readonly rows: number; readonly rowsSha256: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'aidwatch-copy-'));
  try {
    // Before its objects: more may come while they are copied.
    const { number, hash } = await archive.head();
    const files: string[] = [];
    for await (const { key } of stored.list('archive/')) {
      const path = join(folder, key);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, Buffer.concat(await collect(stored.read(key))));
      if (key.includes('/day=')) files.push(path);
    }
    const figures = await computeReport(
      {
        reports: reportsOf(catalog),
        queries: reportQueries(),
        engine: new DuckDbReportEngine({ memory: '300MB', threads: 1, tempFolder: join(folder, 'temp') }),
        archive: {
          snapshot: async () => ({ head: { number: upTo, hash: number === upTo ? hash : '' }, files, release: async () => {} }),
          verify: () => verifyArchive(new ArchiveFolder(join(folder, 'archive')), { head: { number, hash } }),
        },
        clock: { now: () => '2024-06-01T00:00:00.000Z' as Instant },
        days: (area, from, to) => countedDays(workingCalendar(area), from, to),
        program: 'test',
      },
      { report, ...MARCH, area: AREA, seed: '', sample: 30 },
      async (computation) => {
        for await (const _ of computation.rows);
        return computation.figures();
      },
    );
    expect(figures.archive).toMatchObject({ ok: true });
    return { rows: figures.proof.rows, rowsSha256: figures.proof.rowsSha256 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('reports of the deployed platform', () => {
  it.each([
    ['warning-ledger', 'csv', FAMILIES],
    ['visit-ledger', 'xlsx', FAMILIES],
    ['funnel', 'json', undefined],
  ])(
    '%s is asked for by the API, made by the function and downloaded, with the figures of one machine',
    async (report, format, rows) => {
      const ready = await made(await ask(report, format));
      expect(ready).toMatchObject({ state: 'ready', archive: 'whole', period: 'open', alarm: null, failure: null });
      if (rows !== undefined) expect(ready.rows).toBe(rows);
      const files = await filesOf(ready);
      expect([...files.keys()].map((name) => name.replace(/^[^.]*/, '')).sort()).toEqual(
        [`.${format}`, '.cover.html', '.cover.json'].sort(),
      );
      const cover = Cover.parse(JSON.parse(fileEnding(files, '.cover.json')));
      expect(cover).toMatchObject({ archive: { ok: true }, pulled: { purpose: 'audit' } });
      const { rows: counted, rowsSha256 } = await onOneMachine(report, cover.data.countedUpTo);
      expect(cover.proof).toMatchObject({ rows: counted, rowsSha256 });
    },
  );

  it('shows a report to nobody else', async () => {
    const id = await ask('warning-ledger', 'json');
    await made(id);
    const other = await signIn(cloud, { name: 'report-other', role: 'auditor', areas: AREA });
    expect(await callApi(cloud, `/api/v1/reports/${id}`, { token: other })).toMatchObject({ status: 404 });
  });

  it('makes the reports of the parameters when the morning says so, each once for its period', async () => {
    const jobs = dynamoReportJobStore(table);
    const listed = async () => (await jobs.list({ owner: SCHEDULED.for, limit: 10 })).pulls;
    const morning = { body: JSON.stringify({ v: 1, kind: 'tend-reports' }) };
    for (let n = 1; n <= 2; n += 1) {
      await sqsSender(queuesOf(cloud, clients.sqs)).send('reports', [morning]);
      await vi.waitFor(async () => {
        const [first] = await listed();
        expect(first?.pull.ready?.files.map(({ name }) => name.replace(/^[^.]*/, ''))).toContain('.csv');
      }, PATIENCE);
    }
    await quiet(queuesOf(cloud, clients.sqs), PATIENCE);
    expect(await listed()).toMatchObject([{ pull: { by: 'schedule', purpose: 'audit' }, job: { asked: { report: 'funnel' } } }]);
  });

  it('is red when one byte of the archive was changed, and no earlier', async () => {
    await settled();
    const keys = (await collect(stored.list('archive/day='))).filter(({ size }) => size > 100).map(({ key }) => key);
    const key = keys[0] ?? '';
    const bytes = Buffer.concat(await collect(stored.read(key)));
    const altered = Buffer.from(bytes);
    // Of the checksum of its last frame: the text is as it was, and still the object is not.
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
    await stored.write(key, altered);
    try {
      const report = await made(await ask('funnel', 'csv'));
      // The engine may not read it at all: then there is no report and the reason is told; never a plain one.
      if (report.state === 'ready') {
        expect(report.archive).not.toBe('whole');
        expect(report.alarm?.zh).toMatch(/档案验证不通过/);
        expect(fileEnding(await filesOf(report), '.cover.html')).toMatch(/档案验证不通过/);
      } else expect(report).toMatchObject({ state: 'failed', failure: { code: 'archive-unreadable' } });
    } finally {
      await stored.write(key, bytes);
    }
    expect(await made(await ask('funnel', 'csv'))).toMatchObject({ state: 'ready', archive: 'whole' });
  });

  it('leaves no dead letter, and tells in its log what was made and what was found', async () => {
    expect(await sqsDeadLetterBox(queuesOf(cloud, clients.sqs)).list('reports', 10)).toEqual([]);
    await settled();
    const text = readFileSync(cloud.logFile, 'utf8');
    expect(text).toContain('AW5001_REPORT_MADE');
    // Of the byte that was changed: the alarm hangs on this line.
    expect(text).toContain('AW3002_ARCHIVE_BROKEN');
    expect(text).not.toMatch(/AW5002_REPORT_FAILED.*report-given-up/);
  });
});
