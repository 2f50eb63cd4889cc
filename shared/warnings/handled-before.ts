import type { PlainDate } from '../calendar/plain-date.ts';
import type { HouseholdRegistry, PersonRegistration } from '../ports/household-registry.ts';
import type { StandingStore } from '../ports/standing-store.ts';
import type { HouseholdId } from '../registry/household.ts';
import { membersOn } from '../registry/membership.ts';
import type { WarningFamily } from '../scoring/assessment.ts';
import type { HandledBaseline } from './warning.ts';

/** What was handled by family of warnings. */
export type HandledByFamily = ReadonlyMap<WarningFamily, HandledBaseline>;

/** Where it is looked up. */
export interface HandledSources {
  readonly registry: Pick<HouseholdRegistry, 'membersOf' | 'everOf'>;
  readonly standings: Pick<StandingStore, 'load'>;
}

/**
 * What a person had on the table when dealing with the households the members of these came from, all of whose people have
 * left: a family visited while nobody had declared it is the same family once civil affairs lists it, often because of that
 * visit, and again when it is listed no more. Households in which some have stayed behind keep what was handled there to
 * themselves. Absent where there is nothing.
 */
export async function handledBefore(
  sources: HandledSources,
  households: ReadonlyMap<HouseholdId, readonly PersonRegistration[]>,
  today: PlainDate,
): Promise<ReadonlyMap<HouseholdId, HandledByFamily>> {
  const came = await cameFrom(sources, households, today);
  const standings = await sources.standings.load([...new Set([...came.values()].flat())]);
  const handled = [...standings].filter(([, own]) => own.some((standing) => standing.handled !== undefined));
  if (handled.length === 0) return new Map();
  const people = await sources.registry.membersOf(handled.map(([household]) => household));
  const left = new Map(handled.filter(([household]) => membersOn(household, people.get(household) ?? [], today).length === 0));
  const before = new Map<HouseholdId, HandledByFamily>();
  for (const [household, from] of came) {
    const byFamily = new Map<WarningFamily, HandledBaseline>();
    for (const { family, handled: one } of from.flatMap((old) => left.get(old) ?? [])) {
      const both = handledTogether(one, byFamily.get(family));
      if (both !== undefined) byFamily.set(family, both);
    }
    if (byFamily.size > 0) before.set(household, byFamily);
  }
  return before;
}

/** Where the members of households were ever placed before, each household once. */
async function cameFrom(
  { registry }: HandledSources,
  households: ReadonlyMap<HouseholdId, readonly PersonRegistration[]>,
  today: PlainDate,
): Promise<ReadonlyMap<HouseholdId, readonly HouseholdId[]>> {
  const members = new Map([...households].map(([household, people]) => [household, membersOn(household, people, today)]));
  const ever = await registry.everOf([...members.values()].flat().map(({ person }) => person));
  return new Map(
    [...members].map(([household, present]) => {
      const before = new Set(present.flatMap(({ person }) => ever.get(person) ?? []));
      before.delete(household);
      return [household, [...before]];
    }),
  );
}

/** What was on the table at either handling: of each value the larger, since some may have been on both. */
export function handledTogether(a: HandledBaseline | undefined, b: HandledBaseline | undefined): HandledBaseline | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const values = { ...a.values };
  for (const [indicator, value] of Object.entries(b.values)) values[indicator] = Math.max(value, values[indicator] ?? value);
  return {
    at: a.at > b.at ? a.at : b.at,
    gradeRank: Math.min(a.gradeRank, b.gradeRank),
    values,
    ...(a.rows === undefined || b.rows === undefined ? undefined : { rows: [...new Set([...a.rows, ...b.rows])] }),
    ...(a.people === undefined || b.people === undefined ? undefined : { people: [...new Set([...a.people, ...b.people])] }),
  };
}
