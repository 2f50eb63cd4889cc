import type { DomainEvent, EventType } from '../../shared/audit/event.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import type { StandingChange } from '../../shared/ports/standing-store.ts';
import type { HouseholdId } from '../../shared/registry/household.ts';
import type { Grade } from '../../shared/scoring/assessment.ts';
import type { Standing, Warning, WarningId } from '../../shared/warnings/warning.ts';
import { factChunk, instant } from './facts.ts';

/** The n-th invented household. */
export function householdId(n: number): HouseholdId {
  return `H${n.toString(16).padStart(24, '0')}` as HouseholdId;
}

export const URGENT: Grade = { id: 'urgent', rank: 1, title: { zh: '紧急', en: 'urgent' } };
export const GENERAL: Grade = { id: 'general', rank: 2, title: { zh: '一般', en: 'general' } };

/** An open general warning of the n-th household with one medical reason. */
export function warning(n: number, changes: Partial<Warning> = {}): Warning {
  const chunk = factChunk();
  return {
    id: `W-${householdId(n)}-entry-1` as WarningId,
    household: householdId(n),
    area: '410102001',
    category: 'none',
    family: 'entry',
    grade: GENERAL,
    status: 'open',
    openedAt: instant(),
    changedAt: instant(),
    asOf: '2024-04-01' as PlainDate,
    pack: 'henan-low-income',
    version: '1',
    points: { low: 60, high: 75 },
    completeness: 0.875,
    reasons: [
      {
        indicator: 'medical-self-paid-12m',
        result: 'hit',
        value: 500_000,
        valueHigh: null,
        unit: 'fen',
        line: 500_000,
        points: { low: 25, high: 25 },
        trigger: 'general',
        evidence: [
          { feed: chunk.feed, file: chunk.file, row: 4, date: '2024-03-12' as PlainDate, person: chunk.person, amount: 500_000 },
        ],
        missing: [],
      },
    ],
    ...changes,
  };
}

/** The n-th household's standing at a version, without a warning unless one is given. */
export function standing(n: number, version: number, changes: Partial<Standing> = {}): Standing {
  return {
    household: householdId(n),
    family: 'entry',
    version,
    area: '410102001',
    category: 'none',
    assessment: {
      pack: 'henan-low-income',
      version: '1',
      asOf: '2024-04-01' as PlainDate,
      points: { low: 60, high: 75 },
      completeness: 0.875,
      grade: GENERAL,
      digest: 'd1gest',
    },
    ...changes,
  };
}

/** An event about the n-th household at a version. */
export function householdEvent(n: number, version: number, type: EventType = 'household.assessed'): DomainEvent {
  return {
    id: `${type.length.toString(16).padStart(4, '0')}${version.toString(16).padStart(4, '0')}${n.toString(16).padStart(24, '0')}`,
    type,
    at: instant(version),
    actor: 'system',
    subject: { household: householdId(n) },
    data: { version, grade: null, changed: true },
  };
}

/** A change of the n-th household to a version, with one event, and with an open warning unless `standing` says otherwise. */
export function standingChange(n: number, version: number, changes: Partial<Standing> = {}): StandingChange {
  return {
    standing: standing(n, version, { warning: warning(n), ...changes }),
    events: [householdEvent(n, version)],
    messages: [],
  };
}
