import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { actionExamples, answerExamples, correctionExamples } from '../../../functions/serve-api/action-examples.ts';
import { createApp } from '../../../functions/serve-api/app.ts';
import { ActionBody, AnswerBody } from '../../../functions/serve-api/case-schemas.ts';
import { CorrectionAnswerBody } from '../../../functions/serve-api/correction-schemas.ts';
import { readerPage } from '../../../functions/serve-api/reader-page.ts';
import { openEmbedded } from '../../../shared/adapters/embedded/open-embedded.ts';
import { RetryLaterError } from '../../../shared/ports/errors.ts';
import { LogCode } from '../../../shared/ports/log.ts';
import type { Warning } from '../../../shared/warnings/warning.ts';
import { householdId, standingChange, warning } from '../../builders/standings.ts';
import { withFolder } from '../../shared/adapters/embedded/data-folder.ts';
import { DIAGNOSIS, demoApi, inside, jsonBody, medicalFile, outside, PURPOSE, pseudonyms, userOf, VILLAGE } from './demo-api.ts';

const household = `/api/v1/households/${inside.household}`;

describe('household page', () => {
  it('shows a caseworker the name, a masked number and the diagnosis', async () => {
    const { app } = demoApi(userOf('caseworker'));
    const body = await (await app.request(household, { headers: PURPOSE })).json();
    expect(body).toMatchObject({
      id: inside.household,
      area: inside.area,
      asOf: '2024-04-01',
      provisional: false,
      category: 'near-poor',
      categoryTitle: { zh: '低保边缘' },
      members: [
        { name: inside.name, number: `4111**********${inside.number.slice(14)}`, birth: '1956-08-19', head: true, current: true },
      ],
      categories: [{ category: 'near-poor', from: '2023-01-01', to: null }],
      facts: [{ from: '2024-03-12', file: medicalFile.path, row: 4, fields: { selfPaid: 500_000, diagnosisName: DIAGNOSIS } }],
      assessments: [{ family: 'entry', pack: 'henan-low-income' }],
      warnings: {
        open: [{ id: warning(1).id, reasons: [{ evidence: [{ file: medicalFile.path, row: 4, amount: 500_000 }] }] }],
        past: [],
      },
    });
  });

  it.each([
    ['coordinator', { name: inside.name, number: null, birth: '1956' }],
    ['auditor', { name: '张*', number: `4111**********${inside.number.slice(14)}`, birth: '1956' }],
  ] as const)('shows a %s no diagnosis and only what the role needs', async (role, member) => {
    const text = await (await demoApi(userOf(role)).app.request(household, { headers: PURPOSE })).text();
    expect(JSON.parse(text)).toMatchObject({ members: [member] });
    expect(text).not.toContain(DIAGNOSIS);
    expect(text).not.toContain(inside.number);
  });

  it('refuses an identity number in the address', async () => {
    const { app } = demoApi(userOf('caseworker'));
    const response = await app.request(`/api/v1/households/${inside.number}`, { headers: PURPOSE });
    expect(response.status).toBe(400);
  });
});

describe('trail of reads', () => {
  it('records who read which household and why, before the answer', async () => {
    const { app, events } = demoApi(userOf('caseworker'));
    await app.request(household, { headers: { 'x-purpose': 'C-2024-000123' } });
    expect(events).toMatchObject([
      {
        type: 'data.read',
        actor: 'user-caseworker',
        subject: { household: inside.household },
        data: { action: 'household.read', purpose: 'C-2024-000123', found: 1 },
      },
    ]);
  });

  it('names every household a list showed in one event', async () => {
    const { app, events } = demoApi(userOf('supervisor', ['']));
    await app.request('/api/v1/warnings', { headers: PURPOSE });
    expect(events).toMatchObject([
      { type: 'data.read', subject: { households: `${inside.household} ${outside.household}` }, data: { found: 2 } },
    ]);
  });

  it('tells the household’s auditor who looked, in which role and for what, and records that too', async () => {
    const { app, events, deps } = demoApi(userOf('caseworker'));
    await app.request(household, { headers: { 'x-purpose': 'C-2024-000123' } });
    const auditing = createApp({ ...deps, authenticate: async () => userOf('auditor') });
    const response = await auditing.request(`${household}/reads?from=2024-03-01`, { headers: { 'x-purpose': 'enquiry' } });
    expect(await response.json()).toMatchObject({
      items: [
        {
          event: events[0]?.id,
          by: 'user-caseworker',
          roles: [{ role: 'caseworker', title: { zh: '乡镇经办人', en: 'township caseworker' } }],
          departments: ['medical-insurance'],
          searched: false,
          actionTitle: { zh: '家庭页或救助链' },
          purposeTitle: { zh: '办件 C-2024-000123', en: 'case C-2024-000123' },
          households: 1,
        },
      ],
      next: null,
    });
    expect(events.at(-1)).toMatchObject({
      actor: 'user-auditor',
      data: { action: 'household.reads', purpose: 'enquiry', found: 1 },
    });
  });

  it('never holds what was searched for, nor do the logs', async () => {
    const { app, events, logged } = demoApi(userOf('caseworker'));
    await app.request('/api/v1/search', jsonBody({ number: inside.number }));
    await app.request('/api/v1/search', jsonBody({ name: inside.name }));
    await app.request(`/api/v1/households/${inside.number}`, { headers: PURPOSE });
    expect(events.map((event) => event.type)).toEqual(['data.searched', 'data.searched']);
    const kept = JSON.stringify([events, logged]);
    for (const secret of [inside.number, inside.name, pseudonyms.name(inside.name)]) expect(kept).not.toContain(secret);
  });

  it('answers nothing when the read cannot be recorded', async () => {
    const { app } = demoApi(userOf('caseworker'), {
      eventLog: { append: () => Promise.reject(new RetryLaterError('store is away')) },
    });
    const response = await app.request(household, { headers: PURPOSE });
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain(inside.name);
  });

  it('records nothing when the reader is refused', async () => {
    const { app, events } = demoApi(userOf('caseworker'));
    await app.request(`/api/v1/households/${outside.household}`, { headers: PURPOSE });
    expect(events).toEqual([]);
  });

  it.each(['', 'because', 'visits', 'C-411122195608190027'])('refuses the purpose "%s"', async (purpose) => {
    const { app, events } = demoApi(userOf('caseworker'));
    const response = await app.request(household, { headers: { 'x-purpose': purpose } });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'purpose-required']);
    expect(events).toEqual([]);
  });
});

describe('cases of a household that never had one', () => {
  const without = () => {
    const { deps, events } = demoApi(userOf('caseworker'));
    const app = createApp({ ...deps, cases: { ...deps.cases, ofHousehold: async () => [] } });
    const ask = (id: string) => app.request(`/api/v1/households/${id}/cases`, { headers: PURPOSE });
    return { ask, events };
  };

  it('are none, and that somebody was told so is on record', async () => {
    const { ask, events } = without();
    expect(await (await ask(inside.household)).json()).toEqual({ items: [], next: null });
    expect(events).toMatchObject([
      { type: 'data.read', subject: { household: inside.household }, data: { action: 'cases.read', found: 0 } },
    ]);
  });

  it('are not found outside the area, in the same words as for a household there is not', async () => {
    const { ask, events } = without();
    const answers = await Promise.all([ask(outside.household), ask(`H${'0'.repeat(24)}`)]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    const [there, nowhere] = await Promise.all(answers.map((answer) => answer.json() as Promise<object>));
    expect({ ...there, instance: '' }).toEqual({ ...nowhere, instance: '' });
    expect(events).toEqual([]);
  });
});

describe('search', () => {
  it('finds a person of the user’s area by number, blanks and lower case forgiven', async () => {
    const { app } = demoApi(userOf('caseworker'));
    const spaced = `${inside.number.slice(0, 6)} ${inside.number.slice(6)}`.toLowerCase();
    const response = await app.request('/api/v1/search', jsonBody({ number: spaced }));
    expect(await response.json()).toMatchObject({ items: [{ household: inside.household, name: inside.name, current: true }] });
  });

  it('does not find namesakes outside the area', async () => {
    const { app } = demoApi(userOf('caseworker'));
    const response = await app.request('/api/v1/search', jsonBody({ name: '张 桂兰' }));
    expect(((await response.json()) as { items: unknown[] }).items).toHaveLength(1);
  });

  it('says what is wrong with a number, without repeating it', async () => {
    const { app } = demoApi(userOf('caseworker'));
    const wrong = `${inside.number.slice(0, 17)}${inside.number.endsWith('7') ? '8' : '7'}`;
    const response = await app.request('/api/v1/search', jsonBody({ number: wrong }));
    const text = await response.text();
    expect(response.status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ code: 'bad-request', errors: [{ where: 'body.number' }] });
    expect(text).not.toContain(wrong);
  });

  it.each([[{}], [{ number: inside.number, name: 'x' }], [{ name: '' }], ['text'], [null]])(
    'refuses the body %j',
    async (body) => {
      const { app } = demoApi(userOf('caseworker'));
      expect((await app.request('/api/v1/search', jsonBody(body))).status).toBe(400);
    },
  );

  it('refuses a body that is no JSON and one that is too large', async () => {
    const { app } = demoApi(userOf('caseworker'));
    const send = (body: string) =>
      app.request('/api/v1/search', { method: 'POST', body, headers: { ...PURPOSE, 'content-length': String(body.length) } });
    expect((await send('{')).status).toBe(400);
    expect((await send(JSON.stringify({ name: 'x'.repeat(20_000) }))).status).toBe(400);
  });
});

describe('warnings list', () => {
  it('asks the store for the user’s areas only, open ones by default', async () => {
    const { app, warningQueries } = demoApi(userOf('caseworker', ['411122', '411103']));
    await app.request('/api/v1/warnings', { headers: PURPOSE });
    await app.request('/api/v1/warnings?area=411122100&grade=urgent&status=any&family=entry&limit=7', { headers: PURPOSE });
    expect(warningQueries).toEqual([
      { areas: ['411122', '411103'], status: 'open', limit: 50 },
      { areas: ['411122100'], grade: 'urgent', family: 'entry', limit: 7 },
    ]);
  });

  it('pages by an opaque cursor that is good for the same question only', async () => {
    const { app, warningQueries } = demoApi(userOf('supervisor', ['']));
    const first = (await (await app.request('/api/v1/warnings?limit=1', { headers: PURPOSE })).json()) as { next: string };
    expect(first.next).toMatch(/^[\w-]+$/);
    await app.request(`/api/v1/warnings?limit=1&cursor=${first.next}`, { headers: PURPOSE });
    expect(warningQueries.at(-1)).toMatchObject({ after: 'page|2' });
    const other = await app.request(`/api/v1/warnings?limit=1&grade=urgent&cursor=${first.next}`, { headers: PURPOSE });
    expect(await other.json()).toMatchObject({ status: 400, code: 'bad-cursor' });
  });

  it('gives no more at a time than a function may answer, however many rows the warnings rest on, and leaves none out', () =>
    withFolder(async (folder) => {
      const stores = openEmbedded(folder);
      const [reason] = warning(1).reasons;
      const [bill] = reason?.evidence ?? [];
      const evidence = Array.from({ length: 150 }, (_, n) => ({ ...bill, file: medicalFile.id, row: 10_000 + n }));
      const reasons = ['a', 'b'].map((indicator) => ({ ...reason, indicator, evidence })) as Warning['reasons'];
      const households = Array.from({ length: 200 }, (_, n) => householdId(n + 1));
      const raised = households.map((_, n) => standingChange(n + 1, 1, { warning: warning(n + 1, { area: VILLAGE, reasons }) }));
      expect(await stores.standings.save(raised)).toEqual([]);
      const { app, events } = demoApi(userOf('supervisor', ['']), { standings: stores.standings });
      const shown: string[] = [];
      for (let next: string | null = ''; next !== null; ) {
        const cursor: string = next === '' ? '' : `&cursor=${next}`;
        const text = await (await app.request(`/api/v1/warnings?limit=200${cursor}`, { headers: PURPOSE })).text();
        expect(Buffer.byteLength(text)).toBeLessThan(6_000_000);
        const page = JSON.parse(text) as { items: { household: string }[]; next: string | null };
        expect(events.at(-1)?.subject['households']?.split(' ')).toEqual(page.items.map(({ household: one }) => one));
        shown.push(...page.items.map(({ household: one }) => one));
        next = page.next;
      }
      expect(shown.toSorted()).toEqual(households);
      stores.close();
    }));

  it.each([
    'limit=0',
    'limit=201',
    'limit=x',
    'status=closed',
    'family=x',
    'area=abc',
    'area=411122%27',
    'cursor=%00',
    'grade=A%20B',
  ])('refuses ?%s', async (query) => {
    const { app } = demoApi(userOf('caseworker'));
    expect((await app.request(`/api/v1/warnings?${query}`, { headers: PURPOSE })).status).toBe(400);
  });
});

describe('problems and headers', () => {
  it('speaks Chinese by default and English when asked', async () => {
    const { app } = demoApi(undefined);
    const zh = await app.request('/api/v1/me');
    const en = await app.request('/api/v1/me', { headers: { 'accept-language': 'fr, en-GB;q=0.8, zh;q=0.5' } });
    expect(zh.headers.get('content-type')).toContain('application/problem+json');
    expect(zh.headers.get('content-language')).toBe('zh-CN');
    expect(await zh.json()).toMatchObject({ status: 401, code: 'unauthenticated', title: '未登录或登录已过期' });
    expect(await en.json()).toMatchObject({ title: 'Not signed in', instance: 'urn:aidwatch:request:request-2' });
  });

  it('says nothing of an unforeseen error but its request number, and logs its name only', async () => {
    const { app, logged } = demoApi(userOf('caseworker'), {
      facts: { ofPersons: () => Promise.reject(new TypeError(`cannot read ${inside.name}`)) },
    });
    const response = await app.request(household, { headers: PURPOSE });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain(inside.name);
    expect(logged).toMatchObject([
      { code: LogCode.RequestFailed, problem: 'internal', error: 'TypeError' },
      { code: LogCode.RequestServed, status: 500, route: '/api/v1/households/:id' },
    ]);
    expect(JSON.stringify(logged)).not.toContain(inside.name);
  });

  it('answers an unknown address with a problem', async () => {
    expect(await (await demoApi(undefined).app.request('/api/v1/nothing')).json()).toMatchObject({ code: 'not-found' });
  });

  it.each([
    ['PUT', '/api/v1/cases', 'GET, HEAD'],
    ['GET', '/api/v1/visit-submissions', 'POST'],
    ['OPTIONS', '/api/v1/reports', 'GET, HEAD, POST'],
    ['DELETE', '/api/v1/cases/C-1', 'GET, HEAD'],
  ])('says of %s %s which methods there are, not that there is nothing', async (method, path, allowed) => {
    const answer = await demoApi(undefined).app.request(path, { method });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allowed]);
    expect(await answer.json()).toMatchObject({ code: 'method-not-allowed' });
  });

  it('answers an unknown address with a problem when a host mounts it beside other routes', async () => {
    const response = await new Hono().route('/', demoApi(undefined).app).request('/api/v2/x', { method: 'DELETE' });
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
  });

  it('sends security headers, no store, and no permission for other origins', async () => {
    const response = await demoApi(userOf('caseworker')).app.request(household, {
      headers: { ...PURPOSE, origin: 'https://x.example' },
    });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('reader page and OpenAPI', () => {
  it('serves a page under 40 kB whose only script is the one the policy names', async () => {
    const response = await demoApi(undefined).app.request('/');
    const page = await response.text();
    expect(page).toBe(readerPage.html);
    expect(Buffer.byteLength(page)).toBeLessThan(40_000);
    expect(page).not.toMatch(/(src|href)="https?:/);
    const script = /<script>([\s\S]*)<\/script>/.exec(page)?.[1] ?? '';
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(script))).toString('base64');
    expect(response.headers.get('content-security-policy')).toContain(`script-src 'sha256-${digest}'`);
    expect(() => new Function(script)).not.toThrow();
  });

  it('describes every operation in both languages, with the purpose header where personal data is read', async () => {
    const { app } = demoApi(undefined);
    const zh = (await (await app.request('/api/v1/openapi.json')).json()) as Doc;
    const en = (await (await app.request('/api/v1/openapi.json', { headers: { 'accept-language': 'en' } })).json()) as Doc;
    expect(zh.openapi).toBe('3.1.1');
    expect(zh.paths['/api/v1/warnings']?.['get']?.summary).toBe('预警列表，最紧急的在前');
    expect(en.paths['/api/v1/warnings']?.['get']?.summary).toBe('Warnings, most urgent first');
    const purposeful = Object.entries(en.paths).flatMap(([path, item]) =>
      Object.values(item)
        .filter((op) => op.parameters?.some((one) => one.name === 'X-Purpose' && one.required))
        .map(() => path),
    );
    expect(purposeful).toEqual([
      '/api/v1/warnings',
      '/api/v1/warnings/{id}',
      '/api/v1/households/{id}',
      '/api/v1/search',
      '/api/v1/files/{id}/fix-it',
      '/api/v1/cases',
      '/api/v1/cases/changes',
      '/api/v1/cases/counts',
      '/api/v1/cases/{id}',
      '/api/v1/cases/{id}/actions',
      '/api/v1/cases/actions',
      '/api/v1/cases/{id}/attachments',
      '/api/v1/cases/{id}/attachments/{attachment}',
      '/api/v1/households/{id}/cases',
      '/api/v1/cases/{id}/offers',
      '/api/v1/households/{id}/chain',
      '/api/v1/applications',
      '/api/v1/visit-packs/{area}',
      '/api/v1/visit-submissions',
      '/api/v1/inbox',
      '/api/v1/inbox/{id}/{referral}/answers',
      '/api/v1/corrections',
      '/api/v1/corrections/{id}',
      '/api/v1/corrections/{id}/answer',
      '/api/v1/reports',
      '/api/v1/reports/{id}/files/{name}',
      '/api/v1/households/{id}/reads',
      '/api/v1/audit/findings',
      '/api/v1/audit/findings',
      '/api/v1/audit/findings/{id}',
      '/api/v1/audit/findings/{id}/steps',
    ]);
  });

  it('gives examples that may be sent as they are', () => {
    const filled = (body: object): unknown =>
      JSON.parse(JSON.stringify(body).replace('<uuid>', crypto.randomUUID()).replace('<now>', new Date().toISOString()));
    for (const [name, { body }] of Object.entries(actionExamples))
      expect(ActionBody.safeParse(filled(body)).error, name).toBeUndefined();
    for (const [name, { body }] of Object.entries(answerExamples))
      expect(AnswerBody.safeParse(filled(body)).error, name).toBeUndefined();
    for (const [name, { body }] of Object.entries(correctionExamples))
      expect(CorrectionAnswerBody.safeParse(body).error, name).toBeUndefined();
  });
});

interface Doc {
  openapi: string;
  paths: Record<string, Record<string, { summary: string; parameters?: { name: string; required: boolean }[] }>>;
}
