import type { Instant, PlainDate } from '../calendar/plain-date.ts';
import type { PersonKey } from '../facts/fact.ts';
import type { HouseholdCategory, HouseholdId } from '../registry/household.ts';
import type { Grade, IndicatorResult, WarningFamily } from '../scoring/assessment.ts';

/** `W-` + household + family + ordinal of the concern. A withdrawn warning that comes back keeps its id. */
export type WarningId = string & { readonly __brand: 'WarningId' };

/** `open`: somebody must look. `withdrawn`: a correction took the reason away. `handled`: a person dealt with it. */
export type WarningStatus = 'open' | 'withdrawn' | 'handled';

/**
 * Why a warning was withdrawn. The last two are for the family `entitlement` only: what was to be got has arrived, or the
 * time in which it could be got is over.
 */
export const withdrawalReasons = [
  'reason-taken-back',
  'household-superseded',
  'all-members-died',
  'entitlement-delivered',
  'entitlement-lapsed',
] as const;
export type WithdrawalReason = (typeof withdrawalReasons)[number];

/** What was on the table when a person last dealt with the household: only more than this is new information. */
export interface HandledBaseline {
  readonly at: Instant;
  readonly gradeRank: number;
  /** Indicator id → value then (fen or count) of every indicator that was a hit. */
  readonly values: Readonly<Record<string, number>>;
  /** The rows that counted or were looked at for any indicator, as `rowOf` names them; absent where an older version kept none. */
  readonly rows?: readonly string[];
  /** Of a task of the family `entitlement`: whom it was about. The next child is news, although the answer is yes as before. */
  readonly people?: readonly PersonKey[];
}

/** An open concern about one household and family, with the trace that gave rise to it. */
export interface Warning {
  readonly id: WarningId;
  readonly household: HouseholdId;
  readonly area: string;
  readonly category: HouseholdCategory;
  readonly family: WarningFamily;
  readonly grade: Grade;
  readonly status: WarningStatus;
  readonly openedAt: Instant;
  readonly changedAt: Instant;
  /** The date the reasons were computed for; a later correction is weighed as of this date. */
  readonly asOf: PlainDate;
  readonly pack: string;
  readonly version: string;
  readonly points: { readonly low: number; readonly high: number };
  readonly completeness: number;
  readonly reasons: readonly IndicatorResult[];
  readonly withdrawal?: WithdrawalReason;
}

/** What is stored per household and family: one record, one version, so there can never be two open warnings. */
export interface Standing {
  readonly household: HouseholdId;
  readonly family: WarningFamily;
  /** Counts the changes; a writer states the version it read. */
  readonly version: number;
  readonly area: string;
  readonly category: HouseholdCategory;
  /** The latest assessment without its trace, which can be computed again from the same inputs. */
  readonly assessment: AssessmentSummary;
  readonly warning?: Warning;
  readonly handled?: HandledBaseline;
}

/** The latest assessment in short. `digest` covers the whole trace except the as-of date. */
export interface AssessmentSummary {
  readonly pack: string;
  readonly version: string;
  readonly asOf: PlainDate;
  readonly points: { readonly low: number; readonly high: number };
  readonly completeness: number;
  readonly grade: Grade | null;
  readonly digest: string;
}
