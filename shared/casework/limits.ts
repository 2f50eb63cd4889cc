import { addMonths, type PlainDate } from '../calendar/plain-date.ts';
import { type WorkingCalendar, workingCalendar } from '../calendar/working-days.ts';
import type { Grade } from '../scoring/assessment.ts';
import type { CaseSource, LightShares, LimitStep } from './case.ts';
import { defaultAmounts, defaultLights, defaultLimits } from './limit-defaults.ts';
import {
  type AmountName,
  type AmountRow,
  type CaseworkParameters,
  type Dated,
  DISPOSABLE_INCOME,
  LIVING_STANDARD,
  type LimitRow,
  TOWNSHIP_APPROVAL,
} from './parameters.ts';

/** A case as far as its limits go. */
export interface LimitedCase {
  readonly area: string;
  readonly source: CaseSource;
  readonly grade: Grade;
}

/** Where and when a parameter is asked for. */
export interface PlaceAndDay {
  readonly area: string;
  readonly on: PlainDate;
}

/** The class of a grade whatever the pack calls it: rank 1 is the most urgent a pack gives; above it stands 急难. */
function urgencyOf({ rank }: Grade): string {
  if (rank < 1) return 'emergency';
  return rank === 1 ? 'urgent' : 'general';
}

/** The row that holds: of those that fit the one for the narrowest kind of case, then area, then the latest; then the last. */
function holding<Row extends Dated>(
  rows: readonly Row[],
  { area, on }: PlaceAndDay,
  /** How narrowly the row names the case; undefined when it does not fit. */
  narrowness: (row: Row) => number | undefined,
): Row | undefined {
  let best: { readonly row: Row; readonly narrow: number } | undefined;
  for (const row of rows) {
    if (row.from > on || !area.startsWith(row.area)) continue;
    const narrow = narrowness(row);
    if (narrow === undefined) continue;
    const order =
      best === undefined
        ? 1
        : narrow - best.narrow || row.area.length - best.row.area.length || (row.from >= best.row.from ? 1 : -1);
    if (order > 0) best = { row, narrow };
  }
  return best?.row;
}

function must<Row>(row: Row | undefined, what: string): Row {
  if (row === undefined) throw new Error(`no default for ${what}`);
  return row;
}

/**
 * How long a step of a case may take. A row that names the grade goes before one that does not, then one that names the
 * source: so an area that shortens visits in general leaves the urgent ones as short as they are. Among equals the longest
 * area prefix, then the latest day it holds from. There is always an answer.
 */
export function limitFor(
  parameters: CaseworkParameters,
  step: LimitStep,
  { area, source, grade }: LimitedCase,
  on: PlainDate,
): LimitRow {
  const urgency = urgencyOf(grade);
  const narrowness = (row: LimitRow): number | undefined => {
    if (row.step !== step || (row.source !== undefined && row.source !== source)) return undefined;
    const bySource = row.source === undefined ? 0 : 1;
    if (row.grade === undefined) return bySource;
    if (row.grade === grade.id) return 4 + bySource;
    return row.grade === urgency ? 2 + bySource : undefined;
  };
  return must(holding([...defaultLimits, ...parameters.limits], { area, on }, narrowness), step);
}

/** When the lights of a clock come on. */
export function lightsFor(parameters: CaseworkParameters, at: PlaceAndDay): LightShares {
  return must(
    holding([...defaultLights, ...parameters.lights], at, () => 0),
    'lights',
  ).lights;
}

/** An amount that holds somewhere on a day. */
export function amountFor(parameters: CaseworkParameters, name: AmountName, at: PlaceAndDay): number {
  return must(rowOf(parameters, name, at), name).value;
}

/** The local 低保 standard, fen a person and month; undefined where nobody entered it. */
export function livingStandardFor(parameters: CaseworkParameters, at: PlaceAndDay): number | undefined {
  return rowOf(parameters, LIVING_STANDARD, at)?.value;
}

function rowOf(parameters: CaseworkParameters, name: AmountRow['name'], at: PlaceAndDay): AmountRow | undefined {
  return holding([...defaultAmounts, ...parameters.amounts], at, (row) => (row.name === name ? 0 : undefined));
}

/** Last year's local disposable income a head, fen; undefined where nobody entered it. */
export function disposableIncomeFor(parameters: CaseworkParameters, at: PlaceAndDay): number | undefined {
  return rowOf(parameters, DISPOSABLE_INCOME, at)?.value;
}

/** Most that a township may grant by itself for one event, fen; undefined where nobody published or entered it. */
export function townshipApprovalMost(parameters: CaseworkParameters, at: PlaceAndDay): number | undefined {
  return rowOf(parameters, TOWNSHIP_APPROVAL, at)?.value;
}

/** Most that small rapid relief may come to, fen; undefined while the local standard is unknown. */
export function rapidReliefMost(parameters: CaseworkParameters, at: PlaceAndDay): number | undefined {
  const standard = livingStandardFor(parameters, at);
  return standard === undefined ? undefined : standard * amountFor(parameters, 'rapid-relief-months', at);
}

/** Most temporary aid a household of so many may be given in a year, fen; undefined while the local standard is unknown. */
export function temporaryAidMost(
  parameters: CaseworkParameters,
  at: PlaceAndDay,
  { persons, veryHard = false }: { readonly persons: number; readonly veryHard?: boolean },
): number | undefined {
  const standard = livingStandardFor(parameters, at);
  const name = veryHard ? 'temporary-aid-standards-per-head-very-hard' : 'temporary-aid-standards-per-head';
  return standard === undefined ? undefined : standard * amountFor(parameters, name, at) * persons;
}

/** The last day until which a household may be watched 继续观察, decided on a day. */
export function watchUntilMost(parameters: CaseworkParameters, at: PlaceAndDay): PlainDate {
  return addMonths(at.on, amountFor(parameters, 'watch-months', at));
}

/** The working calendar of an area with its own holidays; with `knownOn`, as it was known that day. */
export function calendarFor(parameters: CaseworkParameters, area: string, knownOn?: PlainDate): WorkingCalendar {
  return workingCalendar(area, parameters.days, knownOn);
}
