import { describe, expect, it } from 'vitest';
import type { Period } from '../../../shared/calendar/period.ts';
import type { FeedId } from '../../../shared/catalog/feed.ts';
import type { FileId } from '../../../shared/facts/fact.ts';
import { shorterList, shorterThanBefore } from '../../../shared/intake/shorter-list.ts';
import type { FileQuery, FileRecord } from '../../../shared/ports/file-register.ts';

const FEED = 'medical-insurance/enrolment' as FeedId;
const ID = 'now' as FileId;

/** A list taken before, by its period, lines and counties. */
function taken(period: string, accepted: number, counties: readonly string[] | null = ['411122']) {
  const rows = { read: accepted, accepted, duplicate: 0, rejected: 0, skipped: 0 };
  return { id: `${period} ${accepted}`, period, receipt: { rows, ...(counties === null ? {} : { counties }) } };
}

function registerOf(...files: readonly object[]) {
  return {
    list: async ({ limit, after = '0' }: FileQuery) => {
      const end = Number(after) + limit;
      const page = files.slice(Number(after), end) as unknown as FileRecord[];
      return end < files.length ? { files: page, next: String(end) } : { files: page };
    },
  };
}

const listOf = (lines: number, ...counties: readonly string[]) => ({
  id: ID,
  feed: FEED,
  period: '2024-03' as Period,
  counties: new Set(counties.length === 0 ? ['411122'] : counties),
  lines,
});

describe('a complete list beside the one before', () => {
  it('is remarked on from a loss of a third on', async () => {
    const register = registerOf(taken('2024-02', 300), taken('2024-01', 900));
    expect(await shorterThanBefore(register, listOf(200))).toEqual({ period: '2024-02', before: 300, now: 200 });
    expect(await shorterThanBefore(register, listOf(201))).toBeUndefined();
    expect(shorterList({ period: '2024-02' as Period, before: 300, now: 120 }).message.zh).toMatch(
      /^名册比上一期（2024-02）少了60%：上一期300行，本期目前120行。已接收/,
    );
  });

  it('is added to what came for its period already, and counts itself once when it is read again', async () => {
    const again = { ...taken('2024-03', 120), id: ID };
    expect(await shorterThanBefore(registerOf(again, taken('2024-03', 90), taken('2024-02', 300)), listOf(120))).toBeUndefined();
    expect(await shorterThanBefore(registerOf(again, taken('2024-02', 300)), listOf(120))).toMatchObject({ now: 120 });
  });

  it('is compared with the largest file of the period before, which may have been sent twice', async () => {
    const register = registerOf(taken('2024-02', 300), taken('2024-02', 290));
    expect(await shorterThanBefore(register, listOf(280))).toBeUndefined();
    expect(await shorterThanBefore(register, listOf(190))).toMatchObject({ before: 300 });
  });

  it('is compared with lists of its counties alone, and not with later ones', async () => {
    const others = registerOf(taken('2024-02', 900, ['410225']), taken('2024-04', 900), taken('2024-02', 900, null));
    expect(await shorterThanBefore(others, listOf(100))).toBeUndefined();
    expect(await shorterThanBefore(others, listOf(100, '*'))).toMatchObject({ before: 900 });
  });

  it('may be short when lists are', async () => {
    expect(await shorterThanBefore(registerOf(taken('2024-02', 29)), listOf(3))).toBeUndefined();
  });

  it('is looked for among some hundreds of files', async () => {
    const others = Array.from({ length: 250 }, (_, n) => taken('2024-03', 50, [`41${String(1000 + n)}`]));
    expect(await shorterThanBefore(registerOf(...others, taken('2024-02', 300)), listOf(100))).toMatchObject({ before: 300 });
  });
});
