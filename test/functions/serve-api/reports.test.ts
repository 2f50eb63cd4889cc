import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiDeps } from '../../../functions/serve-api/api-deps.ts';
import type { Principal, roles } from '../../../shared/access/principal.ts';
import type { ReportView } from '../../../shared/reports/report-desk.ts';
import { ReportOffice } from '../../builders/report-office.ts';
import { done } from '../../builders/reporting.ts';
import { demoApi, jsonBody, userOf } from './demo-api.ts';

let office: ReportOffice;

beforeEach(() => {
  office = new ReportOffice();
  office.reporting.archive(
    done('record-visit', '2024-03-06 16:00', 1, { means: 'home', truth: 'T1', visited: '2024-03-06T07:00:00.000Z' }),
  );
});
afterEach(() => office.close());

const AUDIT = { 'x-purpose': 'audit' };
let keys = 0;
const nextKey = () => {
  keys += 1;
  return keys;
};

/** The API in front of the office, for one user. */
function api(user: Principal, changes: Partial<ApiDeps> = {}) {
  const { app, events } = demoApi(user, {
    clock: office.desk.clock,
    reportJobs: office.jobs,
    exchange: {
      info: async (key) => {
        const bytes = office.stored.get(key);
        return bytes && { key, size: bytes.length, version: '1', lastModified: office.reporting.now };
      },
      read: office.files.read,
      write: office.files.write,
    },
    ...changes,
  });
  const ask = (body: object, key = `key-of-test-${nextKey()}`) =>
    app.request('/api/v1/reports', jsonBody(body, { ...AUDIT, 'idempotency-key': key }));
  const see = async (path: string) => (await (await app.request(path)).json()) as ReportView;
  return { app, events, ask, see };
}

const march = { report: 'visit-ledger', from: '2024-03-01', to: '2024-03-31' };
const auditor = userOf('auditor');

describe('asking for a report', () => {
  it('is answered at once with where it is, and in the end with its files, which are downloaded under a purpose and on record', async () => {
    const { app, ask, see, events } = api(auditor);
    const answer = await ask({ ...march, area: '411122000000' });
    expect(answer.status).toBe(202);
    const path = answer.headers.get('location') ?? '';
    expect(await answer.json()).toMatchObject({
      state: 'waiting',
      area: '411122',
      format: 'csv',
      by: auditor.id,
      purpose: 'audit',
    });
    await office.work();
    const report = await see(path);
    expect(report).toMatchObject({ state: 'ready', rows: 1, archive: 'whole', period: 'open' });
    const [file] = report.files;
    const place = `${path}/files/${file?.name}`;
    expect((await app.request(place)).status).toBe(400);
    const had = await app.request(place, { headers: AUDIT });
    expect(had.headers.get('content-disposition')).toContain(file?.name);
    expect(had.headers.get('content-length')).toBe(String(file?.bytes));
    expect((await had.arrayBuffer()).byteLength).toBe(file?.bytes);
    const reads = events.filter(({ type }) => type === 'data.read');
    expect(reads.map(({ subject, data }) => [subject['report'], data['action'], data['purpose']])).toEqual([
      [report.id, 'reports.pull', 'audit'],
    ]);
    expect((await app.request(`${path}/files/another.csv`, { headers: AUDIT })).status).toBe(404);
  });

  it('needs a purpose, a key, a report there is, and days that are in order', async () => {
    const { app, ask } = api(auditor);
    const plain = jsonBody(march, { 'idempotency-key': 'key-1234' });
    expect(await (await app.request('/api/v1/reports', plain)).json()).toMatchObject({ code: 'purpose-required' });
    expect(await (await app.request('/api/v1/reports', jsonBody(march, AUDIT))).json()).toMatchObject({ code: 'key-required' });
    for (const wrong of [
      { ...march, report: 'no-such' },
      { ...march, from: '2024-02-30' },
      { ...march, format: 'pdf' },
      { ...march, area: '41112' },
      { ...march, sample: 0 },
      { ...march, seed: 'a\u0000b' },
      { ...march, colour: 'red' },
      {},
    ]) {
      const refused = await ask(wrong);
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([400, 'bad-request']);
    }
    for (const wrong of [{ to: '2024-02-01' }, { from: '0001-01-01' }, { to: '2198-12-31' }]) {
      const refused = await ask({ ...march, ...wrong });
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([422, 'report-period']);
    }
    expect(office.jobs.messages).toEqual([]);
  });

  it('beyond the area is refused as such, at once and on record', async () => {
    const { ask, events } = api(userOf('supervisor'));
    const refused = await ask({ ...march, area: '3706' });
    expect(refused.status).toBe(403);
    expect(((await refused.json()) as { detail: string }).detail).toContain('辖区');
    expect(events.map(({ type, actor, data }) => [type, actor, data['refusal'], data['area'], data['purpose']])).toEqual([
      ['report.refused', 'user-supervisor', 'area', '3706', 'audit'],
    ]);
    expect(office.jobs.messages).toEqual([]);
  });

  it('of several areas must say of which', async () => {
    const { ask } = api(userOf('supervisor', ['411122', '411123']));
    const answer = await ask(march);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([422, 'report-area']);
  });

  it('is refused to whoever waits for twenty already, until one is made', async () => {
    const { ask } = api(auditor);
    const day = (n: number) => ({ ...march, to: `2024-03-${String(n).padStart(2, '0')}` });
    for (let n = 1; n <= 20; n += 1) expect((await ask(day(n), `key-of-day-${n}`)).status).toBe(202);
    const refused = await ask(day(21));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
    expect((await ask(day(20), 'key-of-day-20')).status).toBe(202);
    expect((await api({ ...auditor, id: 'another' }).ask(day(21))).status).toBe(202);
    office.jobs.messages.splice(1);
    await office.work();
    expect((await ask(day(21))).status).toBe(202);
  });

  it('under the same key again is the same report', async () => {
    const { ask } = api(auditor);
    const [first, again] = [await ask(march, 'key-1234'), await ask(march, 'key-1234')];
    expect(again.status).toBe(202);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(office.jobs.messages).toHaveLength(1);
  });
});

describe('what was asked for', () => {
  it('is listed to whoever asked, and is nobody else’s', async () => {
    const mine = api(auditor);
    const first = (await (await mine.ask(march)).json()) as ReportView;
    office.reporting.now = '2024-05-06T03:00:00.000Z' as never;
    const second = (await (await mine.ask({ ...march, report: 'access-log' })).json()) as ReportView;
    const listed = async (path: string) =>
      (await (await mine.app.request(path)).json()) as { items: ReportView[]; next: string | null };
    expect((await listed('/api/v1/reports')).items.map(({ id }) => id)).toEqual([second.id, first.id]);
    const page = await listed('/api/v1/reports?limit=1');
    expect(page.items.map(({ id }) => id)).toEqual([second.id]);
    const rest = await listed(`/api/v1/reports?limit=1&cursor=${page.next}`);
    expect([rest.items.map(({ id }) => id), rest.next]).toEqual([[first.id], null]);
    const other = api({ ...auditor, id: 'another-auditor' });
    expect((await other.app.request(`/api/v1/reports/${first.id}`)).status).toBe(404);
    expect((await other.app.request(`/api/v1/reports/${first.id}/files/x.csv`, { headers: AUDIT })).status).toBe(404);
    expect((await other.see('/api/v1/reports')) as unknown).toEqual({ items: [], next: null });
  });

  it('is not had any more by whoever has lost role or area since', async () => {
    const { ask } = api(auditor);
    const { id } = (await (await ask({ ...march, report: 'access-log' })).json()) as ReportView;
    await office.work();
    for (const now of [userOf('auditor', ['370602']), { ...userOf('supervisor'), id: auditor.id }]) {
      const { app, see } = api(now);
      expect((await app.request(`/api/v1/reports/${id}`)).status).toBe(404);
      expect((await see('/api/v1/reports')) as unknown).toMatchObject({ items: [] });
    }
  });

  it('has no files to download until it is ready', async () => {
    const { app, ask } = api(auditor);
    const { id } = (await (await ask(march)).json()) as ReportView;
    const early = await app.request(`/api/v1/reports/${id}/files/x.csv`, { headers: AUDIT });
    expect([early.status, ((await early.json()) as { code: string }).code]).toEqual([409, 'report-not-ready']);
  });

  it('is had from the store itself where that gives links, on record all the same', async () => {
    const downloads = {
      downloadUrl: async (key: string, name: string, seconds: number) => `https://store/${key}?as=${name}&for=${seconds}`,
    };
    const { app, ask, events } = api(auditor, { downloads });
    const { id } = (await (await ask(march)).json()) as ReportView;
    await office.work();
    const { files } = (await (await app.request(`/api/v1/reports/${id}`)).json()) as ReportView;
    const name = files[0]?.name;
    const answer = await app.request(`/api/v1/reports/${id}/files/${name}`, { headers: AUDIT });
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `https://store/reports/${id}/${name}?as=${name}&for=300`,
    ]);
    expect(events.filter(({ type }) => type === 'data.read')).toHaveLength(1);
  });
});

describe('closing a month', () => {
  const supervisor = userOf('supervisor');
  const close = (app: ReturnType<typeof api>['app'], period: string, body: object = {}) =>
    app.request(`/api/v1/periods/${period}/close`, jsonBody(body));

  it('is asked for by its supervisor, worked once the archive is proven, and then stands', async () => {
    const { app } = api(supervisor, { periods: office.reporting.periods });
    const asked = await close(app, '2024-03');
    expect([asked.status, asked.headers.get('location')]).toEqual([202, '/api/v1/periods?from=2024-03&to=2024-03']);
    expect(await asked.json()).toMatchObject({ period: '2024-03', area: '411122', state: 'closing', upTo: null });
    await office.work();
    const listed = async (user: Principal) => {
      const answer = await api(user, { periods: office.reporting.periods }).app.request('/api/v1/periods');
      return ((await answer.json()) as { items: unknown[] }).items;
    };
    const closed = { period: '2024-03', state: 'closed', closedBy: supervisor.id, upTo: 1, failure: null };
    expect(await listed(supervisor)).toEqual([expect.objectContaining(closed)]);
    expect(await listed(userOf('auditor', ['']))).toEqual([expect.objectContaining(closed)]);
    expect(await listed(userOf('auditor', ['370602']))).toEqual([]);
    const again = await close(app, '2024-03', { area: '411122104' });
    expect([again.status, ((await again.json()) as { upTo: number }).upTo]).toEqual([200, 1]);
  });

  it('is refused before the month is over, beyond the area, and for what is no month', async () => {
    const { app } = api(supervisor, { periods: office.reporting.periods });
    const code = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];
    expect(await code(await close(app, '2024-05'))).toEqual([422, 'period-not-over']);
    expect(await code(await close(app, '2024-03', { area: '37' }))).toEqual([403, 'forbidden']);
    expect(await code(await close(app, '2024-13'))).toEqual([400, 'bad-request']);
    expect(await code(await close(app, '2024-03-15'))).toEqual([400, 'bad-request']);
  });

  it('says in words when the archive is not whole, and can be tried again', async () => {
    const { app } = api(supervisor, { periods: office.reporting.periods });
    office.reporting.tamper((text) => text.replace('"truth":"T1"', '"truth":"T2"'));
    await close(app, '2024-03');
    await office.work();
    const { items } = (await (await app.request('/api/v1/periods')).json()) as { items: object[] };
    expect(items).toEqual([
      expect.objectContaining({ state: 'refused', failure: expect.objectContaining({ code: 'archive-not-whole' }) }),
    ]);
    expect(office.reporting.told.filter(({ type }) => type === 'period.closed')).toEqual([]);
    office.reporting.tamper((text) => text.replace('"truth":"T2"', '"truth":"T1"'));
    expect((await close(app, '2024-03')).status).toBe(202);
    await office.work();
    expect(office.reporting.told.filter(({ type }) => type === 'period.closed')).toHaveLength(1);
  });
});

describe('the reports there are', () => {
  it('are told with parameters and columns, to each role those it may have', async () => {
    const kindsFor = async (role: (typeof roles)[number]) =>
      (await (await api(userOf(role)).app.request('/api/v1/report-kinds')).json()) as { items: { id: string }[] };
    const { items } = await kindsFor('auditor');
    expect(items).toHaveLength(15);
    expect(items.find(({ id }) => id === 'sampling-list')).toMatchObject({
      title: { zh: expect.any(String), en: expect.any(String) },
      parameters: ['seed', 'sample'],
      columns: expect.arrayContaining([expect.objectContaining({ name: 'case_id', kind: 'id' })]),
    });
    const supervisor = (await kindsFor('supervisor')).items.map(({ id }) => id);
    expect(items.map(({ id }) => id).filter((id) => !supervisor.includes(id))).toEqual([
      'sampling-list',
      'access-log',
      'odd-access',
    ]);
  });
});
