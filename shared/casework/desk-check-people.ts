import type { PlainDate } from '../calendar/plain-date.ts';
import type { Fact, PersonKey } from '../facts/fact.ts';
import { membershipOn } from '../registry/membership.ts';
import type { ClosureProposal } from './case.ts';
import { type DeskCheckInput, distinctRows, type Grounds } from './desk-check-input.ts';

/** The earliest death recorded for each person by `asOf`, from whichever feed tells of deaths. */
function deathsOf({
  facts,
  catalog,
  asOf,
}: DeskCheckInput): ReadonlyMap<PersonKey, { readonly on: PlainDate; readonly fact: Fact }> {
  const deaths = new Map<PersonKey, { on: PlainDate; fact: Fact }>();
  for (const fact of facts) {
    const death = catalog.get(fact.feed)?.death;
    if (death === undefined) continue;
    const stated = fact.fields[death.date];
    const on = typeof stated === 'string' ? (stated as PlainDate) : fact.from;
    const known = deaths.get(fact.person);
    if (on <= asOf && (known === undefined || on < known.on)) deaths.set(fact.person, { on, fact });
  }
  return deaths;
}

/** Everybody the reasons are about has died. The family may still need help (decision 0016), so the living are told. */
export function proposeDead(input: DeskCheckInput, { persons, members }: Grounds): ClosureProposal | undefined {
  const deaths = deathsOf(input);
  const died = persons.flatMap((person) => deaths.get(person) ?? []);
  if (persons.length === 0 || died.length < persons.length) return undefined;
  const last = died.map(({ on }) => on).reduce((a, b) => (a > b ? a : b));
  const living = members.filter((person) => !deaths.has(person)).length;
  return {
    code: 'dead',
    text: {
      zh: `依据所涉${died.length}人均已死亡（最晚${last}）；本户现有成员${living}人`,
      en: `All ${died.length} the reasons are about have died, the last on ${last}; ${living} members are living`,
    },
    evidence: distinctRows(died.map(({ fact }) => fact)),
  };
}

/** A way out of the county that the police register shows. `to` is empty when it does not say where. */
interface Departure {
  readonly on: PlainDate;
  readonly to: string;
  readonly rows: readonly Fact[];
}

const COUNTY_DIGITS = 6;

/**
 * The police register once had the person in this county and now has them in another one, or nowhere. A registration that
 * always was elsewhere (人户分离) says nothing about moving, nor does an area that is only a guess.
 */
function departureOf(person: PersonKey, { facts, catalog, area, asOf }: DeskCheckInput): Departure | undefined {
  const county = area.slice(0, COUNTY_DIGITS);
  const rows = facts.filter(
    (fact) =>
      fact.person === person &&
      fact.from <= asOf &&
      fact.area !== undefined &&
      fact.areaAssumed === undefined &&
      fact.area.length >= COUNTY_DIGITS &&
      catalog.get(fact.feed)?.household?.basis === 'registered',
  );
  const isHere = (fact: Fact) => fact.area?.startsWith(county) === true;
  const isDated = (fact: Fact) => fact.fields[catalog.get(fact.feed)?.dates.from ?? ''] !== undefined;
  const hasEnded = (fact: Fact) => fact.to !== undefined && fact.to <= asOf;
  const now = rows.filter((fact) => !hasEnded(fact)).reduce<Fact | undefined>(laterRow, undefined);
  const left = rows.filter((fact) => isHere(fact) && hasEnded(fact)).reduce<Fact | undefined>(laterRow, undefined);
  if (now !== undefined && isHere(now)) return undefined;
  if (left?.to !== undefined) {
    return { on: left.to, to: now?.area?.slice(0, COUNTY_DIGITS) ?? '', rows: now === undefined ? [left] : [left, now] };
  }
  // The old county did not close its row: then only a dated registration elsewhere, later than ours, tells of a move.
  const here = rows.filter(isHere).reduce<Fact | undefined>(laterRow, undefined);
  if (now?.area === undefined || here === undefined || !isDated(now) || now.from <= here.from) return undefined;
  return { on: now.from, to: now.area.slice(0, COUNTY_DIGITS), rows: [here, now] };
}

function laterRow(a: Fact | undefined, b: Fact): Fact {
  if (a === undefined || b.from > a.from) return b;
  return b.from === a.from && b.seq > a.seq ? b : a;
}

/** Somebody declared the person to the civil affairs of this county after the move: they live here whatever the police say. */
function isDeclaredSince(person: PersonKey, since: PlainDate, { facts, catalog, area, asOf }: DeskCheckInput): boolean {
  return facts.some(
    (fact) =>
      fact.person === person &&
      catalog.get(fact.feed)?.household?.basis === 'declared' &&
      fact.area?.startsWith(area.slice(0, COUNTY_DIGITS)) === true &&
      fact.from >= since &&
      fact.from <= asOf &&
      (fact.to === undefined || fact.to > asOf),
  );
}

/** Every living member is registered in another county now, or nobody belongs to the household any more. */
export function proposeMoved(input: DeskCheckInput, { members }: Grounds): ClosureProposal | undefined {
  const deaths = deathsOf(input);
  const living = members.filter((person) => !deaths.has(person));
  if (living.length === 0) return proposeSuperseded(input, deaths);
  if (input.area.length < COUNTY_DIGITS) return undefined;
  const departures: Departure[] = [];
  for (const person of living) {
    const departure = departureOf(person, input);
    if (departure === undefined || isDeclaredSince(person, departure.on, input)) return undefined;
    departures.push(departure);
  }
  const last = departures.map(({ on }) => on).reduce((a, b) => (a > b ? a : b));
  const counties = [...new Set(departures.map(({ to }) => to).filter((to) => to !== ''))];
  const where = counties.join('、');
  return {
    code: 'moved',
    text: {
      zh: `在世成员${living.length}人户籍均已迁出本县（最晚${last}）${where === '' ? '' : `，迁往${where}`}`,
      en: `All ${living.length} living members are registered out of this county, the last since ${last}${where === '' ? '' : `, now in ${counties.join(', ')}`}`,
    },
    evidence: distinctRows(departures.flatMap(({ rows }) => rows)),
  };
}

/** Nobody is left in the household, and those who were live in others now: their warnings are raised there. */
function proposeSuperseded(
  { household, registrations, asOf }: DeskCheckInput,
  deaths: ReadonlyMap<PersonKey, unknown>,
): ClosureProposal | undefined {
  const elsewhere = registrations.flatMap(({ person, memberships }) => {
    const was = memberships.some((one) => one.household === household);
    const now = membershipOn(memberships, asOf)?.household;
    return was && !deaths.has(person) && now !== undefined && now !== household ? [now] : [];
  });
  if (elsewhere.length === 0) return undefined;
  const households = [...new Set(elsewhere)].sort();
  return {
    code: 'moved',
    text: {
      zh: `本户已无成员，原成员${elsewhere.length}人现属${households.join('、')}`,
      en: `Nobody belongs to this household any more; ${elsewhere.length} who did now belong to ${households.join(', ')}`,
    },
    evidence: [],
  };
}
