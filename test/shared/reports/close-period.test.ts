import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Period } from '../../../shared/calendar/period.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { askClosing, closedPeriods, closePeriod, giveClosingUp, workClosing } from '../../../shared/reports/close-period.ts';
import { RememberedPeriods } from '../../builders/periods.ts';
import { done, Reporting, warned } from '../../builders/reporting.ts';

const MARCH = '2024-03' as Period;

let reporting: Reporting;

beforeEach(() => {
  reporting = new Reporting();
  reporting.archive(
    warned('opened', '2024-03-04 10:00', 1),
    done('record-visit', '2024-03-06 16:00', 1, { means: 'home', truth: 'T1', visited: '2024-03-06T07:00:00.000Z' }),
  );
});
afterEach(() => reporting.close());

/** Closes a month and archives that it was. */
async function close(period = MARCH, areas = ['']): Promise<string> {
  const told = reporting.told.length;
  const { kind } = await closePeriod(reporting.deps, reporting.access('supervisor', areas), { period });
  reporting.archive(...reporting.told.slice(told));
  return kind;
}

function lateVisit(): void {
  const visit = { means: 'telephone', truth: 'T8', visited: '2024-03-29T07:00:00.000Z' };
  reporting.archive(done('record-visit', '2024-05-10 09:00', 2, visit), warned('opened', '2024-05-11', 3));
}

describe('a month closed by a person', () => {
  it('gives the same bytes whatever comes later', async () => {
    await close();
    const of = { report: 'visit-ledger', format: 'csv' } as const;
    const before = await reporting.pull(of);
    expect(before.cover).toMatchObject({ period: { state: 'closed', closedBy: 'supervisor-1' }, data: { countedUpTo: 2 } });
    lateVisit();
    const after = await reporting.pull(of);
    expect(reporting.text(after.files[0] ?? '')).toBe(reporting.text(before.files[0] ?? ''));
    expect(after.cover.proof.rowsSha256).toBe(before.cover.proof.rowsSha256);
    expect(after.cover.data).toMatchObject({ countedUpTo: 2, archivedUpTo: 5 });
  });

  it('shows what came late and belongs to it as adjustments, and nothing of later months', async () => {
    await close();
    lateVisit();
    const { files, cover } = await reporting.pull({ report: 'visit-ledger' });
    expect(cover.proof).toMatchObject({ rows: 1, adjustments: 1 });
    const beside = files.find((file) => file.includes('.adjustments.')) ?? '';
    expect(reporting.rowsIn(beside)).toEqual([expect.objectContaining({ side: 'late', case_id: 'C2', truth: 'T8' })]);
    expect((await reporting.pull({ report: 'warning-ledger' })).cover.proof.adjustments).toBe(0);
    const page = await reporting.pull({ report: 'visit-ledger', format: 'html' });
    expect(reporting.text(page.files[0] ?? '')).toContain('调整 / adjustments');
  });

  it('stays closed as the first said', async () => {
    expect(await close()).toBe('closed');
    lateVisit();
    expect(await close()).toBe('already');
    expect((await closedPeriods(reporting.deps)).map(({ period, upTo, by }) => [period, upTo, by])).toEqual([
      [MARCH, 2, 'supervisor-1'],
    ]);
  });

  it('settles reports of its area, and of stretches closed as a whole', async () => {
    await close(MARCH, ['411122']);
    const stateOf = async (area: string, to = '2024-03-31') =>
      (await reporting.pull({ report: 'visit-ledger', area, to: to as PlainDate })).cover.period.state;
    expect(await stateOf('411122')).toBe('closed');
    expect(await stateOf('411122104')).toBe('closed');
    expect(await stateOf('41')).toBe('open');
    expect(await stateOf('411122', '2024-04-30')).toBe('open');
  });
});

describe('closing a month', () => {
  it('is for the supervisor of the area, and for nobody who only audits', async () => {
    const as = (role: 'supervisor' | 'auditor', areas: readonly string[], area = '41') =>
      closePeriod(reporting.deps, reporting.access(role, areas), { period: MARCH, area });
    await expect(as('auditor', [''])).rejects.toMatchObject({ refusal: 'role' });
    await expect(as('supervisor', ['411122'])).rejects.toMatchObject({ refusal: 'area' });
  });

  it('waits for its end, and for an archive that is whole', async () => {
    await expect(close('2024-05' as Period)).rejects.toMatchObject({ code: 'period-not-over' });
    await expect(close('2024-03-15' as Period)).rejects.toMatchObject({ code: 'period-no-month' });
    reporting.tamper((text) => text.replace('"low":65', '"low":66'));
    await expect(close()).rejects.toMatchObject({ code: 'archive-not-whole' });
  });
});

describe('a month that was asked to be closed', () => {
  const asked = () => askClosing(reporting.deps, reporting.access('supervisor', ['41']), { period: MARCH });
  const closings = () => reporting.told.filter(({ type }) => type === 'period.closed');

  it('is closed once, however often its message comes, and when two want it at once', async () => {
    await Promise.all([asked(), asked()]);
    expect(reporting.periods.messages.length).toBeGreaterThan(0);
    for (let n = 0; n < 3; n += 1) await workClosing(reporting.deps, { period: MARCH, area: '41' });
    expect(closings().map(({ data }) => [data['area'], data['upTo']])).toEqual([['41', 2]]);
    expect(await asked()).toMatchObject({ state: 'closed', closed: { upTo: 2 } });
  });

  it('stands as the archive has it, also where the record of it was lost', async () => {
    await close();
    const fresh = { ...reporting.deps, periods: new RememberedPeriods() };
    await askClosing(fresh, reporting.access('supervisor', ['41']), { period: MARCH });
    expect(await workClosing(fresh, { period: MARCH, area: '41' })).toMatchObject({ state: 'closed', closed: { upTo: 2 } });
    expect(closings()).toHaveLength(1);
  });

  it('is said not to be closed when it was tried too often', async () => {
    await asked();
    await giveClosingUp(reporting.deps, { period: MARCH, area: '41' });
    expect(await reporting.periods.get(MARCH, '41')).toMatchObject({ state: 'refused', failure: { code: 'closing-given-up' } });
    expect(closings()).toEqual([]);
  });
});
