import type { Role } from '../access/principal.ts';
import type { StaffMember } from '../access/staff.ts';
import type { DomainEvent } from '../audit/event.ts';

/** Who works where. Kept by the security administrators. */
export interface StaffDirectory {
  /** Everybody in charge (`isInCharge`), by id. */
  inCharge(role: Role, area: string, department?: string): Promise<readonly StaffMember[]>;
  get(id: string): Promise<StaffMember | undefined>;
  /** Keeps the member as given, with its event; the last word counts. */
  put(member: StaffMember, event: DomainEvent): Promise<void>;
  /** Everybody, by id. */
  list(): Promise<readonly StaffMember[]>;
}
