import type { Fact, FactChunk, FactRow } from '../facts/fact.ts';
import type { Evidence, IndicatorResult } from '../scoring/assessment.ts';
import { yuanText } from '../scoring/value-text.ts';
import type { ClosureProposal } from './case.ts';
import { type DeskCheckInput, distinctRows, type EvidenceRow, type Grounds } from './desk-check-input.ts';

/** Columns of a bill that tell what other insurance paid of the part the person had to bear. */
const PAID_BY_OTHERS = ['commercialPaid', 'mutualPaid'] as const;

/** What has come off a reason's sum since, fen, and the rows that show it. */
interface TakenOff {
  readonly amount: number;
  readonly rows: readonly EvidenceRow[];
}

const NOTHING: TakenOff = { amount: 0, rows: [] };

function plus(a: TakenOff, b: TakenOff): TakenOff {
  return { amount: a.amount + b.amount, rows: [...a.rows, ...b.rows] };
}

/** A sum of money whose rows are all known: only of such a reason can something be taken off. */
function isSum(reason: IndicatorResult): boolean {
  const rows = reason.evidence;
  return (
    reason.unit === 'fen' &&
    rows.length > 0 &&
    rows.every(({ amount }) => amount !== undefined) &&
    rows.reduce((sum, { amount = 0 }) => sum + amount, 0) === reason.value
  );
}

/** Whether the reason no longer stands with this much off. At the very line it may still (`from`), so it does. */
function isUndone(reason: IndicatorResult, off: number): boolean {
  const left = (reason.value ?? 0) - off;
  return reason.line === null ? left <= 0 : left < reason.line;
}

/** How the rows of evidence stand in the files now. */
class Bills {
  readonly #rows = new Map<string, FactRow>();
  readonly #reversals = new Map<string, EvidenceRow[]>();
  readonly #facts = new Map<string, Fact>();

  constructor(chunks: readonly FactChunk[], facts: readonly Fact[]) {
    for (const { person, feed, file, rows } of chunks) {
      for (const row of rows) {
        this.#rows.set(`${person} ${feed} ${file} ${row.row}`, row);
        if (row.reversal !== true) continue;
        const key = `${person} ${feed} ${row.key}`;
        this.#reversals.set(key, [...(this.#reversals.get(key) ?? []), { feed, file, row: row.row }]);
      }
    }
    for (const fact of facts) this.#facts.set(`${fact.person} ${fact.feed} ${fact.key}`, fact);
  }

  /** The row as stated, and the fact its key has come to; no fact when nothing is left of it. */
  stated({ person, feed, file, row }: Evidence): { readonly row: FactRow; readonly fact: Fact | undefined } | undefined {
    const found = this.#rows.get(`${person} ${feed} ${file} ${row}`);
    return found === undefined ? undefined : { row: found, fact: this.#facts.get(`${person} ${feed} ${found.key}`) };
  }

  /** What reversals took off the amount a row of evidence counted with. */
  refunded(evidence: Evidence): TakenOff {
    const bill = this.stated(evidence);
    const { amount = 0, person, feed } = evidence;
    if (bill === undefined) return NOTHING;
    const rows = this.#reversals.get(`${person} ${feed} ${bill.row.key}`);
    if (rows === undefined) return NOTHING;
    if (bill.fact === undefined) return { amount, rows };
    // The trace does not name the field that counted: it is the one that states this very amount.
    const counted = Object.keys(bill.row.fields).find((name) => bill.row.fields[name] === amount);
    const left = counted === undefined ? amount : bill.fact.fields[counted];
    const off = typeof left === 'number' ? Math.max(0, amount - left) : 0;
    return off === 0 ? NOTHING : { amount: off, rows };
  }

  /** What other insurance paid of a row of evidence, by the row's own columns. */
  paidByOthers(evidence: Evidence): TakenOff {
    const bill = this.stated(evidence)?.fact;
    if (bill === undefined) return NOTHING;
    const paid = PAID_BY_OTHERS.reduce((sum, name) => sum + amountOf(bill.fields[name]), 0);
    return paid === 0 ? NOTHING : { amount: Math.min(paid, evidence.amount ?? 0), rows: [bill] };
  }
}

function amountOf(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : 0;
}

/** Payments of insurers for those the reason is about, made on or after the day of its first bill. */
function claimsFor(reason: IndicatorResult, { otherPayments = [] }: DeskCheckInput): TakenOff {
  const persons = new Set(reason.evidence.map(({ person }) => person));
  const first = reason.evidence.map(({ date }) => date).reduce((a, b) => (a < b ? a : b));
  return otherPayments
    .filter(({ person, date }) => persons.has(person) && date >= first)
    .map(({ amount, row }) => ({ amount, rows: [row] }))
    .reduce(plus, NOTHING);
}

/**
 * The bills were refunded (冲销), or other insurance paid them, so far that no reason that carries the case reaches its line
 * any more. A reason that is not a sum of money still stands, and then nothing is proposed.
 */
export function proposePaidBack(input: DeskCheckInput, { reasons }: Grounds): ClosureProposal | undefined {
  if (reasons.length === 0 || !reasons.every(isSum)) return undefined;
  const bills = new Bills(input.chunks, input.facts);
  const offs = reasons.map((reason) => ({
    reason,
    refund: reason.evidence.map((row) => bills.refunded(row)).reduce(plus, NOTHING),
    paid: plus(reason.evidence.map((row) => bills.paidByOthers(row)).reduce(plus, NOTHING), claimsFor(reason, input)),
  }));
  if (offs.every(({ reason, refund }) => isUndone(reason, refund.amount))) {
    return proposal('refunded', largest(offs.map(({ reason, refund }) => ({ reason, refund, paid: NOTHING }))));
  }
  if (offs.every(({ reason, refund, paid }) => isUndone(reason, refund.amount + paid.amount))) {
    return proposal('paid-otherwise', largest(offs));
  }
  return undefined;
}

interface Off {
  readonly reason: IndicatorResult;
  readonly refund: TakenOff;
  readonly paid: TakenOff;
}

/** Reasons overlap (this year's bills are among those of twelve months): the largest sum shows the figures of all. */
function largest(offs: readonly Off[]): Off & { readonly rows: readonly EvidenceRow[] } {
  const most = offs.reduce((a, b) => ((b.reason.value ?? 0) > (a.reason.value ?? 0) ? b : a));
  return { ...most, rows: offs.flatMap(({ refund, paid }) => [...refund.rows, ...paid.rows]) };
}

function proposal(
  code: 'refunded' | 'paid-otherwise',
  { reason, refund, paid, rows }: ReturnType<typeof largest>,
): ClosureProposal {
  const value = reason.value ?? 0;
  const left = Math.max(0, value - refund.amount - paid.amount);
  const parts: { readonly zh: string; readonly en: string }[] = [
    ...(refund.amount > 0
      ? [{ zh: `已冲销${yuanText(refund.amount)}元`, en: `${yuanText(refund.amount)} yuan were refunded` }]
      : []),
    ...(paid.amount > 0
      ? [{ zh: `其他保险已支付${yuanText(paid.amount)}元`, en: `other insurance paid ${yuanText(paid.amount)} yuan` }]
      : []),
  ];
  const line = reason.line === null ? undefined : yuanText(reason.line);
  return {
    code,
    text: {
      zh: `依据金额${yuanText(value)}元，${parts.map(({ zh }) => zh).join('，')}，余${yuanText(left)}元${line === undefined ? '' : `，低于${line}元`}`,
      en: `Of ${yuanText(value)} yuan ${parts.map(({ en }) => en).join(' and ')}; ${yuanText(left)} yuan are left${line === undefined ? '' : `, below ${line} yuan`}`,
    },
    evidence: distinctRows(rows),
  };
}
