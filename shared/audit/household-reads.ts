import type { Instant } from '../calendar/plain-date.ts';
import type { HouseholdId } from '../registry/household.ts';
import type { DomainEvent } from './event.ts';

/** One answer that showed a household to somebody. */
export interface HouseholdRead {
  /** The event in the archive that proves it. */
  readonly event: string;
  readonly type: 'data.read' | 'data.searched';
  readonly at: Instant;
  readonly actor: string;
  /** Roles and departments the reader had then; empty where the event does not say. */
  readonly roles: readonly string[];
  readonly departments: readonly string[];
  readonly action: string;
  readonly purpose: string;
  /** How many households the same answer showed. */
  readonly households: number;
}

/** Household ids stand by themselves and within ids of warnings, cases and notices. */
const HOUSEHOLD = /H[0-9a-f]{24}/g;

/** The households an event's answer showed, and what is kept of it for each; undefined when it is no read or showed none. */
export function readShown(
  event: DomainEvent,
): { readonly households: readonly HouseholdId[]; readonly read: HouseholdRead } | undefined {
  const { id, type, at, actor, subject, data } = event;
  if (type !== 'data.read' && type !== 'data.searched') return undefined;
  const ids = Object.values(subject).flatMap((value) => value.match(HOUSEHOLD) ?? []);
  const households = [...new Set(ids)] as HouseholdId[];
  if (households.length === 0) return undefined;
  const words = (name: string) => (typeof data[name] === 'string' ? data[name].split(' ').filter((word) => word !== '') : []);
  const read = {
    event: id,
    type,
    at,
    actor,
    roles: words('roles'),
    departments: words('departments'),
    action: words('action').join(' '),
    purpose: words('purpose').join(' '),
    households: households.length,
  };
  return { households, read };
}
