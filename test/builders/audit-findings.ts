import { type AuditFinding, type AuditFindingId, type FindingAct, findingEvent, findingId } from '../../shared/audit/finding.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import type { AuditFindingChange } from '../../shared/ports/audit-finding-store.ts';
import { caseId } from './cases.ts';
import { instant } from './facts.ts';

/** Id of the n-th invented finding. */
export function auditFindingId(n: number): AuditFindingId {
  return findingId('user-auditor', `key-${n}`);
}

/** The n-th finding, about the n-th household's case, raised at the n-th moment, with steps taken a moment after each other. */
export function auditFinding(n: number, changes: Partial<AuditFinding> = {}, acts: readonly FindingAct[] = []): AuditFinding {
  return {
    id: auditFindingId(n),
    version: 1 + acts.length,
    subject: { kind: 'case', id: caseId(n) },
    code: 'overdue',
    text: '超期三十日未入户',
    area: '410102001',
    raisedAt: instant(n),
    by: 'user-auditor',
    due: '2024-05-31' as PlainDate,
    steps: acts.map((kind, index) => ({ id: `step-${index}`, at: instant(n + index + 1), by: 'user-1', kind, text: '已整改' })),
    ...changes,
  };
}

/** A change to this finding, with its event. */
export function auditFindingChange(finding: AuditFinding): AuditFindingChange {
  return { finding, events: [findingEvent(finding)] };
}
