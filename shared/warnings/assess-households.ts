import { dateInChina, type Instant, type PlainDate } from '../calendar/plain-date.ts';
import type { Catalog } from '../catalog/feed.ts';
import { type Coverage, coverageOfList } from '../facts/coverage.ts';
import type { Fact, PersonKey } from '../facts/fact.ts';
import { foldFacts } from '../facts/fold.ts';
import { isSameThing, toldOnce } from '../facts/told-twice.ts';
import type { Clock } from '../ports/clock.ts';
import { PermanentError, RetryLaterError } from '../ports/errors.ts';
import type { FactStore } from '../ports/fact-store.ts';
import type { FileRegister } from '../ports/file-register.ts';
import type { HouseholdRegistry, PersonRegistration } from '../ports/household-registry.ts';
import { type Log, LogCode, type Metrics } from '../ports/log.ts';
import type { QueueSender } from '../ports/queue.ts';
import type { Sweep } from '../ports/queue-messages.ts';
import type { StandingChange, StandingStore } from '../ports/standing-store.ts';
import { requestAssessment } from '../registry/apply-updates.ts';
import type { HouseholdId } from '../registry/household.ts';
import { areaOf, type Placing, placingsOf } from '../registry/household-area.ts';
import { bereaved, hasDied, householdLeftWith, livingElsewhere } from '../registry/left-by-the-dead.ts';
import { categoryOf, membersOn } from '../registry/membership.ts';
import { assess } from '../scoring/assess.ts';
import type { AssessmentInput } from '../scoring/assessment.ts';
import type { CompiledPack } from '../scoring/compiled.ts';
import { type AssessedInputs, type Delivered, deliveredOf } from './assessed-inputs.ts';
import { eventsOf, messagesOf } from './assessment-events.ts';
import { decideWarning, summaryOf, type WarningDecision, type Weighed } from './decide-warning.ts';
import { type HandledByFamily, handledBefore, handledTogether } from './handled-before.ts';
import type { HandledBaseline, Standing } from './warning.ts';

/** What assessing needs. */
export interface AssessDeps {
  readonly catalog: Catalog;
  readonly facts: FactStore;
  readonly registry: HouseholdRegistry;
  readonly register: FileRegister;
  readonly standings: StandingStore;
  readonly queue: QueueSender;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The packs an area runs, by setting; none means its households go unassessed, which is logged. */
  readonly packsFor: (area: string) => readonly CompiledPack[];
  /** Waits before another try after a write conflict. */
  readonly pause: (attempt: number) => Promise<void>;
  readonly householdsPerMessage: number;
}

const TRIES = 6;
const SWEEP_PAGE = 500;

/** What looking at a household came to for one family of warnings. */
interface Look {
  readonly change: StandingChange;
  readonly decision: WarningDecision | undefined;
}

/** Everything known of some households at one moment. */
interface Knowledge {
  readonly today: PlainDate;
  readonly coverage: Coverage;
  readonly delivered: Delivered;
  readonly chunksOf: (person: PersonKey) => number;
  readonly registrations: ReadonlyMap<HouseholdId, readonly PersonRegistration[]>;
  /** People of households that members came from, whose dead may have left their bills with these: see `bereaved`. */
  readonly others: ReadonlyMap<HouseholdId, readonly PersonRegistration[]>;
  readonly factsOf: (person: PersonKey) => readonly Fact[];
  /** What had been told of the person by a moment, as feeds and keys. */
  readonly keysKnownAt: (person: PersonKey, at: Instant) => ReadonlySet<string>;
  /** What places the person: facts, and what is left of deleted ones. */
  readonly placingsOf: (person: PersonKey) => readonly Placing[];
}

/**
 * Assesses households with the packs of their areas and settles their warnings. The standing's version is read before the
 * facts and checked when saving, so whoever saves last has seen every fact that was there when any other saved; a write
 * that loses the race is computed again. Throws PermanentError naming the households that cannot be assessed, once all others are.
 */
export async function assessHouseholds(deps: AssessDeps, households: readonly HouseholdId[]): Promise<void> {
  let pending = [...new Set(households)];
  const failed = new Map<HouseholdId, string>();
  for (let attempt = 1; pending.length > 0; attempt += 1) {
    if (attempt > TRIES) throw new RetryLaterError('households kept changing while they were assessed');
    if (attempt > 1) {
      deps.log.warn(LogCode.WriteConflict, { households: pending.length, attempt });
      await deps.pause(attempt);
    }
    pending = await assessOnce(deps, pending, failed);
  }
  deps.metrics.count('HouseholdsAssessed', households.length);
  deps.log.info(LogCode.HouseholdsAssessed, { households: households.length });
  if (failed.size === 0) return;
  const named = [...failed].map(([household, error]) => `${household} (${error})`).join(', ');
  throw new PermanentError('NOT_ASSESSED', `households that could not be assessed: ${named}`);
}

/** Asks for one page of all households to be assessed and for the next page to follow by message. */
export async function sweepPage(deps: AssessDeps, after: string | undefined): Promise<void> {
  const next = await requestPage(deps, after);
  if (next === undefined) return;
  const message: Sweep = { v: 1, kind: 'sweep', after: next };
  await deps.queue.send('assessments', [{ body: JSON.stringify(message) }]);
}

/**
 * Assesses a page of all households, for a host with a thread to spare and no limit of time. When the page fails its
 * households are asked for one by one, so that one of them does not hold up the others.
 */
export async function assessPage(deps: AssessDeps, households: readonly HouseholdId[]): Promise<void> {
  try {
    await assessHouseholds(deps, households);
  } catch {
    await requestAssessment(deps, households);
  }
}

async function requestPage(deps: AssessDeps, after: string | undefined): Promise<string | undefined> {
  const page = await deps.registry.households({ limit: SWEEP_PAGE, ...(after === undefined ? undefined : { after }) });
  await requestAssessment(deps, page.households);
  deps.log.info(LogCode.SweepPage, { households: page.households.length, last: page.next === undefined });
  return page.next;
}

async function assessOnce(
  deps: AssessDeps,
  households: readonly HouseholdId[],
  failed: Map<HouseholdId, string>,
): Promise<HouseholdId[]> {
  const standings = await deps.standings.load(households);
  const known = await gather(deps, households, standings);
  await requestAssessment(deps, leftWith(households, known));
  const looked = new Map<HouseholdId, readonly Look[]>();
  const look = (household: HouseholdId, before?: HandledByFamily) => {
    try {
      looked.set(household, lookAt(deps, household, standings.get(household) ?? [], known, before));
    } catch (error) {
      // Nothing was asked of a store here: what stands in the way lies in the household's own data.
      looked.delete(household);
      failed.set(household, error instanceof Error ? error.name : 'unknown');
    }
  };
  for (const household of households) look(household);
  for (const [household, before] of await handledWhereTheyCameFrom(deps, looked, known)) look(household, before);
  const found = [...looked.values()].flat();
  const changes = found.map(({ change }) => change);
  const decisions = found.flatMap(({ decision }) => decision ?? []);
  if (changes.length === 0) return [];
  const conflicts = new Set((await deps.standings.save(changes)).map((change) => change.standing.household));
  for (const { change, warning } of decisions) {
    if (conflicts.has(warning.household)) continue;
    deps.metrics.count(`Warnings.${change}`, 1);
    deps.log.info(LogCode.WarningChanged, { change, warning: warning.id, grade: warning.grade.id });
  }
  return [...conflicts];
}

/** Households that may take over the bills of the dead of these. */
function leftWith(households: readonly HouseholdId[], { registrations, today }: Knowledge): HouseholdId[] {
  const left = households.flatMap((household) => livingElsewhere(household, registrations.get(household) ?? [], today));
  return left.length === 0 ? [] : [...new Set(left)].filter((household) => !households.includes(household));
}

async function gather(
  deps: AssessDeps,
  households: readonly HouseholdId[],
  standings: ReadonlyMap<HouseholdId, readonly Standing[]>,
): Promise<Knowledge> {
  const registrations = await deps.registry.membersOf(households);
  const today = dateInChina(deps.clock.now());
  const others = await bereaved(deps.registry, registrations, today);
  const persons = new Set<PersonKey>();
  for (const [household, people] of registrations) {
    // Most people were once alone before somebody registered them: such a household says nothing and need not be read.
    if (!standings.has(household) && membersOn(household, people, today).length === 0) continue;
    for (const { person } of people) persons.add(person);
    for (const { person } of others.get(household) ?? []) persons.add(person);
  }
  const [chunks, deliveries] = await Promise.all([deps.facts.ofPersons([...persons]), deps.register.deliveries()]);
  const folded = new Map<PersonKey, readonly Fact[]>();
  const factsOf = (person: PersonKey) => {
    const there = folded.get(person);
    if (there !== undefined) return there;
    const facts = foldFacts(chunks.get(person) ?? [], deps.catalog);
    folded.set(person, facts);
    return facts;
  };
  return {
    today,
    coverage: coverageOfList(deliveries),
    delivered: deliveredOf(deliveries),
    chunksOf: (person) => chunks.get(person)?.length ?? 0,
    registrations,
    others,
    factsOf,
    keysKnownAt: (person, at) => new Set(foldFacts(chunks.get(person) ?? [], deps.catalog, at).map(keyOf)),
    placingsOf: (person) => placingsOf(factsOf(person), chunks.get(person) ?? []),
  };
}

/** What was handled where the members of households about to get a warning came from: seldom asked. */
async function handledWhereTheyCameFrom(
  deps: AssessDeps,
  looked: ReadonlyMap<HouseholdId, readonly Look[]>,
  { registrations, today }: Knowledge,
): Promise<ReadonlyMap<HouseholdId, HandledByFamily>> {
  const opening = [...looked].filter(([, looks]) => looks.some(({ decision }) => decision?.change === 'opened'));
  if (opening.length === 0) return new Map();
  return handledBefore(deps, new Map(opening.map(([household]) => [household, registrations.get(household) ?? []])), today);
}

function lookAt(
  deps: AssessDeps,
  household: HouseholdId,
  standings: readonly Standing[],
  known: Knowledge,
  before?: HandledByFamily,
): readonly Look[] {
  const people = known.registrations.get(household) ?? [];
  const members = membersOn(household, people, known.today);
  // A household nobody belongs to matters only while a warning is open on it.
  if (members.length === 0 && standings.length === 0) return [];
  const area =
    areaOf(
      members.flatMap((member) => known.placingsOf(member.person)),
      deps.catalog,
      known.today,
    ) ||
    (standings[0]?.area ?? '');
  const packs = deps.packsFor(area);
  if (packs.length === 0) deps.log.warn(LogCode.NoPackForArea, { household, area });
  const concerned = [...people, ...(known.others.get(household) ?? [])];
  const today = inputOn(known.today, household, concerned, area, known, deps.catalog);
  const found: Look[] = [];
  for (const pack of packs) {
    const standing = standings.find((one) => one.family === pack.pack.family);
    if (members.length === 0 && standing === undefined) continue;
    const handled = handledTogether(standing?.handled, before?.get(pack.pack.family));
    const look = settle(deps, pack, standing, handled, today, concerned, known);
    if (look !== undefined) found.push(look);
  }
  return found;
}

function settle(
  deps: AssessDeps,
  pack: CompiledPack,
  standing: Standing | undefined,
  handled: HandledBaseline | undefined,
  today: AssessmentInput,
  people: readonly PersonRegistration[],
  known: Knowledge,
): Look | undefined {
  const { household, area, members } = today;
  const backThen = (asOf: PlainDate) => assess(pack, inputOn(asOf, household, people, area, known, deps.catalog));
  const open = standing?.warning?.status === 'open' ? standing.warning : undefined;
  const weighed: Weighed = {
    now: assess(pack, today),
    backThen: open === undefined || open.asOf === known.today ? undefined : backThen(open.asOf),
    emptied: members.length > 0 ? undefined : emptiedBy(known.registrations.get(household) ?? [], known.today),
    since:
      handled === undefined || open !== undefined
        ? undefined
        : assess(pack, { ...today, facts: since(handled.at, today, people, known, deps.catalog) }),
  };
  const at = deps.clock.now();
  const held = { ...withWarning(standing?.warning), ...(handled === undefined ? undefined : { handled }) };
  const decision = decideWarning(held, weighed, at);
  const summary = summaryOf(weighed.now);
  if (decision === undefined && standing !== undefined && standing.assessment.digest === summary.digest) return undefined;
  const next: Standing = {
    household,
    family: pack.pack.family,
    version: (standing?.version ?? 0) + 1,
    area,
    category: weighed.now.category,
    assessment: summary,
    ...withWarning(decision?.warning ?? standing?.warning),
    ...(handled === undefined ? undefined : { handled }),
  };
  const givesWay = decision?.change === 'opened' ? standing?.warning : undefined;
  const change = {
    standing: next,
    ...(givesWay === undefined ? undefined : { past: givesWay }),
    events: eventsOf(next, standing, decision, at, () => inputsOf(people, known)),
    messages: messagesOf(next, decision),
  };
  return { change, decision };
}

/** Why nobody belongs to a household any more. */
function emptiedBy(people: readonly PersonRegistration[], today: PlainDate): Weighed['emptied'] {
  return people.every((one) => hasDied(one, today)) ? 'died' : 'superseded';
}

/**
 * What an assessment of a household as of a day looks at. `people` are all that were ever placed in it, and in the households
 * whose dead may have left it their bills. The one place where it is put together: a decision that is replayed goes through it
 * again.
 */
export function inputOn(
  asOf: PlainDate,
  household: HouseholdId,
  people: readonly PersonRegistration[],
  area: string,
  known: Pick<Knowledge, 'factsOf' | 'coverage'>,
  catalog: Catalog,
): AssessmentInput {
  const members = membersOn(household, people, asOf);
  return {
    household,
    area,
    category: categoryOf(members),
    asOf,
    members,
    facts: toldOnce(
      [
        ...members.flatMap((member) => known.factsOf(member.person)),
        ...(members.length === 0 ? [] : leftByTheDead(household, people, asOf, known, catalog)),
      ],
      catalog,
    ),
    coverage: known.coverage,
  };
}

/**
 * The facts of a household nothing had been told of by a moment. What was corrected since is no such fact, nor what had been
 * told under the number of another of `people`: something had been told.
 */
function since(
  at: Instant,
  { facts }: AssessmentInput,
  people: readonly PersonRegistration[],
  { keysKnownAt, factsOf }: Knowledge,
  catalog: Catalog,
): readonly Fact[] {
  const told = people.flatMap(({ person }) => {
    const keys = keysKnownAt(person, at);
    return factsOf(person).filter((fact) => keys.has(keyOf(fact)));
  });
  // Nearly all have been told; only the few that have not are compared with each.
  const same = new Set(told);
  return facts.filter((fact) => !same.has(fact) && !told.some((one) => isSameThing(one, fact, catalog)));
}

function keyOf({ feed, key }: Fact): string {
  return `${feed} ${key}`;
}

function inputsOf(people: readonly PersonRegistration[], { delivered, chunksOf }: Knowledge): AssessedInputs {
  const { count, digest } = delivered();
  return { delivered: [[count, digest]], persons: people.map(({ person, version }) => [person, chunksOf(person), version]) };
}

function withWarning(warning: Standing['warning']): { warning?: NonNullable<Standing['warning']> } {
  return warning === undefined ? {} : { warning };
}

/**
 * What befell members before they died, such as their bills, still weighs on those who live: a death must not take the
 * reasons of a family away. What a dead person was (a pupil, disabled, registered as unemployed) ends with them.
 */
function leftByTheDead(
  household: HouseholdId,
  people: readonly PersonRegistration[],
  asOf: PlainDate,
  known: Pick<Knowledge, 'factsOf'>,
  catalog: Catalog,
): readonly Fact[] {
  return people
    .filter((one) => householdLeftWith(one, people, asOf) === household)
    .flatMap(({ person }) => known.factsOf(person).filter((fact) => catalog.get(fact.feed)?.kind === 'event'));
}
