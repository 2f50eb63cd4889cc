import { periodEnd } from '../calendar/period.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import type { Catalog, FeedId } from '../catalog/feed.ts';
import type { Coverage } from '../facts/coverage.ts';
import type { Fact, PersonKey } from '../facts/fact.ts';
import { feedKnown, latestSnapshot } from '../facts/freshness.ts';

export const BIRTHS = 'health/birth-certificate' as FeedId;
const ENROLMENT = 'medical-insurance/enrolment' as FeedId;

/**
 * Jiangxi: the state pays the personal contribution of children born on or after this day, for so many calendar years counting
 * that of the birth (seed-000 [B]). The pack `jiangxi-newborn-enrolment` asks by the same figures.
 */
export const newbornEntitlement = { area: '36', bornFrom: '2024-01-01' as PlainDate, years: 3 } as const;

/** The calendar years a newborn's contribution is paid for; empty for a child born before the rule, or elsewhere. */
export function entitledYears(born: PlainDate, area: string): readonly number[] {
  if (!area.startsWith(newbornEntitlement.area) || born < newbornEntitlement.bornFrom) return [];
  const first = Number(born.slice(0, 4));
  return Array.from({ length: newbornEntitlement.years }, (_, after) => first + after);
}

/** Newborns of an area. `open`: the latest list is of a time before their birth, late, or incomplete. */
export interface NewbornEnrolment {
  readonly area: string;
  readonly born: number;
  readonly enrolled: number;
  readonly notEnrolled: number;
  readonly open: number;
  /** Of those known, 0 to 1; null when none is. */
  readonly share: number | null;
}

/**
 * Share of newborns enrolled in medical insurance, by area (published for Jiangxi: over 97 %). Counts children with a birth
 * certificate born in the stretch, both days counted, in the area the certificate names. A child the latest list cannot show is
 * counted apart and lowers no share. `facts` are folded facts of whomever; other feeds are passed over.
 */
export function newbornEnrolment(
  facts: readonly Fact[],
  born: { readonly from: PlainDate; readonly to: PlainDate },
  context: { readonly catalog: Catalog; readonly coverage: Coverage; readonly asOf: PlainDate; readonly areaDigits: number },
): readonly NewbornEnrolment[] {
  const listOf = latestLists(context);
  const listed = new Map<PersonKey, string>();
  for (const fact of facts) {
    if (fact.feed !== ENROLMENT) continue;
    const end = fact.seq.slice(0, 10);
    if (end > (listed.get(fact.person) ?? '')) listed.set(fact.person, end);
  }
  const children = new Map<PersonKey, Fact>();
  for (const fact of facts) {
    if (fact.feed === BIRTHS && fact.from >= born.from && fact.from <= born.to) children.set(fact.person, fact);
  }
  const areas = new Map<string, { born: number; enrolled: number; notEnrolled: number; open: number }>();
  for (const [person, { area = '', from }] of children) {
    const key = area.slice(0, context.areaDigits);
    const count = areas.get(key) ?? { born: 0, enrolled: 0, notEnrolled: 0, open: 0 };
    areas.set(key, count);
    count.born++;
    const list = listOf(area);
    const named = listed.get(person);
    if (list !== undefined && named !== undefined && named >= list.end) count.enrolled++;
    else if (list?.complete === true && list.end >= from) count.notEnrolled++;
    else count.open++;
  }
  return [...areas]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([area, count]) => {
      const known = count.enrolled + count.notEnrolled;
      return { area, ...count, share: known === 0 ? null : count.enrolled / known };
    });
}

/** The latest enrolment list of a county: its last day, and whether no row of it was refused. Undefined while it is late. */
function latestLists({
  catalog,
  coverage,
  asOf,
}: {
  readonly catalog: Catalog;
  readonly coverage: Coverage;
  readonly asOf: PlainDate;
}): (area: string) => { readonly end: PlainDate; readonly complete: boolean } | undefined {
  const feed = catalog.get(ENROLMENT);
  const known = new Map<string, { readonly end: PlainDate; readonly complete: boolean } | undefined>();
  return (area) => {
    const county = area.slice(0, 6);
    if (known.has(county)) return known.get(county);
    const list =
      feed !== undefined && feedKnown(feed, coverage, county, asOf) ? latestSnapshot(feed, coverage, county, asOf) : undefined;
    const found = list === undefined ? undefined : { end: periodEnd(list.period), complete: list.complete };
    known.set(county, found);
    return found;
  };
}
