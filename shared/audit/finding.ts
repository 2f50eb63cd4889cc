import { hash } from 'node:crypto';
import type { Instant, PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { DomainEvent, EventType } from './event.ts';
import { makeEvent } from './make-event.ts';

/** `AF-` and 24 hex digits, e.g. `AF-5f0a7c1e9b3d5f0a7c1e9b3d`. */
export type AuditFindingId = string & { readonly __brand: 'AuditFindingId' };

/** What a finding can be about. */
export const findingSubjects = ['case', 'file', 'feed', 'warning', 'report'] as const;
export type FindingSubject = (typeof findingSubjects)[number];

/** What an auditor finds wrong, as ledgers count it. */
export const findingCodes = {
  'no-purpose': { zh: '查询个人信息无正当事由', en: 'personal data read without a proper purpose' },
  overdue: { zh: '超期未办', en: 'overdue' },
  'not-visited': { zh: '应入户未入户', en: 'not visited though it should be' },
  'reason-missing': { zh: '决定缺少理由或依据', en: 'decision without reason or ground' },
  'papers-missing': { zh: '材料缺失', en: 'papers missing' },
  'wrong-help': { zh: '不应给予而给予救助', en: 'help given that should not have been' },
  'no-help': { zh: '应给予而未给予救助', en: 'help not given that should have been' },
  'double-help': { zh: '重复救助', en: 'helped twice' },
  'data-wrong': { zh: '数据有误', en: 'data wrong' },
  'data-late': { zh: '数据迟报或缺报', en: 'data late or missing' },
  other: { zh: '其他', en: 'other' },
} as const satisfies Readonly<Record<string, Bilingual>>;
export type FindingCode = keyof typeof findingCodes;

/** One step after a finding was raised: what was done, or what the auditor says to it. */
export interface FindingStep {
  /** Key of the request, so that a repeat is one step. */
  readonly id: string;
  readonly at: Instant;
  readonly by: string;
  readonly kind: FindingAct;
  /** Enters no event. */
  readonly text?: string;
}

/**
 * A finding of audit 审计发现, and with it a corrective task 整改任务 for the department it concerns or, where it names none, for
 * the supervisors of its area. They say what was done; the auditor closes it or opens it again.
 */
export interface AuditFinding {
  readonly id: AuditFindingId;
  /** Counts the changes; a writer states the version it read. */
  readonly version: number;
  readonly subject: { readonly kind: FindingSubject; readonly id: string };
  readonly code: FindingCode;
  /** Words of the auditor; enter no event. */
  readonly text: string;
  readonly area: string;
  readonly department?: string;
  readonly raisedAt: Instant;
  readonly by: string;
  /** Last day for the answer. */
  readonly due: PlainDate;
  /** Oldest first. */
  readonly steps: readonly FindingStep[];
}

/** Where a finding stands. */
export const findingStates = ['open', 'answered', 'closed', 'withdrawn'] as const;
export type FindingState = (typeof findingStates)[number];

/** What can be done with a finding: `answer` by who must set it right, the rest by an auditor. */
export const findingActs = ['answer', 'close', 'reopen', 'withdraw'] as const;
export type FindingAct = (typeof findingActs)[number];

/** The one table of what is possible: from which states an act leads where. */
const transitions: Readonly<Record<FindingAct, { readonly from: readonly FindingState[]; readonly to: FindingState }>> = {
  answer: { from: ['open'], to: 'answered' },
  close: { from: ['answered'], to: 'closed' },
  reopen: { from: ['answered', 'closed'], to: 'open' },
  withdraw: { from: ['open', 'answered'], to: 'withdrawn' },
};

/** Where a finding stands after its steps. */
export function stateOf({ steps }: Pick<AuditFinding, 'steps'>): FindingState {
  const last = steps.at(-1);
  return last === undefined ? 'open' : transitions[last.kind].to;
}

/** What can be done with a finding in this state. */
export function possibleActs(state: FindingState): readonly FindingAct[] {
  return findingActs.filter((act) => transitions[act].from.includes(state));
}

/** The id of a finding, from the auditor and the key of the request: a repeat is the same finding. */
export function findingId(by: string, key: string): AuditFindingId {
  return `AF-${hash('sha256', `${by}\n${key}`, 'hex').slice(0, 24)}` as AuditFindingId;
}

const eventTypes = {
  answer: 'audit-finding.answered',
  close: 'audit-finding.closed',
  reopen: 'audit-finding.reopened',
  withdraw: 'audit-finding.withdrawn',
} as const satisfies Readonly<Record<FindingAct, EventType>>;

/** The event of a finding's latest change: codes and ids only, never words. */
export function findingEvent(finding: AuditFinding): DomainEvent {
  const { id, subject, code, area, department, due, version, steps } = finding;
  const last = steps.at(-1);
  const data = { area, code, department: department ?? null, due };
  return makeEvent(
    last === undefined ? 'audit-finding.opened' : eventTypes[last.kind],
    last?.at ?? finding.raisedAt,
    { finding: id, [subject.kind]: subject.id },
    data,
    String(version),
    last?.by ?? finding.by,
  );
}
