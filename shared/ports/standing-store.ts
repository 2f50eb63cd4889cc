import type { DomainEvent } from '../audit/event.ts';
import type { HouseholdId } from '../registry/household.ts';
import type { WarningFamily } from '../scoring/assessment.ts';
import type { Standing, Warning, WarningId, WarningStatus } from '../warnings/warning.ts';
import type { OutboxMessage } from './outbox.ts';

/** A new version of a standing. `standing.version` is one above the version it was computed from (0 = none there). */
export interface StandingChange {
  readonly standing: Standing;
  /** A warning that was handled and now gives way to a new one: kept for good beside it. */
  readonly past?: Warning;
  readonly events: readonly DomainEvent[];
  /** Sent if and only if the change is saved: what becomes of a warning is told to the casework. */
  readonly messages: readonly OutboxMessage[];
}

/** Which warnings to list. Sorted most urgent first: grade rank, then points from high to low, then oldest, then id. */
export interface WarningQuery {
  /** Area code prefixes; a warning matches when its area begins with one of them. Empty list: none. */
  readonly areas: readonly string[];
  readonly status?: WarningStatus;
  readonly grade?: string;
  readonly family?: WarningFamily;
  readonly limit: number;
  readonly after?: string;
}

/** Assessments and warnings: one record per household and family, changed under optimistic locking. */
export interface StandingStore {
  /** Strongly consistent. Households without a standing are absent. */
  load(households: readonly HouseholdId[]): Promise<ReadonlyMap<HouseholdId, readonly Standing[]>>;
  /**
   * Saves each change with its events, atomically per standing, if the stored version is still `standing.version - 1`.
   * Answers with those that somebody else changed in between; they were not saved.
   */
  save(changes: readonly StandingChange[]): Promise<readonly StandingChange[]>;
  /** Listing may lag a moment behind `save` in the cloud. */
  warnings(query: WarningQuery): Promise<{ readonly warnings: readonly Warning[]; readonly next?: string }>;
  warning(id: WarningId): Promise<Warning | undefined>;
  /** Handled warnings of a household that gave way to newer ones, oldest first. */
  past(household: HouseholdId): Promise<readonly Warning[]>;
}
