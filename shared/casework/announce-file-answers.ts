import { answeringFeeds } from '../assistance/aid-feeds.ts';
import { mayBeAnsweredBy } from '../assistance/match-answers.ts';
import type { FeedId } from '../catalog/feed.ts';
import type { PersonKey } from '../facts/fact.ts';
import type { AnswersCame } from '../ports/case-messages.ts';
import type { CaseStore } from '../ports/case-store.ts';
import type { QueueSender } from '../ports/queue.ts';
import type { HouseholdId } from '../registry/household.ts';
import { awaitsDepartments } from './case.ts';

/** What saying that answers came needs. */
export interface AnnounceDeps {
  readonly cases: Pick<CaseStore, 'current'>;
  readonly queue: QueueSender;
}

/** What a file told: its feed, and of whom. */
interface NewsOfPersons {
  readonly feed: FeedId;
  readonly updates: readonly { readonly person: PersonKey }[];
}

/** Households whose cases are looked up at once: a month's list of payments names every poor household of a county. */
const LOOKED_UP = 500;
/** Households a message names: their cases are answered well within the time of one invocation. */
const PER_MESSAGE = 50;

/**
 * Tells the casework of households about which facts were just kept that may answer an open referral; `placed` says to which
 * households each person was ever counted. Of feeds that answer nothing, and of households that wait for none of the feeds,
 * nothing is told. Called after the facts are kept and before the message that brought them is done with, so that an answer is
 * told at least once. A referral that is being sent at this very moment is found when cases are tended.
 */
export async function announceFileAnswers(
  deps: AnnounceDeps,
  news: readonly NewsOfPersons[],
  placed: ReadonlyMap<PersonKey, readonly HouseholdId[]>,
): Promise<void> {
  const feedsOf = feedsByHousehold(news, placed);
  const awaiting: HouseholdId[] = [];
  for (const some of inParts([...feedsOf.keys()], LOOKED_UP)) {
    for (const [household, found] of await deps.cases.current(some)) {
      const feeds = [...(feedsOf.get(household) ?? [])];
      if (!awaitsDepartments(found)) continue;
      if (found.referrals.some((referral) => feeds.some((feed) => mayBeAnsweredBy(referral, feed)))) awaiting.push(household);
    }
  }
  if (awaiting.length === 0) return;
  const messages = inParts(awaiting, PER_MESSAGE).map((households): AnswersCame => ({ v: 1, kind: 'answers-came', households }));
  await deps.queue.send(
    'cases',
    messages.map((message) => ({ body: JSON.stringify(message) })),
  );
}

function feedsByHousehold(
  news: readonly NewsOfPersons[],
  placed: ReadonlyMap<PersonKey, readonly HouseholdId[]>,
): ReadonlyMap<HouseholdId, ReadonlySet<FeedId>> {
  const feedsOf = new Map<HouseholdId, Set<FeedId>>();
  for (const { feed, updates } of news) {
    if (!answeringFeeds.has(feed)) continue;
    for (const household of updates.flatMap(({ person }) => placed.get(person) ?? [])) {
      const feeds = feedsOf.get(household);
      if (feeds === undefined) feedsOf.set(household, new Set([feed]));
      else feeds.add(feed);
    }
  }
  return feedsOf;
}

function inParts<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, part) => all.slice(part * size, (part + 1) * size));
}
