import type { DomainEvent } from '../audit/event.ts';
import type { Instant } from '../calendar/plain-date.ts';
import type { CaseId } from '../casework/case.ts';
import type { CorrectionId, CorrectionNotice } from '../corrections/notice.ts';

/** A new version of a notice. `notice.version` is one above the version it was computed from (0 = none there). */
export interface CorrectionChange {
  readonly notice: CorrectionNotice;
  readonly events: readonly DomainEvent[];
}

/** Which notices to list, those sent first coming first. All conditions must hold. */
export interface CorrectionQuery {
  /** Area code prefixes; empty list: none. */
  readonly areas: readonly string[];
  /** Only of these departments; empty list: none. */
  readonly departments?: readonly string[];
  /** Only those that await the department's last word, or only those that have it. */
  readonly awaiting?: boolean;
  /** Only those whose time was over before this moment. */
  readonly dueBefore?: Instant;
  /** Sent at this moment or later. */
  readonly sentFrom?: Instant;
  /** Sent before this moment. */
  readonly sentBefore?: Instant;
  readonly limit: number;
  readonly after?: string;
}

/** Correction notices: one record each, found by case, department and area. */
export interface CorrectionStore {
  /** Strongly consistent. */
  get(id: CorrectionId): Promise<CorrectionNotice | undefined>;
  /** The notices of a case, in the order they were sent. Strongly consistent. */
  ofCase(id: CaseId): Promise<readonly CorrectionNotice[]>;
  /**
   * Saves each change with its events, atomically, if the stored version is still `notice.version - 1`. Answers with those
   * that were there already or that somebody else changed in between.
   */
  save(changes: readonly CorrectionChange[]): Promise<readonly CorrectionChange[]>;
  /** Listing may lag a moment behind `save` in the cloud, and a page may be shorter than asked while `next` is given. */
  list(query: CorrectionQuery): Promise<{ readonly notices: readonly CorrectionNotice[]; readonly next?: string }>;
}
