import { describe, expect, it } from 'vitest';
import { roles } from '../../../shared/access/principal.ts';
import { warning } from '../../builders/standings.ts';
import { demoApi, educationFile, inside, jsonBody, medicalFile, outside, PURPOSE, userOf } from './demo-api.ts';

interface Route {
  readonly name: string;
  /** Within the user's area or department, and outside it. */
  readonly targets: { readonly inside: readonly [string, RequestInit?]; readonly outside: readonly [string, RequestInit?] };
  /** `inside/outside` status for each role, in the order of `roles`. */
  readonly expected: string;
}

const get = (path: string): readonly [string, RequestInit] => [path, { headers: PURPOSE }];
const both = (target: readonly [string, RequestInit?]) => ({ inside: target, outside: target });
const upload = (feed: string) => ['/api/v1/uploads', jsonBody({ feed, period: '2024-03', name: '住院.csv' })] as const;

// Roles: department coordinator caseworker handler supervisor auditor system-admin security-admin audit-admin
const table: readonly Route[] = [
  { name: 'GET /', targets: both(['/']), expected: '200/200 200/200 200/200 200/200 200/200 200/200 200/200 200/200 200/200' },
  {
    name: 'GET /docs',
    targets: both(['/api/v1/docs']),
    expected: '200/200 200/200 200/200 200/200 200/200 200/200 200/200 200/200 200/200',
  },
  {
    name: 'GET /openapi.json',
    targets: both(['/api/v1/openapi.json']),
    expected: '200/200 200/200 200/200 200/200 200/200 200/200 200/200 200/200 200/200',
  },
  {
    name: 'GET /health',
    targets: both(['/api/v1/health']),
    expected: '200/200 200/200 200/200 200/200 200/200 200/200 200/200 200/200 200/200',
  },
  {
    name: 'GET /me',
    targets: both(['/api/v1/me']),
    expected: '200/200 200/200 200/200 200/200 200/200 200/200 200/200 200/200 200/200',
  },
  {
    name: 'GET /feeds',
    targets: both(['/api/v1/feeds']),
    expected: '200/200 200/200 200/200 200/200 200/200 200/200 200/200 403/403 403/403',
  },
  {
    name: 'GET /files',
    targets: {
      inside: get('/api/v1/files?feed=medical-insurance/inpatient-settlement'),
      outside: get('/api/v1/files?feed=education/enrolment'),
    },
    expected: '200/403 403/403 403/403 403/403 200/200 200/200 200/200 403/403 403/403',
  },
  {
    name: 'GET /files/{id}',
    targets: { inside: get(`/api/v1/files/${medicalFile.id}`), outside: get(`/api/v1/files/${educationFile.id}`) },
    expected: '200/403 403/403 403/403 403/403 200/200 200/200 200/200 403/403 403/403',
  },
  {
    name: 'GET /files/{id}/fix-it',
    targets: { inside: get(`/api/v1/files/${medicalFile.id}/fix-it`), outside: get(`/api/v1/files/${educationFile.id}/fix-it`) },
    expected: '200/403 403/403 403/403 403/403 403/403 403/403 403/403 403/403 403/403',
  },
  {
    name: 'POST /uploads',
    targets: { inside: upload('medical-insurance/inpatient-settlement'), outside: upload('education/enrolment') },
    expected: '201/403 403/403 403/403 403/403 403/403 403/403 403/403 403/403 403/403',
  },
  {
    name: 'GET /warnings',
    targets: { inside: get('/api/v1/warnings?area=411122100'), outside: get('/api/v1/warnings?area=37') },
    expected: '403/403 200/404 200/404 403/403 200/404 200/404 403/403 403/403 403/403',
  },
  {
    name: 'GET /warnings/{id}',
    targets: { inside: get(`/api/v1/warnings/${warning(1).id}`), outside: get(`/api/v1/warnings/${warning(2).id}`) },
    expected: '403/403 200/404 200/404 200/404 200/404 200/404 403/403 403/403 403/403',
  },
  {
    name: 'GET /households/{id}',
    targets: { inside: get(`/api/v1/households/${inside.household}`), outside: get(`/api/v1/households/${outside.household}`) },
    expected: '403/403 200/404 200/404 403/403 200/404 200/404 403/403 403/403 403/403',
  },
  {
    name: 'POST /search',
    // Outside answers like unknown: an empty list.
    targets: {
      inside: ['/api/v1/search', jsonBody({ number: inside.number })],
      outside: ['/api/v1/search', jsonBody({ number: outside.number })],
    },
    expected: '403/403 403/403 200/200 403/403 200/200 200/200 403/403 403/403 403/403',
  },
  {
    name: 'PUT /uploads/{token} where the host takes no direct uploads',
    targets: both(['/api/v1/uploads/x', { method: 'PUT', body: 'x' }]),
    expected: '404/404 404/404 404/404 404/404 404/404 404/404 404/404 404/404 404/404',
  },
];

describe('every route, every role, inside and outside the user’s scope', () => {
  for (const route of table) {
    route.expected.split(' ').forEach((cell, column) => {
      const role = roles[column];
      if (role === undefined) throw new Error('more cells than roles');
      it(`${route.name} answers ${role} with ${cell}`, async () => {
        const { app } = demoApi(userOf(role));
        const within = await app.request(...route.targets.inside);
        const beyond = await app.request(...route.targets.outside);
        expect(`${within.status}/${beyond.status}`).toBe(cell);
      });
    });
    it(`${route.name} has an expectation for each role`, () => {
      expect(route.expected.split(' ')).toHaveLength(roles.length);
    });
  }

  it.each(table.filter((route) => route.expected.includes('403')).map((route) => [route.name, route] as const))(
    '%s answers 401 without a sign-in',
    async (_, route) => {
      const response = await demoApi(undefined).app.request(...route.targets.inside);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
    },
  );

  it('covers every operation of the OpenAPI document', async () => {
    const response = await demoApi(undefined).app.request('/api/v1/openapi.json');
    const { paths } = (await response.json()) as { paths: Record<string, Record<string, unknown>> };
    const documented = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`),
    );
    const tested = new Set(table.map((route) => route.name));
    expect(documented.filter((operation) => !tested.has(operation))).toEqual([]);
  });
});
