import type { Period } from '../calendar/period.ts';
import type { Instant } from '../calendar/plain-date.ts';
import type { ReportFailure } from './report-job.ts';

/** A month, and of which area. */
interface MonthOfArea {
  readonly period: Period;
  /** Area code prefix; `''` is the whole deployment. */
  readonly area: string;
}

/** Whether closing a month for an area closed another with it: the same month, for the same area or a part of it. */
export function covers(closed: MonthOfArea, { period, area }: MonthOfArea): boolean {
  return closed.period === period && area.startsWith(closed.area);
}

/** How far closing a month for an area is. */
export const periodStates = ['closing', 'closed', 'refused'] as const;

/** What became of a month that a person wanted closed. The archive's event counts for reports; this is what people look at. */
export interface PeriodRecord extends MonthOfArea {
  /** Counts the changes; a writer states the version it read. */
  readonly version: number;
  readonly state: (typeof periodStates)[number];
  readonly askedBy: string;
  readonly askedAt: Instant;
  /** The request it was last asked under. */
  readonly request: string;
  /** Whose closing counts, and up to which event. */
  readonly closed?: { readonly by: string; readonly at: Instant; readonly upTo: number };
  readonly failure?: ReportFailure;
}
