import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import type { FeedId } from '../../../shared/catalog/feed.ts';
import type { FileId, PersonKey } from '../../../shared/facts/fact.ts';
import type { Assessment, Grade, IndicatorResult } from '../../../shared/scoring/assessment.ts';
import { baselineOf, decideWarning, summaryOf, type Weighed } from '../../../shared/warnings/decide-warning.ts';
import type { Standing, Warning } from '../../../shared/warnings/warning.ts';
import { instant } from '../../builders/facts.ts';
import { GENERAL, householdId, standing, URGENT } from '../../builders/standings.ts';

function hit(indicator: string, value: number, points = 25): IndicatorResult {
  return {
    indicator,
    result: 'hit',
    value,
    valueHigh: value,
    unit: 'fen',
    line: 500_000,
    points: { low: points, high: points },
    evidence: [],
    missing: [],
  };
}

function assessment(grade: Grade | null, results: readonly IndicatorResult[], asOf = '2024-04-01', low = 60): Assessment {
  return {
    household: householdId(1),
    area: '410102001',
    category: 'none',
    pack: 'henan-low-income',
    version: '1',
    family: 'entry',
    asOf: asOf as PlainDate,
    points: { low: grade === null ? 0 : low, high: low },
    completeness: 1,
    grade,
    possibleGrade: grade,
    results,
  };
}

function weighed(now: Assessment, backThen?: Assessment, emptied?: Weighed['emptied']): Weighed {
  return { now, backThen, emptied };
}

const reasons = [hit('medical', 600_000)];
const opened = decideWarning(undefined, weighed(assessment(GENERAL, reasons)), instant(1))?.warning as Warning;
const held = (changes: Partial<Warning> = {}, more: Partial<Standing> = {}) =>
  standing(1, 1, { warning: { ...opened, ...changes }, ...more });

describe('deciding what a new look means for the warning', () => {
  it('opens one when a grade is reached and none is open', () => {
    expect(decideWarning(undefined, weighed(assessment(URGENT, reasons)), instant(1))).toMatchObject({
      change: 'opened',
      warning: { status: 'open', grade: URGENT, openedAt: instant(1), reasons },
    });
  });

  it('stays silent below every line', () => {
    expect(decideWarning(undefined, weighed(assessment(null, reasons)), instant(1))).toBeUndefined();
  });

  it('changes nothing when the same facts are looked at again, today or on a later day', () => {
    expect(decideWarning(held(), weighed(assessment(GENERAL, reasons)), instant(9))).toBeUndefined();
    const later = weighed(assessment(GENERAL, reasons, '2024-04-09'), assessment(GENERAL, reasons));
    expect(decideWarning(held(), later, instant(9))).toBeUndefined();
  });

  it('merges a larger sum into the open warning', () => {
    const decision = decideWarning(held(), weighed(assessment(GENERAL, [hit('medical', 900_000)])), instant(2));
    expect(decision).toMatchObject({
      change: 'merged',
      warning: { id: opened.id, openedAt: opened.openedAt, changedAt: instant(2) },
    });
  });

  it('raises it when a higher grade is reached', () => {
    expect(decideWarning(held(), weighed(assessment(URGENT, reasons)), instant(2))).toMatchObject({ change: 'raised' });
  });

  it('withdraws it when a correction takes the reason back', () => {
    const decision = decideWarning(held(), weighed(assessment(null, [hit('medical', 0)])), instant(2));
    expect(decision).toMatchObject({
      change: 'withdrawn',
      warning: { status: 'withdrawn', withdrawal: 'reason-taken-back', grade: GENERAL },
    });
  });

  it('keeps it when the reason has only left the window with time', () => {
    const aged = weighed(assessment(null, [hit('medical', 0)], '2025-04-02'), assessment(GENERAL, reasons));
    expect(decideWarning(held(), aged, instant(2))).toBeUndefined();
  });

  it('goes on weighing it as of its own date when what has left the window was corrected to less', () => {
    const corrected = weighed(
      assessment(null, [hit('medical', 0)], '2025-04-02'),
      assessment(GENERAL, [hit('medical', 550_000)]),
    );
    expect(decideWarning(held(), corrected, instant(2))).toMatchObject({
      change: 'merged',
      warning: { asOf: opened.asOf, reasons: [{ value: 550_000 }] },
    });
  });

  it('withdraws it when a correction comes after the reason left the window', () => {
    const corrected = weighed(assessment(null, [], '2025-04-02'), assessment(null, []));
    expect(decideWarning(held(), corrected, instant(2))).toMatchObject({ change: 'withdrawn' });
  });

  it('lowers it only when the facts of its own date no longer carry the grade', () => {
    const urgent = held({ grade: URGENT });
    const aged = weighed(assessment(GENERAL, reasons, '2024-09-01'), assessment(URGENT, reasons));
    expect(decideWarning(urgent, aged, instant(2))).toBeUndefined();
    const corrected = weighed(assessment(GENERAL, reasons, '2024-09-01'), assessment(GENERAL, reasons));
    expect(decideWarning(urgent, corrected, instant(2))).toMatchObject({ change: 'lowered', warning: { grade: GENERAL } });
  });

  it('withdraws it when everyone moved to another household, or died', () => {
    const nobody = assessment(null, []);
    expect(decideWarning(held(), weighed(nobody, undefined, 'superseded'), instant(2))?.warning.withdrawal).toBe(
      'household-superseded',
    );
    expect(decideWarning(held(), weighed(nobody, undefined, 'died'), instant(2))?.warning.withdrawal).toBe('all-members-died');
  });

  it('brings a withdrawn warning back under its id', () => {
    const withdrawn = held({ status: 'withdrawn', withdrawal: 'reason-taken-back' });
    const decision = decideWarning(withdrawn, weighed(assessment(GENERAL, reasons)), instant(5));
    expect(decision).toMatchObject({ change: 'reopened', warning: { id: opened.id, status: 'open', openedAt: instant(5) } });
    expect(decision?.warning.withdrawal).toBeUndefined();
  });
});

describe('after a person has handled the warning', () => {
  const handled = held({ status: 'handled' }, { handled: baselineOf(opened, instant(3)) });

  it('the same sum does not warn again', () => {
    expect(decideWarning(handled, weighed(assessment(GENERAL, reasons)), instant(9))).toBeUndefined();
  });

  it('a larger sum opens the next warning', () => {
    const decision = decideWarning(handled, weighed(assessment(GENERAL, [hit('medical', 600_001)])), instant(9));
    expect(decision).toMatchObject({ change: 'opened', warning: { id: `W-${householdId(1)}-entry-2` } });
  });

  it('another reason or a higher grade opens the next warning', () => {
    expect(decideWarning(handled, weighed(assessment(GENERAL, [...reasons, hit('fire', 1)])), instant(9))?.change).toBe('opened');
    expect(decideWarning(handled, weighed(assessment(URGENT, reasons)), instant(9))?.change).toBe('opened');
  });
});

describe('what is news after a person has handled the warning', () => {
  const backedBy = (one: IndicatorResult, ...rows: readonly number[]): IndicatorResult => ({
    ...one,
    evidence: rows.map((row) => ({
      feed: 'medical-insurance/inpatient-settlement' as FeedId,
      file: 'f'.repeat(24) as FileId,
      row,
      date: '2024-03-20' as PlainDate,
      person: '1e'.repeat(16) as PersonKey,
      amount: 300_000,
    })),
  });
  const year = backedBy(hit('medical-year', 600_000), 2, 3);
  const month = (...rows: readonly number[]) => backedBy(hit('medical-month', 300_000), ...rows);
  const shown = decideWarning(undefined, weighed(assessment(GENERAL, [year])), instant(1))?.warning as Warning;
  const handled = standing(1, 1, { warning: { ...shown, status: 'handled' }, handled: baselineOf(shown, instant(3)) });
  const decided = (now: Assessment, since?: Assessment, on = handled) =>
    decideWarning(on, { ...weighed(now), since }, instant(9))?.change;

  it('is not that time lets rows that were on the table count under another question, or for a higher grade', () => {
    expect(decided(assessment(GENERAL, [year, month(3)]))).toBeUndefined();
    expect(decided(assessment(URGENT, [year, month(2, 3)]))).toBeUndefined();
    expect(decided(assessment(GENERAL, [backedBy(hit('medical-year', 700_000), 2, 3)]))).toBeUndefined();
  });

  it('is a row that was not on the table', () => {
    expect(decided(assessment(GENERAL, [year, month(4)]))).toBe('opened');
    expect(decided(assessment(URGENT, [year, month(3, 4)]))).toBe('opened');
    expect(decided(assessment(GENERAL, [backedBy(hit('medical-year', 600_001), 2, 3, 4)]))).toBe('opened');
  });

  it('is what came since, where it would warn by itself, even if more than that was on the table', () => {
    const less = assessment(GENERAL, [backedBy(hit('medical-year', 500_000), 4)]);
    expect(decided(less, assessment(null, [hit('medical-year', 490_000)]))).toBeUndefined();
    expect(decided(less, less)).toBe('opened');
  });

  it('is, where nobody noted the rows that were on the table, every larger sum, further reason and higher grade', () => {
    const { rows: _, ...before } = baselineOf(shown, instant(3));
    const older = { ...handled, handled: before };
    expect(decided(assessment(GENERAL, [year]), undefined, older)).toBeUndefined();
    expect(decided(assessment(GENERAL, [year, month(3)]), undefined, older)).toBe('opened');
    expect(decided(assessment(URGENT, [year]), undefined, older)).toBe('opened');
  });
});

describe('after a person has dealt with an entitlement', () => {
  const child = (n: number): IndicatorResult => ({
    ...hit('newborn-not-enrolled', 1),
    evidence: [1, 2].slice(0, n).map((row) => ({
      feed: 'health/birth-certificate' as FeedId,
      file: 'f'.repeat(24) as FileId,
      row,
      date: '2024-01-01' as PlainDate,
      person: `${row}e`.repeat(16) as PersonKey,
    })),
  });
  const task = (n: number): Assessment => ({ ...assessment(GENERAL, [child(n)]), family: 'entitlement' });
  const first = decideWarning(undefined, weighed(task(1)), instant(1))?.warning as Warning;
  const handled = standing(1, 1, { warning: { ...first, status: 'handled' }, handled: baselineOf(first, instant(3)) });

  it('the same child is no news, the next one is', () => {
    expect(decideWarning(handled, weighed(task(1)), instant(9))).toBeUndefined();
    expect(decideWarning(handled, weighed(task(2)), instant(9))).toMatchObject({
      change: 'opened',
      warning: { id: `W-${householdId(1)}-entitlement-2` },
    });
  });

  it('the same child is no news either when its certificate comes under another key', () => {
    expect(decideWarning(handled, { ...weighed(task(1)), since: task(1) }, instant(9))).toBeUndefined();
  });
});

describe('the summary kept of an assessment', () => {
  it('has a digest that changes with the trace but not with the day', () => {
    const digest = (one: Assessment) => summaryOf(one).digest;
    expect(digest(assessment(GENERAL, reasons))).toBe(digest(assessment(GENERAL, reasons, '2024-05-01')));
    expect(digest(assessment(GENERAL, reasons))).not.toBe(digest(assessment(GENERAL, [hit('medical', 600_001)])));
  });
});
