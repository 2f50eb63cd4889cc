import type { Fact } from '../facts/fact.ts';
import type { Evidence } from './assessment.ts';

const NO_EVIDENCE: readonly Evidence[] = Object.freeze([]);

/** Order in which equal facts are taken, so that the answer never depends on the order they came in. */
export function compareFacts(a: Fact, b: Fact): number {
  if (a.from !== b.from) return a.from < b.from ? -1 : 1;
  if (a.feed !== b.feed) return a.feed < b.feed ? -1 : 1;
  if (a.seq !== b.seq) return a.seq < b.seq ? -1 : 1;
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  if (a.row !== b.row) return a.row - b.row;
  return a.person < b.person ? -1 : a.person > b.person ? 1 : 0;
}

function evidenceOf(fact: Fact, amount: number): Evidence {
  const { feed, file, row, from: date, person } = fact;
  return Number.isNaN(amount) ? { feed, file, row, date, person } : { feed, file, row, date, person, amount };
}

/**
 * The rows that counted, by date; a row counted by two parts of a sum is one piece of evidence with both amounts. Amounts are
 * NaN for rows without one.
 */
export function evidenceList(facts: readonly Fact[], amounts: readonly number[]): readonly Evidence[] {
  const [first] = facts;
  if (first === undefined) return NO_EVIDENCE;
  if (facts.length === 1) return [evidenceOf(first, amounts[0] ?? Number.NaN)];
  const order = facts.map((fact, i) => ({ fact, amount: amounts[i] ?? Number.NaN }));
  order.sort((a, b) => compareFacts(a.fact, b.fact));
  const evidence: Evidence[] = [];
  let previous: Fact | undefined;
  for (const { fact, amount } of order) {
    const last = fact === previous ? evidence.pop() : undefined;
    if (last === undefined) evidence.push(evidenceOf(fact, amount));
    else evidence.push(Number.isNaN(amount) ? last : { ...last, amount: (last.amount ?? 0) + amount });
    previous = fact;
  }
  return evidence;
}
