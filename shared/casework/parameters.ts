import type { PlainDate } from '../calendar/plain-date.ts';
import type { DayChange } from '../calendar/working-days.ts';
import type { Bilingual, EvidenceMark } from '../catalog/feed.ts';
import type { RetentionRow } from '../privacy/retention.ts';
import type { ScheduledReport } from '../reports/scheduled-reports.ts';
import type { CaseSource, LightShares, LimitStep, TimeLimit } from './case.ts';

/**
 * Every time limit and amount of the casework is a dated parameter of an area with its source (design invariant 10). An
 * area's own parameters come from a file (parameters-file.ts); where it says nothing the defaults hold (limit-defaults.ts).
 */

/** What all parameters say of themselves. */
export interface Dated {
  /** Area code prefix it holds for; `''` everywhere. */
  readonly area: string;
  /** First day it holds. */
  readonly from: PlainDate;
  /** Where the figure comes from. `evidence` is absent for an area's own rule. */
  readonly basis: Bilingual & { readonly evidence?: EvidenceMark };
}

/** How long a step may take. */
export interface LimitRow extends Dated {
  readonly step: LimitStep;
  /** Only for cases that came about this way. */
  readonly source?: CaseSource;
  /**
   * Only for cases of this grade: an id of the area's packs (`red`), or `emergency`, `urgent`, `general` for whatever grade
   * is above the first, the first, or below it.
   */
  readonly grade?: string;
  readonly limit: TimeLimit;
}

/** When the lights come on. */
export interface LightRow extends Dated {
  readonly lights: LightShares;
}

/** Amounts that have a default. Money in fen, the rest plain numbers. */
export const amountUnits = {
  /** Small rapid relief 小额快救: at most so many months of the local 低保 standard. */
  'rapid-relief-months': 'count',
  /** … given within so many days. */
  'rapid-relief-days': 'count',
  /** Temporary aid 临时救助: so many times a calendar year for one household. */
  'temporary-aid-times-a-year': 'count',
  /** … and in a year at most so many monthly 低保 standards a head. */
  'temporary-aid-standards-per-head': 'count',
  /** … or so many where life is very hard. */
  'temporary-aid-standards-per-head-very-hard': 'count',
  /** Near-poor 低保边缘: income a head below so many local 低保 standards. */
  'near-poor-standards': 'count',
  /** Rigid expenditure 刚性支出困难: spending of 12 months above this share of the household's income. */
  'rigid-expenditure-ratio': 'count',
  /** Urban hardship 城镇事实困难: an urban 低保 household's rigid spending of 12 months above this. */
  'urban-hardship-spending': 'fen',
  /** Self-paid by one person in 12 months from which an illness is looked at as grave until somebody knows better. */
  'heavy-self-paid': 'fen',
  /** A household is watched 继续观察 for at most so many months before it is looked at again. */
  'watch-months': 'count',
  /** A visit may have been made, and help given, so many days before its case was opened: a cadre acts first and reports afterwards. */
  'days-before-case': 'count',
} as const;
export type AmountName = keyof typeof amountUnits;

/** The local 低保 standard, fen a person and month. Has no default: where nobody entered it, it is unknown. */
export const LIVING_STANDARD = 'living-standard-month';

/** Last year's local disposable income a head 人均可支配收入, fen a year. Has no default either. */
export const DISPOSABLE_INCOME = 'disposable-income-year';

/** What a township may grant by itself for one event, fen. Holds where an area has published or entered it. */
export const TOWNSHIP_APPROVAL = 'township-approval';

/** Amounts of money that hold only where somebody published or entered them. */
export const localAmounts = [LIVING_STANDARD, DISPOSABLE_INCOME, TOWNSHIP_APPROVAL] as const;
type LocalAmount = (typeof localAmounts)[number];

/** What an amount is counted in. */
export function unitOfAmount(name: AmountRow['name']): 'fen' | 'count' {
  return name in amountUnits ? amountUnits[name as AmountName] : 'fen';
}

/** An amount. */
export interface AmountRow extends Dated {
  readonly name: AmountName | LocalAmount;
  readonly value: number;
}

/** What areas have set for themselves. Order plays no part but between rows that are alike in everything else. */
export interface CaseworkParameters {
  readonly limits: readonly LimitRow[];
  readonly lights: readonly LightRow[];
  readonly amounts: readonly AmountRow[];
  readonly days: readonly DayChange[];
  /** How long personal data are kept, where the deployment has set it itself (privacy/retention.ts). */
  readonly retention: readonly RetentionRow[];
  /** Reports that are made again and again for somebody (reports/scheduled-reports.ts). */
  readonly reports: readonly ScheduledReport[];
}

/** Nothing set: the defaults hold everywhere. */
export const DEFAULTS_ONLY: CaseworkParameters = { limits: [], lights: [], amounts: [], days: [], retention: [], reports: [] };
