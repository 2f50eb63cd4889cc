import { describe, expect, it } from 'vitest';
import { packsOfFolder } from '../../../infra/pack-folder.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { parseParameters } from '../../../shared/casework/parameters-file.ts';
import type { FeedId } from '../../../shared/catalog/feed.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import {
  type RetentionRow,
  retentionFor,
  retentionPurposes,
  shorterThanWindows,
  tooShortText,
} from '../../../shared/privacy/retention.ts';
import { compilePack } from '../../../shared/scoring/compile.ts';

const on = '2024-04-20' as PlainDate;
const packs = packsOfFolder('shared/scoring/packs').map((pack) => compilePack(pack, catalog));
const INPATIENT = 'medical-insurance/inpatient-settlement' as FeedId;

function own(...rows: readonly object[]): readonly RetentionRow[] {
  const retention = rows.map((row) => ({ from: '2024-01-01', basis: '某县数据保存办法', ...row }));
  return parseParameters({ retention }, 'parameters.json').retention ?? [];
}

describe('retention', () => {
  it('has a default with its source for everything that is kept for a time', () => {
    for (const purpose of Object.keys(retentionPurposes) as (keyof typeof retentionPurposes)[]) {
      const { months, basis } = retentionFor([], { purpose, on });
      // Reports are copies, made again from the archive at any time.
      expect(months).toBeGreaterThanOrEqual(purpose === 'reports' ? 1 : 6);
      expect([basis.zh.length > 0, basis.en.length > 0, basis.evidence]).toEqual([true, true, expect.any(String)]);
    }
  });

  it('takes what the deployment set, the feed’s own before all, from its day on', () => {
    const rows = own(
      { purpose: 'facts', months: 48 },
      { purpose: 'facts', feed: INPATIENT, months: 24 },
      { purpose: 'facts', feed: INPATIENT, months: 18, from: '2025-01-01' },
    );
    const months = (feed: FeedId, day = on) => retentionFor(rows, { purpose: 'facts', feed, on: day }).months;
    expect(months(INPATIENT)).toBe(24);
    expect(months(INPATIENT, '2025-06-01' as PlainDate)).toBe(18);
    expect(months('education/enrolment' as FeedId)).toBe(48);
    expect(months(INPATIENT, '2023-06-01' as PlainDate)).toBe(36);
  });

  it('refuses a purpose nobody knows, and no time at all', () => {
    expect(() => own({ purpose: 'photos', months: 3 })).toThrow(/retention/);
    expect(() => own({ purpose: 'facts', months: 0 })).toThrow(/retention/);
  });

  it('is long enough by default for every pack that comes with the program', () => {
    expect(shorterThanWindows([], packs, on)).toEqual([]);
  });

  it('is refused where a pack in force still looks at what would be gone, saying which', () => {
    const [found] = shorterThanWindows(own({ purpose: 'facts', feed: INPATIENT, months: 6 }), packs, on);
    expect(found).toMatchObject({ feed: INPATIENT, needed: expect.any(Number) });
    expect(found === undefined ? '' : tooShortText(found).en).toMatch(
      /kept 6 months, and rule pack [\w-]+ looks back (12|24|36)/,
    );
  });
});
