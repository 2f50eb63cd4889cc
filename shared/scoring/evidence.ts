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

/** One row as evidence; no amount for a row without one in question. */
export function evidenceOf(fact: Fact, amount: number | undefined): Evidence {
  const { feed, file, row, from: date, person } = fact;
  return amount === undefined ? { feed, file, row, date, person } : { feed, file, row, date, person, amount };
}

/** Puts rows and their amounts in order, in place. Insertion: a household has a handful. */
function sortRows(facts: Fact[], amounts: (number | undefined)[], count: number): void {
  for (let i = 1; i < count; i++) {
    const fact = facts[i];
    const amount = amounts[i];
    if (fact === undefined) continue;
    let j = i - 1;
    for (; j >= 0; j--) {
      const other = facts[j];
      if (other === undefined || compareFacts(other, fact) <= 0) break;
      facts[j + 1] = other;
      amounts[j + 1] = amounts[j];
    }
    facts[j + 1] = fact;
    amounts[j + 1] = amount;
  }
}

/**
 * The rows that counted, by date; a row counted by two parts of a sum is one piece of evidence with both amounts. Amounts are
 * undefined for rows without one. Looks at the first `count` rows of the lists, and sorts them in place.
 */
export function evidenceList(facts: Fact[], amounts: (number | undefined)[], count: number): readonly Evidence[] {
  const first = facts[0];
  const second = facts[1];
  if (first === undefined || count === 0) return NO_EVIDENCE;
  // One or two rows are nearly all there is.
  if (count === 1) return [evidenceOf(first, amounts[0])];
  if (count === 2 && second !== undefined && first !== second) {
    const [a, b] = [evidenceOf(first, amounts[0]), evidenceOf(second, amounts[1])];
    return compareFacts(first, second) <= 0 ? [a, b] : [b, a];
  }
  sortRows(facts, amounts, count);
  const evidence: Evidence[] = [];
  let previous: Fact | undefined;
  for (let i = 0; i < count; i++) {
    const fact = facts[i];
    if (fact === undefined) continue;
    const amount = amounts[i];
    const last = fact === previous ? evidence.pop() : undefined;
    if (last === undefined) evidence.push(evidenceOf(fact, amount));
    else evidence.push(amount === undefined ? last : { ...last, amount: (last.amount ?? 0) + amount });
    previous = fact;
  }
  return evidence;
}
