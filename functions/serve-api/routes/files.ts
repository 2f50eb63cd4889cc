import { hash } from 'node:crypto';
import { etag } from 'hono/etag';
import type { FeedId } from '../../../shared/catalog/feed.ts';
import { listFeeds } from '../../../shared/intake/feed-desk.ts';
import { listFiles, prepareUpload, readFileRecord, readFixItFile } from '../../../shared/intake/file-desk.ts';
import type { ApiDeps } from '../api-deps.ts';
import { ProblemError } from '../problem.ts';
import { type Api, bodyOf, isKey, limitedBody, nextOf, parsed, permitted, positionOf, purposeful, queried } from '../request.ts';
import { FilePath, FilesQuery, UploadBody } from '../schemas.ts';

/** Feeds, files with receipts and fix-it files, uploads: the department's desk. */
export function addFileRoutes(app: Api, deps: ApiDeps): void {
  app.get('/api/v1/feeds', async (c) => {
    const principal = await permitted(deps, c, 'feeds.list');
    return c.json({ items: await listFeeds(deps, principal), next: null });
  });
  app.get('/api/v1/files', async (c) => {
    const principal = await permitted(deps, c, 'files.list');
    const { feed, limit, cursor } = queried(FilesQuery, c);
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
    if (key !== undefined && !isKey(key))
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
