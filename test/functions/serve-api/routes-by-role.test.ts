import { describe, expect, it } from 'vitest';
import { roles } from '../../../shared/access/principal.ts';
import { caseId } from '../../builders/cases.ts';
import { warning } from '../../builders/standings.ts';
import {
  countyFinding,
  demoApi,
  educationFile,
  foreignFinding,
  foreignNotice,
  inside,
  jsonBody,
  medicalFile,
  medicalFinding,
  medicalNotice,
  outside,
  PURPOSE,
  userOf,
} from './demo-api.ts';

interface Route {
  readonly name: string;
  /** Within the user's area or department, and outside it. */
  readonly targets: { readonly inside: readonly [string, RequestInit?]; readonly outside: readonly [string, RequestInit?] };
  /** `inside/outside` status for each role, in the order of `roles`. */
  readonly expected: string;
}

const get = (path: string): readonly [string, RequestInit] => [path, { headers: PURPOSE }];
const act = (body: unknown) => jsonBody(body, { ...PURPOSE, 'idempotency-key': 'test-key-1' });
const PNG = new Uint8Array(
  Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=', 'base64'),
);
const picture = (id: string) =>
  [`/api/v1/cases/${id}/attachments?kind=photo`, { method: 'POST', headers: PURPOSE, body: PNG }] as const;
const noNeedVisit = {
  id: '6f1c0c3e-9a52-4f0e-8f0a-2f6c1d9b7a11',
  means: 'home',
  visitedAt: '2024-04-01T02:00:00.000Z',
  investigators: ['王'],
  truth: 'T1',
  proposed: ['A0'],
  baseVersion: 1,
};
const newFinding = (id: string) => ({ subject: { kind: 'case', id }, code: 'overdue', text: '超期', due: '2024-05-31' });
const march = { report: 'visit-ledger', from: '2024-03-01', to: '2024-03-31' };
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
    name: 'GET /households/{id}/reads',
    targets: {
      inside: get(`/api/v1/households/${inside.household}/reads`),
      outside: get(`/api/v1/households/${outside.household}/reads`),
    },
    expected: '403/403 403/403 403/403 403/403 200/404 200/404 403/403 403/403 403/403',
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
    name: 'GET /cases',
    targets: { inside: get('/api/v1/cases?area=411122100'), outside: get('/api/v1/cases?area=37') },
    expected: '403/403 200/404 200/404 403/403 200/404 200/404 403/403 403/403 403/403',
  },
  {
    name: 'GET /cases/changes',
    targets: {
      inside: get('/api/v1/cases/changes?area=411122100&wait=0'),
      outside: get('/api/v1/cases/changes?area=37&wait=0'),
    },
    expected: '403/403 200/404 200/404 403/403 200/404 200/404 403/403 403/403 403/403',
  },
  {
    name: 'GET /cases/counts',
    targets: { inside: get('/api/v1/cases/counts?area=411122100'), outside: get('/api/v1/cases/counts?area=37') },
    expected: '403/403 200/404 200/404 403/403 200/404 200/404 403/403 403/403 403/403',
  },
  {
    name: 'GET /dashboard',
    targets: { inside: get('/api/v1/dashboard?area=411122100'), outside: get('/api/v1/dashboard?area=37') },
    expected: '403/403 403/403 200/404 403/403 200/404 200/404 403/403 403/403 403/403',
  },
  {
    name: 'GET /cases/{id}',
    targets: { inside: get(`/api/v1/cases/${caseId(1)}`), outside: get(`/api/v1/cases/${caseId(2)}`) },
    expected: '403/403 200/404 200/404 403/403 200/404 200/404 403/403 403/403 403/403',
  },
  {
    name: 'POST /cases/{id}/actions',
    targets: {
      inside: [`/api/v1/cases/${caseId(1)}/actions`, act({ action: 'comment', note: '已电话联系' })],
      outside: [`/api/v1/cases/${caseId(2)}/actions`, act({ action: 'comment', note: '已电话联系' })],
    },
    expected: '403/403 200/404 200/404 200/404 200/404 403/403 403/403 403/403 403/403',
  },
  {
    name: 'POST /cases/actions',
    // Outside answers case by case, like unknown.
    targets: both(['/api/v1/cases/actions', act({ cases: [caseId(2)], action: { action: 'comment', note: '已联系' } })]),
    expected: '403/403 200/200 200/200 200/200 200/200 403/403 403/403 403/403 403/403',
  },
  {
    name: 'POST /cases/{id}/attachments',
    targets: { inside: picture(caseId(1)), outside: picture(caseId(2)) },
    expected: '403/403 201/404 201/404 403/403 201/404 403/403 403/403 403/403 403/403',
  },
  {
    name: 'GET /cases/{id}/attachments/{attachment}',
    // No case of the test has one, so that it is unknown wherever the role may ask.
    targets: {
      inside: get(`/api/v1/cases/${caseId(1)}/attachments/${'0'.repeat(64)}`),
      outside: get(`/api/v1/cases/${caseId(2)}/attachments/${'0'.repeat(64)}`),
    },
    expected: '403/403 404/404 404/404 403/403 404/404 404/404 403/403 403/403 403/403',
  },
  {
    name: 'GET /households/{id}/cases',
    targets: {
      inside: get(`/api/v1/households/${inside.household}/cases`),
      outside: get(`/api/v1/households/${outside.household}/cases`),
    },
    expected: '403/403 200/404 200/404 403/403 200/404 200/404 403/403 403/403 403/403',
  },
  {
    name: 'GET /cases/{id}/offers',
    targets: { inside: get(`/api/v1/cases/${caseId(1)}/offers`), outside: get(`/api/v1/cases/${caseId(2)}/offers`) },
    expected: '403/403 200/404 200/404 403/403 200/404 200/404 403/403 403/403 403/403',
  },
  {
    name: 'GET /households/{id}/chain',
    targets: {
      inside: get(`/api/v1/households/${inside.household}/chain`),
      outside: get(`/api/v1/households/${outside.household}/chain`),
    },
    expected: '403/403 200/404 200/404 403/403 200/404 200/404 403/403 403/403 403/403',
  },
  {
    name: 'POST /applications',
    targets: {
      inside: ['/api/v1/applications', act({ household: inside.household, channel: 'family', statement: '孩子住院' })],
      outside: ['/api/v1/applications', act({ household: outside.household, channel: 'family', statement: '孩子住院' })],
    },
    expected: '403/403 200/404 200/404 403/403 200/404 403/403 403/403 403/403 403/403',
  },
  {
    name: 'GET /visit-packs/{area}',
    targets: { inside: get(`/api/v1/visit-packs/${inside.area}`), outside: get(`/api/v1/visit-packs/${outside.area}`) },
    expected: '403/403 200/404 200/404 403/403 200/404 200/404 403/403 403/403 403/403',
  },
  {
    name: 'POST /visit-submissions',
    // Outside answers case by case, like unknown.
    targets: both(['/api/v1/visit-submissions', act({ visits: [{ case: caseId(2), visit: noNeedVisit }] })]),
    expected: '403/403 200/200 200/200 200/200 200/200 403/403 403/403 403/403 403/403',
  },
  {
    name: 'GET /inbox',
    targets: { inside: get('/api/v1/inbox?department=medical-insurance'), outside: get('/api/v1/inbox?department=education') },
    expected: '403/403 403/403 403/403 200/403 403/403 403/403 403/403 403/403 403/403',
  },
  {
    name: 'POST /inbox/{id}/{referral}/answers',
    // The case of the test waits for its visit, so that an answer is out of turn: 409 where it would be taken.
    targets: {
      inside: [`/api/v1/inbox/${caseId(1)}/R1/answers`, act({ kind: 'accept' })],
      outside: [`/api/v1/inbox/${caseId(2)}/R1/answers`, act({ kind: 'accept' })],
    },
    expected: '403/403 409/404 409/404 409/404 409/404 403/403 403/403 403/403 403/403',
  },
  {
    name: 'GET /corrections',
    targets: {
      inside: get('/api/v1/corrections?area=411122100&department=medical-insurance'),
      outside: get('/api/v1/corrections?area=37'),
    },
    expected: '200/404 403/403 403/403 403/403 200/404 200/404 403/403 403/403 403/403',
  },
  {
    name: 'GET /corrections of a department',
    targets: {
      inside: get('/api/v1/corrections?department=medical-insurance'),
      outside: get('/api/v1/corrections?department=education'),
    },
    expected: '200/403 403/403 403/403 403/403 200/200 200/200 403/403 403/403 403/403',
  },
  {
    name: 'GET /corrections/{id}',
    targets: {
      inside: get(`/api/v1/corrections/${medicalNotice.id}`),
      outside: get(`/api/v1/corrections/${foreignNotice.id}`),
    },
    expected: '200/404 403/403 403/403 403/403 200/404 200/404 403/403 403/403 403/403',
  },
  {
    name: 'POST /corrections/{id}/answer',
    targets: {
      inside: [`/api/v1/corrections/${medicalNotice.id}/answer`, act({ kind: 'upheld', reason: 'as-in-papers' })],
      outside: [`/api/v1/corrections/${foreignNotice.id}/answer`, act({ kind: 'upheld', reason: 'as-in-papers' })],
    },
    expected: '200/404 403/403 403/403 403/403 403/403 403/403 403/403 403/403 403/403',
  },
  {
    name: 'GET /scorecard',
    targets: {
      inside: get('/api/v1/scorecard?from=2024-03-01&to=2024-04-30&department=medical-insurance'),
      outside: get('/api/v1/scorecard?from=2024-03-01&to=2024-04-30&department=education'),
    },
    expected: '200/403 403/403 403/403 403/403 200/200 200/200 403/403 403/403 403/403',
  },
  {
    name: 'GET /limits',
    targets: both(get('/api/v1/limits')),
    expected: '403/403 200/200 200/200 200/200 200/200 200/200 200/200 403/403 403/403',
  },
  {
    name: 'GET /codes',
    targets: both(get('/api/v1/codes')),
    expected: '403/403 200/200 200/200 200/200 200/200 200/200 200/200 403/403 403/403',
  },
  {
    name: 'GET /report-kinds',
    targets: both(['/api/v1/report-kinds']),
    expected: '403/403 403/403 403/403 403/403 200/200 200/200 403/403 403/403 403/403',
  },
  {
    name: 'POST /reports',
    targets: {
      inside: ['/api/v1/reports', act({ ...march, area: '411122104' })],
      outside: ['/api/v1/reports', act({ ...march, area: '37' })],
    },
    expected: '403/403 403/403 403/403 403/403 202/403 202/403 403/403 403/403 403/403',
  },
  {
    name: 'POST /reports of those for auditors',
    targets: {
      inside: ['/api/v1/reports', act({ ...march, report: 'access-log' })],
      outside: ['/api/v1/reports', act({ ...march, report: 'access-log', area: '37' })],
    },
    expected: '403/403 403/403 403/403 403/403 403/403 202/403 403/403 403/403 403/403',
  },
  {
    name: 'GET /reports',
    targets: both(['/api/v1/reports']),
    expected: '403/403 403/403 403/403 403/403 200/200 200/200 403/403 403/403 403/403',
  },
  {
    // Nobody of the table has asked for it: somebody else's report is as unknown as one there is not.
    name: 'GET /reports/{id}',
    targets: both(['/api/v1/reports/R-000000000000000000000000']),
    expected: '403/403 403/403 403/403 403/403 404/404 404/404 403/403 403/403 403/403',
  },
  {
    name: 'GET /reports/{id}/files/{name}',
    targets: both(get('/api/v1/reports/R-000000000000000000000000/files/visit-ledger.csv')),
    expected: '403/403 403/403 403/403 403/403 404/404 404/404 403/403 403/403 403/403',
  },
  {
    name: 'GET /periods',
    targets: both(['/api/v1/periods?from=2024-01&to=2024-03']),
    expected: '403/403 403/403 403/403 403/403 200/200 200/200 403/403 403/403 403/403',
  },
  {
    name: 'POST /periods/{period}/close',
    targets: {
      inside: ['/api/v1/periods/2024-03/close', jsonBody({ area: '411122' })],
      outside: ['/api/v1/periods/2024-03/close', jsonBody({ area: '37' })],
    },
    expected: '403/403 403/403 403/403 403/403 202/403 403/403 403/403 403/403 403/403',
  },
  {
    name: 'GET /audit/roots',
    targets: both(['/api/v1/audit/roots']),
    expected: '403/403 403/403 403/403 403/403 403/403 200/200 403/403 403/403 200/200',
  },
  {
    name: 'GET /pia',
    targets: both(['/api/v1/pia']),
    expected: '403/403 403/403 403/403 403/403 200/200 200/200 200/200 200/200 200/200',
  },
  {
    name: 'GET /audit/findings',
    targets: { inside: get('/api/v1/audit/findings?area=411122'), outside: get('/api/v1/audit/findings?area=37') },
    expected: '200/404 403/403 403/403 403/403 200/404 200/404 403/403 403/403 403/403',
  },
  {
    name: 'GET /audit/findings/{id}',
    targets: {
      inside: get(`/api/v1/audit/findings/${medicalFinding.id}`),
      outside: get(`/api/v1/audit/findings/${foreignFinding.id}`),
    },
    expected: '200/404 403/403 403/403 403/403 200/404 200/404 403/403 403/403 403/403',
  },
  {
    name: 'POST /audit/findings',
    targets: {
      inside: ['/api/v1/audit/findings', act(newFinding(caseId(1)))],
      outside: ['/api/v1/audit/findings', act(newFinding(caseId(2)))],
    },
    expected: '403/403 403/403 403/403 403/403 403/403 201/404 403/403 403/403 403/403',
  },
  {
    name: 'POST /audit/findings/{id}/steps',
    targets: {
      inside: [`/api/v1/audit/findings/${countyFinding.id}/steps`, act({ act: 'answer', text: '已整改' })],
      outside: [`/api/v1/audit/findings/${foreignFinding.id}/steps`, act({ act: 'answer', text: '已整改' })],
    },
    expected: '404/404 403/403 403/403 403/403 200/404 403/403 403/403 403/403 403/403',
  },
  {
    name: 'POST /audit/findings/{id}/steps for a department',
    targets: {
      inside: [`/api/v1/audit/findings/${medicalFinding.id}/steps`, act({ act: 'answer', text: '已整改' })],
      outside: [`/api/v1/audit/findings/${foreignFinding.id}/steps`, act({ act: 'answer', text: '已整改' })],
    },
    expected: '200/404 403/403 403/403 403/403 403/404 403/403 403/403 403/403 403/403',
  },
  {
    name: 'POST /audit/findings/{id}/steps of the auditor',
    targets: {
      inside: [`/api/v1/audit/findings/${countyFinding.id}/steps`, act({ act: 'withdraw', text: '误提' })],
      outside: [`/api/v1/audit/findings/${foreignFinding.id}/steps`, act({ act: 'withdraw', text: '误提' })],
    },
    expected: '403/403 403/403 403/403 403/403 403/403 200/404 403/403 403/403 403/403',
  },
  {
    name: 'GET /staff',
    targets: both(get('/api/v1/staff')),
    expected: '403/403 403/403 200/200 403/403 200/200 200/200 403/403 200/200 403/403',
  },
  {
    name: 'PUT /staff/{id}',
    targets: both([
      '/api/v1/staff/worker-1',
      { ...act({ name: '王', roles: ['coordinator'], areas: ['411122100201'], departments: [] }), method: 'PUT' },
    ]),
    expected: '403/403 403/403 403/403 403/403 403/403 403/403 403/403 200/200 403/403',
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

  it('refuses an auditor every request that would write, but for findings of audit', async () => {
    for (const { name, targets, expected } of table) {
      const [path, init] = targets.inside;
      if (init?.method === undefined || init.method === 'GET') continue;
      const readsOnly = name === 'POST /search' || name.startsWith('POST /reports');
      const cell = expected.split(' ')[roles.indexOf('auditor')];
      const ofFindings = path.startsWith('/api/v1/audit/findings');
      const refused = cell?.startsWith('403') === true || cell === '404/404';
      expect([name, refused || readsOnly || ofFindings]).toEqual([name, true]);
    }
  });

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
