import { type Role, scopePrefix } from '../../../shared/access/principal.ts';
import { makeEvent } from '../../../shared/audit/make-event.ts';
import type { Clock } from '../../../shared/ports/clock.ts';
import type { StaffDirectory } from '../../../shared/ports/staff-directory.ts';
import type { DemoAccount } from './demo-accounts.ts';

/** Roles that work is given to. */
const WORKING: ReadonlySet<Role> = new Set(['coordinator', 'caseworker', 'supervisor', 'handler']);

/** Enters the demo accounts that work is given to into the staff directory, unless they are there. */
export async function enterDemoStaff(
  staff: Pick<StaffDirectory, 'get' | 'put'>,
  accounts: readonly DemoAccount[],
  clock: Clock,
): Promise<void> {
  for (const { user, title, roles, areas, departments } of accounts) {
    if (!roles.some((role) => WORKING.has(role)) || (await staff.get(user)) !== undefined) continue;
    const prefixes = areas.flatMap((area) => scopePrefix(area) ?? []);
    const member = { id: user, name: title.zh, roles, areas: prefixes, departments, absences: [] };
    const data = { absences: 0, areas: prefixes.join(' '), roles: roles.join(' ') };
    await staff.put(member, makeEvent('staff.changed', clock.now(), { staff: user }, data, 'demo'));
  }
}
