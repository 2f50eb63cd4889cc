import { epochDay } from '../calendar/plain-date.ts';
import { paidAs } from './aid-feeds.ts';
import type { ChainClaim, ChainSource } from './chain-line.ts';

/**
 * When two tellings are of the same payment. In plain words:
 *
 * 1. Same for certain, because they name each other: the answer was read from that very row; help recorded in a case names the
 *    referral it was given on; two feeds give the same settlement number and sum for the same person.
 * 2. Same by rule: same measure (by the name it is paid out under), same person, same month, same sum. Where one telling names
 *    nobody in particular, only when there is exactly one it could be.
 * 3. Perhaps the same: measure alike and the persons do not contradict each other, and either the sums agree or one of them is
 *    not given and the days lie no more than a month apart, or month and person agree and only the sums differ. Both stay, each
 *    pointing at the other.
 *
 * One source never tells of the same payment twice, so two rows of one feed are two payments, as are two lines of a ledger.
 */

/** Days between an answer and the row of the payment beyond which nobody would take one for the other. */
const APART_MOST = 31;

/** Tellings joined into one. */
interface Joined {
  readonly claim: ChainClaim;
  /** All that told of it. */
  readonly parts: readonly ChainClaim[];
}

/** What claims come to: each payment once, and which of them may be the same after all (ids). */
export interface ComparedClaims {
  readonly claims: readonly ChainClaim[];
  readonly doubts: ReadonlyMap<string, readonly string[]>;
}

/** Finds out which claims of help are of the same payment. Claims of other kinds pass through. The order of claims plays no part. */
export function comparePayments(all: readonly ChainClaim[]): ComparedClaims {
  const help = all.filter(isHelp).toSorted(byDay);
  const tellers = [...new Set(help.map(tellerOf))].toSorted((a, b) => order(a) - order(b) || (a < b ? -1 : 1));
  let lines: readonly Joined[] = [];
  for (const teller of tellers) {
    lines = joinTeller(
      lines,
      help.filter((claim) => tellerOf(claim) === teller),
    );
  }
  const doubts = new Map<string, string[]>();
  for (const [at, a] of lines.entries()) {
    for (const b of lines.slice(at + 1)) {
      if (!perhapsSame(a, b)) continue;
      doubts.set(a.claim.id, [...(doubts.get(a.claim.id) ?? []), b.claim.id]);
      doubts.set(b.claim.id, [...(doubts.get(b.claim.id) ?? []), a.claim.id]);
    }
  }
  return { claims: [...all.filter((claim) => !isHelp(claim)), ...lines.map(({ claim }) => claim)], doubts };
}

/** Money, goods or a place, once or standing. */
export function isHelp({ kind }: Pick<ChainClaim, 'kind'>): boolean {
  return kind === 'given' || kind === 'standing';
}

function byDay(a: ChainClaim, b: ChainClaim): number {
  return a.date === b.date ? (a.id < b.id ? -1 : 1) : a.date < b.date ? -1 : 1;
}

/** Referrals, the ledger of cases, and each feed tell for themselves. */
function tellerOf({ sources: [source] }: ChainClaim): string {
  return source === undefined ? '' : source.kind === 'fact' ? source.feed : source.kind;
}

/** The case's own telling comes first, so that a line keeps its id when the file comes in. */
function order(teller: string): number {
  return teller === 'referral' ? 0 : teller === 'aid' ? 1 : 2;
}

type Rule = (line: Joined, claim: ChainClaim) => boolean;

function joinTeller(lines: readonly Joined[], claims: readonly ChainClaim[]): readonly Joined[] {
  const joined = [...lines];
  const taken = new Set<number>();
  let left = claims;
  const pass = (rule: Rule, onlyIfAlone: boolean): void => {
    left = left.filter((claim) => {
      const fitting = joined.flatMap((line, at) => (!taken.has(at) && at < lines.length && rule(line, claim) ? [at] : []));
      const [at] = fitting;
      const line = at === undefined ? undefined : joined[at];
      if (at === undefined || line === undefined) return true;
      if (onlyIfAlone && (fitting.length > 1 || left.filter((other) => rule(line, other)).length > 1)) return true;
      joined[at] = join(line, claim);
      taken.add(at);
      return false;
    });
  };
  pass(named, false);
  pass((line, claim) => sameByRule(line.claim, claim) && line.claim.person === claim.person, false);
  pass((line, claim) => sameByRule(line.claim, claim) && personsAgree(line.claim, claim), true);
  return [...joined, ...left.map((claim) => ({ claim, parts: [claim] }))];
}

function named({ parts }: Joined, claim: ChainClaim): boolean {
  return parts.some((part) => {
    if (part.row !== undefined && rowsOf(claim).includes(part.row)) return true;
    if (part.referral !== undefined && part.referral === claim.referral) return sumsAgree(part, claim);
    return (
      part.number !== undefined && part.number === claim.number && part.person === claim.person && part.amount === claim.amount
    );
  });
}

function rowsOf({ sources }: ChainClaim): readonly string[] {
  return sources.flatMap((source) => (source.kind === 'fact' ? [`${source.file}:${source.row}`] : []));
}

function sameByRule(a: ChainClaim, b: ChainClaim): boolean {
  return (
    paidAs(a.measure) === paidAs(b.measure) &&
    a.month === b.month &&
    a.amount !== undefined &&
    a.amount === b.amount &&
    kindsAgree(a, b)
  );
}

/** An answer that says "done" need not say that it goes on every month. A payment of one month is not what stands behind it. */
function kindsAgree(a: ChainClaim, b: ChainClaim): boolean {
  return a.kind === b.kind || (a.kind === 'given' && b.kind === 'standing' && a.sources[0]?.kind !== 'fact');
}

function personsAgree(a: ChainClaim, b: ChainClaim): boolean {
  return a.person === undefined || b.person === undefined || a.person === b.person;
}

function sumsAgree(a: ChainClaim, b: ChainClaim): boolean {
  return a.amount === undefined || b.amount === undefined || a.amount === b.amount;
}

function perhapsSame(a: Joined, b: Joined): boolean {
  const tellers = new Set(a.parts.map(tellerOf));
  if (b.parts.some((part) => tellers.has(tellerOf(part)))) return false;
  const [x, y] = [a.claim, b.claim];
  if (paidAs(x.measure) !== paidAs(y.measure) || !personsAgree(x, y) || !(kindsAgree(x, y) || kindsAgree(y, x))) return false;
  const near = x.month === y.month || Math.abs(epochDay(x.date) - epochDay(y.date)) <= APART_MOST;
  if (sumsAgree(x, y)) return near;
  return x.month === y.month && x.person === y.person;
}

/** The department's file says when, how much and to whom; the case says for what, by whom and on which event. */
function join({ claim, parts }: Joined, added: ChainClaim): Joined {
  const file = added.sources[0]?.kind === 'fact' && claim.sources[0]?.kind !== 'fact';
  const { amount, person, to, event } = { ...drop(added), ...drop(claim), ...(file ? drop(added) : {}) };
  const sources: readonly ChainSource[] = [...claim.sources, ...added.sources];
  return {
    claim: {
      ...claim,
      ...(file ? { kind: added.kind, date: added.date, month: added.month } : {}),
      ...(amount === undefined ? {} : { amount }),
      ...(person === undefined ? {} : { person }),
      ...(to === undefined ? {} : { to }),
      ...(event === undefined ? {} : { event }),
      sources,
    },
    parts: [...parts, added],
  };
}

type Told = Pick<ChainClaim, 'amount' | 'person' | 'to' | 'event'>;

/** What a claim says of these, without what it leaves open. */
function drop({ amount, person, to, event }: ChainClaim): Told {
  return {
    ...(amount === undefined ? {} : { amount }),
    ...(person === undefined ? {} : { person }),
    ...(to === undefined ? {} : { to }),
    ...(event === undefined ? {} : { event }),
  };
}
