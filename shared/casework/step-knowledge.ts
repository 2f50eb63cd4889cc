import { assistanceChain } from '../assistance/chain.ts';
import type { AssistanceChain } from '../assistance/chain-line.ts';
import { measures } from '../assistance/measures.ts';
import { isHelp } from '../assistance/same-payment.ts';
import { SYSTEM } from '../audit/make-event.ts';
import { dateInChina, type Instant } from '../calendar/plain-date.ts';
import type { PersonKey } from '../facts/fact.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { HouseholdRegistry, PersonRegistration } from '../ports/household-registry.ts';
import type { StaffDirectory } from '../ports/staff-directory.ts';
import type { StandingStore } from '../ports/standing-store.ts';
import type { HouseholdId } from '../registry/household.ts';
import { type HouseholdSources, knownHousehold, type Told, toldOf } from '../registry/known-household.ts';
import { membersOn } from '../registry/membership.ts';
import type { Standing, Warning } from '../warnings/warning.ts';
import { levelOf, type Placement, placeCase, standInFor, type Workforce } from './assignment.ts';
import type { Assignment, Case } from './case.ts';
import { deskCheck } from './desk-check.ts';
import type { HelpGiven, OtherCase } from './desk-check-input.ts';
import type { StepDeps } from './run-step.ts';
import type { SecondLook } from './steps.ts';

/** Where the workflow's steps learn what they must know. */
export interface KnowledgeDeps extends HouseholdSources {
  readonly registry: Pick<HouseholdRegistry, 'membersOf' | 'ofPersons'>;
  readonly standings: Pick<StandingStore, 'load'>;
  readonly cases: Pick<CaseStore, 'current' | 'ofHousehold' | 'counts'>;
  readonly staff: Pick<StaffDirectory, 'list'>;
}

/** Seconds for which staff and workloads are taken as read: a month's file brings thousands of cases within a minute. */
const WORKFORCE_SECONDS = 60;

/** The knowledge of the steps, read from the stores when a step wants it. */
export function stepKnowledge(deps: KnowledgeDeps): Pick<StepDeps, 'proposals' | 'visitor' | 'look'> {
  const workforces = new Map<string, { readonly until: Instant; readonly workforce: LiveWorkforce }>();
  const workforceOf = async (area: string): Promise<LiveWorkforce> => {
    const county = area.slice(0, 6);
    const now = deps.clock.now();
    const kept = workforces.get(county);
    if (kept !== undefined && now < kept.until) return kept.workforce;
    const [staff, counts] = await Promise.all([deps.staff.list(), deps.cases.counts([county])]);
    const workforce = { staff, load: new Map(Object.entries(counts.byAssignee)), on: dateInChina(now) };
    const until = new Date(Date.parse(now) + WORKFORCE_SECONDS * 1_000).toISOString() as Instant;
    workforces.set(county, { until, workforce });
    return workforce;
  };
  return {
    proposals: (found) => proposalsOf(deps, found),
    visitor: async (found) => visitorOf(found, await workforceOf(found.area), deps.clock.now()),
    look: async (found) => lookOf(found, (await deps.standings.load([found.household])).get(found.household) ?? []),
  };
}

/** A workforce whose loads follow what is given out. */
interface LiveWorkforce extends Workforce {
  readonly load: Map<string, number>;
}

async function proposalsOf(deps: KnowledgeDeps, found: Case) {
  const { household } = found;
  const asOf = dateInChina(deps.clock.now());
  const [standings, known, earlier] = await Promise.all([
    deps.standings.load([household]),
    knownHousehold(deps, household),
    deps.cases.ofHousehold(household),
  ]);
  const warnings = (standings.get(household) ?? [])
    .flatMap(({ warning }) => warning ?? [])
    .filter(({ id }) => found.warnings.includes(id));
  const others = await othersConcerned(deps, known.people, warnings);
  const registrations = [...known.people, ...others.people];
  const facts = [...known.facts, ...others.facts];
  return deskCheck({
    case: found,
    household,
    area: found.area,
    asOf,
    warnings,
    registrations,
    facts,
    chunks: [...known.chunks, ...others.chunks],
    catalog: deps.catalog,
    helped: helpIn(assistanceChain({ asOf, cases: earlier, facts })),
    otherCases: await otherCasesOf(deps, household, registrations),
  });
}

/** Those the evidence is about who were never placed in the household. */
async function othersConcerned(
  deps: KnowledgeDeps,
  people: readonly PersonRegistration[],
  warnings: readonly Warning[],
): Promise<Told & { readonly people: readonly PersonRegistration[] }> {
  const known = new Set(people.map(({ person }) => person));
  const evidence = warnings.flatMap(({ reasons }) => reasons.flatMap((reason) => reason.evidence));
  const others = [...new Set(evidence.map(({ person }) => person))].filter((person) => !known.has(person));
  if (others.length === 0) return { people: [], chunks: [], facts: [] };
  const [registered, told] = await Promise.all([deps.registry.ofPersons(others), toldOf(deps, others)]);
  return { people: [...registered.values()], ...told };
}

/**
 * Help that may have answered an event, of earlier cases and of departments' files. What a household lives on month by month
 * does not: a 低保 household with a new bill is not helped for it by its allowance.
 */
function helpIn({ lines }: AssistanceChain): readonly HelpGiven[] {
  return lines
    .filter((line) => isHelp(line) && measures.get(line.measure)?.kind !== 'living')
    .map(({ measure, date, amount, event, sources }) => {
      const row = sources.find((source) => source.kind === 'fact');
      return {
        title: measures.get(measure)?.title ?? { zh: measure, en: measure },
        date,
        amount,
        event,
        ...(row === undefined ? undefined : { row }),
      };
    });
}

/** Open cases of the other households these people belong to or ever did, with who belongs there now. */
async function otherCasesOf(
  { registry, cases, clock }: KnowledgeDeps,
  household: HouseholdId,
  registrations: readonly PersonRegistration[],
): Promise<readonly OtherCase[]> {
  const ever = registrations.flatMap(({ memberships }) => memberships.map((one) => one.household));
  const others = [...new Set(ever)].filter((one) => one !== household);
  if (others.length === 0) return [];
  const open = [...(await cases.current(others)).values()].filter(({ stage }) => stage !== 'closed');
  const people = await registry.membersOf(open.map((one) => one.household));
  const today = dateInChina(clock.now());
  const livingIn = (one: HouseholdId): PersonKey[] => membersOn(one, people.get(one) ?? [], today).map(({ person }) => person);
  return open.map((one) => ({ id: one.id, household: one.household, openedAt: one.openedAt, persons: livingIn(one.household) }));
}

/**
 * A worker who is there keeps the case, and so does one the directory does not know. One who is away is stood in for, by
 * whoever covers or else is in charge; with nobody there the case stays theirs. A case in nobody's hands is given out.
 */
function visitorOf(found: Case, workforce: LiveWorkforce, at: Instant): Assignment | undefined {
  const { area, assignment } = found;
  if (assignment?.user === undefined) return taken(placeCase(area, workforce), workforce, at);
  const holder = workforce.staff.find(({ id }) => id === assignment.user);
  const there = holder === undefined ? undefined : standInFor(holder, area, workforce);
  if (holder === undefined || there?.coverFor.length === 0) return undefined;
  const cover =
    there === undefined
      ? placeCase(area, workforce)
      : { user: there.member.id, level: levelOf(there.member.roles), area: assignment.area };
  return cover.user === undefined ? undefined : { ...taken(cover, workforce, at), reason: 'absence' };
}

function taken({ user, level, area }: Placement, { load }: LiveWorkforce, at: Instant): Assignment {
  if (user !== undefined) load.set(user, (load.get(user) ?? 0) + 1);
  return { ...(user === undefined ? undefined : { user }), level, area, at, by: SYSTEM };
}

/** The most urgent of the assessments behind the case's warnings; of an application, of the household's need. */
function lookOf(found: Case, standings: readonly Standing[]): SecondLook {
  const own = standings.filter(({ warning }) => warning !== undefined && found.warnings.includes(warning.id));
  const weighed = (own.length > 0 ? own : standings.filter(({ family }) => family === 'entry')).map(
    ({ assessment }) => assessment,
  );
  const rank = (one: Standing['assessment']) => one.grade?.rank ?? Number.POSITIVE_INFINITY;
  const [first] = weighed.toSorted((a, b) => (rank(a) === rank(b) ? b.points.low - a.points.low : rank(a) - rank(b)));
  return first === undefined
    ? { grade: null, points: { low: 0, high: 0 } }
    : { grade: first.grade?.id ?? null, points: first.points };
}
