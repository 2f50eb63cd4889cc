import { etag } from 'hono/etag';
import { actionsOf } from '../../../shared/access/policy.ts';
import { purposeCodes } from '../../../shared/access/purpose.ts';
import type { ApiDeps } from '../api-deps.ts';
import { type Api, type Call, signedIn } from '../request.ts';

/** Reader page, OpenAPI document, health, and who is signed in. */
export function addOpenRoutes(app: Api, deps: ApiDeps): void {
  const page = (c: Call) => c.html(deps.readerPage.html, 200, { 'cache-control': 'no-cache' });
  app.get('/', etag(), page);
  app.get('/api/v1/docs', etag(), page);
  app.get('/api/v1/openapi.json', etag(), async (c) => {
    const headers = { 'cache-control': 'no-cache', 'content-type': 'application/json' };
    return c.body(await deps.openApi(c.get('language')), 200, headers);
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
