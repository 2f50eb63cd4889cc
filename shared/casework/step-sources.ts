import { SYSTEM } from '../audit/make-event.ts';
import { dateInChina } from '../calendar/plain-date.ts';
import type { FactChunk, PersonKey } from '../facts/fact.ts';
import { foldFacts } from '../facts/fold.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { PersonRegistration } from '../ports/household-registry.ts';
import type { StaffDirectory } from '../ports/staff-directory.ts';
import type { HouseholdId } from '../registry/household.ts';
import { membershipOn } from '../registry/membership.ts';
import { type AssessDeps, assessHouseholds } from '../warnings/assess-households.ts';
import type { Warning } from '../warnings/warning.ts';
import { placeCase, standInFor, type Workforce } from './assignment.ts';
import type { Assignment, Case, ClosureProposal, UserId } from './case.ts';
import { deskCheck } from './desk-check.ts';
import type { OtherCase } from './desk-check-input.ts';
import type { StepDeps } from './run-step.ts';
import type { SecondLook } from './steps.ts';

/** Where what the steps must know of the world is read. */
export interface SourceDeps extends AssessDeps {
  readonly cases: Pick<CaseStore, 'current' | 'counts'>;
  readonly staff: Pick<StaffDirectory, 'list'>;
}

/** How long a look at the directory and at who has how much in hand is good for: thousands of cases may open at once. */
const WORKFORCE_MS = 60_000;
const COUNTY_DIGITS = 6;

/** What the workflow's steps ask, answered from the stores. */
export function stepSources(deps: SourceDeps): Pick<StepDeps, 'proposals' | 'visitor' | 'look'> {
  const workforceOf = workforces(deps);
  return {
    proposals: (found) => proposalsFor(deps, found),
    visitor: async (found) => visitorFor(found, await workforceOf(found.area), deps),
    look: (found) => lookAgain(deps, found),
  };
}

async function proposalsFor(deps: SourceDeps, found: Case): Promise<readonly ClosureProposal[]> {
  const { household } = found;
  const [standings, members] = await Promise.all([deps.standings.load([household]), deps.registry.membersOf([household])]);
  const warnings = (standings.get(household) ?? []).flatMap(({ warning }) =>
    warning !== undefined && found.warnings.includes(warning.id) ? [warning] : [],
  );
  const registrations = await withEvidencePersons(deps, members.get(household) ?? [], warnings);
  const byPerson = await deps.facts.ofPersons(registrations.map(({ person }) => person));
  const chunks: readonly FactChunk[] = [...byPerson.values()].flat();
  return deskCheck({
    case: found,
    household,
    area: found.area,
    asOf: dateInChina(deps.clock.now()),
    warnings,
    registrations,
    facts: [...byPerson.values()].flatMap((own) => foldFacts(own, deps.catalog)),
    chunks,
    catalog: deps.catalog,
    otherCases: await otherCasesOf(deps, household, registrations),
  });
}

/** Evidence may be about people who have moved out since. */
async function withEvidencePersons(
  { registry }: SourceDeps,
  members: readonly PersonRegistration[],
  warnings: readonly Warning[],
): Promise<readonly PersonRegistration[]> {
  const known = new Set(members.map(({ person }) => person));
  const named = new Set(
    warnings.flatMap(({ reasons }) => reasons).flatMap(({ evidence }) => evidence.map(({ person }) => person)),
  );
  const missing: readonly PersonKey[] = [...named].filter((person) => !known.has(person));
  return missing.length === 0 ? members : [...members, ...(await registry.ofPersons(missing)).values()];
}

/** Open cases of households that people of this one belong to now. */
async function otherCasesOf(
  { cases, clock }: SourceDeps,
  household: HouseholdId,
  registrations: readonly PersonRegistration[],
): Promise<readonly OtherCase[]> {
  const today = dateInChina(clock.now());
  const persons = new Map<HouseholdId, PersonKey[]>();
  for (const { person, memberships } of registrations) {
    const there = membershipOn(memberships, today)?.household;
    if (there !== undefined && there !== household) persons.set(there, [...(persons.get(there) ?? []), person]);
  }
  if (persons.size === 0) return [];
  const current = await cases.current([...persons.keys()]);
  return [...current.values()]
    .filter(({ stage }) => stage !== 'closed')
    .map(({ id, household: of, openedAt }) => ({ id, household: of, openedAt, persons: persons.get(of) ?? [] }));
}

/** Who works in a county, read anew every minute; placements made meanwhile count for those after them. */
function workforces({
  staff,
  cases,
  clock,
}: SourceDeps): (area: string) => Promise<Workforce & { readonly load: Map<UserId, number> }> {
  const read = new Map<string, { readonly at: number; readonly workforce: Workforce & { readonly load: Map<UserId, number> } }>();
  return async (area) => {
    const county = area.slice(0, COUNTY_DIGITS);
    const now = Date.parse(clock.now());
    const last = read.get(county);
    if (last !== undefined && now - last.at < WORKFORCE_MS) return last.workforce;
    const [members, counts] = await Promise.all([staff.list(), cases.counts([county])]);
    const load = new Map(Object.entries(counts.byAssignee));
    const workforce = { staff: members, load, on: dateInChina(clock.now()) };
    read.set(county, { at: now, workforce });
    return workforce;
  };
}

/** Somebody for a case nobody has in hand, and a cover for somebody who is away. */
function visitorFor(
  { area, assignment }: Case,
  workforce: Workforce & { readonly load: Map<UserId, number> },
  { clock }: SourceDeps,
): Assignment | undefined {
  const absent = assignment?.user === undefined ? false : !isThere(assignment.user, area, workforce);
  if (assignment?.user !== undefined && !absent) return undefined;
  const { user, level, area: prefix } = placeCase(area, workforce);
  if (user !== undefined) workforce.load.set(user, (workforce.load.get(user) ?? 0) + 1);
  return {
    ...(user === undefined ? {} : { user }),
    level,
    area: prefix,
    at: clock.now(),
    by: SYSTEM,
    ...(absent ? { reason: 'absence' } : {}),
  };
}

/** Whether whoever has a case is there today; somebody the directory does not know has it by a person's word and keeps it. */
function isThere(user: UserId, area: string, workforce: Workforce): boolean {
  const member = workforce.staff.find(({ id }) => id === user);
  return member === undefined || standInFor(member, area, workforce)?.member.id === user;
}

async function lookAgain(deps: SourceDeps, { household }: Case): Promise<SecondLook> {
  await assessHouseholds(deps, [household]);
  const standings = (await deps.standings.load([household])).get(household) ?? [];
  const entry = standings.find(({ family }) => family === 'entry')?.assessment;
  return { grade: entry?.grade?.id ?? null, points: entry?.points ?? { low: 0, high: 0 } };
}
