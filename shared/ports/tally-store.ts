import type { Period } from '../calendar/period.ts';
import type { Tally } from '../reports/tallies.ts';

/** Something an archived event adds, with the event's number. */
export interface NumberedTally extends Tally {
  readonly number: number;
}

/** What was counted for one area in one month: amounts by name. */
export interface AreaCounts {
  readonly area: string;
  readonly month: Period;
  readonly counts: Readonly<Record<string, number>>;
}

/** Counts kept ready for dashboards, by area and month. They follow from the archive alone and can be made again from it. */
export interface TallyStore {
  /** The number of the last archived event that is counted. */
  countedUpTo(): Promise<number>;
  /**
   * Adds what the events after the last counted one, up to `upTo`, tell. Each event counts once, however often it is added and
   * whoever adds at the same time, as long as nothing between `countedUpTo` and `upTo` is left out.
   */
  add(tallies: readonly NumberedTally[], upTo: number): Promise<void>;
  /** The counts of these areas in these months, in no order; those of which nothing was counted are left out. */
  of(areas: readonly string[], months: readonly Period[]): Promise<readonly AreaCounts[]>;
  /** The counts of the areas right below one, by area. */
  below(area: string, month: Period): Promise<readonly AreaCounts[]>;
}
