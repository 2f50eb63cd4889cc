import { describe, expect, it } from 'vitest';
import type { Period } from '../../../shared/calendar/period.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import type { FeedSpec } from '../../../shared/catalog/feed.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { timelinessOf } from '../../../shared/facts/timeliness.ts';
import { feedId } from '../../builders/facts.ts';

const settlement = catalog.get(feedId());
if (settlement === undefined) throw new Error('no such feed');
/** Due on the 10th of the month after. */
const monthly: FeedSpec = { ...settlement, cadence: 'monthly', dueDay: 10 };

const came = (periods: Readonly<Record<string, string>>) => new Map(Object.entries(periods) as [Period, PlainDate][]);
const of = (feed: FeedSpec, periods: Readonly<Record<string, string>>, from: string, to: string, asOf = '2025-01-01') => {
  const { onTime, late, missing } = timelinessOf(
    feed,
    came(periods),
    { from: from as PlainDate, to: to as PlainDate },
    asOf as PlainDate,
  );
  return `${onTime} ${late} ${missing}`;
};

describe('how deliveries kept to their due days', () => {
  it('a month is on time until the end of its due day, late after it, missing when it never came', () => {
    const periods = { '2024-01': '2024-02-10', '2024-02': '2024-03-11', '2024-04': '2024-05-02' };
    expect(of(monthly, periods, '2024-02-01', '2024-05-31')).toBe('2 1 1');
    expect(of(monthly, periods, '2024-02-11', '2024-05-09')).toBe('0 1 1');
  });

  it('nothing is expected before the first delivery, nor before its due day is over', () => {
    expect(of(monthly, {}, '2024-01-01', '2024-12-31')).toBe('0 0 0');
    const periods = { '2024-03': '2024-04-03' };
    expect(of(monthly, periods, '2024-01-01', '2024-12-31', '2024-05-10')).toBe('1 0 0');
    expect(of(monthly, periods, '2024-01-01', '2024-12-31', '2024-05-11')).toBe('1 0 1');
  });

  it('a file for a day counts for its month, the first one to come counting', () => {
    expect(of(monthly, { '2024-03-15': '2024-03-16', '2024-03': '2024-04-12' }, '2024-04-01', '2024-04-30')).toBe('1 0 0');
  });

  it('a due day that a short month does not have is its last', () => {
    const feed = { ...monthly, dueDay: 31 };
    expect(of(feed, { '2024-01': '2024-02-29' }, '2024-02-01', '2024-02-29', '2024-03-01')).toBe('1 0 0');
    expect(of(feed, { '2024-01': '2024-03-01' }, '2024-02-01', '2024-02-29', '2024-03-02')).toBe('0 1 0');
  });

  it('a day is due on the day after; a file for a whole month covers its days', () => {
    const daily: FeedSpec = { ...monthly, cadence: 'daily' };
    const periods = { '2024-03-01': '2024-03-02', '2024-03-02': '2024-03-04', '2024-03-04': '2024-03-05' };
    expect(of(daily, periods, '2024-03-01', '2024-03-05')).toBe('2 1 1');
    expect(of(daily, { ...periods, '2024-03': '2024-04-01' }, '2024-03-01', '2024-03-05')).toBe('2 2 0');
  });

  it('a term’s data are due when those of the term before count no longer', () => {
    const termly: FeedSpec = { ...monthly, cadence: 'termly' };
    expect(of(termly, { '2023-09': '2023-10-05', '2024-03': '2024-04-20' }, '2024-01-01', '2024-12-31')).toBe('1 0 1');
    expect(of(termly, { '2023-09': '2023-10-05', '2024-03': '2024-05-01' }, '2024-01-01', '2024-06-30')).toBe('0 1 0');
  });
});
