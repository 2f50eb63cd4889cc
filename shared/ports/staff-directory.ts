import type { Role } from '../access/principal.ts';
import type { PlainDate } from '../calendar/plain-date.ts';

/** Somebody work can be given to. */
export interface StaffMember {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Area code prefixes. */
  readonly areas: readonly string[];
  readonly departments: readonly string[];
  /** Days away, first and last, and who covers. */
  readonly absences: readonly { readonly from: PlainDate; readonly to: PlainDate; readonly cover?: string }[];
}

/** Who works where. Kept by the security administrators. */
export interface StaffDirectory {
  /** Everybody of a role whose areas hold this area; of a department, when one is given. By id. */
  inCharge(role: Role, area: string, department?: string): Promise<readonly StaffMember[]>;
  get(id: string): Promise<StaffMember | undefined>;
  put(member: StaffMember): Promise<void>;
  list(): Promise<readonly StaffMember[]>;
}
