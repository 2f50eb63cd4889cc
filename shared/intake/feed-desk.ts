import { allow, decide } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { Period } from '../calendar/period.ts';
import { dateInChina } from '../calendar/plain-date.ts';
import { type Bilingual, type Catalog, departmentOf } from '../catalog/feed.ts';
import { coverageOfList, touchesCounty } from '../facts/coverage.ts';
import { feedKnown } from '../facts/freshness.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileRegister } from '../ports/file-register.ts';

/** What one county has sent of a feed. `county` is six digits, or `*` when the rows name no area. */
export interface FreshnessView {
  readonly county: string;
  readonly latestPeriod: string;
  /** False when no file of that period was free of refused rows. */
  readonly complete: boolean;
  /** False: what the feed answers is unknown, not zero. */
  readonly fresh: boolean;
}

/** A feed, its columns, and how fresh it is. */
export interface FeedView {
  readonly id: string;
  readonly title: Bilingual;
  readonly department: Bilingual;
  readonly kind: 'event' | 'status' | 'snapshot';
  readonly cadence: string;
  readonly dueDay: number;
  readonly legalBasis: { readonly text: string; readonly evidence: string };
  readonly fields: readonly {
    readonly name: string;
    readonly title: Bilingual;
    readonly type: string;
    readonly required: boolean;
    readonly sensitive: boolean;
  }[];
  readonly freshness: readonly FreshnessView[];
}

/** The feeds the user may know of, each with what has come for the counties in the user's areas. */
export async function listFeeds(
  deps: {
    readonly catalog: Catalog;
    readonly files: Pick<FileRegister, 'deliveries'>;
    readonly clock: Clock;
  },
  principal: Principal,
): Promise<readonly FeedView[]> {
  allow(principal, 'feeds.list');
  const coverage = coverageOfList(await deps.files.deliveries());
  const asOf = dateInChina(deps.clock.now());
  const everyCounty = principal.roles.includes('department') || principal.roles.includes('system-admin');
  const areas = everyCounty ? [''] : principal.areas;
  return [...deps.catalog.values()]
    .filter((feed) => decide(principal, 'feeds.list', { department: departmentOf(feed.id) }).allowed)
    .map((feed) => ({
      id: feed.id,
      title: feed.title,
      department: feed.departmentTitle,
      kind: feed.kind,
      cadence: feed.cadence,
      dueDay: feed.dueDay,
      legalBasis: feed.legalBasis,
      fields: feed.fields.map((field) => ({
        name: field.name,
        title: field.title,
        type: field.type.kind,
        required: field.required,
        sensitive: field.sensitive === true,
      })),
      freshness: [...(coverage.get(feed.id) ?? [])]
        .filter(([county]) => touchesCounty(areas, county))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([county, periods]) => {
          const latest = latestOf(periods);
          if (latest === undefined) return [];
          return [
            {
              county,
              latestPeriod: latest,
              complete: periods.get(latest) ?? false,
              fresh: feedKnown(feed, coverage, county, asOf),
            },
          ];
        }),
    }));
}

function latestOf(periods: ReadonlyMap<Period, boolean>): Period | undefined {
  return [...periods.keys()].sort().at(-1);
}
