import { measures } from '../assistance/measures.ts';
import { dateInChina, type Instant, type PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { Grade } from '../scoring/assessment.ts';
import type { CompiledPack } from '../scoring/compiled.ts';
import type { TimeLimit } from './case.ts';
import { clocksUnder, type RunningClocks } from './clock-rules.ts';
import { dueAfter } from './clocks.ts';
import {
  amountFor,
  calendarFor,
  type LimitedCase,
  limitFor,
  rapidReliefMost,
  townshipApprovalMost,
  watchUntilMost,
} from './limits.ts';
import type { CaseworkParameters } from './parameters.ts';
import { definitionVersion } from './workflow-definition.ts';

/**
 * What the transitions of a case ask of calendar, limits and catalogues. All are plain computations over dated parameters,
 * handed in so that a transition is a function of its arguments.
 */
export interface CaseRules {
  readonly clocks: RunningClocks;
  /** Version of the workflow definition that new runs begin with. */
  readonly definition: string;
  /** Most that small rapid relief may come to: one month of the local 低保 standard, fen. Undefined while nobody entered it. */
  rapidReliefLimit(area: string, on: PlainDate): number | undefined;
  /** Most temporary aid a township may grant by itself for one event, fen. Undefined where no rule says so. */
  townshipApproval(area: string, on: PlainDate): number | undefined;
  /** The last day until which a household may be watched, when that is decided on a day. */
  watchUntil(area: string, on: PlainDate): PlainDate;
  /** How many days before its case was opened a visit may have been made, and help given. */
  daysBeforeCase(area: string, on: PlainDate): number;
  /** The most urgent grade of the packs of an area. */
  urgentGrade(area: string): Grade;
  /** Whether asking this of this department shows the family's data to a charity, which needs their consent. */
  isCharity(department: string, measure: string): boolean;
  /** By when a department answers a correction notice sent at a moment, and the limit that says so. */
  correctionDue(about: LimitedCase, at: Instant): { readonly limit: TimeLimit; readonly dueAt: Instant };
}

/** What the double-aid guard says of help about to be given. */
export type GuardVerdict =
  | { readonly verdict: 'ok' }
  /** `warns`: possible with a reason of the worker. `refuses`: not possible. */
  | { readonly verdict: 'warns' | 'refuses'; readonly reason: Bilingual };

/** Named as packs name it where they do not say otherwise (河南, seed-001). */
const URGENT: Grade = { id: 'urgent', rank: 1, title: { zh: '紧急', en: 'urgent' } };

/** The rules under the parameters in force. `gradesFor`: the grades of the packs an area runs, if it runs any. */
export function caseRulesUnder(parameters: CaseworkParameters, gradesFor: (area: string) => readonly Grade[]): CaseRules {
  return {
    clocks: clocksUnder(parameters),
    definition: definitionVersion,
    rapidReliefLimit: (area, on) => rapidReliefMost(parameters, { area, on }),
    townshipApproval: (area, on) => townshipApprovalMost(parameters, { area, on }),
    watchUntil: (area, on) => watchUntilMost(parameters, { area, on }),
    daysBeforeCase: (area, on) => amountFor(parameters, 'days-before-case', { area, on }),
    urgentGrade: (area) => gradesFor(area).toSorted((a, b) => a.rank - b.rank)[0] ?? URGENT,
    correctionDue: (about, at) => {
      const on = dateInChina(at);
      const { limit } = limitFor(parameters, 'correction-answer', about, on);
      return { limit, dueAt: dueAfter(limit, at, calendarFor(parameters, about.area, on)) };
    },
    isCharity: (department, measure) => department === 'charity' || measures.get(measure)?.kind === 'charity',
  };
}

/** The grades of the packs of the entry family that an area runs. */
export function gradesUnder(packsFor: (area: string) => readonly CompiledPack[]): (area: string) => readonly Grade[] {
  return (area) => packsFor(area).flatMap(({ pack, grades }) => (pack.family === 'entry' ? grades : []));
}
