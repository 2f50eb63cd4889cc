import type { DomainEvent } from '../audit/event.ts';
import type { AuditFinding, AuditFindingId, FindingState } from '../audit/finding.ts';

/** A new version of a finding. `finding.version` is one above the version it was computed from (0 = none there). */
export interface AuditFindingChange {
  readonly finding: AuditFinding;
  readonly events: readonly DomainEvent[];
}

/** Which findings to list, those raised first coming first. All conditions must hold. */
export interface AuditFindingQuery {
  /** Area code prefixes; empty list: none. */
  readonly areas: readonly string[];
  readonly department?: string;
  readonly states: readonly FindingState[];
  readonly limit: number;
  readonly after?: string;
}

/** Findings of audit: one record each. */
export interface AuditFindingStore {
  /** Strongly consistent. */
  get(id: AuditFindingId): Promise<AuditFinding | undefined>;
  /** Saves the change with its events, atomically, if the stored version is still `finding.version - 1`; else false. */
  save(change: AuditFindingChange): Promise<boolean>;
  /** Listing may lag a moment behind `save` in the cloud, and a page may be shorter than asked while `next` is given. */
  list(query: AuditFindingQuery): Promise<{ readonly findings: readonly AuditFinding[]; readonly next?: string }>;
}
