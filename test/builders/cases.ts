import type { StaffMember } from '../../shared/access/staff.ts';
import type { DomainEvent } from '../../shared/audit/event.ts';
import type { Instant } from '../../shared/calendar/plain-date.ts';
import type { Case, CaseClock, CaseId, Increment, Referral } from '../../shared/casework/case.ts';
import type { CaseChange } from '../../shared/ports/case-store.ts';
import { instant } from './facts.ts';
import { GENERAL, householdId, warning } from './standings.ts';

/** The id of the n-th household's case. */
export function caseId(n: number, ordinal = 1): CaseId {
  return `C-${householdId(n)}-${ordinal}` as CaseId;
}

/** A case of the n-th household that was just opened by a warning and waits in a pool for its visit. */
export function aCase(n: number, changes: Partial<Case> = {}): Case {
  return {
    id: caseId(n),
    household: householdId(n),
    version: 1,
    source: 'warning',
    area: '410102001',
    category: 'none',
    grade: GENERAL,
    stage: 'visit',
    openedAt: instant(),
    changedAt: instant(),
    warnings: [warning(n).id],
    increments: [],
    clocks: [],
    proposals: [],
    visits: [],
    decisions: [],
    referrals: [],
    aids: [],
    attachments: [],
    history: [],
    workflow: { definition: 'test', run: 1 },
    waits: {},
    ...changes,
  };
}

/** That the n-th household's warning opened the case, as the case took it in. */
export function increment(n: number, changes: Partial<Increment> = {}): Increment {
  const { id, grade, points, changedAt } = warning(n);
  return { at: instant(), warning: id, change: 'opened', grade, points, version: 1, changedAt, ...changes };
}

/** A running visit clock that turns red at a time. */
export function visitClock(redAt: string, changes: Partial<CaseClock> = {}): CaseClock {
  return {
    step: 'visit',
    startedAt: instant(),
    limit: { amount: 10, unit: 'working-days' },
    lights: { yellow: 70, county: 150, reminderDays: 7 },
    yellowAt: redAt as Instant,
    redAt: redAt as Instant,
    countyAt: redAt as Instant,
    light: 'green',
    ...changes,
  };
}

/** A referral sent to a department. */
export function referral(id: string, department: string, changes: Partial<Referral> = {}): Referral {
  return {
    id,
    department,
    measure: 'medical-aid',
    ask: '请核实并办理',
    status: 'sent',
    by: 'caseworker-1',
    sentAt: instant(),
    answers: [],
    ...changes,
  };
}

/** An event about a case at a version. */
export function caseEvent(one: Case): DomainEvent {
  return {
    id: `${one.version.toString(16).padStart(8, '0')}${one.household.slice(1)}`,
    type: 'case.stepped',
    at: instant(one.version),
    actor: 'system',
    subject: { case: one.id, household: one.household },
    data: { version: one.version },
  };
}

/** A change to this version of a case, with one event and no messages. */
export function caseChange(one: Case, changes: Partial<CaseChange> = {}): CaseChange {
  return { case: one, events: [caseEvent(one)], messages: [], ...changes };
}

/** Somebody of the staff. */
export function staffMember(id: string, changes: Partial<StaffMember> = {}): StaffMember {
  return { id, name: '协理员', roles: ['coordinator'], areas: ['410102001203'], departments: [], absences: [], ...changes };
}
