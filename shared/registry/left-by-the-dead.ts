import { dayBefore, type PlainDate } from '../calendar/plain-date.ts';
import type { HouseholdRegistry, PersonRegistration } from '../ports/household-registry.ts';
import type { HouseholdId, Membership } from './household.ts';
import { membershipOn } from './membership.ts';

/** Whether somebody had died before a day: only a death ends a person's last stretch. */
export function hasDied({ memberships }: Pick<PersonRegistration, 'memberships'>, today: PlainDate): boolean {
  const last = memberships.at(-1);
  return last === undefined || (last.to !== undefined && last.to < today);
}

/**
 * The household on which the bills of somebody who had died by `asOf` weigh (decision 0016): the one they died in while
 * anybody lives there; after that the one in which the nearest of those now lives who lived with them to the end, head before
 * spouse before the eldest, so that bills follow one of them only. `people` are all who were ever placed in the household they
 * died in. Undefined for the living, and when nobody is left.
 */
export function householdLeftWith(
  dead: PersonRegistration,
  people: readonly PersonRegistration[],
  asOf: PlainDate,
): HouseholdId | undefined {
  const last = dead.memberships.at(-1);
  if (last?.to === undefined || last.to >= asOf) return undefined;
  const { household } = last;
  const now = people.map(({ memberships }) => membershipOn(memberships, asOf)?.household);
  if (now.includes(household)) return household;
  let nearest: Survivor | undefined;
  people.forEach((person, i) => {
    const stretch = livedTogether(person, household, last.to ?? asOf);
    const lives = now[i];
    if (stretch === undefined || lives === undefined) return;
    const survivor = { person, stretch, lives };
    if (nearest === undefined || isNearer(survivor, nearest)) nearest = survivor;
  });
  return nearest?.lives;
}

interface Survivor {
  readonly person: PersonRegistration;
  /** In the household of the dead. */
  readonly stretch: Membership;
  readonly lives: HouseholdId;
}

/** Somebody's time in a household that lasted into the month of a death in it: registers that speak in months begin on its first day. */
function livedTogether({ memberships }: PersonRegistration, household: HouseholdId, died: PlainDate): Membership | undefined {
  const month = `${died.slice(0, 7)}-01` as PlainDate;
  const since = dayBefore(month) ?? month;
  return memberships.findLast(
    ({ household: own, from, to }) =>
      own === household && (from === undefined || from <= died) && (to === undefined || to >= since),
  );
}

function isNearer(a: Survivor, b: Survivor): boolean {
  const [rankA, rankB] = [rankOf(a.stretch), rankOf(b.stretch)];
  if (rankA !== rankB) return rankA < rankB;
  return a.person.birth === b.person.birth ? a.person.person < b.person.person : a.person.birth < b.person.birth;
}

function rankOf({ head, relation }: Membership): number {
  return head ? 0 : relation === 'spouse' ? 1 : 2;
}

/** Whether somebody died in a household and had not left it before. */
function diedIn(household: HouseholdId, people: readonly PersonRegistration[], today: PlainDate): boolean {
  return people.some((one) => one.memberships.at(-1)?.household === household && hasDied(one, today));
}

/** Households other than this in which these people were declared or registered, whenever. */
function earlierThan(household: HouseholdId, people: readonly PersonRegistration[]): ReadonlySet<HouseholdId> {
  const others = new Set<HouseholdId>();
  for (const { memberships } of people) {
    if (memberships.length < 2) continue;
    for (const one of memberships) if (one.basis !== 'alone' && one.household !== household) others.add(one.household);
  }
  return others;
}

/**
 * What is asked of many households before each is looked at; `otherwise` of one whose own data stand in the way, which is said
 * where it is looked at and must not hold up the others.
 */
function unlessBroken<T>(ask: () => T, otherwise: T): T {
  try {
    return ask();
  } catch {
    return otherwise;
  }
}

/**
 * Everybody of the households in which people of these lived before and in which somebody died: whose bills these households
 * may have been left with. Absent where there are none, which is nearly everywhere.
 */
export async function bereaved(
  registry: Pick<HouseholdRegistry, 'membersOf'>,
  households: ReadonlyMap<HouseholdId, readonly PersonRegistration[]>,
  today: PlainDate,
): Promise<ReadonlyMap<HouseholdId, readonly PersonRegistration[]>> {
  const earlier = new Map<HouseholdId, ReadonlySet<HouseholdId>>();
  for (const [household, people] of households) {
    const before = unlessBroken(() => earlierThan(household, people), new Set<HouseholdId>());
    if (before.size > 0) earlier.set(household, before);
  }
  const found = new Map<HouseholdId, readonly PersonRegistration[]>();
  if (earlier.size === 0) return found;
  const peopleOf = await registry.membersOf([...new Set([...earlier.values()].flatMap((before) => [...before]))]);
  for (const [household, before] of earlier) {
    const own = new Set(households.get(household)?.map(({ person }) => person));
    const others = new Map<string, PersonRegistration>();
    for (const one of before) {
      const people = peopleOf.get(one) ?? [];
      if (unlessBroken(() => diedIn(one, people, today), false))
        for (const other of people) if (!own.has(other.person)) others.set(other.person, other);
    }
    if (others.size > 0) found.set(household, [...others.values()]);
  }
  return found;
}

/** Where those live who were left by the dead of a household nobody lives in any more. */
export function livingElsewhere(
  household: HouseholdId,
  people: readonly PersonRegistration[],
  today: PlainDate,
): readonly HouseholdId[] {
  return unlessBroken(() => {
    if (!diedIn(household, people, today)) return [];
    const now = people.flatMap(({ memberships }) => membershipOn(memberships, today)?.household ?? []);
    return now.includes(household) ? [] : [...new Set(now)];
  }, []);
}
