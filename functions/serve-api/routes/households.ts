import { whoLooked } from '../../../shared/access/household-reads.ts';
import { searchExact } from '../../../shared/registry/find-household.ts';
import type { HouseholdId } from '../../../shared/registry/household.ts';
import { householdPage } from '../../../shared/registry/household-page.ts';
import { parseIdentityNumber } from '../../../shared/registry/identity-number.ts';
import { listWarnings, readWarning } from '../../../shared/warnings/read-warnings.ts';
import type { ApiDeps } from '../api-deps.ts';
import { HouseholdReadsQuery } from '../audit-schemas.ts';
import { ProblemError } from '../problem.ts';
import { type Api, bodyOf, limitedBody, nextOf, parsed, positionOf, purposeful, queried } from '../request.ts';
import { HouseholdPath, SearchBody, WarningPath, WarningsQuery } from '../schemas.ts';

/** Warnings, households and exact search. */
export function addHouseholdRoutes(app: Api, deps: ApiDeps): void {
  app.get('/api/v1/warnings', async (c) => {
    const access = await purposeful(deps, c, 'warnings.list');
    const { cursor, status, limit, ...filter } = queried(WarningsQuery, c);
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
  app.get('/api/v1/households/:id/reads', async (c) => {
    const access = await purposeful(deps, c, 'household.reads');
    const { id } = parsed(HouseholdPath, c.req.param(), 'path');
    const { from, to, limit, cursor } = queried(HouseholdReadsQuery, c);
    const question = ['household-reads', id, from, to];
    const after = positionOf(question, cursor);
    const page = await whoLooked(deps, access, id as HouseholdId, {
      limit,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(after === undefined ? {} : { after }),
    });
    return c.json({ items: page.reads, next: nextOf(question, page.next) });
  });
  app.post('/api/v1/search', limitedBody(), async (c) => {
    const access = await purposeful(deps, c, 'search.exact');
    const query = parsed(SearchBody, await bodyOf(c), 'body');
    if ('number' in query) {
      const number = parseIdentityNumber(query.number);
      if (!number.ok) throw new ProblemError('bad-request', undefined, [{ where: 'body.number', message: number.message }]);
    }
    const { hits, more } = await searchExact(deps, access, query);
    return c.json({ items: hits, next: null, more });
  });
}
