import { dateInChina, type PlainDate } from '../calendar/plain-date.ts';
import { coverageOfList } from '../facts/coverage.ts';
import type { Fact } from '../facts/fact.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileRegister } from '../ports/file-register.ts';
import type { HouseholdRegistry } from '../ports/household-registry.ts';
import { type FactSources, toldOf } from '../registry/known-household.ts';
import { BIRTHS, type NewbornEnrolment, newbornEnrolment } from './newborns.ts';

/** What counting newborns reads. */
export interface NewbornSources extends FactSources {
  readonly registry: Pick<HouseholdRegistry, 'households' | 'membersOf'>;
  readonly files: Pick<FileRegister, 'deliveries'>;
  readonly clock: Clock;
}

/** Which newborns are counted: born in the stretch, both days counted, in areas of the prefix. `areaDigits`: how fine the lines are. */
export interface NewbornQuery {
  readonly area: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
  readonly areaDigits: number;
}

/** Households looked at together. */
const PAGE = 500;

/**
 * The share of newborns enrolled in medical insurance, by area, of everybody stored. Names nobody. Looks through all
 * households page by page, so it is for a report and not for a page that waits.
 */
export async function readNewbornEnrolment(
  sources: NewbornSources,
  { area, from, to, areaDigits }: NewbornQuery,
): Promise<readonly NewbornEnrolment[]> {
  const kept: Fact[] = [];
  let after: string | undefined;
  do {
    const page = await sources.registry.households({ limit: PAGE, ...(after === undefined ? undefined : { after }) });
    const people = [...(await sources.registry.membersOf(page.households)).values()].flat();
    // Who was born after the last day or before the first needs no look at their facts.
    const born = people.filter(({ birth }) => birth >= from && birth <= to).map(({ person }) => person);
    const { facts } = await toldOf(sources, [...new Set(born)]);
    kept.push(...certifiedIn(facts, area));
    after = page.next;
  } while (after !== undefined);
  const coverage = coverageOfList(await sources.files.deliveries());
  const asOf = dateInChina(sources.clock.now());
  return newbornEnrolment(distinct(kept), { from, to }, { catalog: sources.catalog, coverage, asOf, areaDigits });
}

/** The facts of people whose birth certificate is of the area. */
function certifiedIn(facts: readonly Fact[], area: string): readonly Fact[] {
  const certified = new Set(
    facts.filter((fact) => fact.feed === BIRTHS && fact.area?.startsWith(area)).map(({ person }) => person),
  );
  return facts.filter(({ person }) => certified.has(person));
}

/** A child placed in two households over time is met twice. */
function distinct(facts: readonly Fact[]): readonly Fact[] {
  return [...new Map(facts.map((fact) => [`${fact.person} ${fact.feed} ${fact.key}`, fact])).values()];
}
