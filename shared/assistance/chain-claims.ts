import { monthOf, type Period } from '../calendar/period.ts';
import { dateInChina, type PlainDate } from '../calendar/plain-date.ts';
import type { Aid, Case, Referral, ReferralAnswer } from '../casework/case.ts';
import { departmentOf } from '../catalog/feed.ts';
import type { Fact } from '../facts/fact.ts';
import { aidFeedOf, measureTold } from './aid-feeds.ts';
import { type ChainClaim, type ChainSource, lineId } from './chain-line.ts';

/** What the cases of a household tell: decisions, referrals with their answers, and help recorded in the case itself. */
export function claimsOfCase(one: Case): readonly ChainClaim[] {
  return [
    ...one.decisions.map((decision, at): ChainClaim => {
      const source: ChainSource = { kind: 'decision', case: one.id, number: at + 1 };
      return {
        ...base(source, dateInChina(decision.at)),
        kind: 'decided',
        measure: decision.kind,
        department: 'civil-affairs',
        by: decision.by,
        actions: decision.actions,
      };
    }),
    ...one.referrals.flatMap((referral) => claimsOfReferral(one, referral)),
    ...one.aids.map((aid) => claimOfAid(one, aid)),
  ];
}

/** What the folded facts of the members tell by the feeds of help. Rows of several members about one payment to the household are one. */
export function claimsOfFacts(facts: readonly Fact[], asOf: PlainDate): readonly ChainClaim[] {
  const households = new Map<string, ChainClaim>();
  const claims: ChainClaim[] = [];
  for (const fact of [...facts].sort(byPlace)) {
    const feed = aidFeedOf(fact);
    if (feed === undefined || fact.from > asOf) continue;
    const source: ChainSource = { kind: 'fact', feed: fact.feed, file: fact.file, row: fact.row };
    const amount = fact.fields[feed.amount];
    const month = feed.month === undefined ? undefined : fact.fields[feed.month];
    const number = feed.number === undefined ? undefined : fact.fields[feed.number];
    const household = feed.household === undefined ? undefined : fact.fields[feed.household];
    const claim: ChainClaim = {
      ...base(source, fact.from),
      kind: feed.kind === 'standing' ? 'standing' : 'given',
      ...(typeof month === 'string' ? { month: month as Period } : {}),
      ...(feed.kind === 'standing' && fact.to !== undefined ? { to: fact.to } : {}),
      measure: measureTold(feed, fact.fields),
      department: departmentOf(fact.feed),
      ...(typeof amount === 'number' && amount !== 0 ? { amount } : {}),
      ...(typeof number === 'string' ? { number } : {}),
      // A payment to a household is nobody's own.
      ...(feed.household === undefined ? { person: fact.person } : {}),
    };
    if (household === undefined) {
      claims.push(claim);
      continue;
    }
    const key = [fact.feed, household, claim.measure, claim.kind, claim.month, claim.amount, claim.to].join('|');
    const first = households.get(key);
    if (first === undefined) households.set(key, claim);
    else households.set(key, { ...first, sources: [...first.sources, source] });
  }
  return [...claims, ...households.values()];
}

function base(source: ChainSource, date: PlainDate): Pick<ChainClaim, 'id' | 'date' | 'month' | 'sources'> {
  return { id: lineId(source), date, month: monthOf(date), sources: [source] };
}

function byPlace(a: Fact, b: Fact): number {
  return compare(a.from, b.from) || compare(a.feed, b.feed) || compare(a.file, b.file) || a.row - b.row;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function claimsOfReferral(one: Case, referral: Referral): readonly ChainClaim[] {
  const about = {
    measure: referral.measure,
    department: referral.department,
    ...(referral.person === undefined ? {} : { person: referral.person }),
  };
  const claims: ChainClaim[] = [];
  if (referral.sentAt !== undefined) {
    const source: ChainSource = { kind: 'referral', case: one.id, referral: referral.id };
    claims.push({ ...base(source, dateInChina(referral.sentAt)), ...about, kind: 'asked', by: referral.by });
  }
  for (const answer of referral.answers) {
    const claim = claimOfAnswer(one, referral, answer);
    if (claim !== undefined) claims.push({ ...claim, ...about });
  }
  if (referral.recall !== undefined) {
    const { at, by, code } = referral.recall;
    const source: ChainSource = { kind: 'referral', case: one.id, referral: referral.id, answer: 'recall' };
    claims.push({ ...base(source, dateInChina(at)), ...about, kind: 'recalled', by, recall: code });
  }
  return claims;
}

/** Acceptance and papers supplied are steps of the referral and no lines of the chain. */
function claimOfAnswer(
  one: Case,
  referral: Referral,
  answer: ReferralAnswer,
): Omit<ChainClaim, 'measure' | 'department'> | undefined {
  const source: ChainSource = { kind: 'referral', case: one.id, referral: referral.id, answer: answer.id };
  const row = answer.from;
  const told = { ...base(source, dateInChina(answer.at)), by: answer.by };
  switch (answer.kind) {
    case 'refuse':
      return { ...told, kind: 'refused', ...(answer.code === undefined ? {} : { refusal: answer.code }) };
    case 'ask-more':
      return { ...told, kind: 'more-asked' };
    case 'part-done':
    case 'done':
      return {
        ...told,
        kind: answer.rhythm === 'monthly' ? 'standing' : 'given',
        ...(answer.amount === undefined ? {} : { amount: answer.amount }),
        ...(row === undefined ? {} : { row: `${row.file}:${row.row}` }),
        referral: `${one.id}:${referral.id}`,
      };
    case 'accept':
    case 'supply':
      return undefined;
  }
}

function claimOfAid(one: Case, aid: Aid): ChainClaim {
  const source: ChainSource = { kind: 'aid', case: one.id, aid: aid.id };
  return {
    ...base(source, aid.date),
    kind: aid.rhythm === 'monthly' ? 'standing' : 'given',
    measure: aid.measure,
    department: aid.department,
    ...(aid.person === undefined ? {} : { person: aid.person }),
    ...(aid.amount === undefined ? {} : { amount: aid.amount }),
    by: aid.by,
    event: aid.event,
    ...(aid.referral === undefined ? {} : { referral: `${one.id}:${aid.referral}` }),
  };
}
