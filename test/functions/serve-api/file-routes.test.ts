import { describe, expect, it } from 'vitest';
import { createApp } from '../../../functions/serve-api/app.ts';
import { openEmbedded } from '../../../shared/adapters/embedded/open-embedded.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { PermanentError } from '../../../shared/ports/errors.ts';
import type { FileRecord } from '../../../shared/ports/file-register.ts';
import { arrival, fileEvent, receiptFor } from '../../builders/files.ts';
import { warning } from '../../builders/standings.ts';
import { withFolder } from '../../shared/adapters/embedded/data-folder.ts';
import { demoApi, inside, jsonBody, medicalFile, medicalNotice, PURPOSE, userOf } from './demo-api.ts';

const household = `/api/v1/households/${inside.household}`;

describe('files', () => {
  it('shows a department only its own files', async () => {
    const { app } = demoApi(userOf('department'));
    const body = await (await app.request('/api/v1/files')).json();
    expect(body).toMatchObject({
      items: [{ id: medicalFile.id, status: 'partly', receipt: { rows: { read: 10 } } }],
      next: null,
    });
  });

  it('gives no more at a time than a function may answer, however much there is to remark, and leaves none out', () =>
    withFolder(async (folder) => {
      const { files, close } = openEmbedded(folder);
      const message = {
        zh: '身份证号校验位不符，请核对原件后更正',
        en: 'The check digit of the identity number is wrong: look at the card',
      };
      const errors = Array.from({ length: 1_000 }, (_, n) => ({
        row: n + 2,
        column: '身份证号',
        code: 'ID_CHECK_DIGIT',
        message,
      }));
      for (let n = 1; n <= 30; n += 1) {
        const drop = arrival(n);
        await files.claim(drop);
        await files.finish(drop.id, receiptFor(drop, { errors, notes: errors, errorCount: 1_000 }), [], fileEvent(drop));
      }
      const { app } = demoApi(userOf('department'), { files });
      const shown: string[] = [];
      for (let next: string | null = ''; next !== null; ) {
        const cursor: string = next === '' ? '' : `&cursor=${next}`;
        const text = await (await app.request(`/api/v1/files?limit=200${cursor}`)).text();
        expect(Buffer.byteLength(text)).toBeLessThan(6_000_000);
        const page = JSON.parse(text) as { items: { id: string }[]; next: string | null };
        shown.push(...page.items.map(({ id }) => id));
        next = page.next;
      }
      expect(shown).toEqual(Array.from({ length: 30 }, (_, n) => arrival(30 - n).id));
      close();
    }));

  it('gives the fix-it file as a download and records it', async () => {
    const { app, events } = demoApi(userOf('department'));
    const response = await app.request(`/api/v1/files/${medicalFile.id}/fix-it`, { headers: { 'x-purpose': 'correction' } });
    expect(await response.text()).toBe('行号');
    expect(response.headers.get('content-disposition')).toContain(encodeURIComponent('结算 1.csv'));
    expect(events).toMatchObject([{ type: 'data.read', subject: { file: medicalFile.id }, data: { found: 1 } }]);
  });

  it.each([
    [['411122'], ['411122'], 200],
    [['4111'], ['411122', '411104'], 200],
    [['411122'], ['411104'], 404],
    [['411122'], ['411104', '411122'], 200],
    [['411122'], ['411104', '411102'], 404],
    [['411122'], undefined, 200],
  ])('gives an account of %j the fix-it file of a file of the counties %j: %i', async (areas, counties, status) => {
    const receipt = { ...receiptFor(arrival(1)), ...(counties === undefined ? {} : { counties }) };
    const { deps } = demoApi(undefined);
    const files = { ...deps.files, get: async () => ({ ...medicalFile, receipt }) };
    const { app } = demoApi(userOf('department', areas), { files });
    const response = await app.request(`/api/v1/files/${medicalFile.id}/fix-it`, { headers: { 'x-purpose': 'correction' } });
    expect(response.status).toBe(status);
  });

  it('shows a supervisor the freshness of the own counties only', async () => {
    const { app } = demoApi(userOf('supervisor'));
    const { items } = (await (await app.request('/api/v1/feeds')).json()) as { items: { id: string; freshness: unknown[] }[] };
    expect(items).toHaveLength(catalog.size);
    expect(items.find((feed) => feed.id === 'medical-insurance/inpatient-settlement')?.freshness).toMatchObject([
      { county: '411122', latestPeriod: '2024-03', complete: true },
    ]);
  });

  it('answers a receipt that has not changed with 304', async () => {
    const { app } = demoApi(userOf('department'));
    const first = await app.request(`/api/v1/files/${medicalFile.id}`);
    const etag = first.headers.get('etag') ?? '';
    expect((await app.request(`/api/v1/files/${medicalFile.id}`, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });
});

describe('a file whose folder or name holds somebody’s number', () => {
  const named: FileRecord = {
    ...medicalFile,
    path: medicalFile.path.replace('.csv', `${inside.number}.csv`),
    receipt: { ...receiptFor(medicalFile), file: medicalFile.path.replace('.csv', `${inside.number}.csv`) },
  };

  it.each([
    ['department', '/api/v1/files'],
    ['system-admin', `/api/v1/files/${medicalFile.id}`],
    ['auditor', household],
    ['handler', `/api/v1/warnings/${warning(1).id}`],
    ['supervisor', '/api/v1/warnings'],
    ['department', `/api/v1/corrections/${medicalNotice.id}`],
  ] as const)('shows it masked, as the number is everywhere: to a %s at %s', async (role, path) => {
    const { deps } = demoApi(userOf(role));
    const files = {
      ...deps.files,
      list: async () => ({ files: [named] }),
      get: async () => named,
      getMany: async (ids: readonly FileRecord['id'][]) => new Map(ids.map((id) => [id, named])),
    };
    const answer = await (await createApp({ ...deps, files }).request(path, { headers: PURPOSE })).text();
    expect(answer).toContain(`${inside.number.slice(0, 4)}**********${inside.number.slice(14)}.csv`);
    expect(answer).not.toContain(inside.number);
  });
});

describe('uploads', () => {
  const wanted = { feed: 'medical-insurance/inpatient-settlement', period: '2024-03', name: '住院.csv' };
  const ask = async (key?: string, body: unknown = wanted) => {
    const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
    const response = await demoApi(userOf('department')).app.request('/api/v1/uploads', jsonBody(body, headers));
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it('gives a link to a path of the drop layout, valid for 15 minutes', async () => {
    const { body } = await ask('a-key-0001');
    expect(body['file']).toMatch(/^medical-insurance\/inpatient-settlement\/2024-03\/[0-9a-f]{12}-住院\.csv$/);
    expect(body).toMatchObject({ method: 'PUT', expiresAt: '2024-04-01T12:25:00.000Z' });
  });

  it('gives the same path for the same idempotency key and another for another', async () => {
    const [one, again, other] = [await ask('a-key-0001'), await ask('a-key-0001'), await ask('a-key-0002')];
    expect(one.body['file']).toBe(again.body['file']);
    expect(other.body['file']).not.toBe(one.body['file']);
  });

  it.each([
    ['unknown-feed', { ...wanted, feed: 'medical-insurance/none' }],
    ['bad-period', { ...wanted, period: '2024-13' }],
    ['bad-file-name', { ...wanted, name: '../../x.csv' }],
    ['bad-file-name', { ...wanted, name: 'x.exe' }],
    ['bad-file-name', { ...wanted, name: 'a\u0000.csv' }],
  ])('refuses with %s: %j', async (code, body) => {
    expect(await ask(undefined, body)).toMatchObject({ status: 422, body: { code } });
  });

  it('refuses an idempotency key that is too short', async () => {
    expect((await ask('k')).status).toBe(400);
  });

  it('hands a direct upload to the host and answers what was taken', async () => {
    const { app } = demoApi(undefined, {
      directUpload: { receive: async (token, body) => ({ file: token, size: (await new Response(body).text()).length }) },
    });
    const response = await app.request('/api/v1/uploads/t.s', { method: 'PUT', body: 'abc' });
    expect([response.status, await response.json()]).toEqual([201, { file: 't.s', size: 3 }]);
  });

  it('answers a refused direct upload with its reason', async () => {
    const { app } = demoApi(undefined, {
      directUpload: { receive: () => Promise.reject(new PermanentError('upload-too-large', 'x')) },
    });
    expect((await app.request('/api/v1/uploads/t', { method: 'PUT', body: 'abc' })).status).toBe(413);
  });
});
