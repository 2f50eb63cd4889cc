import { describe, expect, it } from 'vitest';
import type { FeedSpec } from '../../../shared/catalog/feed.ts';
import { type Coverage, coverageOf } from '../../../shared/facts/coverage.ts';
import type { FileId } from '../../../shared/facts/fact.ts';
import { feedKnown, latestSnapshot, reachOf } from '../../../shared/facts/freshness.ts';
import { COUNTY, day, ENROLMENT, feedOf, INPATIENT, period } from '../scoring/household-builder.ts';

const FILE = 'a'.repeat(24) as FileId;
const monthly: FeedSpec = { ...feedOf(INPATIENT), cadence: 'monthly', dueDay: 5 };

function delivered(feed: FeedSpec, periods: readonly string[], part: { county?: string; complete?: boolean } = {}): Coverage {
  return coverageOf(
    periods.map((text) => ({
      feed: feed.id,
      county: part.county ?? COUNTY,
      period: period(text),
      complete: part.complete ?? true,
      file: FILE,
    })),
  );
}

describe('a monthly feed due on the 5th', () => {
  it('is unknown when nothing was ever delivered', () => {
    expect(feedKnown(monthly, new Map(), COUNTY, day('2024-04-08'))).toBe(false);
  });

  it('is known after the due day when the month before has come', () => {
    expect(feedKnown(monthly, delivered(monthly, ['2024-03']), COUNTY, day('2024-04-06'))).toBe(true);
  });

  it('still counts as known on the due day itself without the month before, and no longer on the next', () => {
    const coverage = delivered(monthly, ['2024-01', '2024-02']);
    expect(feedKnown(monthly, coverage, COUNTY, day('2024-04-05'))).toBe(true);
    expect(feedKnown(monthly, coverage, COUNTY, day('2024-04-06'))).toBe(false);
  });

  it('is unknown while a month between the first and the latest is lacking, and known once it came late', () => {
    expect(feedKnown(monthly, delivered(monthly, ['2024-01', '2024-03']), COUNTY, day('2024-04-08'))).toBe(false);
    expect(feedKnown(monthly, delivered(monthly, ['2024-01', '2024-03', '2024-02']), COUNTY, day('2024-04-08'))).toBe(true);
  });

  it('counts a file for all counties, and not one for another county', () => {
    expect(feedKnown(monthly, delivered(monthly, ['2024-03'], { county: '*' }), COUNTY, day('2024-04-08'))).toBe(true);
    expect(feedKnown(monthly, delivered(monthly, ['2024-03'], { county: '370611' }), COUNTY, day('2024-04-08'))).toBe(false);
  });

  it('does not look at months after the as-of date', () => {
    expect(feedKnown(monthly, delivered(monthly, ['2024-06']), COUNTY, day('2024-04-08'))).toBe(false);
  });

  it('closes the year across New Year', () => {
    expect(feedKnown(monthly, delivered(monthly, ['2023-11', '2023-12']), COUNTY, day('2024-01-20'))).toBe(true);
  });
});

describe('slower and faster feeds', () => {
  it('keeps termly data for seven months after the period and yearly data for thirteen', () => {
    const termly: FeedSpec = { ...monthly, cadence: 'termly' };
    const yearly: FeedSpec = { ...monthly, cadence: 'yearly' };
    const coverage = delivered(monthly, ['2023-09']);
    expect(feedKnown(termly, coverage, COUNTY, day('2024-04-30'))).toBe(true);
    expect(feedKnown(termly, coverage, COUNTY, day('2024-05-01'))).toBe(false);
    expect(feedKnown(yearly, coverage, COUNTY, day('2024-10-30'))).toBe(true);
    expect(feedKnown(yearly, coverage, COUNTY, day('2024-11-01'))).toBe(false);
  });

  it('expects a daily feed up to the day before yesterday without a hole, a whole month counting for its days', () => {
    const daily: FeedSpec = { ...monthly, cadence: 'daily' };
    expect(feedKnown(daily, delivered(daily, ['2024-03', '2024-04-01', '2024-04-02']), COUNTY, day('2024-04-04'))).toBe(true);
    expect(feedKnown(daily, delivered(daily, ['2024-03', '2024-04-02']), COUNTY, day('2024-04-04'))).toBe(false);
    expect(feedKnown(daily, delivered(daily, ['2024-03']), COUNTY, day('2024-04-04'))).toBe(false);
  });
});

describe('since when a feed is lacking', () => {
  const reach = (feed: FeedSpec, periods: readonly string[], asOf: string) =>
    reachOf(feed, delivered(feed, periods), COUNTY, day(asOf));

  it('is not said of one that never came or that is known', () => {
    expect(reachOf(monthly, new Map(), COUNTY, day('2024-04-08'))).toEqual({});
    expect(reachOf(monthly, delivered(monthly, ['2024-03'], { county: '410000' }), COUNTY, day('2024-04-08'))).toEqual({});
    expect(reach(monthly, ['2024-02', '2024-03'], '2024-04-08')).toEqual({ latest: '2024-03' });
  });

  it('is the first month overdue, or the first one left out', () => {
    expect(reach(monthly, ['2023-11', '2023-12'], '2024-04-08')).toEqual({ latest: '2023-12', lacking: '2024-01' });
    expect(reach(monthly, ['2023-11', '2024-01', '2024-03'], '2024-04-08')).toEqual({ latest: '2024-03', lacking: '2023-12' });
  });

  it('is the first day not covered by a daily feed, or the day on which data of a term or year no longer count', () => {
    const daily: FeedSpec = { ...monthly, cadence: 'daily' };
    expect(reach(daily, ['2024-03', '2024-04-02'], '2024-04-04')).toEqual({ latest: '2024-04-02', lacking: '2024-04-01' });
    expect(reach(daily, ['2024-03'], '2024-04-04')).toEqual({ latest: '2024-03', lacking: '2024-04-01' });
    const termly: FeedSpec = { ...monthly, cadence: 'termly' };
    expect(reach(termly, ['2023-09'], '2024-06-20')).toEqual({ latest: '2023-09', lacking: '2024-05-01' });
    const yearly: FeedSpec = { ...monthly, cadence: 'yearly' };
    expect(reach(yearly, ['2023-08'], '2024-12-20')).toEqual({ latest: '2023-08', lacking: '2024-10-01' });
  });
});

describe('the latest list of a snapshot feed', () => {
  const list = feedOf(ENROLMENT);

  it('is absent when none was delivered', () => {
    expect(latestSnapshot(list, new Map(), COUNTY, day('2024-04-08'))).toBeUndefined();
  });

  it('is the latest period begun, with the latest complete one beside it', () => {
    const complete = delivered(list, ['2024-01', '2024-02']);
    const counties = new Map([...(complete.get(list.id)?.get(COUNTY) ?? []), [period('2024-03'), false] as const]);
    const coverage: Coverage = new Map([[list.id, new Map([[COUNTY, counties]])]]);
    expect(latestSnapshot(list, coverage, COUNTY, day('2024-04-08'))).toEqual({
      period: '2024-03',
      complete: false,
      lastComplete: '2024-02',
    });
    expect(latestSnapshot(list, coverage, COUNTY, day('2024-02-08'))).toEqual({
      period: '2024-02',
      complete: true,
      lastComplete: '2024-02',
    });
  });
});
