import { hash } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { etag } from 'hono/etag';
import { matchedRoutes } from 'hono/route';
import { secureHeaders } from 'hono/secure-headers';
import type * as z from 'zod';
import { type Action, actionsOf, allow, isPersonal } from '../../shared/access/policy.ts';
import type { Principal } from '../../shared/access/principal.ts';
import { parsePurpose, purposeCodes } from '../../shared/access/purpose.ts';
import type { Access } from '../../shared/access/read-trail.ts';
import type { FeedId } from '../../shared/catalog/feed.ts';
import { listFeeds } from '../../shared/intake/feed-desk.ts';
import { listFiles, prepareUpload, readFileRecord, readFixItFile } from '../../shared/intake/file-desk.ts';
import type { FileRegister } from '../../shared/ports/file-register.ts';
import { type Log, LogCode, type Metrics } from '../../shared/ports/log.ts';
import type { ObjectStore, UploadLinks } from '../../shared/ports/object-store.ts';
import type { StandingStore } from '../../shared/ports/standing-store.ts';
import { searchExact } from '../../shared/registry/find-household.ts';
import { householdPage } from '../../shared/registry/household-page.ts';
import type { HouseholdReading } from '../../shared/registry/household-reading.ts';
import { parseIdentityNumber } from '../../shared/registry/identity-number.ts';
import { listWarnings, readWarning } from '../../shared/warnings/read-warnings.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { type Language, languageOf } from './language.ts';
import { ProblemError, problemOf, problemResponse } from './problem.ts';
import { readerPage, readerPageScriptHash } from './reader-page.ts';
import { FilePath, FilesQuery, HouseholdPath, SearchBody, UploadBody, WarningPath, WarningsQuery } from './schemas.ts';

/** Takes a file sent straight to this host by a link of its own; the cloud's links go to the bucket instead. */
export interface DirectUpload {
  /** Throws PermanentError `upload-link-invalid` or `upload-too-large`; nothing of a refused file is kept. */
  receive(token: string, body: ReadableStream<Uint8Array> | null): Promise<{ readonly file: string; readonly size: number }>;
}

/** What the API needs; the same on both hosts. */
export interface ApiDeps extends HouseholdReading {
  readonly standings: StandingStore;
  readonly files: Pick<FileRegister, 'list' | 'get' | 'getMany' | 'deliveries'>;
  /** Store of inbox, receipts and fix-it files. */
  readonly exchange: Pick<ObjectStore, 'info' | 'read'>;
  readonly links: UploadLinks;
  readonly directUpload?: DirectUpload;
  /** The signed-in user of a request, its token already or hereby verified; undefined when there is none. */
  authenticate(request: Request, env: unknown): Promise<Principal | undefined>;
  /** A fresh unique id for a request. */
  newId(): string;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly version: string;
}

interface Env {
  Bindings: Record<string, unknown>;
  Variables: { request: string; language: Language };
}
type Call = Context<Env>;

const JSON_BYTES = 16_384;

/** The whole HTTP interface under /api/v1, and the reader page at /. Holds no state of its own. */
export function createApp(deps: ApiDeps): Hono<Env> {
  const app = new Hono<Env>();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: [`'sha256-${readerPageScriptHash}'`],
        styleSrc: ["'unsafe-inline'"],
        connectSrc: ["'self'"],
        imgSrc: ['data:'],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
    }),
  );
  app.use(async (c, next) => {
    const started = Date.parse(deps.clock.now());
    c.set('request', deps.newId());
    c.set('language', languageOf(c.req.header('accept-language')));
    await next();
    c.header('x-request-id', c.get('request'));
    if (c.res.headers.get('cache-control') === null) c.header('cache-control', 'no-store');
    c.header('vary', 'Accept-Language, Authorization', { append: true });
    // Only the pattern of the route: an address may hold anything somebody typed.
    const route = matchedRoutes(c).find((one) => !one.path.endsWith('*'))?.path ?? '*';
    const ms = Date.parse(deps.clock.now()) - started;
    deps.log.info(LogCode.RequestServed, { request: c.get('request'), method: c.req.method, route, status: c.res.status, ms });
    deps.metrics.count('RequestServed', 1);
  });
  app.onError((error, c) => {
    const problem = problemOf(error);
    if (problem.code === 'internal' || problem.code === 'try-later') {
      deps.log.error(LogCode.RequestFailed, { request: c.get('request'), error: error.name, problem: problem.code });
      deps.metrics.count('RequestFailed', 1);
    }
    return problemResponse(problem, c.get('language'), c.get('request'));
  });

  addOpenRoutes(app, deps);
  addFileRoutes(app, deps);
  addHouseholdRoutes(app, deps);
  // A route, not `notFound`: it still holds when a host mounts this app beside others.
  app.all('*', () => {
    throw new ProblemError('not-found');
  });
  return app;
}

function addOpenRoutes(app: Hono<Env>, deps: ApiDeps): void {
  const page = (c: Call) => c.html(readerPage, 200, { 'cache-control': 'no-cache' });
  app.get('/', etag(), page);
  app.get('/api/v1/docs', etag(), page);
  app.get('/api/v1/openapi.json', etag(), async (c) => {
    // Loaded on demand: making the document needs code no other request does.
    const { openApiDocument } = await import('./openapi.ts');
    return c.json(openApiDocument(c.get('language'), deps.version), 200, { 'cache-control': 'no-cache' });
  });
  app.get('/api/v1/health', async (c) => {
    await deps.files.list({ limit: 1 });
    return c.json({ status: 'ok', version: deps.version, time: deps.clock.now() });
  });
  app.get('/api/v1/me', async (c) => {
    const principal = await signedIn(deps, c);
    return c.json({
      id: principal.id,
      name: principal.name ?? null,
      roles: principal.roles,
      areas: principal.areas,
      departments: principal.departments,
      actions: actionsOf(principal),
      purposes: Object.entries(purposeCodes).map(([code, title]) => ({ code, title })),
    });
  });
}

function addFileRoutes(app: Hono<Env>, deps: ApiDeps): void {
  app.get('/api/v1/feeds', async (c) => {
    const principal = await permitted(deps, c, 'feeds.list');
    return c.json({ items: await listFeeds(deps, principal), next: null });
  });
  app.get('/api/v1/files', async (c) => {
    const principal = await permitted(deps, c, 'files.list');
    const { feed, limit, cursor } = parsed(FilesQuery, c.req.query(), 'query');
    const question = ['files', feed];
    const after = positionOf(question, cursor);
    const page = await listFiles(deps, principal, {
      limit,
      ...(feed === undefined ? {} : { feed: feed as FeedId }),
      ...(after === undefined ? {} : { after }),
    });
    return c.json({ items: page.files, next: nextOf(question, page.next) });
  });
  app.get('/api/v1/files/:id', etag(), async (c) => {
    const principal = await permitted(deps, c, 'files.read');
    const { id } = parsed(FilePath, c.req.param(), 'path');
    return c.json(await readFileRecord(deps, principal, id), 200, { 'cache-control': 'private, no-cache' });
  });
  app.get('/api/v1/files/:id/fix-it', async (c) => {
    const access = await purposeful(deps, c, 'fix-it.read');
    const { id } = parsed(FilePath, c.req.param(), 'path');
    const file = await readFixItFile(deps, access, id);
    return c.body(ReadableStream.from(file.body), 200, {
      'content-type': 'application/octet-stream',
      'content-length': String(file.size),
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    });
  });
  app.post('/api/v1/uploads', limitedBody(), async (c) => {
    const principal = await permitted(deps, c, 'files.upload');
    const wanted = parsed(UploadBody, await bodyOf(c), 'body');
    const key = c.req.header('idempotency-key');
    if (key !== undefined && !/^[\x21-\x7e]{8,100}$/.test(key))
      throw new ProblemError('bad-request', undefined, [
        {
          where: 'Idempotency-Key',
          message: { zh: '应为8至100个可见 ASCII 字符', en: 'expected 8 to 100 visible ASCII characters' },
        },
      ]);
    const unique = hash('sha256', `${principal.id}\0${key ?? deps.newId()}`, 'hex').slice(0, 12);
    return c.json(await prepareUpload(deps, principal, wanted, unique), 201);
  });
  app.put('/api/v1/uploads/:token', async (c) => {
    const { directUpload } = deps;
    if (directUpload === undefined) throw new ProblemError('not-found');
    return c.json(await directUpload.receive(c.req.param('token'), c.req.raw.body), 201);
  });
}

function addHouseholdRoutes(app: Hono<Env>, deps: ApiDeps): void {
  app.get('/api/v1/warnings', async (c) => {
    const access = await purposeful(deps, c, 'warnings.list');
    const { cursor, status, limit, ...filter } = parsed(WarningsQuery, c.req.query(), 'query');
    const question = ['warnings', status, filter.area, filter.grade, filter.family, access.principal.areas];
    const after = positionOf(question, cursor);
    const page = await listWarnings(deps, access, {
      limit,
      ...(filter.area === undefined ? {} : { area: filter.area }),
      ...(filter.grade === undefined ? {} : { grade: filter.grade }),
      ...(filter.family === undefined ? {} : { family: filter.family }),
      ...(status === 'any' ? {} : { status }),
      ...(after === undefined ? {} : { after }),
    });
    return c.json({ items: page.warnings, next: nextOf(question, page.next) });
  });
  app.get('/api/v1/warnings/:id', async (c) => {
    const access = await purposeful(deps, c, 'warnings.read');
    const { id } = parsed(WarningPath, c.req.param(), 'path');
    return c.json(await readWarning(deps, access, id));
  });
  app.get('/api/v1/households/:id', async (c) => {
    const access = await purposeful(deps, c, 'household.read');
    const { id } = parsed(HouseholdPath, c.req.param(), 'path');
    return c.json(await householdPage(deps, access, id));
  });
  app.post('/api/v1/search', limitedBody(), async (c) => {
    const access = await purposeful(deps, c, 'search.exact');
    const query = parsed(SearchBody, await bodyOf(c), 'body');
    if ('number' in query) {
      const number = parseIdentityNumber(query.number);
      if (!number.ok) throw new ProblemError('bad-request', undefined, [{ where: 'body.number', message: number.message }]);
    }
    return c.json({ items: await searchExact(deps, access, query), next: null });
  });
}

function limitedBody() {
  return bodyLimit({
    maxSize: JSON_BYTES,
    onError: () => {
      throw new ProblemError('bad-request', {
        zh: '请求正文超过16 KB。',
        en: 'The body is larger than 16 KB.',
      });
    },
  });
}

async function signedIn(deps: ApiDeps, c: Call): Promise<Principal> {
  const principal = await deps.authenticate(c.req.raw, c.env);
  if (principal === undefined) throw new ProblemError('unauthenticated');
  return principal;
}

async function permitted(deps: ApiDeps, c: Call, action: Action): Promise<Principal> {
  const principal = await signedIn(deps, c);
  allow(principal, action);
  return principal;
}

/** Sign-in, role and purpose for an action on personal data, in this order. */
async function purposeful(deps: ApiDeps, c: Call, action: Action): Promise<Access> {
  const principal = await permitted(deps, c, action);
  const purpose = parsePurpose(c.req.header('x-purpose') ?? '');
  if (purpose === undefined || !isPersonal(action)) throw new ProblemError('purpose-required');
  return { principal, purpose, request: c.get('request') };
}

async function bodyOf(c: Call): Promise<unknown> {
  try {
    return await c.req.json();
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError('bad-request', { zh: '请求正文不是有效的 JSON。', en: 'The body is not valid JSON.' });
  }
}

/** Names each wrong part and what was expected, and never repeats the value. */
function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown, where: string): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const names = new Set(result.error.issues.map((issue) => [where, ...issue.path].join('.')));
  throw new ProblemError(
    'bad-request',
    undefined,
    [...names].map((name) => ({
      where: name,
      message: {
        zh: '缺失或不符合要求，取值范围见 /api/v1/openapi.json',
        en: 'missing or not as expected; see /api/v1/openapi.json for what is',
      },
    })),
  );
}

function positionOf(question: unknown, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const after = decodeCursor(question, cursor);
  if (after === undefined) throw new ProblemError('bad-cursor');
  return after;
}

function nextOf(question: unknown, next: string | undefined): string | null {
  return next === undefined ? null : encodeCursor(question, next);
}
