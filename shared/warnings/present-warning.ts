import { pathShown } from '../access/masking.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { FileId } from '../facts/fact.ts';
import { placeShown, type SheetRow } from '../intake/row-place.ts';
import type { FileRecord } from '../ports/file-register.ts';
import { categoryTitle } from '../registry/household-category.ts';
import type { IndicatorOutcome, IndicatorResult, WarningFamily } from '../scoring/assessment.ts';
import type { Warning, WithdrawalReason } from './warning.ts';

/** One row of a department's file that counted. Amount in fen, null where the row has none. */
export interface EvidenceView {
  readonly feed: string;
  /** Path below the inbox; null when the register no longer knows the file. */
  readonly file: string | null;
  /** The row's number in its file: what a viewer shows, the first line being 1, but in a workbook with rows in several sheets. */
  readonly row: number;
  /** Where to look in such a workbook. */
  readonly at?: SheetRow;
  readonly date: string;
  readonly amount: number | null;
}

/** One indicator of the trace. `value`, `line`: fen for amounts, otherwise a count; `points`: what is certain. */
export interface ReasonView {
  readonly indicator: string;
  readonly result: IndicatorOutcome;
  readonly value: number | null;
  readonly line: number | null;
  readonly unit: IndicatorResult['unit'];
  readonly points: number;
  readonly pointsHigh: number;
  readonly evidence: readonly EvidenceView[];
  /** Feeds that are missing or stale, when the result is unknown. */
  readonly missing: readonly string[];
  readonly text: Bilingual;
}

/** A warning as people and programs outside see it: the JSON line of `warnings --json` and the API. */
export interface WarningView {
  readonly id: string;
  readonly household: string;
  readonly area: string;
  readonly family: WarningFamily;
  readonly grade: string;
  readonly gradeTitle: Bilingual;
  readonly status: 'open' | 'withdrawn' | 'handled';
  readonly withdrawal: WithdrawalReason | null;
  readonly openedAt: string;
  readonly changedAt: string;
  readonly asOf: string;
  /** Household category code, and in words what the household already receives. */
  readonly category: string;
  readonly alreadyReceives: Bilingual;
  readonly pack: string;
  readonly version: string;
  readonly points: { readonly low: number; readonly high: number };
  readonly completeness: number;
  readonly reasons: readonly ReasonView[];
}

/** Puts one result of a warning's trace into words. */
export type ReasonText = (warning: Warning, result: IndicatorResult) => Bilingual;

const outcomeOrder: Readonly<Record<IndicatorOutcome, number>> = { hit: 0, unknown: 1, miss: 2 };

/** Every file a warning's evidence points to, for `FileRegister.getMany`. */
export function filesOf(warnings: readonly Warning[]): readonly FileId[] {
  const files = new Set<FileId>();
  for (const warning of warnings)
    for (const reason of warning.reasons) for (const evidence of reason.evidence) files.add(evidence.file);
  return [...files];
}

/**
 * The public form of a warning: hits first, then unknowns, then misses; within each the most points first. Says nothing of
 * which person a row is about: that is for the household page, which masks by role.
 */
export function presentWarning(warning: Warning, files: ReadonlyMap<FileId, FileRecord>, textOf: ReasonText): WarningView {
  const ordered = warning.reasons
    .map((result, position) => ({ result, position }))
    .sort(
      (a, b) =>
        outcomeOrder[a.result.result] - outcomeOrder[b.result.result] ||
        b.result.points.low - a.result.points.low ||
        a.position - b.position,
    );
  return {
    id: warning.id,
    household: warning.household,
    area: warning.area,
    family: warning.family,
    grade: warning.grade.id,
    gradeTitle: warning.grade.title,
    status: warning.status,
    withdrawal: warning.withdrawal ?? null,
    openedAt: warning.openedAt,
    changedAt: warning.changedAt,
    asOf: warning.asOf,
    category: warning.category,
    alreadyReceives: categoryTitle[warning.category],
    pack: warning.pack,
    version: warning.version,
    points: warning.points,
    completeness: warning.completeness,
    reasons: ordered.map(({ result }) => presentReason(warning, result, files, textOf)),
  };
}

function presentReason(
  warning: Warning,
  result: IndicatorResult,
  files: ReadonlyMap<FileId, FileRecord>,
  textOf: ReasonText,
): ReasonView {
  return {
    indicator: result.indicator,
    result: result.result,
    value: result.value,
    line: result.line,
    unit: result.unit,
    points: result.points.low,
    pointsHigh: result.points.high,
    evidence: result.evidence.map((evidence) => ({
      feed: evidence.feed,
      file: pathShown(files.get(evidence.file)),
      row: evidence.row,
      ...placeShown(files.get(evidence.file)?.receipt, evidence.row),
      date: evidence.date,
      amount: evidence.amount ?? null,
    })),
    missing: result.missing,
    text: textOf(warning, result),
  };
}
