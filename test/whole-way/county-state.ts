import type { Embedded } from '../../shared/adapters/embedded/open-embedded.ts';
import { catalog } from '../../shared/catalog/index.ts';
import type { PersonKey } from '../../shared/facts/fact.ts';
import { foldFacts } from '../../shared/facts/fold.ts';
import type { HouseholdId } from '../../shared/registry/household.ts';

/**
 * What a county has come to, without what may differ between two ways to the same end: versions, arrival counters, event
 * times, and the ids of drops (files are compared by path; digests, which cover ids, are left out for the whole traces).
 */
export interface CountyState {
  readonly households: readonly unknown[];
  readonly people: readonly unknown[];
  readonly standings: readonly unknown[];
  readonly rowsTaken: Readonly<Record<string, number>>;
}

/** Reads the whole state of a data directory, in a fixed order. */
export async function countyState(stores: Embedded): Promise<CountyState> {
  const everHouseholds = await allHouseholds(stores);
  const members = await stores.households.membersOf(everHouseholds);
  const belonging = (household: HouseholdId) =>
    (members.get(household) ?? []).filter((one) => one.memberships.some((stretch) => stretch.household === household));
  // Where somebody was put for a moment, before their other facts came, is history, not state.
  const households = everHouseholds.filter((household) => belonging(household).length > 0);
  const persons = new Set<PersonKey>();
  for (const people of members.values()) for (const { person } of people) persons.add(person);
  const sorted = [...persons].sort();
  const chunks = await stores.facts.ofPersons(sorted);
  const registrations = await stores.households.ofPersons(sorted);
  const standings = await stores.standings.load(households);
  const pathOf = await pathsOf(stores);
  return {
    households: households.map((household) => [
      household,
      belonging(household)
        .map((one) => one.person)
        .sort(),
    ]),
    people: sorted.map((person) => ({
      person,
      memberships: registrations.get(person)?.memberships,
      facts: foldFacts(chunks.get(person) ?? [], catalog)
        // Of the last file that said so only its period, which stands before its arrival.
        .map(({ seq: _, saidAgain, file, ...fact }) => ({ ...fact, saidAgain: saidAgain?.split('|')[0], file: pathOf.get(file) }))
        .sort((a, b) => (`${a.feed}${a.key}` < `${b.feed}${b.key}` ? -1 : 1)),
    })),
    standings: households.flatMap((household) =>
      (standings.get(household) ?? []).map(({ version: _, warning, assessment: { digest, ...assessment }, ...standing }) => ({
        ...standing,
        assessment,
        // A warning that was opened and withdrawn on the way is history, not state.
        warning:
          warning?.status === 'open'
            ? {
                ...warning,
                reasons: warning.reasons.map((reason) => ({
                  ...reason,
                  evidence: reason.evidence.map((row) => ({ ...row, file: pathOf.get(row.file) })),
                })),
              }
            : undefined,
      })),
    ),
    rowsTaken: await rowsTaken(stores),
  };
}

async function allHouseholds(stores: Embedded): Promise<HouseholdId[]> {
  const households: HouseholdId[] = [];
  let after: string | undefined;
  do {
    const page = await stores.households.households({ limit: 1_000, ...(after && { after }) });
    households.push(...page.households);
    after = page.next;
  } while (after !== undefined);
  return households.sort();
}

async function pathsOf(stores: Embedded): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  let after: string | undefined;
  do {
    const page = await stores.files.list({ limit: 500, ...(after && { after }) });
    for (const { id, path } of page.files) paths.set(id, path);
    after = page.next;
  } while (after !== undefined);
  return paths;
}

async function rowsTaken(stores: Embedded): Promise<Record<string, number>> {
  const rows: Record<string, number> = {};
  let after: string | undefined;
  do {
    const page = await stores.files.list({ limit: 500, ...(after && { after }) });
    for (const { path, receipt } of page.files) {
      if (receipt?.status === 'accepted' || receipt?.status === 'partly')
        rows[path] = receipt.rows.accepted + receipt.rows.duplicate;
    }
    after = page.next;
  } while (after !== undefined);
  return Object.fromEntries(Object.entries(rows).sort(([a], [b]) => (a < b ? -1 : 1)));
}
