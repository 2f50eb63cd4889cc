import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Principal, Role } from '../../../shared/access/principal.ts';
import { type Embedded, openEmbedded } from '../../../shared/adapters/embedded/open-embedded.ts';
import type { Case } from '../../../shared/casework/case.ts';
import { aCase, caseChange, caseId, referral, staffMember } from '../../builders/cases.ts';
import { instant } from '../../builders/facts.ts';
import { householdId, URGENT } from '../../builders/standings.ts';
import { demoApi, inside, PURPOSE, userOf } from './demo-api.ts';

const VILLAGE = inside.area;
const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffda0008010100003f00d2ff00cfffd9', 'hex');

let folder: string;
let stores: Embedded;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aidwatch-'));
  stores = openEmbedded(join(folder, 'data'));
});
afterEach(() => {
  stores.close();
  rmSync(folder, { recursive: true });
});

/** The API over real stores of cases, staff and files; `as` signs in. */
function as(principal: Principal | Role) {
  const user = typeof principal === 'string' ? userOf(principal) : principal;
  const { cases, staff, objects } = stores;
  const { app, events } = demoApi(user, { cases, staff, exchange: objects });
  let keys = 0;
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    keys += 1;
    const response = await app.request(`/api/v1${path}`, {
      method,
      headers: { ...PURPOSE, 'idempotency-key': `${user.id}-${keys}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, etag: response.headers.get('etag'), json: (await response.json()) as Answer };
  };
  return {
    app,
    events,
    get: (path: string) => send('GET', path),
    post: (path: string, body: unknown, headers?: Record<string, string>) => send('POST', path, body, headers),
    put: (path: string, body: unknown) => send('PUT', path, body),
  };
}

interface Answer {
  readonly [name: string]: unknown;
  readonly items: readonly { readonly [name: string]: unknown }[];
}

async function keep(...cases: readonly Case[]): Promise<void> {
  expect(await stores.cases.save(cases.map((one) => caseChange(one)))).toEqual([]);
}

function visitOf(changes: Record<string, unknown> = {}) {
  return {
    id: crypto.randomUUID(),
    means: 'home',
    visitedAt: '2024-04-01T02:00:00.000Z',
    investigators: ['王协理'],
    truth: 'T1',
    proposed: ['A0'],
    baseVersion: 1,
    ...changes,
  };
}

describe('worklists', () => {
  it('shows a coordinator the village, the pool apart from what is in hand, the most urgent first when asked', async () => {
    const mine = { user: 'user-coordinator', level: 'village' as const, area: VILLAGE, at: instant(), by: 'system' };
    await keep(
      aCase(1, { area: VILLAGE, assignment: mine }),
      aCase(2, { area: VILLAGE, grade: URGENT }),
      aCase(3, { area: '411122100202' }),
    );
    const coordinator = as({ ...userOf('coordinator'), areas: [VILLAGE] });
    const ids = async (query: string) => (await coordinator.get(`/cases?${query}`)).json.items.map(({ id }) => id);
    expect(await ids('order=urgent')).toEqual([caseId(2), caseId(1)]);
    expect(await ids('worklist=mine')).toEqual([caseId(1)]);
    expect(await ids('worklist=pool')).toEqual([caseId(2)]);
    expect((await as('supervisor').get('/cases/counts')).json).toEqual({
      byStage: { visit: 3 },
      byLight: { green: 3 },
      byAssignee: { 'user-coordinator': 1 },
    });
  });

  it('pages without losing or doubling a case', async () => {
    await keep(...Array.from({ length: 25 }, (_, n) => aCase(n, { area: VILLAGE })));
    const seen: unknown[] = [];
    let next: unknown = null;
    do {
      const { json } = await as('supervisor').get(`/cases?limit=10${next === null ? '' : `&cursor=${String(next)}`}`);
      seen.push(...json.items.map(({ id }) => id));
      next = json['next'];
    } while (next !== null);
    expect(new Set(seen).size).toBe(25);
    expect(seen).toHaveLength(25);
  });
});

describe('waiting for a worklist to change', () => {
  it('answers as soon as a case changes, and that nothing has when nothing does', async () => {
    await keep(aCase(1, { area: VILLAGE }));
    const worker = as('caseworker');
    const token = String((await worker.get('/cases/changes?wait=0')).json['token']);
    expect((await worker.get(`/cases/changes?wait=0&token=${token}`)).json).toEqual({ changed: false, token });
    const waiting = worker.get(`/cases/changes?wait=20&token=${token}`);
    await as('coordinator').post(`/cases/${caseId(1)}/actions`, { action: 'record-visit', visit: visitOf() });
    expect((await waiting).json).toMatchObject({ changed: true });
  });
});

describe('acting on a case', () => {
  it('shows what is possible and does it; the same key again does nothing twice', async () => {
    await keep(aCase(1, { area: VILLAGE }));
    const coordinator = as('coordinator');
    const page = await coordinator.get(`/cases/${caseId(1)}`);
    expect((page.json['possible'] as { action: string }[]).map(({ action }) => action)).toContain('record-visit');
    const visit = { action: 'record-visit', visit: visitOf() };
    const first = await coordinator.post(`/cases/${caseId(1)}/actions`, visit, { 'idempotency-key': 'visit-one' });
    expect(first).toMatchObject({ status: 200, json: { stage: 'review', done: 'done' } });
    const again = await coordinator.post(`/cases/${caseId(1)}/actions`, visit, { 'idempotency-key': 'visit-one' });
    expect(again).toMatchObject({ status: 200, json: { stage: 'review', done: 'already', version: first.json['version'] } });
  });

  it('refuses what is out of turn with the reason and what is possible instead', async () => {
    await keep(aCase(1, { area: VILLAGE }));
    const refused = await as('caseworker').post(`/cases/${caseId(1)}/actions`, {
      action: 'file-papers',
      papers: ['0'.repeat(64)],
    });
    expect(refused).toMatchObject({ status: 409, json: { code: 'action-refused' } });
    expect(JSON.stringify(refused.json['errors'])).toContain('登记入户核查（record-visit）');
  });

  it('tells somebody who looked before another acted, and lets them look again', async () => {
    await keep(aCase(1, { area: VILLAGE }));
    const { etag } = await as('caseworker').get(`/cases/${caseId(1)}`);
    await as('coordinator').post(`/cases/${caseId(1)}/actions`, { action: 'record-visit', visit: visitOf() });
    const late = await as('caseworker').post(
      `/cases/${caseId(1)}/actions`,
      { action: 'raise-grade', note: '家中断粮' },
      { 'if-match': etag ?? '' },
    );
    expect(late).toMatchObject({ status: 412, json: { code: 'case-moved-on' } });
  });

  it('acts on many at once and answers for each, one failure hindering no other', async () => {
    await keep(aCase(1, { area: VILLAGE }), aCase(2, { area: VILLAGE, stage: 'closed' }), aCase(3, { area: '370602001002' }));
    const { json } = await as('caseworker').post('/cases/actions', {
      cases: [caseId(1), caseId(2), caseId(3), caseId(4)],
      action: { action: 'claim' },
    });
    expect(json.items.map(({ status }) => status)).toEqual(['done', 'refused', 'not-found', 'not-found']);
  });

  it('keeps an action without a key, or with a body of another shape, out', async () => {
    await keep(aCase(1, { area: VILLAGE }));
    const worker = as('caseworker');
    expect(await worker.post(`/cases/${caseId(1)}/actions`, { action: 'claim' }, { 'idempotency-key': 'x' })).toMatchObject({
      status: 400,
      json: { code: 'key-required' },
    });
    expect(await worker.post(`/cases/${caseId(1)}/actions`, { action: 'explode' })).toMatchObject({
      status: 400,
      json: { errors: [{ where: 'body.action', message: expect.stringContaining('answer-proposal、claim') }] },
    });
    expect(
      await worker.post(`/cases/${caseId(1)}/actions`, { action: 'record-visit', visit: visitOf({ truth: 'T42' }) }),
    ).toMatchObject({ status: 400 });
    expect((await stores.cases.get(caseId(1)))?.version).toBe(1);
  });
});

describe('work without a signal', () => {
  it('gives the pack of a village, takes its visits once, and shows two that disagree', async () => {
    await keep(aCase(1, { area: VILLAGE }));
    const first = as({ ...userOf('coordinator'), id: 'coordinator-a', areas: [VILLAGE] });
    const second = as({ ...userOf('coordinator'), id: 'coordinator-b', areas: [VILLAGE] });
    const pack = await first.get(`/visit-packs/${VILLAGE}`);
    expect((pack.json['visits'] as { case: { id: string } }[]).map((one) => one.case.id)).toEqual([caseId(1)]);
    const submission = { visits: [{ case: caseId(1), visit: visitOf() }] };
    expect((await first.post('/visit-submissions', submission)).json.items).toMatchObject([{ status: 'done' }]);
    expect((await first.post('/visit-submissions', submission)).json.items).toMatchObject([{ status: 'already' }]);
    const other = { visits: [{ case: caseId(1), visit: visitOf({ truth: 'T3', proposed: [] }) }] };
    expect((await second.post('/visit-submissions', other)).json.items).toMatchObject([{ status: 'done' }]);
    const kept = await stores.cases.get(caseId(1));
    expect(kept?.visits).toHaveLength(2);
    expect(kept?.visits[1]?.conflictsWith).toEqual([kept?.visits[0]?.id]);
  });

  it('keeps a visit that comes in after the case was closed', async () => {
    await keep(aCase(1, { area: VILLAGE, stage: 'closed' }));
    const { json } = await as('coordinator').post('/visit-submissions', { visits: [{ case: caseId(1), visit: visitOf() }] });
    expect(json.items).toMatchObject([{ status: 'done' }]);
    expect(await stores.cases.get(caseId(1))).toMatchObject({ stage: 'closed', visits: [{ late: true }] });
  });

  it('says so when more cases of a village await a visit than a pack holds', async () => {
    const villagers = Array.from({ length: 201 }, (_, n) => aCase(n + 1, { area: VILLAGE }));
    await keep(...villagers.slice(1));
    const all = (await as('coordinator').get(`/visit-packs/${VILLAGE}`)).json;
    expect([all['visits'], all['more']]).toEqual([expect.objectContaining({ length: 200 }), false]);
    await keep(...villagers.slice(0, 1));
    const most = (await as('coordinator').get(`/visit-packs/${VILLAGE}`)).json;
    expect([most['visits'], most['more']]).toEqual([expect.objectContaining({ length: 200 }), true]);
  });

  it('makes no pack of more than a village', async () => {
    expect((await as('coordinator').get('/visit-packs/411122100')).status).toBe(400);
  });
});

describe('attachments', () => {
  const send = (kind: string, bytes: Uint8Array) =>
    as('coordinator').app.request(`/api/v1/cases/${caseId(1)}/attachments?kind=${kind}`, {
      method: 'POST',
      headers: PURPOSE,
      body: new Uint8Array(bytes),
    });

  it('keeps a picture once, sealed, and gives it back to who may see it', async () => {
    await keep(aCase(1, { area: VILLAGE }));
    const sent = await send('photo', JPEG);
    expect(sent.status).toBe(201);
    const { id } = (await sent.json()) as { id: string };
    expect((await send('photo', JPEG)).status).toBe(201);
    expect((await stores.cases.get(caseId(1)))?.attachments).toHaveLength(1);
    for await (const part of stores.objects.read(`attachments/${caseId(1)}/${id}`)) {
      expect(Buffer.from(part).includes(JPEG)).toBe(false);
    }
    const read = await as('caseworker').app.request(`/api/v1/cases/${caseId(1)}/attachments/${id}`, { headers: PURPOSE });
    expect(Buffer.from(await read.arrayBuffer())).toEqual(JPEG);
    expect(read.headers.get('content-type')).toBe('image/jpeg');
    const auditor = await as('auditor').app.request(`/api/v1/cases/${caseId(1)}/attachments/${id}`, { headers: PURPOSE });
    expect(auditor.status).toBe(404);
  });

  it('are put to a case by whoever takes the bytes, never by a request that names some', async () => {
    await keep(aCase(1, { area: VILLAGE }));
    const claimed = { action: 'attach', id: 'd'.repeat(64), kind: 'paper', type: 'application/pdf', size: 9 };
    const answer = await as('coordinator').app.request(`/api/v1/cases/${caseId(1)}/actions`, {
      method: 'POST',
      headers: { ...PURPOSE, 'content-type': 'application/json', 'idempotency-key': 'attach-without-bytes' },
      body: JSON.stringify(claimed),
    });
    expect(answer.status).toBe(400);
    expect((await stores.cases.get(caseId(1)))?.attachments).toEqual([]);
  });

  it('refuses a photo that is no picture, whatever it is called', async () => {
    await keep(aCase(1, { area: VILLAGE }));
    for (const bytes of [Buffer.from('MZ program'), Buffer.from('%PDF-1.7'), Buffer.alloc(0)]) {
      expect((await send('photo', bytes)).status).toBe(422);
    }
    expect((await send('paper', Buffer.from('%PDF-1.7\n%%EOF\n'))).status).toBe(201);
    expect((await send('photo', Buffer.alloc(4 * 1024 * 1024 + 1, JPEG))).status).toBe(413);
  });
});

describe('an attachment beyond what any host takes', () => {
  it('is refused with what to do, as one just over the limit is', async () => {
    await keep(aCase(1, { area: VILLAGE }));
    const body = Buffer.concat([JPEG, Buffer.alloc(6 * 1024 * 1024)]);
    const sent = await as('coordinator').app.request(`/api/v1/cases/${caseId(1)}/attachments?kind=photo`, {
      method: 'POST',
      headers: { ...PURPOSE, 'content-length': String(body.length) },
      body,
    });
    expect([sent.status, await sent.json()]).toMatchObject([413, { code: 'attachment-too-large' }]);
  });
});

describe('what is wrong in a request', () => {
  it('is named part by part, with what is expected there, in the language of the reader', async () => {
    await keep(aCase(1, { area: VILLAGE }));
    const visit = { id: 'v', means: 'drone', visitedAt: '2024-02-30T00:00:00Z', investigators: [], truth: 'T1', baseVersion: 0 };
    const asked = async (language: string) => {
      const headers = { 'accept-language': language };
      const { json } = await as('coordinator').post(
        '/visit-submissions',
        { visits: [{ case: caseId(1), visit, vist: 1 }] },
        headers,
      );
      return Object.fromEntries(
        (json['errors'] as { where: string; message: string }[]).map(({ where, message }) => [where, message]),
      );
    };
    const english = await asked('en');
    expect(english).toMatchObject({
      'body.visits.0.vist': expect.stringContaining('no such part'),
      'body.visits.0.visit.id': expect.stringContaining('UUID'),
      'body.visits.0.visit.means': expect.stringContaining('home, telephone'),
      'body.visits.0.visit.visitedAt': expect.stringContaining('2024-03-15T08:00:00Z'),
      'body.visits.0.visit.investigators': expect.stringContaining('must not be empty'),
    });
    expect(JSON.stringify(english)).not.toContain('drone');
    expect((await asked('zh'))['body.visits.0.visit.means']).toContain('home、telephone');
  });

  it('repeats nothing of a name that is no part’s but somebody’s', async () => {
    const { json } = await as('coordinator').post('/visit-submissions', { visits: [], 张桂兰411122198001011234: 1 });
    expect(JSON.stringify(json)).not.toContain('411122198001011234');
  });
});

describe('a query', () => {
  it.each(['/cases', '/cases/counts', '/cases/changes'])(
    'of %s with a part nobody knows, or one stated twice, is refused by name',
    async (path) => {
      const misspelt = await as('caseworker').get(`${path}?aera=411122100`);
      expect(misspelt).toMatchObject({ status: 400, json: { errors: [{ where: 'query.aera' }] } });
      const twice = await as('caseworker').get(`${path}?area=411122100&area=411122`);
      expect(twice).toMatchObject({ status: 400, json: { errors: [{ where: 'query.area' }] } });
    },
  );
});

describe('a case that is referred to other departments only', () => {
  it('is answered to a handler like one there is not, on every way to it', async () => {
    await keep(aCase(1, { area: VILLAGE, stage: 'referral', referrals: [referral('R1', 'education')] }));
    const answers = async (id: string) => {
      const handler = as('handler');
      const told = [
        await handler.post(`/cases/${id}/actions`, { action: 'comment', note: '请补材料' }),
        await handler.post(`/inbox/${id}/R1/answers`, { kind: 'accept' }),
        await handler.post('/cases/actions', { cases: [id], action: { action: 'comment', note: '请补材料' } }),
      ];
      return told.map(({ status, json: { instance, items, ...rest } }) => [
        status,
        rest,
        items?.map(({ case: _, ...receipt }) => receipt),
      ]);
    };
    const foreign = await answers(caseId(1));
    expect(foreign).toEqual(await answers(caseId(2)));
    expect(foreign.map(([status]) => status)).toEqual([404, 404, 200]);
    expect(foreign[2]?.[2]).toEqual([{ status: 'not-found', code: null, message: null }]);
  });

  it('is answered like one there is not to a handler for every department too, as long as it is referred to none', async () => {
    const everywhere = as({ ...userOf('handler'), departments: ['*'] });
    const say = (id: string) => everywhere.post(`/cases/${id}/actions`, { action: 'comment', note: '已联系' });
    await keep(aCase(1, { area: VILLAGE, stage: 'visit' }));
    await keep(aCase(2, { area: VILLAGE, stage: 'referral', referrals: [referral('R1', 'education')] }));
    expect(await say(caseId(1))).toMatchObject({ status: 404 });
    expect(await say(caseId(2))).toMatchObject({ status: 200 });
  });
});

describe('a department that nobody knows', () => {
  it('is refused with those there are, in an inbox and in an entry of the staff: it would list nothing, and have no inbox', async () => {
    const handler = { ...userOf('handler'), departments: ['*'] };
    const told = await as(handler).get('/inbox?department=medical-insurence');
    const errors = [{ where: 'query.department', message: expect.stringContaining('medical-insurance') }];
    expect(told).toMatchObject({ status: 400, json: { errors } });
    const entry = { name: '李', roles: ['handler'], areas: ['411122'], departments: ['medical-insurence'] };
    expect(await as('security-admin').put('/staff/li', entry)).toMatchObject({
      status: 400,
      json: { errors: [{ where: 'body.departments.0' }] },
    });
  });
});

describe('an application for a measure that nobody knows', () => {
  it('is refused with those there are: what is applied for is told in events, where no free words may stand', async () => {
    const form = { household: householdId(1), channel: 'family', measures: ['张桂兰的低保'], statement: '住院欠费' };
    const told = await as('caseworker').post('/applications', form);
    const errors = [{ where: 'body.measures.0', message: expect.stringContaining('minimum-living-allowance') }];
    expect(told).toMatchObject({ status: 400, json: { errors } });
  });
});

describe('words that hold what is no text', () => {
  it.each([
    ['a NUL', '\u0000'],
    ['an escape sequence', '\u001b[2J'],
    ['half a character', '\ud800'],
    ['a mark that turns the direction of writing', '\u202e'],
  ])('are refused with where and what to do: %s', async (_, wrong) => {
    await keep(aCase(1, { area: VILLAGE }));
    const note = `家中无人${wrong}，邻居说已外出`;
    const told = await as('caseworker').post(
      `/cases/${caseId(1)}/actions`,
      { action: 'comment', note },
      { 'accept-language': 'en' },
    );
    const errors = [{ where: 'body.note', message: expect.stringContaining('write it again') }];
    expect(told).toMatchObject({ status: 400, json: { errors } });
    expect((await stores.cases.get(caseId(1)))?.history).toEqual([]);
  });

  it('are taken with tabs and lines, and with characters beyond the first plane', async () => {
    await keep(aCase(1, { area: VILLAGE }));
    const note = '第一行\r\n第二行\t𠮷';
    expect((await as('caseworker').post(`/cases/${caseId(1)}/actions`, { action: 'comment', note })).status).toBe(200);
    expect((await stores.cases.get(caseId(1)))?.history.at(-1)?.note).toBe(note);
  });
});

describe('an action with a part nobody knows', () => {
  it('is refused by the name of the part: it would be lost in silence', async () => {
    await keep(aCase(1, { area: VILLAGE }));
    const visit = visitOf({ raiseGrade: true });
    const told = await as('coordinator').post(`/cases/${caseId(1)}/actions`, { action: 'record-visit', visit });
    expect(told).toMatchObject({ status: 400, json: { errors: [{ where: 'body.visit.raiseGrade' }] } });
  });
});

describe('an entry of the staff with an area that is none', () => {
  it('is refused saying how areas are written', async () => {
    const entry = { name: '李', roles: ['caseworker'], areas: ['4111229999'], departments: [] };
    const told = await as('security-admin').put('/staff/li', entry);
    expect(told).toMatchObject({
      status: 400,
      json: { code: 'bad-request', detail: expect.stringContaining('2、4、6、9或12位') },
    });
  });
});

describe('an absence that ends before it begins', () => {
  it('is refused: nobody would be away, and work go on falling to somebody who is', async () => {
    const absences = [{ from: '2026-03-02', to: '2026-03-01' }];
    const entry = { name: '李', roles: ['caseworker'], areas: ['411122100'], departments: [], absences };
    const told = await as('security-admin').app.request('/api/v1/staff/li', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(entry),
    });
    expect([told.status, await told.json()]).toMatchObject([400, { errors: [{ where: 'body.absences.0.to' }] }]);
  });
});

describe('an attachment that was cut off on its way', () => {
  it('is refused with what to do, and not put to the case', async () => {
    await keep(aCase(1, { area: VILLAGE }));
    const sent = await as('coordinator').app.request(`/api/v1/cases/${caseId(1)}/attachments?kind=photo`, {
      method: 'POST',
      headers: { ...PURPOSE, 'accept-language': 'en' },
      body: new Uint8Array(JPEG.subarray(0, JPEG.length - 2)),
    });
    expect(sent.status).toBe(422);
    expect(await sent.json()).toMatchObject({ code: 'attachment-cut-off', detail: expect.stringContaining('send it again') });
    expect((await stores.cases.get(caseId(1)))?.attachments).toEqual([]);
  });
});

describe('the department’s inbox', () => {
  const handler: Principal = { ...userOf('handler'), departments: ['medical-insurance'] };
  const referred = aCase(1, {
    area: VILLAGE,
    stage: 'referral',
    household: householdId(1),
    referrals: [referral('R1', 'medical-insurance'), referral('R2', 'education')],
  });

  it('shows what is asked of the department and nothing else, and takes its answer once', async () => {
    await keep(referred);
    const medical = as(handler);
    const { json } = await medical.get('/inbox?department=medical-insurance');
    expect(json.items).toMatchObject([{ id: 'R1', case: caseId(1), status: 'sent', subject: { name: '张桂兰' } }]);
    expect(JSON.stringify(json)).not.toContain('R2');
    const accepted = await medical.post(`/inbox/${caseId(1)}/R1/answers`, { kind: 'accept' });
    expect(accepted).toMatchObject({ status: 200, json: { status: 'accepted' } });
    const done = { kind: 'done', amount: 504_000 };
    expect(await medical.post(`/inbox/${caseId(1)}/R1/answers`, done)).toMatchObject({ json: { status: 'done' } });
    expect((await medical.get('/inbox?department=medical-insurance')).json.items).toEqual([]);
  });

  it('shows a handler nothing of the family’s case beyond the own referrals, whatever the handler does', async () => {
    await keep({
      ...referred,
      history: [{ at: instant(), by: 'w', what: 'comment', version: 1, stage: 'review', note: '家事' }],
    });
    const said = await as(handler).post(`/cases/${caseId(1)}/actions`, { action: 'comment', note: '已联系' });
    expect(said).toMatchObject({ status: 200, json: { done: 'done', stage: 'referral', referrals: [{ id: 'R1' }] } });
    for (const kept of ['history', 'visits', 'decisions', 'household', 'category', 'warnings'])
      expect(said.json).not.toHaveProperty(kept);
    expect(JSON.stringify(said.json)).not.toContain('家事');
  });

  it('gives nothing away of another department’s referral to a handler who says of it what was said already', async () => {
    await keep({
      ...referred,
      referrals: [referral('R1', 'medical-insurance'), referral('R2', 'education', { status: 'accepted' })],
    });
    const key = { 'idempotency-key': 'one-for-both-referrals' };
    expect((await as(handler).post(`/inbox/${caseId(1)}/R1/answers`, { kind: 'accept' }, key)).status).toBe(200);
    for (const headers of [{}, key]) {
      const told = await as(handler).post(`/inbox/${caseId(1)}/R2/answers`, { kind: 'accept' }, headers);
      expect(told).toMatchObject({ status: 409, json: { code: 'action-refused' } });
    }
  });

  it('refuses a refusal without its code, and an answer for another department', async () => {
    await keep(referred);
    expect(await as(handler).post(`/inbox/${caseId(1)}/R1/answers`, { kind: 'refuse' })).toMatchObject({ status: 409 });
    expect((await as(handler).post(`/inbox/${caseId(1)}/R2/answers`, { kind: 'accept' })).status).toBe(409);
    expect((await as(handler).get('/inbox?department=education')).status).toBe(403);
  });
});

describe('applications', () => {
  it('opens a case from a telephone call, filled from what is known, once; a second one joins it', async () => {
    const form = { household: inside.household, channel: 'cadre', statement: '孩子确诊，家中无力承担', needs: ['medical'] };
    const worker = as('caseworker');
    const first = await worker.post('/applications', form, { 'idempotency-key': 'call-0001' });
    expect(first).toMatchObject({ status: 201, json: { kind: 'opened', case: { area: VILLAGE, source: 'cadre-report' } } });
    expect(await worker.post('/applications', form, { 'idempotency-key': 'call-0001' })).toMatchObject({
      json: { kind: 'already' },
    });
    expect(await worker.post('/applications', { ...form, needs: ['education'] })).toMatchObject({ json: { kind: 'joined' } });
    expect(await stores.cases.ofHousehold(inside.household)).toHaveLength(1);
  });

  it('refuses another one under a key that was used, which would be lost in silence', async () => {
    const form = { household: inside.household, channel: 'hotline', statement: '孩子确诊', needs: ['medical'] };
    const send = (changes: object) =>
      as('caseworker').post('/applications', { ...form, ...changes }, { 'idempotency-key': 'call-0001' });
    expect((await send({})).status).toBe(201);
    for (const other of [{ statement: '房屋倒塌' }, { needs: ['medical', 'housing'] }, { channel: 'cadre' }])
      expect(await send(other)).toMatchObject({ status: 409, json: { code: 'key-reused' } });
    expect((await send({})).json['kind']).toBe('already');
  });

  it('answers not found for a household nobody belongs to', async () => {
    const form = { household: householdId(99), channel: 'family', statement: '求助' };
    expect((await as('caseworker').post('/applications', form)).status).toBe(404);
  });
});

describe('the dashboard', () => {
  it('of an area without counts, or of a month beyond the calendar, says what is wrong', async () => {
    const supervisor = as(userOf('supervisor', ['41']));
    for (const area of ['411', VILLAGE]) {
      const refused = await supervisor.get(`/dashboard?area=${area}`);
      expect([refused.status, refused.json['code']]).toEqual([422, 'dashboard-area']);
    }
    for (const month of ['0001-01', '2024-13', '2024']) {
      expect((await supervisor.get(`/dashboard?month=${month}`)).status).toBe(400);
    }
  });
});

describe('staff', () => {
  it('is entered by the security administrator and found by who assigns work', async () => {
    const { id: _, ...member } = staffMember('coordinator-a', { areas: ['411122100201'] });
    expect((await as('security-admin').put('/staff/coordinator-a', member)).status).toBe(200);
    expect((await as('caseworker').get('/staff')).json.items).toMatchObject([{ id: 'coordinator-a', areas: ['411122100201'] }]);
    expect((await as('security-admin').put('/staff/coordinator-b', { ...member, areas: ['4111221'] })).status).toBe(400);
  });

  it('names every limit with its source', async () => {
    const { json } = await as('caseworker').get('/limits');
    expect(json.items.length).toBeGreaterThan(10);
  });

  it('says which local standards are not entered where the reader’s cases are open, and how to enter them', async () => {
    await keep(aCase(1, { area: VILLAGE }), aCase(2, { area: '370602001' }));
    const { json } = await as('supervisor').get('/limits');
    expect(json['missing']).toMatchObject([
      { name: 'living-standard-month', area: '411122', enter: { zh: expect.stringContaining('"area":"411122"') } },
      { name: 'disposable-income-year', area: '411122' },
    ]);
  });
});
