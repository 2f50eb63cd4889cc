import { dayAfter, dayBefore, type PlainDate } from '../calendar/plain-date.ts';
import type { Catalog, FeedSpec, FieldSpec, HouseholdDeclaration } from '../catalog/feed.ts';
import type { Fact, PersonKey } from '../facts/fact.ts';
import type { PersonRegistration } from '../ports/household-registry.ts';
import { type HouseholdCategory, type Member, type Membership, stretchOf } from './household.ts';
import type { Pseudonyms } from './pseudonym.ts';

const CATEGORIES: readonly HouseholdCategory[] = [
  'destitute-support',
  'minimum-living-allowance',
  'near-poor',
  'rigid-expenditure',
  'falling-back-monitored',
  'other-hardship',
  'none',
];

/** A workbook's rows beyond its first sheet have long numbers (row-number.ts). */
const ROW_DIGITS = 12;

/** One claim that the person belongs somewhere for a while. `since` orders claims that overlap. */
interface Claim extends Omit<Membership, 'from' | 'to'> {
  readonly from: PlainDate | undefined;
  readonly to: PlainDate | undefined;
  readonly strength: string;
}

/**
 * Where a person has belonged, over time, derived from the person's folded facts alone, so that the order in which files
 * came in plays no part.
 *
 * On any day: the household declared to civil affairs; failing that the police register's (provisional); failing that a
 * household of one (provisional). Of two declarations for the same day the one that began later wins, then the one that the
 * later file states, were it for the second time; where one file states both, the one first stated later, then the later row.
 * A death ends every stretch on its date. Stretches come in time order without overlap.
 */
export function membershipsOf(person: PersonKey, facts: readonly Fact[], catalog: Catalog, pseudonyms: Pseudonyms): Membership[] {
  const claims: Claim[] = [];
  let died: PlainDate | undefined;
  for (const fact of facts) {
    const feed = catalog.get(fact.feed);
    if (feed?.household !== undefined) claims.push(claimOf(person, fact, feed, feed.household, pseudonyms));
    const deathDate = feed?.death === undefined ? undefined : (fact.fields[feed.death.date] ?? fact.from);
    if (typeof deathDate === 'string' && (died === undefined || deathDate < died)) died = deathDate as PlainDate;
  }
  const alone: Claim = {
    household: pseudonyms.household(`alone:${person}`),
    basis: 'alone',
    from: undefined,
    to: undefined,
    relation: 'head',
    head: true,
    category: 'none',
    attributes: {},
    strength: '0',
  };
  return endedBy(died, claims.length === 0 ? [stretchOf(alone, undefined, undefined)] : timeline([...claims, alone]));
}

/** The membership that holds on a day, if any. */
export function membershipOn(memberships: readonly Membership[], day: PlainDate): Membership | undefined {
  return memberships.find((one) => (one.from === undefined || one.from <= day) && (one.to === undefined || day <= one.to));
}

/** Those of the people once placed in a household who belong to it on a day. */
export function membersOn(household: string, registrations: readonly PersonRegistration[], day: PlainDate): Member[] {
  const members: Member[] = [];
  for (const { person, birth, sex, memberships } of registrations) {
    const membership = membershipOn(memberships, day);
    if (membership?.household === household) members.push({ person, birth, sex, membership });
  }
  return members.sort((a, b) => (a.person < b.person ? -1 : 1));
}

/** The household's legal layer on the day its members are taken for: the strongest any member is declared under. */
export function categoryOf(members: readonly Member[]): HouseholdCategory {
  return CATEGORIES.find((category) => members.some((member) => member.membership.category === category)) ?? 'none';
}

/** The field in which a row states the number of the household's head. */
export function headFieldOf(feed: FeedSpec): FieldSpec | undefined {
  return feed.fields.find((field) => field.type.kind === 'identity' && field.name !== feed.subject.identity);
}

function claimOf(person: PersonKey, fact: Fact, feed: FeedSpec, household: HouseholdDeclaration, pseudonyms: Pseudonyms): Claim {
  const { fields } = fact;
  const relation = fields[household.relation];
  const category = household.category === undefined ? undefined : fields[household.category];
  const headField = headFieldOf(feed);
  const head = relation === household.headRelation || (headField !== undefined && fields[headField.name] === person);
  // A number is only unique within the county that gave it.
  const county = fact.areaAssumed ? '' : (fact.area ?? '').slice(0, 6);
  const structural = new Set([
    household.number,
    household.relation,
    household.category,
    feed.dates.from,
    feed.dates.to,
    headField?.name,
  ]);
  // Without a date of its own the row says nothing about since when.
  const dated = feed.dates.from !== undefined && fields[feed.dates.from] !== undefined;
  return {
    household: pseudonyms.household(`${household.basis}:${county}:${String(fields[household.number] ?? person)}`),
    basis: household.basis,
    from: dated ? fact.from : undefined,
    to: fact.to,
    relation: typeof relation === 'string' ? relation : head ? household.headRelation : 'unknown',
    head,
    category: CATEGORIES.find((known) => known === category) ?? 'none',
    attributes: Object.fromEntries(Object.entries(fields).filter(([name]) => !structural.has(name))),
    strength: `${household.basis === 'declared' ? 2 : 1} ${dated ? fact.from : '0000-00-00'} ${wordOf(fact)}`,
  };
}

/** Orders rows that state different things by which is the last word. */
function wordOf({ saidAgain, seq, row, key }: Fact): string {
  return `${saidAgain ?? seq} ${seq} ${String(row).padStart(ROW_DIGITS, '0')} ${key}`;
}

/** Cuts time at every start and end, lets the strongest claim have each piece, and joins equal neighbours. */
function timeline(claims: readonly Claim[]): Membership[] {
  const starts = new Set<PlainDate>();
  for (const claim of claims) {
    if (claim.from !== undefined) starts.add(claim.from);
    const after = claim.to === undefined ? undefined : dayAfter(claim.to);
    if (after !== undefined) starts.add(after);
  }
  const cuts = [undefined, ...[...starts].sort()];
  const stretches: Membership[] = [];
  let last: { claim: Claim; from: PlainDate | undefined } | undefined;
  const close = (to: PlainDate | undefined) => {
    if (last !== undefined) stretches.push(stretchOf(last.claim, last.from, to));
  };
  for (const [index, from] of cuts.entries()) {
    const winner = strongest(claims, from);
    if (winner === undefined || winner === last?.claim) continue;
    const before = index > 0 && from !== undefined ? dayBefore(from) : undefined;
    if (before !== undefined) close(before);
    last = { claim: winner, from };
  }
  close(undefined);
  return stretches;
}

function strongest(claims: readonly Claim[], day: PlainDate | undefined): Claim | undefined {
  let best: Claim | undefined;
  for (const claim of claims) {
    const begun = claim.from === undefined || (day !== undefined && claim.from <= day);
    const ended = claim.to !== undefined && day !== undefined && claim.to < day;
    if (begun && !ended && (best === undefined || claim.strength > best.strength)) best = claim;
  }
  return best;
}

function endedBy(died: PlainDate | undefined, memberships: readonly Membership[]): Membership[] {
  if (died === undefined) return [...memberships];
  return memberships
    .filter((one) => one.from === undefined || one.from <= died)
    .map((one) => (one.to === undefined || one.to > died ? { ...one, to: died } : one));
}
