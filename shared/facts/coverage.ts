import type { Period } from '../calendar/period.ts';
import type { FeedId } from '../catalog/feed.ts';
import type { FileId } from './fact.ts';

/** One delivery: a file of a feed was taken for a period and a county (six digits; `*` when the rows name no area). */
export interface Delivery {
  readonly feed: FeedId;
  readonly county: string;
  readonly period: Period;
  /** True when no row was refused: only then does absence from a snapshot mean ended. */
  readonly complete: boolean;
  readonly file: FileId;
}

/** What has been delivered so far: feed → county → period → complete. A set that only grows. */
export type Coverage = ReadonlyMap<FeedId, ReadonlyMap<string, ReadonlyMap<Period, boolean>>>;

/** Gathers deliveries; a period is complete when any of its files was. Order does not matter. */
export function coverageOf(deliveries: Iterable<Delivery>): Coverage {
  const coverage = new Map<FeedId, Map<string, Map<Period, boolean>>>();
  for (const delivery of deliveries) {
    const counties = coverage.get(delivery.feed) ?? new Map<string, Map<Period, boolean>>();
    coverage.set(delivery.feed, counties);
    const periods = counties.get(delivery.county) ?? new Map<Period, boolean>();
    counties.set(delivery.county, periods);
    periods.set(delivery.period, delivery.complete || (periods.get(delivery.period) ?? false));
  }
  return coverage;
}

const worked = new WeakMap<readonly Delivery[], Coverage>();

/** Coverage of a list that is never changed, worked out once: of a province's third of a million it takes a tenth of a second. */
export function coverageOfList(deliveries: readonly Delivery[]): Coverage {
  const known = worked.get(deliveries) ?? coverageOf(deliveries);
  worked.set(deliveries, known);
  return known;
}

/** Whether what a county delivered concerns these areas (code prefixes): it lies in one, or one lies in it, or it is all counties. */
export function touchesCounty(areas: readonly string[], county: string): boolean {
  return county === '*' || areas.some((area) => county.startsWith(area) || area.startsWith(county));
}
