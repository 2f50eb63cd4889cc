import type * as z from 'zod';
import { AccessError, refusalText } from '../../../shared/access/policy.ts';
import type { Access } from '../../../shared/access/read-trail.ts';
import { readChain, readOffers } from '../../../shared/assistance/read-assistance.ts';
import { keepAttachment, readAttachment } from '../../../shared/casework/attachments.ts';
import type { Case, CaseId } from '../../../shared/casework/case.ts';
import { codesFor } from '../../../shared/casework/code-lists.ts';
import { limitsTable } from '../../../shared/casework/limits-table.ts';
import { lodgeFor } from '../../../shared/casework/lodge-for.ts';
import { missingWhereCasesAreOpen } from '../../../shared/casework/missing-parameters.ts';
import { type ActionRequest, type Performed, performAction } from '../../../shared/casework/perform-action.ts';
import { presentTo } from '../../../shared/casework/present-case.ts';
import {
  type CaseListQuery,
  casesOfHousehold,
  countCases,
  listCases,
  readCase,
  worklistToken,
} from '../../../shared/casework/read-cases.ts';
import { visitPack } from '../../../shared/casework/visit-pack.ts';
import { noticesOfCase } from '../../../shared/corrections/notices-of-case.ts';
import { NotFoundError } from '../../../shared/ports/errors.ts';
import { readDashboard } from '../../../shared/reports/dashboard.ts';
import type { ApiDeps, ChangeStreams } from '../api-deps.ts';
import {
  ActionBody,
  ApplicationBody,
  AttachmentPath,
  AttachmentQuery,
  BulkBody,
  CasePath,
  CasesQuery,
  ChangesQuery,
  CountsQuery,
  DashboardQuery,
  PackPath,
  SubmissionsBody,
} from '../case-schemas.ts';
import { ProblemError } from '../problem.ts';
import {
  type Api,
  bodyOf,
  type Call,
  keyOf,
  limitedBody,
  nextOf,
  parsed,
  permitted,
  positionOf,
  purposeful,
  queried,
} from '../request.ts';
import { HouseholdPath } from '../schemas.ts';

/** Between two looks at a worklist somebody waits on. */
const LOOK_MS = 1_000;
/** Bytes of a body with many visits or cases. */
const MANY_BYTES = 512 * 1024;
/** Bytes of an attachment's body; what is over its limit is told apart by the use-case. */
const UPLOAD_BYTES = 5 * 1024 * 1024;

/** Worklists, cases, what is done with them, applications, and the coordinator's offline work. */
export function addCaseRoutes(app: Api, deps: ApiDeps): void {
  addReading(app, deps);
  addActing(app, deps);
  addAttachments(app, deps);
  addFieldWork(app, deps);
}

function addReading(app: Api, deps: ApiDeps): void {
  app.get('/api/v1/cases', async (c) => {
    const access = await purposeful(deps, c, 'cases.list');
    const { cursor, limit, worklist, order, ...filter } = queried(CasesQuery, c);
    const question = ['cases', worklist, order, filter.area, filter.stage, filter.light, access.principal.areas];
    const after = positionOf(question, cursor);
    const page = await listCases(deps, access, {
      ...listQuery({ worklist, order, limit, ...filter }),
      ...(after === undefined ? {} : { after }),
    });
    return c.json({ items: page.cases, next: nextOf(question, page.next) });
  });
  app.get('/api/v1/cases/changes', async (c) => {
    const access = await purposeful(deps, c, 'cases.list');
    const { token, wait, ...asked } = queried(ChangesQuery, c);
    if (deps.streams !== undefined && asksForStream(c)) return streamOf(deps, deps.streams, c, access, listQuery(asked), token);
    const until = performance.now() + wait * 1_000;
    for (;;) {
      const now = await worklistToken(deps, access, listQuery(asked));
      if (now !== token || performance.now() >= until) return c.json({ changed: now !== token, token: now });
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      // Whoever closed the page does not wait any more.
      if (c.req.raw.signal.aborted) return c.json({ changed: false, token: now });
    }
  });
  app.get('/api/v1/cases/counts', async (c) => {
    const access = await purposeful(deps, c, 'cases.list');
    const { area } = queried(CountsQuery, c);
    return c.json(await countCases(deps, access, area));
  });
  app.get('/api/v1/dashboard', async (c) => {
    const principal = await permitted(deps, c, 'dashboard.read');
    const { area, month } = queried(DashboardQuery, c);
    return c.json(await readDashboard(deps, principal, { ...(area && { area }), ...(month && { month }) }));
  });
  app.get('/api/v1/cases/:id', async (c) => {
    const access = await purposeful(deps, c, 'cases.read');
    const { id } = parsed(CasePath, c.req.param(), 'path');
    const page = await readCase(deps, access, id);
    return c.json(page, 200, { etag: `"${page.version}"` });
  });
  app.get('/api/v1/households/:id/cases', async (c) => {
    const access = await purposeful(deps, c, 'cases.read');
    const { id } = parsed(HouseholdPath, c.req.param(), 'path');
    return c.json({ items: await casesOfHousehold(deps, access, id), next: null });
  });
  app.get('/api/v1/cases/:id/offers', async (c) => {
    const access = await purposeful(deps, c, 'cases.read');
    const { id } = parsed(CasePath, c.req.param(), 'path');
    return c.json({ items: await readOffers(deps, access, id), next: null });
  });
  app.get('/api/v1/households/:id/chain', async (c) => {
    const access = await purposeful(deps, c, 'household.read');
    const { id } = parsed(HouseholdPath, c.req.param(), 'path');
    return c.json(await readChain(deps, access, id));
  });
  app.get('/api/v1/codes', async (c) => {
    await permitted(deps, c, 'limits.read');
    return c.json(codesFor());
  });
  app.get('/api/v1/limits', async (c) => {
    const { areas } = await permitted(deps, c, 'limits.read');
    const missing = await missingWhereCasesAreOpen(deps, areas);
    return c.json({ items: limitsTable(deps.parameters), missing, next: null });
  });
}

/** A HEAD is answered without a body, so nobody would ever end its stream. */
function asksForStream(c: Call): boolean {
  return c.req.method === 'GET' && /(^|,)\s*text\/event-stream\b/i.test(c.req.header('accept') ?? '');
}

/** The same looks as the poll's, under the same rights, for as long as the sign-in lasts. */
async function streamOf(
  deps: ApiDeps,
  streams: ChangeStreams,
  c: Call,
  access: Access,
  query: CaseListQuery,
  token: string | undefined,
): Promise<Response> {
  const look = async () => {
    const principal = await deps.authenticate(c.req.raw, c.env);
    return principal === undefined ? undefined : worklistToken(deps, { ...access, principal }, query);
  };
  // What the reader may not see is refused before the stream begins.
  await look();
  const seen = c.req.header('last-event-id') ?? token;
  const stream = streams.watch({ user: access.principal.id, seen, signal: c.req.raw.signal, look });
  if (stream === undefined) throw new ProblemError('too-many-streams');
  return stream;
}

function listQuery({ area, stage, light, ...asked }: Omit<z.infer<typeof CasesQuery>, 'cursor'>): CaseListQuery {
  return {
    ...asked,
    ...(area === undefined ? {} : { area }),
    ...(stage === undefined ? {} : { stage }),
    ...(light === undefined ? {} : { light }),
  };
}

function addActing(app: Api, deps: ApiDeps): void {
  app.post('/api/v1/cases/:id/actions', limitedBody(MANY_BYTES), async (c) => {
    const access = await purposeful(deps, c, 'cases.act');
    const { id } = parsed(CasePath, c.req.param(), 'path');
    const action = parsed(ActionBody, await bodyOf(c), 'body');
    const version = versionStated(c);
    const request: ActionRequest = {
      case: id as CaseId,
      action,
      key: keyOf(c, access.principal),
      ...(version === undefined ? {} : { version }),
    };
    return answerWith(deps, c, access, await performAction(deps, access, request));
  });
  app.post('/api/v1/cases/actions', limitedBody(MANY_BYTES), async (c) => {
    const access = await purposeful(deps, c, 'cases.act');
    const { cases, action } = parsed(BulkBody, await bodyOf(c), 'body');
    const key = keyOf(c, access.principal);
    const items = [];
    for (const id of new Set(cases)) items.push(await receiptFor(deps, c, access, { case: id as CaseId, action, key }));
    return c.json({ items });
  });
  app.post('/api/v1/applications', limitedBody(), async (c) => {
    const access = await purposeful(deps, c, 'cases.open');
    const form = parsed(ApplicationBody, await bodyOf(c), 'body');
    const lodged = await lodgeFor(deps, access, form, keyOf(c, access.principal));
    const page = await shownTo(deps, access, lodged.case);
    return c.json({ kind: lodged.kind, case: page }, lodged.kind === 'opened' ? 201 : 200);
  });
}

/** If-Match with the version as quoted in ETag. */
function versionStated(c: Call): number | undefined {
  const stated = c.req.header('if-match');
  if (stated === undefined) return undefined;
  const version = Number(/^"(\d{1,9})"$/.exec(stated)?.[1]);
  if (Number.isInteger(version)) return version;
  throw new ProblemError('bad-request', undefined, [
    { where: 'If-Match', message: { zh: '应为办件的版本，如 "3"', en: 'expected the version of the case, such as "3"' } },
  ]);
}

async function answerWith(deps: ApiDeps, c: Call, access: Access, performed: Performed) {
  if (performed.kind === 'conflict') throw new ProblemError('case-moved-on');
  if (performed.kind === 'refused') {
    const { text, possible } = performed.refusal;
    const message =
      possible.length === 0
        ? { zh: '您当前没有可用操作', en: 'nothing for you now' }
        : {
            zh: `当前可用操作：${possible.map(({ action, title }) => `${title.zh}（${action}）`).join('、')}`,
            en: possible.map(({ action, title }) => `${action} (${title.en})`).join(', '),
          };
    throw new ProblemError('action-refused', text, [{ where: 'possible', message }]);
  }
  const page = await shownTo(deps, access, performed.case);
  return c.json({ ...page, done: performed.kind }, 200, { etag: `"${performed.case.version}"` });
}

/** A case for whoever acted on it. */
async function shownTo(deps: ApiDeps, { principal }: Access, found: Case) {
  return presentTo(found, principal, deps.clock.now(), await noticesOfCase(deps, found));
}

/** One case of many: what hinders it is told and hinders no other. */
async function receiptFor(deps: ApiDeps, c: Call, access: Access, request: ActionRequest) {
  const language = c.get('language');
  const told = (status: string, code: string | null, message: string | null) => ({ case: request.case, status, code, message });
  try {
    const performed = await performAction(deps, access, request);
    if (performed.kind !== 'refused') return told(performed.kind, null, null);
    return told('refused', performed.refusal.code, performed.refusal.text[language]);
  } catch (error) {
    if (error instanceof NotFoundError) return told('not-found', null, null);
    if (!(error instanceof AccessError)) throw error;
    return error.hidden ? told('not-found', null, null) : told('refused', error.refusal, refusalText[error.refusal][language]);
  }
}

function addAttachments(app: Api, deps: ApiDeps): void {
  app.post('/api/v1/cases/:id/attachments', limitedBody(UPLOAD_BYTES, 'attachment-too-large'), async (c) => {
    const access = await purposeful(deps, c, 'cases.act');
    const { id } = parsed(CasePath, c.req.param(), 'path');
    const { kind } = queried(AttachmentQuery, c);
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const action = await keepAttachment(deps, access, { case: id, kind }, bytes);
    // The bytes are their own key: the same picture sent twice is put to the case once.
    const performed = await performAction(deps, access, { case: id as CaseId, action, key: `attach ${action.id}` });
    if (performed.kind === 'refused' || performed.kind === 'conflict') return answerWith(deps, c, access, performed);
    return c.json({ id: action.id, type: action.type, size: action.size }, 201);
  });
  app.get('/api/v1/cases/:id/attachments/:attachment', async (c) => {
    const access = await purposeful(deps, c, 'cases.read');
    const { id, attachment } = parsed(AttachmentPath, c.req.param(), 'path');
    const { type, bytes } = await readAttachment(deps, access, id, attachment);
    return c.body(new Uint8Array(bytes), 200, { 'content-type': type, 'content-disposition': 'attachment' });
  });
}

function addFieldWork(app: Api, deps: ApiDeps): void {
  app.get('/api/v1/visit-packs/:area', async (c) => {
    const access = await purposeful(deps, c, 'cases.read');
    const { area } = parsed(PackPath, c.req.param(), 'path');
    return c.json(await visitPack(deps, access, area));
  });
  app.post('/api/v1/visit-submissions', limitedBody(MANY_BYTES), async (c) => {
    const access = await purposeful(deps, c, 'cases.act');
    const { visits } = parsed(SubmissionsBody, await bodyOf(c), 'body');
    const items = [];
    for (const { case: id, visit } of visits) {
      // The phone's own id of the visit is the key: a submission whose answer was lost is sent again and taken once.
      const request: ActionRequest = { case: id as CaseId, action: { action: 'record-visit', visit }, key: `visit ${visit.id}` };
      items.push(await receiptFor(deps, c, access, request));
    }
    return c.json({ items });
  });
}
