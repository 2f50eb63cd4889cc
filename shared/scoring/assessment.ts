import type { PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual, FeedId } from '../catalog/feed.ts';
import type { Coverage } from '../facts/coverage.ts';
import type { Fact, FileId, PersonKey } from '../facts/fact.ts';
import type { HouseholdCategory, HouseholdId, Member } from '../registry/household.ts';

/**
 * Warning families: entry 进入类 (may need help), reject 拒止类 (may no longer qualify), entitlement 政策落实 (something everybody
 * of a kind is to get has not arrived: a task, not a hardship).
 */
export const warningFamilies = ['entry', 'reject', 'entitlement'] as const;
export type WarningFamily = (typeof warningFamilies)[number];

/** Rank 1 is the most urgent. Names differ by pack (一般/紧急, red), the order does not. */
export interface Grade {
  readonly id: string;
  readonly rank: number;
  readonly title: Bilingual;
}

/** Everything an assessment may look at. It reads no clock and no store. */
export interface AssessmentInput {
  readonly household: HouseholdId;
  /** Best known area code of the household, up to 12 digits; empty when unknown. */
  readonly area: string;
  readonly category: HouseholdCategory;
  readonly asOf: PlainDate;
  /** Members on `asOf`. */
  readonly members: readonly Member[];
  /** Folded facts of these members and what those who died left them, any order; facts dated after `asOf` are ignored. */
  readonly facts: readonly Fact[];
  readonly coverage: Coverage;
}

/** One piece of evidence: the row of a department's file that counted. */
export interface Evidence {
  readonly feed: FeedId;
  readonly file: FileId;
  readonly row: number;
  readonly date: PlainDate;
  readonly person: PersonKey;
  /** Fen; absent when the row has no amount in question. */
  readonly amount?: number;
}

/** Three-valued: `unknown` means the known part does not reach the line, and a missing or stale feed could. */
export type IndicatorOutcome = 'hit' | 'miss' | 'unknown';

/** The trace of one indicator: the very computation that made the points, kept. */
export interface IndicatorResult {
  readonly indicator: string;
  readonly result: IndicatorOutcome;
  /** The known value (fen, count, or 1/0 for a yes/no question); null when nothing at all is known. */
  readonly value: number | null;
  /** Upper bound when feeds are missing; null means it could be anything above `value`. Equal to `value` when known. */
  readonly valueHigh: number | null;
  readonly unit: 'fen' | 'count' | 'yes-no' | 'ratio' | 'years';
  /** The line that decided: the trigger's if one fired, else the highest one reached, else the lowest one not reached; null for a yes/no question. */
  readonly line: number | null;
  readonly points: { readonly low: number; readonly high: number };
  /** The indicator's own condition excludes the household: the question was not asked, `value` is null. */
  readonly excluded?: true;
  /** Whether the indicator is asked of the household at all is not known, so nothing below is certain. */
  readonly conditionUnknown?: true;
  /** Grade fired by the indicator's own trigger, whatever the points. */
  readonly trigger?: string;
  readonly evidence: readonly Evidence[];
  /** Feeds whose absence or staleness made it unknown. */
  readonly missing: readonly FeedId[];
}

/** The answer of a pack for a household at a date, with its full trace. Same inputs, same bytes. */
export interface Assessment {
  readonly household: HouseholdId;
  readonly area: string;
  readonly category: HouseholdCategory;
  readonly pack: string;
  readonly version: string;
  readonly family: WarningFamily;
  readonly asOf: PlainDate;
  readonly points: { readonly low: number; readonly high: number };
  /** Share of indicators known, 0 to 1. */
  readonly completeness: number;
  /** Grade reached by what is known (`points.low` and triggers); null below every line. */
  readonly grade: Grade | null;
  /** Grade that could be reached if every unknown went the worst way. */
  readonly possibleGrade: Grade | null;
  /** One for each indicator of the pack, in the pack's order. */
  readonly results: readonly IndicatorResult[];
}
