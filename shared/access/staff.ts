import type { PlainDate } from '../calendar/plain-date.ts';
import type { Role } from './principal.ts';

/** Somebody work can be given to. */
export interface StaffMember {
  /** The issuer's subject, as in tokens. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Area code prefixes. */
  readonly areas: readonly string[];
  readonly departments: readonly string[];
  /** Days away, first and last, and who covers. */
  readonly absences: readonly { readonly from: PlainDate; readonly to: PlainDate; readonly cover?: string }[];
}

/** Whether somebody of this role works for this area and, when one is given, this department. */
export function isInCharge(member: StaffMember, role: Role, area: string, department?: string): boolean {
  return (
    member.roles.includes(role) &&
    member.areas.some((prefix) => area.startsWith(prefix)) &&
    (department === undefined || member.departments.includes(department) || member.departments.includes('*'))
  );
}
