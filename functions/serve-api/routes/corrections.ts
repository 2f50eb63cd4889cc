import { answerCorrection } from '../../../shared/corrections/answer-correction.ts';
import { listCorrections, readCorrection } from '../../../shared/corrections/read-corrections.ts';
import { readScorecard } from '../../../shared/corrections/scorecard.ts';
import type { ApiDeps } from '../api-deps.ts';
import { CorrectionAnswerBody, CorrectionPath, CorrectionsQuery, ScorecardQuery } from '../correction-schemas.ts';
import { ProblemError } from '../problem.ts';
import { type Api, bodyOf, keyOf, limitedBody, nextOf, parsed, permitted, positionOf, purposeful, queried } from '../request.ts';

/** Rows that were found wrong: the departments' inbox of correction notices, and how they stand. */
export function addCorrectionRoutes(app: Api, deps: ApiDeps): void {
  app.get('/api/v1/corrections', async (c) => {
    const access = await purposeful(deps, c, 'corrections.read');
    const { status, department, area, limit, cursor } = queried(CorrectionsQuery, c);
    const { areas, departments } = access.principal;
    const question = ['corrections', status, department, area, areas, departments];
    const after = positionOf(question, cursor);
    const page = await listCorrections(deps, access, {
      limit,
      ...(status === undefined ? {} : { status }),
      ...(department === undefined ? {} : { department }),
      ...(area === undefined ? {} : { area }),
      ...(after === undefined ? {} : { after }),
    });
    return c.json({ items: page.notices, next: nextOf(question, page.next) });
  });
  app.get('/api/v1/corrections/:id', async (c) => {
    const access = await purposeful(deps, c, 'corrections.read');
    const { id } = parsed(CorrectionPath, c.req.param(), 'path');
    return c.json(await readCorrection(deps, access, id));
  });
  app.get('/api/v1/scorecard', async (c) => {
    const principal = await permitted(deps, c, 'scorecard.read');
    const { from, to, department } = queried(ScorecardQuery, c);
    const lines = await readScorecard(deps, principal, { from, to, ...(department === undefined ? {} : { department }) });
    return c.json({ items: lines, next: null });
  });
  app.post('/api/v1/corrections/:id/answer', limitedBody(), async (c) => {
    const access = await purposeful(deps, c, 'corrections.answer');
    const { id } = parsed(CorrectionPath, c.req.param(), 'path');
    const form = parsed(CorrectionAnswerBody, await bodyOf(c), 'body');
    const answered = await answerCorrection(deps, access, { id, form, key: keyOf(c, access.principal) });
    if (answered.kind === 'refused') throw new ProblemError('action-refused', answered.text);
    return c.json({ ...answered.notice, done: answered.kind });
  });
}
