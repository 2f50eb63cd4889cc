import type { DomainEvent } from '../audit/event.ts';
import type { Case, CaseId, Light, Stage, UserId } from '../casework/case.ts';
import type { HouseholdId } from '../registry/household.ts';
import type { OutboxMessage } from './outbox.ts';

/** A new version of a case. `case.version` is one above the version it was computed from (0 = none there). */
export interface CaseChange {
  readonly case: Case;
  /** The household's closed case that gives way to this new one: kept for good beside it. */
  readonly past?: Case;
  readonly events: readonly DomainEvent[];
  readonly messages: readonly OutboxMessage[];
}

/** How a worklist is sorted: by the nearest red light, or by grade, then red light. Ties by id. */
export type CaseOrder = 'due' | 'urgent';

/** Which cases to list. All conditions must hold. */
export interface CaseQuery {
  /** Area code prefixes; empty list: none. */
  readonly areas: readonly string[];
  readonly stages?: readonly Stage[];
  readonly assignee?: UserId;
  /** Only cases that wait in a pool. */
  readonly unassigned?: boolean;
  /** Only cases with a light of this or a higher level. */
  readonly light?: Light;
  /** Cases with a referral of this department that is not answered for good: the department's inbox. */
  readonly department?: string;
  readonly order: CaseOrder;
  readonly limit: number;
  readonly after?: string;
}

/** Counts of the cases in some areas. */
export interface CaseCounts {
  readonly byStage: Readonly<Partial<Record<Stage, number>>>;
  readonly byLight: Readonly<Partial<Record<Light, number>>>;
  /** Open cases in hand per worker. */
  readonly byAssignee: Readonly<Record<UserId, number>>;
}

/** Cases: one record each; a household has one that is current (open, or the last closed). */
export interface CaseStore {
  /** Strongly consistent. */
  get(id: CaseId): Promise<Case | undefined>;
  /** The current case of each household that ever had one. Strongly consistent. */
  current(households: readonly HouseholdId[]): Promise<ReadonlyMap<HouseholdId, Case>>;
  /** Every case of a household, oldest first. */
  ofHousehold(household: HouseholdId): Promise<readonly Case[]>;
  /**
   * Saves each change with its events and messages, atomically per case, if the stored version is still `case.version - 1`
   * (and, for a new case, if the household's current one is `past`). Answers with those that somebody else changed in between.
   */
  save(changes: readonly CaseChange[]): Promise<readonly CaseChange[]>;
  /** Listing may lag a moment behind `save` in the cloud. */
  list(query: CaseQuery): Promise<{ readonly cases: readonly Case[]; readonly next?: string }>;
  counts(areas: readonly string[]): Promise<CaseCounts>;
  /** Counties (six digits) with an open case in these areas, in order. Cases whose county is not known are left out. */
  openCounties(areas: readonly string[]): Promise<readonly string[]>;
}
