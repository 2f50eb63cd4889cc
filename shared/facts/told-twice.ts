import type { Catalog, FeedSpec } from '../catalog/feed.ts';
import { departmentOf } from '../catalog/feed.ts';
import type { Fact } from './fact.ts';

/**
 * A household's facts without those that are told again: under the number of another of the household (a bill that was sent
 * under a wrong identity number), where the later telling counts, or in another feed of the department (a stay that is on the
 * list of outpatients too), where the first feed by name counts. What is told twice keeps its number, day, place and sum; where
 * one of these differs, both count.
 */
export function toldOnce(facts: readonly Fact[], catalog: Catalog): readonly Fact[] {
  const again = toldAgain(facts, catalog);
  return again.size === 0 ? facts : facts.filter((fact) => !again.has(fact));
}

const NONE: ReadonlyMap<Fact, Fact> = new Map();

/** Those of a household's facts that are told again, each with the telling that counts in its stead. */
export function toldAgain(facts: readonly Fact[], catalog: Catalog): ReadonlyMap<Fact, Fact> {
  let numbered = 0;
  for (const { feed } of facts) if (catalog.get(feed)?.numbered !== undefined) numbered += 1;
  if (numbered < 2) return NONE;
  const byName = new Map<string, Fact | Fact[]>();
  const several: Fact[][] = [];
  for (const fact of facts) {
    const name = nameOf(fact, catalog);
    const there = name === undefined ? undefined : byName.get(name);
    if (name === undefined) continue;
    if (there === undefined) byName.set(name, fact);
    else if (Array.isArray(there)) there.push(fact);
    else {
      const both = [there, fact];
      byName.set(name, both);
      several.push(both);
    }
  }
  const again = new Map<Fact, Fact>();
  for (const told of several) {
    told.sort((a, b) => (countsBefore(a, b) ? -1 : 1));
    for (const [at, fact] of told.entries()) {
      const counts = told.slice(0, at).find((one) => !again.has(one) && isSameThing(one, fact, catalog));
      if (counts !== undefined) again.set(fact, counts);
    }
  }
  return again;
}

/** Whether two facts tell of one and the same thing that has a number of its own. */
export function isSameThing(a: Fact, b: Fact, catalog: Catalog): boolean {
  const [numberedA, numberedB] = [catalog.get(a.feed)?.numbered, catalog.get(b.feed)?.numbered];
  if (a === b || numberedA === undefined || numberedB === undefined) return false;
  const name = nameOf(a, catalog);
  if (name === undefined || name !== nameOf(b, catalog) || !isSamePlace(a, numberedA, b, numberedB)) return false;
  // Of two rows of one feed under one number, only one can be of the person; of two feeds the sums that count must agree.
  const sums = a.feed === b.feed ? numberedA.sums : numberedA.sums.slice(0, 1);
  return (a.feed !== b.feed || a.person !== b.person) && sums.some((sum) => isSameSum(a.fields[sum], b.fields[sum]));
}

type Numbered = NonNullable<FeedSpec['numbered']>;

/** Department, number and day; undefined for what has no number, or tells of money that came back. */
function nameOf({ feed, from, fields, cameBack }: Fact, catalog: Catalog): string | undefined {
  const numbered = catalog.get(feed)?.numbered;
  const number = numbered === undefined ? undefined : fields[numbered.number];
  return number === undefined || cameBack !== undefined ? undefined : `${departmentOf(feed)} ${from} ${String(number).trim()}`;
}

/** A place that one of them does not state is no other place. */
function isSamePlace(a: Fact, numberedA: Numbered, b: Fact, numberedB: Numbered): boolean {
  const [placeA, placeB] = [a.fields[numberedA.place], b.fields[numberedB.place]];
  return placeA === undefined || placeB === undefined || placeA === placeB;
}

function isSameSum(a: Fact['fields'][string] | undefined, b: Fact['fields'][string] | undefined): boolean {
  return a !== undefined && a === b;
}

function countsBefore(a: Fact, b: Fact): boolean {
  if (a.feed !== b.feed) return a.feed < b.feed;
  if (a.seq !== b.seq) return a.seq > b.seq;
  return a.row === b.row ? a.person > b.person : a.row > b.row;
}
