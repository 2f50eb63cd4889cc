import { describe, expect, it } from 'vitest';
import type { Period } from '../../../shared/calendar/period.ts';
import type { Instant, PlainDate } from '../../../shared/calendar/plain-date.ts';
import { feedId } from '../../../shared/catalog/feed.ts';
import type { FileId, FileSequence, PersonKey } from '../../../shared/facts/fact.ts';
import type { FileRecord } from '../../../shared/ports/file-register.ts';
import type { HouseholdId } from '../../../shared/registry/household.ts';
import type { IndicatorResult } from '../../../shared/scoring/assessment.ts';
import { filesOf, presentWarning } from '../../../shared/warnings/present-warning.ts';
import type { Warning, WarningId } from '../../../shared/warnings/warning.ts';

const inpatient = feedId('medical-insurance', 'inpatient-settlement');
const file: FileRecord = {
  id: 'f1' as FileId,
  path: 'medical-insurance/inpatient-settlement/2024-03/住院.csv',
  feed: inpatient,
  period: '2024-03' as Period,
  sha256: '00',
  size: 1,
  arrivedAt: '2024-04-02T00:00:00.000Z' as Instant,
  seq: '2024-03-31|1' as FileSequence,
};

function result(indicator: string, over: Partial<IndicatorResult>): IndicatorResult {
  return {
    indicator,
    result: 'miss',
    value: 0,
    valueHigh: 0,
    unit: 'fen',
    line: 500000,
    points: { low: 0, high: 0 },
    evidence: [],
    missing: [],
    ...over,
  };
}

const warning: Warning = {
  id: 'W-1' as WarningId,
  household: 'H000000000000000000000001' as HouseholdId,
  area: '411122100201',
  category: 'near-poor',
  family: 'entry',
  grade: { id: 'urgent', rank: 1, title: { zh: '紧急', en: 'urgent' } },
  status: 'open',
  openedAt: '2024-04-02T00:00:01.000Z' as Instant,
  changedAt: '2024-04-02T00:00:01.000Z' as Instant,
  asOf: '2024-04-02' as PlainDate,
  pack: 'henan-low-income',
  version: '1',
  points: { low: 60, high: 75 },
  completeness: 0.75,
  reasons: [
    result('miss-first', {}),
    result('unknown-one', {
      result: 'unknown',
      value: null,
      valueHigh: null,
      points: { low: 0, high: 15 },
      missing: [inpatient],
    }),
    result('small-hit', { result: 'hit', points: { low: 10, high: 10 } }),
    result('big-hit', {
      result: 'hit',
      value: 3000050,
      points: { low: 50, high: 50 },
      evidence: [
        {
          feed: inpatient,
          file: 'f1' as FileId,
          row: 7,
          date: '2024-03-11' as PlainDate,
          person: 'p' as PersonKey,
          amount: 3000050,
        },
        { feed: inpatient, file: 'gone' as FileId, row: 9, date: '2024-03-12' as PlainDate, person: 'p' as PersonKey },
      ],
    }),
  ],
};

describe('presentWarning', () => {
  const view = presentWarning(warning, new Map([[file.id, file]]), (_, r) => ({
    zh: `文 ${r.indicator}`,
    en: `text ${r.indicator}`,
  }));

  it('puts hits first, the most points first, then unknowns, then misses', () => {
    expect(view.reasons.map((reason) => reason.indicator)).toEqual(['big-hit', 'small-hit', 'unknown-one', 'miss-first']);
  });

  it('names the file and row a viewer would find, and fen', () => {
    expect(view.reasons[0]).toEqual({
      indicator: 'big-hit',
      result: 'hit',
      value: 3000050,
      line: 500000,
      unit: 'fen',
      points: 50,
      pointsHigh: 50,
      evidence: [
        {
          feed: 'medical-insurance/inpatient-settlement',
          file: file.path,
          row: 7,
          date: '2024-03-11',
          amount: 3000050,
        },
        { feed: 'medical-insurance/inpatient-settlement', file: null, row: 9, date: '2024-03-12', amount: null },
      ],
      missing: [],
      text: { zh: '文 big-hit', en: 'text big-hit' },
    });
  });

  it('says what the household already receives', () => {
    expect(view).toMatchObject({ category: 'near-poor', alreadyReceives: { zh: '低保边缘' }, status: 'open', withdrawal: null });
  });

  it('carries no pseudonym of a person', () => {
    expect(JSON.stringify(view)).not.toContain('person');
  });

  it('asks for each file once', () => {
    expect(filesOf([warning, warning])).toEqual(['f1', 'gone']);
  });
});
