import type { Warning, WarningStatus } from '../../warnings/warning.ts';
import type { Condition } from './table.ts';

/** Warnings whose area is unknown or shorter than a county stand here. */
export const NO_COUNTY = '000000';

/** Points are inverted so that more of them sort first, negative ones too; thousandths are enough for any pack. */
const HIGHEST_POINTS = 500_000_000_000;

/** The county partition of an area code. */
export function countyOf(area: string): string {
  return area.length >= 6 ? area.slice(0, 6) : NO_COUNTY;
}

/** The worklist partition of a county and status: counties are many and small, so none grows hot. */
export function worklistPartition(county: string, status: WarningStatus): string {
  return `WL#${county}#${status}`;
}

/** Sorts as the worklist does: grade rank, then points from high to low, then oldest, then id. Unique by the id. */
export function worklistSortKey(warning: Warning): string {
  const rank = String(warning.grade.rank).padStart(2, '0');
  const inverted = String(HIGHEST_POINTS - Math.round(warning.points.low * 1_000)).padStart(12, '0');
  return `${rank}#${inverted}#${warning.openedAt}#${warning.id}`;
}

/** The condition that an index entry's `area` begins with one of these; undefined for none, which is everywhere. */
export function areaFilter(areas: readonly string[]): Condition | undefined {
  if (areas.length === 0) return undefined;
  return {
    expression: `(${areas.map((_, index) => `begins_with(#area, :a${index})`).join(' OR ')})`,
    names: { '#area': 'area' },
    values: Object.fromEntries(areas.map((area, index) => [`:a${index}`, area])),
  };
}

/** Prefixes without those that lie inside another of them. */
function outermost(prefixes: readonly string[]): string[] {
  return [...new Set(prefixes)].filter((one) => !prefixes.some((other) => other !== one && one.startsWith(other)));
}

/**
 * Which county partitions hold warnings of these area prefixes, and which area prefixes to keep in each (none: all of
 * the county). `known` are the counties there are; they are needed only for prefixes shorter than a county.
 */
export function partitionsOf(prefixes: readonly string[], known: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const partitions = new Map<string, string[]>();
  const add = (county: string, area?: string) => {
    const areas = partitions.get(county) ?? [];
    if (area !== undefined) areas.push(area);
    partitions.set(county, areas);
  };
  for (const prefix of outermost(prefixes)) {
    if (prefix.length > 6) add(countyOf(prefix), prefix);
    else if (prefix.length === 6) add(prefix);
    else {
      for (const county of known) if (county.startsWith(prefix) && county !== NO_COUNTY) add(county);
      if (prefix === '') add(NO_COUNTY);
      else add(NO_COUNTY, prefix);
    }
  }
  return partitions;
}
