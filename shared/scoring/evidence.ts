import type { FeedId } from '../catalog/feed.ts';
import type { Fact } from '../facts/fact.ts';
import type { Evidence } from './assessment.ts';
import type { Row } from './compiled.ts';

export const NO_EVIDENCE: readonly Evidence[] = Object.freeze([]);
export const NO_FEEDS: readonly FeedId[] = Object.freeze([]);

/** Order in which facts are taken, so that the answer never depends on the order they came in. */
function compareFacts(a: Fact, b: Fact): number {
  if (a.from !== b.from) return a.from < b.from ? -1 : 1;
  if (a.feed !== b.feed) return a.feed < b.feed ? -1 : 1;
  if (a.seq !== b.seq) return a.seq < b.seq ? -1 : 1;
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  if (a.row !== b.row) return a.row - b.row;
  return a.person < b.person ? -1 : a.person > b.person ? 1 : 0;
}

/** Whether a row is taken before another: by date, nearly always. */
export function comesBefore(a: Row, b: Row): boolean {
  return a.day === b.day ? compareFacts(a.fact, b.fact) < 0 : a.day < b.day;
}

/** A fact as evidence; no amount for one without an amount in question. */
export function evidenceOf(fact: Fact, amount: number | undefined): Evidence {
  const { feed, file, row, from: date, person } = fact;
  return amount === undefined ? { feed, file, row, date, person } : { feed, file, row, date, person, amount };
}

/** The evidence of the first `count` rows, which are in order and of one fact each. */
export function evidenceOfRows(rows: readonly Row[], count: number): readonly Evidence[] {
  const first = rows[0];
  const second = rows[1];
  if (first === undefined || count === 0) return NO_EVIDENCE;
  // One or two rows are nearly all there is.
  if (count === 1) return first.evidence;
  if (count === 2 && second !== undefined) return [first.evidence[0], second.evidence[0]];
  return rows.slice(0, count).map((row) => row.evidence[0]);
}

/** The evidence of rows in any order, by date; a fact counted by two parts of a sum is one piece with both amounts. */
export function mergedEvidence(rows: readonly Row[]): readonly Evidence[] {
  if (rows.length === 0) return NO_EVIDENCE;
  const evidence: Evidence[] = [];
  let previous: Fact | undefined;
  for (const { fact, amount, evidence: own } of rows.toSorted((a, b) => (comesBefore(a, b) ? -1 : comesBefore(b, a) ? 1 : 0))) {
    const last = fact === previous ? evidence.pop() : undefined;
    if (last === undefined) evidence.push(own[0]);
    else evidence.push(amount === undefined ? last : { ...last, amount: (last.amount ?? 0) + amount });
    previous = fact;
  }
  return evidence;
}
