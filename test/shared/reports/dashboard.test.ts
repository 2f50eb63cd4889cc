import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../shared/access/principal.ts';
import type { Period } from '../../../shared/calendar/period.ts';
import type { Instant } from '../../../shared/calendar/plain-date.ts';
import type { AreaCounts } from '../../../shared/ports/tally-store.ts';
import { readDashboard } from '../../../shared/reports/dashboard.ts';

const MARCH = '2024-03' as Period;
const supervisor: Principal = { id: 's', roles: ['supervisor'], areas: ['411122'], departments: [] };

function read(counts: readonly AreaCounts[], asked: { area?: string; month?: Period } = {}, principal = supervisor) {
  const deps = {
    tallies: {
      countedUpTo: async () => 9,
      add: async () => undefined,
      of: async (areas: readonly string[], months: readonly Period[]) =>
        counts.filter(({ area, month }) => areas.includes(area) && months.includes(month)),
      below: async (area: string, month: Period) =>
        counts.filter((one) => one.area.length > area.length && one.area.startsWith(area) && one.month === month),
    },
    cases: { counts: async () => ({ byStage: { visit: 2 }, byLight: { red: 1 }, byAssignee: {} }) },
    packsFor: () => [],
    clock: { now: () => '2024-03-31T18:00:00.000Z' as Instant },
  };
  return readDashboard(deps, principal, asked);
}

describe('the dashboard', () => {
  it('shows twelve months up to this one in China, empty ones among them', async () => {
    const { months, month } = await read([]);
    expect(month).toBe('2024-04');
    expect(months.map((one) => one.month)).toEqual([
      ...['2023-05', '2023-06', '2023-07', '2023-08', '2023-09', '2023-10', '2023-11', '2023-12'],
      ...['2024-01', '2024-02', '2024-03', '2024-04'],
    ]);
    expect(months[0]).toMatchObject({ warnings: {}, visits: { made: 0, foundTrue: 0 }, limits: {} });
  });

  it('puts the counts in order, and says how many cases ended with help', async () => {
    const counts = {
      'closed/not-in-need': 7,
      'closed/helped-new': 2,
      'closed/entitlement-delivered': 1,
      'limits/visit/late': 3,
      'limits/visit/in-time': 5,
      'warnings/urgent': 4,
      'help/fen': 620_005,
      'help/times': 2,
    };
    const { months, now } = await read([{ area: '411122', month: MARCH, counts }], { month: MARCH });
    expect(months.at(-1)).toMatchObject({
      closed: { 'entitlement-delivered': 1, 'helped-new': 2, 'not-in-need': 7 },
      closedHelped: 3,
      limits: { visit: { inTime: 5, late: 3 } },
      warnings: { urgent: 4 },
      help: { times: 2, fen: 620_005 },
    });
    expect(now.byLight).toEqual({ red: 1 });
  });

  it('names the rules that cost most visits without help first, over three months', async () => {
    const of = (month: string, counts: AreaCounts['counts']) => ({ area: '411122', month: month as Period, counts });
    const { rules } = await read(
      [
        of('2024-03', { 'rules/self-paid/helped-new': 5, 'rules/self-paid/not-in-need': 1, 'rules/school/not-in-need': 2 }),
        of('2024-01', { 'rules/school/policy-explained': 2, 'rules/school/charity': 1 }),
        of('2023-12', { 'rules/school/not-in-need': 90 }),
      ],
      { month: MARCH },
    );
    expect(rules).toEqual([
      { indicator: 'school', title: null, closed: 5, helped: 1 },
      { indicator: 'self-paid', title: null, closed: 6, helped: 5 },
    ]);
  });

  it('sets the areas below beside each other', async () => {
    const township = { area: '411122100', month: MARCH, counts: { 'visits/made': 3 } };
    const { below } = await read([township], { month: MARCH });
    expect(below).toMatchObject([{ area: '411122100', figures: { month: MARCH, visits: { made: 3 } } }]);
  });

  it('knows an area by its code with the zeros after it', async () => {
    const prefecture = { area: '4111', month: MARCH, counts: { 'visits/made': 3 } };
    for (const area of ['4111', '411100', '411100000000']) {
      const shown = await read([prefecture], { area, month: MARCH }, { ...supervisor, areas: ['41'] });
      expect(shown).toMatchObject({ area: '4111' });
      expect(shown.months.at(-1)?.visits.made).toBe(3);
    }
  });

  it('is refused outside the area, to who may not read cases, and for areas without counts of their own', async () => {
    await expect(read([], { area: '37' })).rejects.toMatchObject({ refusal: 'area' });
    await expect(read([], {}, { ...supervisor, roles: ['coordinator'] })).rejects.toMatchObject({ refusal: 'role' });
    await expect(read([], { area: '411122100207' })).rejects.toMatchObject({ code: 'dashboard-area' });
  });
});
