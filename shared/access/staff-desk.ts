import { makeEvent } from '../audit/make-event.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import type { Clock } from '../ports/clock.ts';
import { WrongRequestError } from '../ports/errors.ts';
import type { StaffDirectory } from '../ports/staff-directory.ts';
import { allow } from './policy.ts';
import { type Principal, type Role, scopePrefix } from './principal.ts';
import type { StaffMember } from './staff.ts';

/** A member of staff as the security administrator enters them; area codes as in accounts. */
export interface StaffEntry {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly areas: readonly string[];
  readonly departments: readonly string[];
  readonly absences: readonly { readonly from: string; readonly to: string; readonly cover?: string | undefined }[];
}

/** Everybody work can be given to. */
export async function listStaff(
  { staff }: { readonly staff: Pick<StaffDirectory, 'list'> },
  principal: Principal,
): Promise<readonly StaffMember[]> {
  allow(principal, 'staff.list');
  return staff.list();
}

const NO_AREA = {
  zh: '辖区（areas）应为2、4、6、9或12位区划代码，全部地区写 *。',
  en: 'Areas are codes of 2, 4, 6, 9 or 12 digits, or * for everywhere.',
};

/** Enters or changes somebody. Throws WrongRequestError for an area that is no area code. */
export async function changeStaff(
  { staff, clock }: { readonly staff: Pick<StaffDirectory, 'put'>; readonly clock: Clock },
  principal: Principal,
  entry: StaffEntry,
  request: string,
): Promise<StaffMember> {
  allow(principal, 'staff.change');
  const areas = entry.areas.map((area) => {
    const prefix = scopePrefix(area);
    if (prefix === undefined) throw new WrongRequestError(NO_AREA);
    return prefix;
  });
  const absences = entry.absences.map(({ from, to, cover }) => ({
    from: from as PlainDate,
    to: to as PlainDate,
    ...(cover === undefined ? {} : { cover }),
  }));
  const member: StaffMember = { ...entry, areas, absences };
  const data = { absences: absences.length, areas: areas.join(' '), roles: entry.roles.join(' ') };
  await staff.put(member, makeEvent('staff.changed', clock.now(), { staff: member.id }, data, request, principal.id));
  return member;
}
