import { monthOf, type Period } from '../calendar/period.ts';
import { addMonths, type PlainDate } from '../calendar/plain-date.ts';
import type { Case } from '../casework/case.ts';
import type { Fact } from '../facts/fact.ts';
import { paidAs } from './aid-feeds.ts';
import { claimsOfCase, claimsOfFacts } from './chain-claims.ts';
import type { AssistanceChain, ChainClaim, ChainLine, FenRange, YearTotal } from './chain-line.ts';
import { comparePayments, isHelp } from './same-payment.ts';

/** What the chain of a household is made from. */
export interface ChainInput {
  readonly asOf: PlainDate;
  /** Every case the household ever had. */
  readonly cases: readonly Case[];
  /** Folded facts of everybody who belongs or belonged to it; other feeds than those of help are passed over. */
  readonly facts: readonly Fact[];
}

/**
 * The assistance chain 救助链 of a household: everything asked, given and refused, by whom, when, how much, across departments,
 * in time order, with what the year has come to. A payment told by a case and by a department's file is one line with both
 * sources; see same-payment.ts for when that is so. Pure: the same cases and facts in any order give the same chain.
 */
export function assistanceChain({ asOf, cases, facts }: ChainInput): AssistanceChain {
  const { claims, doubts } = comparePayments([...cases.flatMap(claimsOfCase), ...claimsOfFacts(facts, asOf)]);
  const inOrder = claims.filter(({ date }) => date <= asOf).toSorted(byTime);
  const sums = new Sums(inOrder, doubts);
  const lines = inOrder.map((claim): ChainLine => {
    const { number: _number, row: _row, referral: _referral, ...line } = claim;
    const possiblySame = [...(doubts.get(claim.id) ?? [])].sort();
    if (!isHelp(claim)) return { ...line, possiblySame };
    return { ...line, possiblySame, yearToDate: sums.until(Number(claim.date.slice(0, 4)), claim).total };
  });
  return { asOf, lines, years: sums.years(asOf) };
}

const kindOrder: readonly ChainClaim['kind'][] = ['decided', 'asked', 'more-asked', 'refused', 'recalled', 'standing', 'given'];

function byTime(a: ChainClaim, b: ChainClaim): number {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  return kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind) || (a.id === b.id ? 0 : a.id < b.id ? -1 : 1);
}

/** Adds up what was given. */
class Sums {
  readonly #claims: readonly ChainClaim[];
  readonly #least: ReadonlyMap<string, number>;
  /** Measure and month for which payments are told one by one. */
  readonly #paid: ReadonlySet<string>;

  constructor(claims: readonly ChainClaim[], doubts: ReadonlyMap<string, readonly string[]>) {
    this.#claims = claims.filter((claim) => isHelp(claim) && claim.amount !== undefined);
    this.#least = leastOf(this.#claims, doubts);
    this.#paid = new Set(this.#claims.filter(({ kind }) => kind === 'given').map((claim) => paidKey(claim, claim.month)));
  }

  /** What a year came to up to and with a line, or a day. */
  until(year: number, last: ChainClaim | PlainDate): { readonly total: FenRange; readonly byMeasure: Record<string, FenRange> } {
    const day = typeof last === 'string' ? last : last.date;
    const byMeasure: Record<string, FenRange> = {};
    let total: FenRange = { low: 0, high: 0 };
    for (const claim of this.#claims) {
      if (typeof last !== 'string' && byTime(claim, last) > 0) break;
      if (claim.date > day) break;
      const given = this.#given(claim, year, day);
      if (given.low === 0 && given.high === 0) continue;
      total = plus(total, given);
      byMeasure[claim.measure] = plus(byMeasure[claim.measure] ?? { low: 0, high: 0 }, given);
    }
    return { total, byMeasure };
  }

  years(asOf: PlainDate): readonly YearTotal[] {
    const first = Number((this.#claims[0]?.date ?? asOf).slice(0, 4));
    const years: YearTotal[] = [];
    for (let year = first; year <= Number(asOf.slice(0, 4)); year++) {
      const end = `${year}-12-31` as PlainDate;
      const { total, byMeasure } = this.until(year, end < asOf ? end : asOf);
      if (total.low !== 0 || total.high !== 0) years.push({ year, given: total, byMeasure });
    }
    return years;
  }

  #given(claim: ChainClaim, year: number, day: PlainDate): FenRange {
    const amount = claim.amount ?? 0;
    const least = this.#least.get(claim.id) ?? amount;
    const times = claim.kind === 'given' ? Number(claim.date.startsWith(`${year}-`)) : this.#months(claim, year, day);
    return { low: least * times, high: amount * times };
  }

  /** Months of the year begun by the day in which something standing was due and no payment of it is told one by one. */
  #months(claim: ChainClaim, year: number, day: PlainDate): number {
    const begin = `${year}-01` as Period;
    const last = monthOf(claim.to !== undefined && claim.to < day ? claim.to : day);
    let month = claim.month > begin ? claim.month : begin;
    let months = 0;
    while (month <= last && month.startsWith(`${year}-`)) {
      if (!this.#paid.has(paidKey(claim, month))) months++;
      month = monthOf(addMonths(`${month}-01` as PlainDate, 1));
    }
    return months;
  }
}

function paidKey({ measure, person }: ChainClaim, month: Period): string {
  return `${paidAs(measure)} ${person ?? ''} ${month}`;
}

function plus(a: FenRange, b: FenRange): FenRange {
  return { low: a.low + b.low, high: a.high + b.high };
}

/** Of payments that may be one, the first counts the smallest of their sums and the others nothing: the least it can have been. */
function leastOf(claims: readonly ChainClaim[], doubts: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, number> {
  const sums = new Map(claims.map(({ id, amount }) => [id, amount ?? 0]));
  const least = new Map<string, number>();
  for (const { id } of claims) {
    if (least.has(id)) continue;
    const group = new Set([id]);
    for (const member of group) for (const other of doubts.get(member) ?? []) group.add(other);
    const known = [...group].filter((member) => sums.has(member));
    for (const member of known) least.set(member, 0);
    least.set(id, Math.min(...known.map((member) => sums.get(member) ?? 0)));
  }
  return least;
}
