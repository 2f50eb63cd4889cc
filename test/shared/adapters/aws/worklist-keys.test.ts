import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partitionsOf, worklistSortKey } from '../../../../shared/adapters/aws/worklist-keys.ts';
import { instant } from '../../../builders/facts.ts';
import { GENERAL, URGENT, warning } from '../../../builders/standings.ts';

const KNOWN = ['410102', '410103', '370602'];
const entries = (areas: readonly string[]) => Object.fromEntries(partitionsOf(areas, KNOWN));

describe('partitions of area prefixes', () => {
  it('are one for a county, and one with a filter for a township', () => {
    expect(entries(['410102'])).toEqual({ '410102': [] });
    expect(entries(['410102001'])).toEqual({ '410102': ['410102001'] });
    expect(entries(['410102001', '410102003'])).toEqual({ '410102': ['410102001', '410102003'] });
  });

  it('are the known counties for a province, with the warnings whose area is that short', () => {
    expect(entries(['41'])).toEqual({ '410102': [], '410103': [], '000000': ['41'] });
    expect(entries([''])).toEqual({ '410102': [], '410103': [], '370602': [], '000000': [] });
  });

  it('take a prefix inside another as covered by it', () => {
    expect(entries(['410102001', '41', '410102'])).toEqual({ '410102': [], '410103': [], '000000': ['41'] });
    expect(entries([])).toEqual({});
  });
});

describe('sort keys of the worklist', () => {
  it('put the more urgent grade first, then more points, then the older, then the id', () => {
    const made = fc.record({
      n: fc.integer({ min: 0, max: 50 }),
      urgent: fc.boolean(),
      low: fc.integer({ min: -20_000, max: 400_000 }).map((thousandths) => thousandths / 1_000),
      minute: fc.integer({ min: 0, max: 3 }),
    });
    const build = ({ n, urgent, low, minute }: { n: number; urgent: boolean; low: number; minute: number }) =>
      warning(n, { grade: urgent ? URGENT : GENERAL, points: { low, high: 500 }, openedAt: instant(minute) });
    fc.assert(
      fc.property(made, made, (left, right) => {
        const [a, b] = [build(left), build(right)];
        const byRule =
          a.grade.rank - b.grade.rank ||
          b.points.low - a.points.low ||
          (a.openedAt < b.openedAt ? -1 : a.openedAt > b.openedAt ? 1 : 0) ||
          (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
        const [x, y] = [worklistSortKey(a), worklistSortKey(b)];
        expect(Math.sign(byRule)).toBe(x < y ? -1 : x > y ? 1 : 0);
      }),
    );
  });
});
