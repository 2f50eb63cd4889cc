import { type FeedId, feedId } from '../catalog/feed.ts';
import type { Fact } from '../facts/fact.ts';

/** How a row of a department's file tells of help. */
export interface AidFeed {
  readonly feed: FeedId;
  /** The measure its rows tell of, unless a code says otherwise. */
  readonly measure: string;
  /** Codes of a field that tell of another measure. */
  readonly unless?: { readonly field: string; readonly measures: Readonly<Record<string, string>> };
  /** The field with the sum, fen. */
  readonly amount: string;
  /** `payment`: money given once or for one month. `standing`: given every month from `from` to `to`. */
  readonly kind: 'payment' | 'standing';
  /** The month it is for, where that is not the month it was given in. */
  readonly month?: string;
  /** The field with the number the payment goes by; two feeds that give the same number tell of the same payment. */
  readonly number?: string;
  /** The household's number: rows of several members with the same number, month and sum are one payment to the household. */
  readonly household?: string;
  /** Tells of help in passing, as a bill does of the aid paid with it: no answer to anything that was asked. */
  readonly inPassing?: true;
  /** Whether a row tells of help at all; without it, every row with a sum above nothing does. */
  readonly tells?: (fields: Fact['fields']) => boolean;
}

/** Every feed that tells of help, and how. A feed that is not here tells the assistance chain nothing. */
export const aidFeeds: readonly AidFeed[] = [
  {
    feed: feedId('civil-affairs', 'minimum-living-allowance-payment'),
    measure: 'minimum-living-allowance',
    unless: { field: 'paymentKind', measures: { 'price-subsidy': 'price-subsidy', festival: 'consolation-money' } },
    amount: 'amount',
    kind: 'payment',
    month: 'month',
    household: 'householdNumber',
  },
  {
    feed: feedId('civil-affairs', 'low-income-register'),
    measure: 'minimum-living-allowance',
    unless: { field: 'category', measures: { 'destitute-support': 'destitute-support' } },
    amount: 'monthlyAmount',
    kind: 'standing',
    household: 'householdNumber',
    // To be near-poor or monitored is a finding and no help.
    tells: ({ category }) => category === 'minimum-living-allowance' || category === 'destitute-support',
  },
  {
    feed: feedId('civil-affairs', 'temporary-aid'),
    measure: 'temporary-aid',
    unless: { field: 'aidKind', measures: { rapid: 'small-rapid-relief' } },
    amount: 'amount',
    kind: 'payment',
  },
  {
    feed: feedId('medical-insurance', 'medical-aid-payment'),
    measure: 'medical-aid',
    amount: 'amount',
    kind: 'payment',
    number: 'aidNumber',
  },
  ...['inpatient-settlement', 'outpatient-chronic-settlement'].map(
    (category): AidFeed => ({
      feed: feedId('medical-insurance', category),
      measure: 'medical-aid',
      amount: 'aidPaid',
      kind: 'payment',
      number: 'settlementNumber',
      inPassing: true,
    }),
  ),
  { feed: feedId('medical-insurance', 'paid-enrolment'), measure: 'paid-enrolment', amount: 'amount', kind: 'payment' },
  { feed: feedId('education', 'aid-payment'), measure: 'education-aid', amount: 'amount', kind: 'payment' },
  {
    feed: feedId('human-resources', 'public-welfare-job'),
    measure: 'public-welfare-job',
    amount: 'amount',
    kind: 'standing',
    tells: ({ duty }) => duty !== 'waiting',
  },
  {
    feed: feedId('charity', 'aid-payment'),
    measure: 'charity-match',
    amount: 'amount',
    kind: 'payment',
    // Goods and services are help without a sum.
    tells: () => true,
  },
  {
    feed: feedId('emergency-management', 'disaster-relief'),
    measure: 'disaster-relief',
    amount: 'reliefAmount',
    kind: 'payment',
  },
  {
    feed: feedId('housing', 'dilapidated-housing'),
    measure: 'dilapidated-housing-renovation',
    amount: 'subsidyAmount',
    kind: 'payment',
  },
];

/** Feeds whose rows may answer what was asked of their department. */
export const answeringFeeds: ReadonlySet<FeedId> = new Set(
  aidFeeds.filter(({ inPassing }) => inPassing !== true).map(({ feed }) => feed),
);

const byFeed: ReadonlyMap<FeedId, AidFeed> = new Map(aidFeeds.map((one) => [one.feed, one]));

/** How the fact's feed tells of help; undefined when the fact tells of none. */
export function aidFeedOf(fact: Fact): AidFeed | undefined {
  const feed = byFeed.get(fact.feed);
  if (feed === undefined) return undefined;
  if (feed.tells !== undefined) return feed.tells(fact.fields) ? feed : undefined;
  const sum = fact.fields[feed.amount];
  return typeof sum === 'number' && sum !== 0 ? feed : undefined;
}

/** Measures that are paid out under another's name: a single person's allowance comes by the same list as a household's. */
const paidUnder: Readonly<Record<string, string>> = {
  'minimum-living-allowance-single': 'minimum-living-allowance',
  'allowance-increase': 'minimum-living-allowance',
  'newborn-enrolment': 'paid-enrolment',
};

/** The name under which a measure is paid out: help of two measures may be the same only when it is the same. */
export function paidAs(measure: string): string {
  return paidUnder[measure] ?? measure;
}

/** The measure a row of the feed tells of. */
export function measureTold({ measure, unless }: AidFeed, fields: Fact['fields']): string {
  return (unless === undefined ? undefined : unless.measures[String(fields[unless.field])]) ?? measure;
}

/** The feeds kept for telling of help by a measure; empty when no department tells of it by file yet. */
export function feedsOfMeasure(measure: string): readonly FeedId[] {
  const paid = paidAs(measure);
  return aidFeeds
    .filter(({ feed }) => answeringFeeds.has(feed))
    .filter((one) => one.measure === paid || Object.values(one.unless?.measures ?? {}).includes(paid))
    .map(({ feed }) => feed);
}
