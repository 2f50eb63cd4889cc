import { discloseBirth, discloseFields, pathShown } from '../access/masking.ts';
import { allow, type Disclosure } from '../access/policy.ts';
import { type Access, recordRead } from '../access/read-trail.ts';
import { addDays, dateInChina, type PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { Fact, FactValue, FileId } from '../facts/fact.ts';
import { foldFacts } from '../facts/fold.ts';
import { toldAgain } from '../facts/told-twice.ts';
import { placeShown, type SheetRow } from '../intake/row-place.ts';
import { NotFoundError } from '../ports/errors.ts';
import type { FileRecord } from '../ports/file-register.ts';
import type { PersonRegistration } from '../ports/household-registry.ts';
import type { WarningFamily } from '../scoring/assessment.ts';
import type { WarningView } from '../warnings/present-warning.ts';
import { presentAll } from '../warnings/read-warnings.ts';
import type { AssessmentSummary } from '../warnings/warning.ts';
import { findHouseholdOf } from './find-household.ts';
import type { HouseholdId, Membership } from './household.ts';
import { areaOf, placingsOf } from './household-area.ts';
import { categoryTitle } from './household-category.ts';
import type { HouseholdReading } from './household-reading.ts';
import { bereaved, householdLeftWith } from './left-by-the-dead.ts';
import { categoryOf, membershipOn, membersOn } from './membership.ts';
import { openFields } from './sealing.ts';
import { shownIdentity } from './shown-identity.ts';

/** One person's stretch in the household, masked by role. */
export interface MemberView {
  readonly person: string;
  readonly name: string;
  readonly number: string | null;
  readonly sex: 'male' | 'female';
  /** A date, or only its year. */
  readonly birth: string;
  readonly relation: string;
  readonly head: boolean;
  readonly basis: Membership['basis'];
  readonly category: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly current: boolean;
}

/** One stretch of the household's category. */
export interface CategoryView {
  readonly category: Membership['category'];
  readonly title: Bilingual;
  readonly from: PlainDate | null;
  readonly to: PlainDate | null;
}

/** One fact with the row it comes from. Money in fen. */
export interface FactView {
  readonly feed: string;
  readonly title: Bilingual;
  readonly person: string;
  readonly from: string;
  readonly to: string | null;
  readonly fields: Readonly<Record<string, FactValue>>;
  readonly file: string | null;
  /** By which a row is named that was found wrong. */
  readonly fileId: string;
  readonly row: number;
  /** Where to look, in a workbook with rows in several sheets; `row` is then the row's number in the file. */
  readonly at?: SheetRow;
  /** The row that counts in this one's stead: the same bill under the number of another of the household, or in another feed. */
  readonly countedBy?: { readonly fileId: string; readonly row: number };
  readonly recordedAt: string;
}

/** All that is known of a household, as the reader's role may see it. */
export interface HouseholdPage {
  readonly id: string;
  readonly area: string;
  readonly asOf: string;
  /** True when nobody declared the household: it follows the police register or stands for one person. */
  readonly provisional: boolean;
  readonly category: string;
  readonly categoryTitle: Bilingual;
  readonly members: readonly MemberView[];
  /** Oldest first. */
  readonly categories: readonly CategoryView[];
  /** Newest first. */
  readonly facts: readonly FactView[];
  /** The latest assessment of each family. */
  readonly assessments: readonly (AssessmentSummary & { readonly family: WarningFamily })[];
  readonly warnings: { readonly open: readonly WarningView[]; readonly past: readonly WarningView[] };
}

/**
 * The page of one household, by household id or by a member's identity number. The read is recorded before it is answered.
 * Throws NotFoundError, or AccessError when the household lies outside the reader's areas.
 */
export async function householdPage(deps: HouseholdReading, access: Access, reference: string): Promise<HouseholdPage> {
  allow(access.principal, 'household.read');
  const asOf = dateInChina(deps.clock.now());
  const id = await findHouseholdOf(deps, reference, asOf);
  const registrations = id === undefined ? [] : ((await deps.registry.membersOf([id])).get(id) ?? []);
  if (id === undefined || registrations.length === 0)
    throw new NotFoundError(
      '没有这一户，或无权查看；请核对户编号或18位身份证号码 / no such household for you; check its id or the identity number',
    );
  const left = await leftBy(deps, id, registrations, asOf);
  const persons = [...registrations, ...left].map((registration) => registration.person);
  const [chunks, loaded, past] = await Promise.all([
    deps.facts.ofPersons(persons),
    deps.standings.load([id]),
    deps.standings.past(id),
  ]);
  const standings = loaded.get(id) ?? [];
  const toldOf = ({ person }: PersonRegistration) => foldFacts(chunks.get(person) ?? [], deps.catalog);
  const own = registrations.flatMap((one) => toldOf(one).filter((fact) => concerns(fact, id, one, asOf)));
  const facts = [...own, ...left.flatMap((one) => toldOf(one).filter(({ feed }) => deps.catalog.get(feed)?.kind === 'event'))];
  const area = standings[0]?.area ?? areaOf(placingsOf(own, [...chunks.values()].flat()), deps.catalog, asOf);
  const disclosure = allow(access.principal, 'household.read', { area });
  await recordRead(deps, access, 'household.read', { household: id }, 1);

  const warnings = standings.flatMap((standing) => (standing.warning === undefined ? [] : [standing.warning]));
  const closed = warnings.filter((warning) => warning.status !== 'open');
  const [members, files, openViews, pastViews] = await Promise.all([
    membersFor(deps, id, registrations, left, asOf, disclosure),
    deps.files.getMany([...new Set(facts.map((fact) => fact.file))]),
    presentAll(
      deps,
      warnings.filter((warning) => warning.status === 'open'),
    ),
    presentAll(deps, [...closed, ...past.toReversed()]),
  ]);
  const category = categoryOf(membersOn(id, registrations, asOf));
  const again = toldAgain(facts, deps.catalog);
  return {
    id,
    area,
    asOf,
    provisional: registrations.every((one) => stretches(id, one).every(({ basis }) => basis !== 'declared')),
    category,
    categoryTitle: categoryTitle[category],
    members,
    categories: categoriesOf(id, registrations),
    facts: facts.sort(newestFirst).map((fact) => factView(deps, fact, again.get(fact), files, disclosure)),
    assessments: standings.map((standing) => ({ family: standing.family, ...standing.assessment })),
    warnings: { open: openViews, past: pastViews },
  };
}

/** Stands for the start of a stretch of which nobody said since when. */
const BEFORE_ALL = '1850-01-01' as PlainDate;

function stretches(id: HouseholdId, registration: PersonRegistration): readonly Membership[] {
  return registration.memberships.filter((membership) => membership.household === id);
}

/** What became known of a person after leaving belongs to another household's page. */
function concerns(fact: Fact, id: HouseholdId, registration: PersonRegistration, asOf: PlainDate): boolean {
  const held = stretches(id, registration);
  return membershipOn(held, asOf) !== undefined || held.some((one) => one.to === undefined || fact.from <= one.to);
}

/** The dead of households its people came from whose bills weigh on this one: nobody lives where they died any more. */
async function leftBy(
  { registry }: HouseholdReading,
  id: HouseholdId,
  registrations: readonly PersonRegistration[],
  asOf: PlainDate,
): Promise<readonly PersonRegistration[]> {
  const others = (await bereaved(registry, new Map([[id, registrations]]), asOf)).get(id) ?? [];
  const people = [...registrations, ...others];
  return others.filter((one) => householdLeftWith(one, people, asOf) === id);
}

async function membersFor(
  deps: HouseholdReading,
  id: HouseholdId,
  registrations: readonly PersonRegistration[],
  left: readonly PersonRegistration[],
  asOf: PlainDate,
  disclosure: Disclosure,
): Promise<readonly MemberView[]> {
  const shownAs = [
    ...registrations.map((one) => [one, stretches(id, one)] as const),
    ...left.map((one) => [one, one.memberships.slice(-1)] as const),
  ];
  const sealed = await deps.vault.get(shownAs.map(([{ person }]) => person));
  const views = shownAs.flatMap(([{ person, birth, sex }, held]) => {
    const shown = shownIdentity(deps.sealer, sealed.get(person), disclosure);
    return held.map((stretch) => ({
      person,
      ...shown,
      sex,
      birth: discloseBirth(birth, disclosure),
      relation: stretch.relation,
      head: stretch.head,
      basis: stretch.basis,
      category: stretch.category,
      from: stretch.from ?? null,
      to: stretch.to ?? null,
      current: membershipOn([stretch], asOf) !== undefined,
    }));
  });
  return views.sort(
    (a, b) =>
      Number(b.current) - Number(a.current) ||
      Number(b.head) - Number(a.head) ||
      (a.birth === b.birth ? 0 : a.birth < b.birth ? -1 : 1),
  );
}

/** The household's category over time: the strongest any member is declared under, stretch by stretch, without overlap. */
function categoriesOf(id: HouseholdId, registrations: readonly PersonRegistration[]): readonly CategoryView[] {
  const held = registrations.flatMap((registration) => stretches(id, registration));
  const changes = new Set(held.flatMap(({ from, to }) => [from ?? BEFORE_ALL, ...(to === undefined ? [] : [addDays(to, 1)])]));
  const days = [...changes].sort();
  const views: CategoryView[] = [];
  days.forEach((day, index) => {
    const members = membersOn(id, registrations, day);
    if (members.length === 0) return;
    const next = days[index + 1];
    const category = categoryOf(members);
    const from = day === BEFORE_ALL ? null : day;
    const to = next === undefined ? null : addDays(next, -1);
    const last = views.at(-1);
    if (last?.category === category && last.to !== null && from !== null && addDays(last.to, 1) === from)
      views[views.length - 1] = { ...last, to };
    else views.push({ category, title: categoryTitle[category], from, to });
  });
  return views;
}

function newestFirst(a: Fact, b: Fact): number {
  if (a.from !== b.from) return a.from < b.from ? 1 : -1;
  if (a.seq !== b.seq) return a.seq < b.seq ? 1 : -1;
  return a.row - b.row;
}

function factView(
  deps: HouseholdReading,
  fact: Fact,
  counted: Fact | undefined,
  files: ReadonlyMap<FileId, FileRecord>,
  disclosure: Disclosure,
): FactView {
  const feed = deps.catalog.get(fact.feed);
  const file = files.get(fact.file);
  const fields =
    fact.sealed !== undefined && disclosure.sensitive
      ? { ...fact.fields, ...openFields(deps.sealer, fact.person, fact.sealed) }
      : fact.fields;
  return {
    feed: fact.feed,
    title: feed?.title ?? { zh: fact.feed, en: fact.feed },
    person: fact.person,
    from: fact.from,
    to: fact.to ?? null,
    fields: discloseFields(feed, fields, disclosure),
    file: pathShown(file),
    fileId: fact.file,
    row: fact.row,
    ...placeShown(file?.receipt, fact.row),
    ...(counted === undefined ? undefined : { countedBy: { fileId: counted.file, row: counted.row } }),
    recordedAt: fact.recordedAt,
  };
}
