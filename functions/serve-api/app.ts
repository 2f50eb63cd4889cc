import { Hono } from 'hono';
import { matchedRoutes } from 'hono/route';
import { secureHeaders } from 'hono/secure-headers';
import { LogCode } from '../../shared/ports/log.ts';
import type { ApiDeps } from './api-deps.ts';
import { languageOf } from './language.ts';
import { ProblemError, problemOf, problemResponse } from './problem.ts';
import type { Api, Env } from './request.ts';
import { addAuditRoutes } from './routes/audit.ts';
import { addCaseRoutes } from './routes/cases.ts';
import { addCorrectionRoutes } from './routes/corrections.ts';
import { addFileRoutes } from './routes/files.ts';
import { addHouseholdRoutes } from './routes/households.ts';
import { addInboxRoutes } from './routes/inbox.ts';
import { addOpenRoutes } from './routes/open.ts';
import { addReportRoutes } from './routes/reports.ts';
import { addStaffRoutes } from './routes/staff.ts';

/** The whole HTTP interface under /api/v1, and the reader page at /. Holds no state of its own. */
export function createApp(deps: ApiDeps): Api {
  const app = new Hono<Env>();
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: [`'sha256-${deps.readerPage.scriptHash}'`],
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
  addCaseRoutes(app, deps);
  addInboxRoutes(app, deps);
  addCorrectionRoutes(app, deps);
  addReportRoutes(app, deps);
  addAuditRoutes(app, deps);
  addStaffRoutes(app, deps);
  // A route, not `notFound`: it still holds when a host mounts this app beside others.
  const routes = app.routes.filter(({ method }) => method !== 'ALL');
  app.all('*', (c) => {
    const allowed = methodsAt(routes, c.req.path);
    if (allowed.length === 0) throw new ProblemError('not-found');
    const answer = problemResponse(new ProblemError('method-not-allowed'), c.get('language'), c.get('request'));
    answer.headers.set('allow', allowed.join(', '));
    return answer;
  });
  return app;
}

/** The methods an address takes; none when there is no such address. */
function methodsAt(routes: readonly { readonly method: string; readonly path: string }[], path: string): readonly string[] {
  const steps = path.split('/');
  const there = routes.filter((route) => {
    const pattern = route.path.split('/');
    return pattern.length === steps.length && pattern.every((step, index) => step.startsWith(':') || step === steps[index]);
  });
  const methods = new Set(there.map(({ method }) => method));
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].toSorted();
}
