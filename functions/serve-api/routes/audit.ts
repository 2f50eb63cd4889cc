import { listFindings, raiseFinding, readFinding, takeFindingStep } from '../../../shared/audit/finding-desk.ts';
import { pageOfRoots } from '../../../shared/audit/finished-roots.ts';
import { dateInChina, type PlainDate } from '../../../shared/calendar/plain-date.ts';
import { impactAssessment } from '../../../shared/privacy/impact-assessment.ts';
import { impactAssessmentPage } from '../../../shared/privacy/impact-assessment-page.ts';
import type { ApiDeps } from '../api-deps.ts';
import { FindingBody, FindingPath, FindingStepBody, FindingsQuery, PiaQuery, RootsQuery } from '../audit-schemas.ts';
import { ProblemError } from '../problem.ts';
import {
  type Api,
  bodyOf,
  keyOf,
  limitedBody,
  nextOf,
  parsed,
  permitted,
  positionOf,
  purposeful,
  queried,
  signedIn,
} from '../request.ts';

/** The auditor's workspace: findings and what comes of them. */
export function addAuditRoutes(app: Api, deps: ApiDeps): void {
  app.get('/api/v1/audit/roots', async (c) => {
    await permitted(deps, c, 'audit.verify');
    const { from, to, limit, cursor } = queried(RootsQuery, c);
    const question = ['roots', from, to];
    const begin = (positionOf(question, cursor) as PlainDate | undefined) ?? from;
    const page = await pageOfRoots(deps.archive, dateInChina(deps.clock.now()), {
      limit,
      ...(begin === undefined ? {} : { from: begin }),
      ...(to === undefined ? {} : { to }),
    });
    return c.json({ items: page.roots, next: nextOf(question, page.next) });
  });
  app.get('/api/v1/pia', async (c) => {
    await permitted(deps, c, 'privacy.read');
    const { format } = queried(PiaQuery, c);
    const on = dateInChina(deps.clock.now());
    const pia = impactAssessment(deps.catalog, deps.parameters.retention, { on, version: deps.version });
    return format === 'html' ? c.html(impactAssessmentPage(pia, c.get('language'))) : c.json(pia);
  });
  app.get('/api/v1/audit/findings', async (c) => {
    const access = await purposeful(deps, c, 'findings.read');
    const { state, area, department, limit, cursor } = queried(FindingsQuery, c);
    const question = ['findings', state, area, department, access.principal.areas, access.principal.departments];
    const after = positionOf(question, cursor);
    const page = await listFindings(deps, access, {
      limit,
      ...(state === undefined ? {} : { state }),
      ...(area === undefined ? {} : { area }),
      ...(department === undefined ? {} : { department }),
      ...(after === undefined ? {} : { after }),
    });
    return c.json({ items: page.findings, next: nextOf(question, page.next) });
  });
  app.post('/api/v1/audit/findings', limitedBody(), async (c) => {
    const access = await purposeful(deps, c, 'findings.raise');
    const form = parsed(FindingBody, await bodyOf(c), 'body');
    return c.json(await raiseFinding(deps, access, form, keyOf(c, access.principal)), 201);
  });
  app.get('/api/v1/audit/findings/:id', async (c) => {
    const access = await purposeful(deps, c, 'findings.read');
    const { id } = parsed(FindingPath, c.req.param(), 'path');
    return c.json(await readFinding(deps, access, id));
  });
  app.post('/api/v1/audit/findings/:id/steps', limitedBody(), async (c) => {
    await signedIn(deps, c);
    const { id } = parsed(FindingPath, c.req.param(), 'path');
    const form = parsed(FindingStepBody, await bodyOf(c), 'body');
    const access = await purposeful(deps, c, form.act === 'answer' ? 'findings.answer' : 'findings.judge');
    const done = await takeFindingStep(deps, access, { id, form, key: keyOf(c, access.principal) });
    if (done.kind === 'refused') throw new ProblemError('action-refused', done.text);
    return c.json({ ...done.finding, done: done.kind });
  });
}
