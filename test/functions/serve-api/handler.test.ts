import type { LambdaContext, LambdaEvent } from 'hono/aws-lambda';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/serve-api/handler.ts';
import { caseId } from '../../builders/cases.ts';
import { demoApi, inside, medicalFile, outside, userOf } from './demo-api.ts';

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** The event of API Gateway's HTTP API for a request: header names in lower case, the body as text or, if it is none, in base64. */
function eventOf({ method = 'GET', path, query = '', headers = {}, body }: Sent) {
  const sent = typeof body === 'string' ? { body, isBase64Encoded: false } : { body: base64(body), isBase64Encoded: true };
  return {
    version: '2.0',
    routeKey: 'ANY /api/v1/{proxy+}',
    rawPath: path,
    rawQueryString: query,
    cookies: ['a=b', 'c=d'],
    headers: { host: 'api.example', ...headers },
    ...(body === undefined ? { isBase64Encoded: false } : sent),
    requestContext: { http: { method, path, sourceIp: '192.0.2.1' }, stage: '$default', domainName: 'api.example' },
  };
}

function base64(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64');
}

const json = { 'content-type': 'application/json', 'x-purpose': 'desk-check', 'accept-language': 'en' };
const purpose = { 'x-purpose': 'desk-check' };
const requests: Readonly<Record<string, Sent>> = {
  'a list with a filter': { path: '/api/v1/warnings', query: 'area=411122&limit=1', headers: purpose },
  'a part of the query stated twice': { path: '/api/v1/warnings', query: 'area=411122&area=37', headers: purpose },
  'a query in percent signs': { path: '/api/v1/warnings', query: 'grade=%E7%B4%A7%E6%80%A5', headers: purpose },
  'a broken percent sign': { path: '/api/v1/warnings', query: 'grade=%E7%zz', headers: purpose },
  'a page': { path: `/api/v1/cases/${caseId(1)}`, headers: purpose },
  'a page beyond the area': { path: `/api/v1/households/${outside.household}`, headers: purpose },
  'no purpose': { path: `/api/v1/households/${inside.household}` },
  'a search': { method: 'POST', path: '/api/v1/search', headers: json, body: JSON.stringify({ name: inside.name }) },
  'a search in base64': {
    method: 'POST',
    path: '/api/v1/search',
    headers: json,
    body: new TextEncoder().encode(`{"name":"${inside.name}"}`),
  },
  'a body that is no JSON': { method: 'POST', path: '/api/v1/search', headers: json, body: '{' },
  'no body': { method: 'POST', path: '/api/v1/search', headers: json },
  'a body too large': {
    method: 'POST',
    path: '/api/v1/search',
    headers: json,
    body: JSON.stringify({ name: 'x'.repeat(20_000) }),
  },
  'a body of bytes': {
    method: 'POST',
    path: `/api/v1/cases/${caseId(1)}/attachments`,
    query: 'kind=photo',
    headers: purpose,
    body: new Uint8Array([0xff, 0, 0x80]),
  },
  'a GET with a body, which says nothing': { path: '/api/v1/me', headers: json, body: '{"a":1}' },
  'the head alone': { method: 'HEAD', path: '/api/v1/me' },
  'the head alone, with a body': { method: 'HEAD', path: '/api/v1/me', body: 'x' },
  'another method': { method: 'DELETE', path: '/api/v1/me', body: 'x' },
  'an address there is not': { path: '/api/v1/none' },
  'an address with its slash': { path: '/api/v1/me/' },
  'an identity number in the address': { path: `/api/v1/households/${inside.number}`, headers: purpose },
  'the document in English': { path: '/api/v1/openapi.json', headers: { 'accept-language': 'en' } },
  'a receipt': { path: `/api/v1/files/${medicalFile.id}` },
};

describe('behind API Gateway', () => {
  it.each(Object.entries(requests))('%s is answered as on one machine', async (_, sent) => {
    const user = userOf('supervisor');
    const init: RequestInit = { method: sent.method ?? 'GET', headers: { ...sent.headers } };
    // The host of one machine leaves the body of these on the line.
    if (sent.body !== undefined && init.method !== 'GET' && init.method !== 'HEAD') init.body = Buffer.from(sent.body);
    const address = `https://api.example${sent.path}${sent.query === undefined ? '' : `?${sent.query}`}`;
    const here = await demoApi(user).app.request(address, init);
    const there = await createHandler(demoApi(user).deps)(eventOf(sent) as unknown as LambdaEvent, {} as LambdaContext);
    const body = there.isBase64Encoded ? Buffer.from(there.body, 'base64').toString('utf8') : there.body;
    expect([there.statusCode, there.headers, body]).toEqual([here.status, Object.fromEntries(here.headers), await here.text()]);
  });
});
