import { changeStaff, listStaff } from '../../../shared/access/staff-desk.ts';
import type { ApiDeps } from '../api-deps.ts';
import { StaffBody, StaffPath } from '../case-schemas.ts';
import { type Api, bodyOf, limitedBody, parsed, permitted } from '../request.ts';

/** Who works where: read by who assigns work, kept by the security administrators. */
export function addStaffRoutes(app: Api, deps: ApiDeps): void {
  app.get('/api/v1/staff', async (c) => {
    const principal = await permitted(deps, c, 'staff.list');
    return c.json({ items: await listStaff(deps, principal), next: null });
  });
  app.put('/api/v1/staff/:id', limitedBody(), async (c) => {
    const principal = await permitted(deps, c, 'staff.change');
    const { id } = parsed(StaffPath, c.req.param(), 'path');
    const member = parsed(StaffBody, await bodyOf(c), 'body');
    return c.json(await changeStaff(deps, principal, { id, ...member }, c.get('request')));
  });
}
