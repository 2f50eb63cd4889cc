import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseFamilyFiles } from '../../infra/local/demo-county/case-families.ts';
import type { Period } from '../../shared/calendar/period.ts';
import { ask, eventually, type RunningHost, scratch, signIn, startHost } from './running-host.ts';

const NOW = '2024-04-05T09:00:00+08:00';
const UPLOAD = { feed: 'medical-insurance/inpatient-settlement', period: '2024-03', name: '住院结算.csv' };

interface Problem {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

let dataDir = '';
let remove = async () => {};
let host: RunningHost;
let province = '';
let bureau = '';

beforeAll(async () => {
  const folder = await scratch('hostile');
  dataDir = join(folder.root, 'data');
  remove = folder.remove;
  host = await startHost(dataDir, ['--households', '20', '--now', NOW]);
  [province, bureau] = await Promise.all([signIn(host.address, 'province'), signIn(host.address, 'databureau')]);
});

afterAll(async () => {
  await host.stop();
  await remove();
});

async function problemOf(response: Response): Promise<Problem & { status: number }> {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  return { status: response.status, ...((await response.json()) as Problem) };
}

/** A request exactly as written: no address is tidied up on the way. */
function raw(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<{ status: number; body: string }> {
  const { port } = new URL(host.address);
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}

function upload(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${host.address}/api/v1/uploads`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${bureau}`, 'content-type': 'application/json', ...headers },
  });
}

describe('requests without a right to an answer', () => {
  it('are told in their language to sign in', async () => {
    const zh = await problemOf(await fetch(`${host.address}/api/v1/warnings`));
    expect(zh).toMatchObject({ status: 401, code: 'unauthenticated', title: '未登录或登录已过期' });
    const en = await problemOf(await fetch(`${host.address}/api/v1/warnings`, { headers: { 'accept-language': 'en' } }));
    expect(en).toMatchObject({ status: 401, title: 'Not signed in' });
  });

  it.each(['', 'Bearer', 'Bearer null', 'Basic cHJvdmluY2U6cHJvdmluY2UtZGVtbw==', `Bearer ${'a'.repeat(3_000)}.b.c`])(
    'are not let in with the authorization "%.20s"',
    async (authorization) => {
      const response = await fetch(`${host.address}/api/v1/warnings`, { headers: { authorization, 'x-purpose': 'audit' } });
      expect(response.status).toBe(401);
    },
  );

  it('are refused without a purpose, or with one that is neither a code nor a case number', async () => {
    for (const purpose of ['', 'because', `C-${'4'.repeat(18)}`]) {
      const response = await ask(host.address, '/api/v1/warnings', province, { 'x-purpose': purpose });
      expect(await problemOf(response)).toMatchObject({ status: 400, code: 'purpose-required' });
    }
  });

  it('see nothing outside their area, and no household at all as a department or an administrator', async () => {
    const { items } = (await (await ask(host.address, '/api/v1/warnings', province)).json()) as {
      items: { area: string; household: string }[];
    };
    const elsewhere = items.find((one) => !one.area.startsWith('411122'));
    expect(elsewhere).toBeDefined();
    const statusFor = async (user: string) =>
      (await ask(host.address, `/api/v1/households/${elsewhere?.household}`, await signIn(host.address, user))).status;
    expect(await statusFor('province')).toBe(200);
    expect(await statusFor('supervisor')).toBe(404);
    expect(await statusFor('medical')).toBe(403);
    expect(await statusFor('sysadmin')).toBe(403);
  });

  it('must wait after five wrong passwords, even with the right one', async () => {
    const enter = (password: string) =>
      fetch(`${host.address}/sign-in`, { method: 'POST', body: JSON.stringify({ user: 'handler', password }) });
    for (let attempt = 1; attempt <= 5; attempt += 1) expect((await enter('wrong')).status).toBe(401);
    const refused = await enter('handler-demo');
    expect(refused.headers.get('retry-after')).toBe('900');
    expect(await problemOf(refused)).toMatchObject({ status: 429, code: 'too-many-attempts' });
  });
});

describe('requests that are not as they should be', () => {
  it.each([
    '/api/v1/files/..%2f..%2fkeys.json',
    '/api/v1/files/../../keys.json',
    '/api/v1/households/%00',
    '/api/v1/households/%ff',
    '/api/v1/households/..%2f..%2fkeys.json',
    '/../keys.json',
    '/keys.json',
    '/inbox/',
    '//etc/passwd',
  ])('get a problem and nothing else at %s', async (path) => {
    const { status, body } = await raw(path, { authorization: `Bearer ${province}`, 'x-purpose': 'audit' });
    expect([400, 404]).toContain(status);
    expect(body).toContain('urn:aidwatch:problem:');
    expect(body).not.toContain('pseudonymKey');
  });

  it.each([
    ['cursor=abc', 'bad-cursor'],
    [`cursor=${'A'.repeat(3_000)}`, 'bad-cursor'],
    ['limit=100000', 'bad-request'],
    ['limit=-1', 'bad-request'],
    ['area=%27%20OR%201=1', 'bad-request'],
    ['status=everything', 'bad-request'],
  ])('are told what is wrong with ?%.20s', async (query, code) => {
    expect(await problemOf(await ask(host.address, `/api/v1/warnings?${query}`, province))).toMatchObject({ status: 400, code });
  });

  it('end at a header or an address beyond all measure', async () => {
    expect((await raw(`/api/v1/health?${'a'.repeat(60_000)}`)).status).toBe(431);
    expect((await raw('/api/v1/health', { 'x-large': 'a'.repeat(60_000) })).status).toBe(431);
  });

  it('get a problem for a body that is too large or no JSON', async () => {
    const post = (path: string, body: string) =>
      fetch(`${host.address}${path}`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${province}`, 'x-purpose': 'enquiry', 'content-type': 'application/json' },
      });
    for (const path of ['/sign-in', '/api/v1/search']) {
      expect(await problemOf(await post(path, JSON.stringify({ name: 'a'.repeat(60_000) }))), path).toMatchObject({
        status: 400,
      });
      expect(await problemOf(await post(path, '{"name":')), path).toMatchObject({ status: 400 });
    }
  });

  it('get no permission for other origins', async () => {
    const response = await fetch(`${host.address}/api/v1/warnings`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example' },
    });
    expect(response.status).toBe(405);
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('uploads', () => {
  it.each([
    ['a path', { ...UPLOAD, name: '../../../keys.json' }, 'bad-file-name'],
    ['a line break', { ...UPLOAD, name: 'a\r\nset-cookie: x.csv' }, 'bad-file-name'],
    ['a hidden file', { ...UPLOAD, name: '.csv' }, 'bad-file-name'],
    ['another folder as its feed', { ...UPLOAD, feed: 'medical-insurance/../..' }, 'unknown-feed'],
    ['a thirteenth month', { ...UPLOAD, period: '2024-13' }, 'bad-period'],
  ])('are refused with %s', async (_, body, code) => {
    expect(await problemOf(await upload(body))).toMatchObject({ code });
  });

  it('are refused to another department', async () => {
    const medical = await signIn(host.address, 'medical');
    const response = await upload({ ...UPLOAD, feed: 'education/enrolment' }, { authorization: `Bearer ${medical}` });
    expect(await problemOf(response)).toMatchObject({ status: 403 });
  });

  it('are taken at their own link only, and are read like a file dropped into the inbox', async () => {
    const bytes = caseFamilyFiles('yantai', '2024-02' as Period).find(({ path }) => path.includes('inpatient'))?.bytes;
    const ticket = (await (await upload(UPLOAD)).json()) as { url: string; file: string };
    const put = (url: string, body: Uint8Array<ArrayBuffer> | string) =>
      fetch(new URL(url, host.address), { method: 'PUT', body });
    expect(await problemOf(await put(`${ticket.url.slice(0, -4)}AAAA`, 'x'))).toMatchObject({ code: 'upload-link-invalid' });
    expect((await put(ticket.url, Uint8Array.from(bytes ?? []))).status).toBe(201);
    const file = await eventually(
      async () => {
        const { items } = (await (await ask(host.address, '/api/v1/files', bureau)).json()) as {
          items: { file: string; receipt: { status: string } | null }[];
        };
        return items.find((one) => one.file === ticket.file && one.receipt !== null);
      },
      (found) => found !== undefined,
    );
    expect(['accepted', 'partly']).toContain(file?.receipt?.status);
  });

  it('of rubbish are refused with a receipt, and the host goes on', async () => {
    const ticket = (await (await upload({ ...UPLOAD, name: '乱码.csv' })).json()) as { url: string; file: string };
    expect((await fetch(new URL(ticket.url, host.address), { method: 'PUT', body: randomBytes(50_000) })).status).toBe(201);
    const receipt = await eventually(
      () => readFile(join(dataDir, 'receipts', `${ticket.file}.json`), 'utf8').catch(() => undefined),
      (text) => text !== undefined,
    );
    expect(JSON.parse(receipt ?? '{}')).toMatchObject({ status: 'refused' });
    expect((await fetch(`${host.address}/api/v1/health`)).status).toBe(200);
    // Nothing half taken lies about.
    expect(await readdir(join(dataDir, '.unfinished'))).toEqual([]);
  });
});
