import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadOrCreateKeys } from '../../shared/adapters/embedded/key-file.ts';
import { openEmbedded } from '../../shared/adapters/embedded/open-embedded.ts';
import { verifyArchive } from '../../shared/audit/verify-archive.ts';
import type { ReportView } from '../../shared/reports/report-desk.ts';
import { archiveLines } from '../builders/archive.ts';
import { warned } from '../builders/reporting.ts';
import { ask, eventually, type RunningHost, scratch, signIn, startHost } from './running-host.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

/** Enough that computing and writing take a second or two, in which a process can be killed. */
const WARNINGS = 40_000;
/** Milliseconds after asking at which a process is killed, one process after the other. */
const KILLED_AFTER = [0, 400, 900, 1_500] as const;
const START = ['--empty', '--now', '2024-05-06T09:00:00+08:00'];
const MARCH = { report: 'warning-ledger', from: '2024-03-01', to: '2024-03-31' };

let root = '';
let dataDir = '';
let remove = async () => {};
let host: RunningHost;

async function post(user: string, body: object, key: string): Promise<Response> {
  const token = await signIn(host.address, user);
  return fetch(`${host.address}/api/v1/reports`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'x-purpose': 'audit',
      'idempotency-key': key,
    },
  });
}

async function got<T>(user: string, path: string): Promise<T> {
  return (await (await ask(host.address, path, await signIn(host.address, user))).json()) as T;
}

/** Files of reports under their names, and what of them is not whole. */
async function differing(user: string, { id, files }: ReportView): Promise<string[]> {
  const token = await signIn(host.address, user);
  const wrong: string[] = [];
  for (const { name, bytes, sha256 } of files) {
    const had = Buffer.from(await (await ask(host.address, `/api/v1/reports/${id}/files/${name}`, token)).arrayBuffer());
    if (had.length !== bytes || createHash('sha256').update(had).digest('hex') !== sha256) wrong.push(name);
  }
  return wrong;
}

let views: { readonly auditor: ReportView; readonly province: ReportView };
let kills = 0;

beforeAll(async () => {
  ({ root, remove } = await scratch('reports-api'));
  dataDir = join(root, 'data');
  await mkdir(dataDir);
  loadOrCreateKeys(join(dataDir, 'keys.json'));
  const stores = openEmbedded(dataDir);
  const events = Array.from({ length: WARNINGS }, (_, n) =>
    warned('opened', `2024-03-${String((n % 28) + 1).padStart(2, '0')} 10:00`, n),
  );
  await stores.eventLog.append(events);
  stores.close();
  await writeFile(
    join(dataDir, 'parameters.json'),
    JSON.stringify({
      reports: [{ report: 'funnel', area: '*', rhythm: 'monthly', day: 3, format: 'html', for: 'auditor', purpose: 'audit' }],
    }),
  );
});
afterAll(async () => {
  await host?.stop('SIGKILL');
  await remove();
});

describe('a report asked for by two over HTTP while its host is killed again and again', () => {
  beforeAll(async () => {
    for (const ms of KILLED_AFTER) {
      host = await startHost(dataDir, START);
      await post('auditor', { ...MARCH, format: 'xlsx' }, 'key-of-the-auditor');
      await post('province', { ...MARCH, format: 'json' }, 'key-of-the-province');
      await new Promise((resolve) => setTimeout(resolve, ms));
      const { id } = (await (await post('auditor', { ...MARCH, format: 'xlsx' }, 'key-of-the-auditor')).json()) as ReportView;
      const { state } = await got<ReportView>('auditor', `/api/v1/reports/${id}`);
      if (state !== 'ready') kills += 1;
      await host.stop('SIGKILL');
    }
    host = await startHost(dataDir, START);
    const made = async (user: string, format: string) => {
      const { id } = (await (await post(user, { ...MARCH, format }, `key-of-the-${user}`)).json()) as ReportView;
      return eventually(
        () => got<ReportView>(user, `/api/v1/reports/${id}`),
        ({ state }) => state === 'ready' || state === 'failed',
      );
    };
    views = { auditor: await made('auditor', 'xlsx'), province: await made('province', 'json') };
  });

  it('is ready in the end, whole, for each', async () => {
    expect(kills).toBeGreaterThan(1);
    expect(views.auditor).toMatchObject({
      state: 'ready',
      rows: WARNINGS,
      archive: 'whole',
      cover: { pulled: { by: 'auditor' } },
    });
    expect(views.province).toMatchObject({ state: 'ready', rows: WARNINGS, cover: { pulled: { by: 'province' } } });
    expect(await differing('auditor', views.auditor)).toEqual([]);
    expect(await differing('province', views.province)).toEqual([]);
  });

  it('has the same figures for both, from one computing', () => {
    expect(views.auditor.cover?.proof).toEqual(views.province.cover?.proof);
    expect(views.auditor.cover?.data).toEqual(views.province.cover?.data);
  });

  it('leaves no file beside those it names', async () => {
    const left = (await readdir(join(dataDir, 'reports'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
    const scheduled = (await got<{ items: ReportView[] }>('auditor', '/api/v1/reports')).items.find(
      ({ by }) => by === 'schedule',
    );
    const named = [views.auditor, views.province, scheduled].flatMap((view) => view?.files.map(({ name }) => name) ?? []);
    expect(left.sort()).toEqual(named.sort());
  });
});

describe('a scheduled report', () => {
  it('is made once for the month before, however often the host was started, and is in the list of whom it is for', async () => {
    const of = async (user: string) =>
      (await got<{ items: ReportView[] }>(user, '/api/v1/reports')).items.filter(({ by }) => by === 'schedule');
    const [report, ...more] = await eventually(
      () => of('auditor'),
      ([first]) => first?.state === 'ready',
    );
    expect(more).toEqual([]);
    expect(report).toMatchObject({
      report: 'funnel',
      from: '2024-04-01',
      to: '2024-04-30',
      format: 'html',
      purpose: 'audit',
      cover: { pulled: { by: 'schedule', for: 'auditor' } },
    });
    if (report !== undefined) expect(await differing('auditor', report)).toEqual([]);
    expect(await of('province')).toEqual([]);
  });
});

describe('a supervisor', () => {
  it('is refused beyond the area, and everything is on record once', async () => {
    expect((await post('supervisor', { ...MARCH, area: '37' }, 'key-of-the-supervisor')).status).toBe(403);
    const events = await eventually(
      async () => {
        const told = new Map<string, number>();
        const stores = openEmbedded(dataDir);
        try {
          expect(await verifyArchive(stores.archive, { head: await stores.archive.head() })).toMatchObject({ ok: true });
          for await (const line of archiveLines(stores.archive)) {
            const { type, actor } = (JSON.parse(line) as { event: { type: string; actor: string } }).event;
            if (type.startsWith('report.')) told.set(`${type} ${actor}`, (told.get(`${type} ${actor}`) ?? 0) + 1);
          }
        } finally {
          stores.close();
        }
        return Object.fromEntries(told);
      },
      (told) => 'report.refused supervisor' in told,
    );
    expect(events).toEqual({
      'report.asked auditor': 1,
      'report.asked province': 1,
      'report.asked schedule': 1,
      'report.pulled auditor': 1,
      'report.pulled province': 1,
      'report.pulled schedule': 1,
      'report.refused supervisor': 1,
    });
  });
});
