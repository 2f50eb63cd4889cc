import { dateInChina } from '../calendar/plain-date.ts';
import type { CaseId, Referral, ReferralAnswer } from '../casework/case.ts';
import type { FeedId } from '../catalog/feed.ts';
import type { Fact, PersonKey } from '../facts/fact.ts';
import { aidFeedOf, feedsOfMeasure, measureTold, paidAs } from './aid-feeds.ts';

/** A referral that waits for its department, with whose household it is about. */
export interface AwaitedReferral {
  readonly case: CaseId;
  readonly referral: Referral;
  /** Everybody of the household: a referral for the household is answered by a row about any of them. */
  readonly members: readonly PersonKey[];
}

/** An answer that came by file, to be taken in as if a handler had given it. */
export interface MatchedAnswer {
  readonly case: CaseId;
  readonly referral: string;
  readonly answer: ReferralAnswer;
}

const waiting: ReadonlySet<Referral['status']> = new Set(['sent', 'accepted', 'more-asked', 'part-done']);

/** Whether the referral waits for an answer that a row of the feed may be. */
export function mayBeAnsweredBy(referral: Referral, feed: FeedId): boolean {
  return waiting.has(referral.status) && answeringFeedsOf(referral).includes(feed);
}

/** The department's feeds that a referral for this measure may be answered by. */
function answeringFeedsOf({ measure, department }: Pick<Referral, 'measure' | 'department'>): readonly FeedId[] {
  return feedsOfMeasure(measure).filter((feed) => feed.startsWith(`${department}/`));
}

/**
 * Finds the referrals that rows of departments' feeds answer: same measure (by the name it is paid out under), a feed of the
 * department asked, about the person asked for (or any member, when it was for the household), dated on or after the day it was
 * sent and learned after it. Each referral takes the first such row, and each row answers one referral: the one sent first. The
 * id comes from file and row, so the same row read again is the same answer. Referrals that are done, refused or recalled, and
 * rows that answered already, are left alone. Pure.
 */
export function matchAnswers(referrals: readonly AwaitedReferral[], facts: readonly Fact[]): readonly MatchedAnswer[] {
  const used = new Set(referrals.flatMap(({ referral }) => referral.answers.map(({ id }) => id)));
  const rows = facts.filter((fact) => aidFeedOf(fact) !== undefined).toSorted(byDay);
  const oldestFirst = referrals
    .filter(({ referral }) => referral.sentAt !== undefined && waiting.has(referral.status))
    .toSorted((a, b) => compare(a.referral.sentAt ?? '', b.referral.sentAt ?? '') || compare(nameOf(a), nameOf(b)));
  const matched: MatchedAnswer[] = [];
  for (const awaited of oldestFirst) {
    const fact = rows.find((row) => !used.has(answerId(row)) && answers(awaited, row));
    if (fact === undefined) continue;
    used.add(answerId(fact));
    matched.push({ case: awaited.case, referral: awaited.referral.id, answer: answerOf(fact) });
  }
  return matched;
}

function answers({ referral, members }: AwaitedReferral, fact: Fact): boolean {
  const feed = aidFeedOf(fact);
  if (feed === undefined || referral.sentAt === undefined) return false;
  if (!answeringFeedsOf(referral).includes(fact.feed)) return false;
  if (paidAs(measureTold(feed, fact.fields)) !== paidAs(referral.measure)) return false;
  if (referral.person === undefined ? !members.includes(fact.person) : !concerns(referral.person, fact, feed.household, members))
    return false;
  return fact.from >= dateInChina(referral.sentAt) && fact.recordedAt > referral.sentAt;
}

/** A list of households names who collects the money, who need not be the one it was asked for. */
function concerns(person: PersonKey, fact: Fact, household: string | undefined, members: readonly PersonKey[]): boolean {
  return fact.person === person || (household !== undefined && members.includes(fact.person));
}

function answerId({ file, row }: Fact): string {
  return `file:${file}:${row}`;
}

function answerOf(fact: Fact): ReferralAnswer {
  const feed = aidFeedOf(fact);
  const amount = feed === undefined ? undefined : fact.fields[feed.amount];
  return {
    id: answerId(fact),
    at: fact.recordedAt,
    by: 'system',
    kind: 'done',
    ...(typeof amount === 'number' && amount > 0 ? { amount } : {}),
    rhythm: feed?.kind === 'standing' ? 'monthly' : 'once',
    from: { file: fact.file, row: fact.row },
  };
}

function byDay(a: Fact, b: Fact): number {
  return compare(a.from, b.from) || compare(a.file, b.file) || a.row - b.row;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function nameOf({ case: id, referral }: AwaitedReferral): string {
  return `${id} ${referral.id}`;
}
