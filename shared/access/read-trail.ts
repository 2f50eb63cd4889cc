import { makeEvent } from '../audit/make-event.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Action } from './policy.ts';
import type { Principal } from './principal.ts';
import type { Purpose } from './purpose.ts';

/** Who asks, why, and under which request. */
export interface Access {
  readonly principal: Principal;
  readonly purpose: Purpose;
  /** Unique per request; the same read under the same request is one event. */
  readonly request: string;
}

/** What keeping the trail needs. */
export interface ReadTrail {
  readonly clock: Clock;
  readonly eventLog: EventLog;
}

/**
 * Writes that personal data was read (`data.read`) or searched (`data.searched`) to the event log, by whom, in which roles
 * and departments, and what for, before the answer is given: a read that cannot be recorded is not answered. `about` holds ids only, never what was searched for.
 */
export async function recordRead(
  trail: ReadTrail,
  access: Access,
  action: Action,
  about: Readonly<Record<string, string>>,
  found: number,
): Promise<void> {
  const type = action === 'search.exact' ? 'data.searched' : 'data.read';
  const { roles, departments } = access.principal;
  const data = { action, departments: departments.join(' '), found, purpose: access.purpose, roles: roles.join(' ') };
  await trail.eventLog.append([
    makeEvent(type, trail.clock.now(), about, data, `${access.request} ${action}`, access.principal.id),
  ]);
}
