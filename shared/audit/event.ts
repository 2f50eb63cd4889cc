import type { Instant } from '../calendar/plain-date.ts';

/** Every kind of change or read that is kept for good. */
export const eventTypes = [
  'file.taken',
  'file.refused',
  'file.duplicate',
  'facts.recorded',
  'membership.changed',
  'household.assessed',
  'warning.opened',
  'warning.reopened',
  'warning.merged',
  'warning.raised',
  'warning.lowered',
  'warning.withdrawn',
  'warning.handled',
  'case.opened',
  'case.joined',
  'case.acted',
  'case.stepped',
  'case.closed',
  'correction.sent',
  'correction.answered',
  'audit-finding.opened',
  'audit-finding.answered',
  'audit-finding.closed',
  'audit-finding.reopened',
  'audit-finding.withdrawn',
  'data.deletion-begun',
  'data.deleted',
  'keys.rotation-begun',
  'keys.rotated',
  'staff.changed',
  'data.read',
  'data.searched',
  'message.put-back',
  'events.buried',
  'period.closed',
  'report.asked',
  'report.pulled',
  'report.refused',
] as const;
export type EventType = (typeof eventTypes)[number];

/** The kinds of events whose names begin so: `case.` of all that tell of cases. */
export function eventTypesOf(beginning: string): readonly EventType[] {
  return eventTypes.filter((type) => type.startsWith(beginning));
}

/**
 * One change or read, written atomically with it. Carries pseudonyms, ids, counts and digests; never names, identity
 * numbers, diagnoses or file names.
 */
export interface DomainEvent {
  /** 32 hex digits, made from what happened, so that a repeat of the same change has the same id. */
  readonly id: string;
  readonly type: EventType;
  readonly at: Instant;
  /** `system` or the signed-in user's id. */
  readonly actor: string;
  /** What it is about: ids by role, e.g. `{ household, warning }`. */
  readonly subject: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, EventValue>>;
}

/** One thing an event states: a plain value, or a short table of them. */
export type EventValue = string | number | boolean | null | readonly (readonly (string | number)[])[];

/** The lines of a short table an event states; none where it states no table. */
export function linesOf(value: EventValue | undefined): readonly (readonly (string | number)[])[] {
  return Array.isArray(value) ? value : [];
}
