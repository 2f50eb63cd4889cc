import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Purpose } from '../../../shared/access/purpose.ts';
import type { Instant, PlainDate } from '../../../shared/calendar/plain-date.ts';
import { ParametersError, parseParameters } from '../../../shared/casework/parameters-file.ts';
import { listReports } from '../../../shared/reports/report-desk.ts';
import { askScheduledReports, lastDue, type ScheduledReport } from '../../../shared/reports/scheduled-reports.ts';
import { ReportOffice } from '../../builders/report-office.ts';
import { done } from '../../builders/reporting.ts';

describe('what fell due last', () => {
  const due = (rhythm: ScheduledReport['rhythm'], day: number, today: string) => {
    const { from, to } = lastDue({ rhythm, day }, today as PlainDate);
    return `${from} ${to}`;
  };

  it('is the month before, from its day on, and until then the month before that', () => {
    expect(due('monthly', 5, '2024-05-05')).toBe('2024-04-01 2024-04-30');
    expect(due('monthly', 5, '2024-05-31')).toBe('2024-04-01 2024-04-30');
    expect(due('monthly', 5, '2024-05-04')).toBe('2024-03-01 2024-03-31');
    expect(due('monthly', 1, '2024-01-01')).toBe('2023-12-01 2023-12-31');
    expect(due('monthly', 28, '2024-03-29')).toBe('2024-02-01 2024-02-29');
    expect(due('monthly', 28, '2024-03-27')).toBe('2024-01-01 2024-01-31');
  });

  it('is the week before, Monday to Sunday, from its day on', () => {
    // 6 May 2024 was a Monday.
    expect(due('weekly', 1, '2024-05-06')).toBe('2024-04-29 2024-05-05');
    expect(due('weekly', 1, '2024-05-12')).toBe('2024-04-29 2024-05-05');
    expect(due('weekly', 3, '2024-05-07')).toBe('2024-04-22 2024-04-28');
    expect(due('weekly', 3, '2024-05-08')).toBe('2024-04-29 2024-05-05');
    expect(due('weekly', 7, '2024-05-12')).toBe('2024-04-29 2024-05-05');
    expect(due('weekly', 7, '2024-05-11')).toBe('2024-04-22 2024-04-28');
  });
});

describe('scheduled reports', () => {
  let office: ReportOffice;
  beforeEach(() => {
    office = new ReportOffice();
    office.reporting.archive(
      done('record-visit', '2024-04-06 16:00', 1, { means: 'home', truth: 'T1', visited: '2024-04-06T07:00:00.000Z' }),
    );
  });
  afterEach(() => office.close());

  const row: ScheduledReport = {
    report: 'visit-ledger',
    area: '411122',
    rhythm: 'monthly',
    day: 3,
    format: 'xlsx',
    language: 'zh',
    encoding: 'utf-8',
    for: 'auditor-1',
    purpose: 'audit' as Purpose,
  };
  const tend = (scheduled = [row]) =>
    askScheduledReports({ jobs: office.jobs, clock: office.desk.clock, scheduled, pause: async () => {} });
  const listOf = async (id: string, areas = ['']) =>
    (await listReports(office.desk, { id, roles: ['auditor'], areas, departments: [] }, { limit: 10 })).reports;

  it('are made once for a period however often the day begins, for whom they were set, in the name of the schedule', async () => {
    for (let n = 0; n < 3; n += 1) {
      await tend();
      await office.work();
    }
    expect(office.computed).toBe(1);
    const [report, ...more] = await listOf('auditor-1');
    expect(more).toEqual([]);
    expect(report).toMatchObject({
      state: 'ready',
      from: '2024-04-01',
      to: '2024-04-30',
      rows: 1,
      by: 'schedule',
      purpose: 'audit',
      cover: { pulled: { by: 'schedule', for: 'auditor-1', purpose: 'audit' } },
    });
    expect(office.jobs.events.map(({ type, actor, data }) => [type, actor, data['purpose']])).toEqual([
      ['report.asked', 'schedule', 'audit'],
      ['report.pulled', 'schedule', 'audit'],
    ]);
    expect(await listOf('auditor-2')).toEqual([]);
    office.reporting.now = '2024-06-03T01:00:00.000Z' as Instant;
    await tend();
    expect((await listOf('auditor-1')).map(({ from }) => from)).toEqual(['2024-05-01', '2024-04-01']);
  });

  it('set for several are computed once', async () => {
    await tend([row, { ...row, for: 'auditor-2', format: 'csv' }]);
    await office.work();
    expect(office.computed).toBe(1);
    expect((await listOf('auditor-2')).map(({ state, format }) => [state, format])).toEqual([['ready', 'csv']]);
  });

  it('are not shown to an account that may not have them', async () => {
    await tend();
    expect(await listOf('auditor-1', ['370602'])).toEqual([]);
  });
});

describe('rows of the parameters file', () => {
  const read = (...reports: readonly object[]) => parseParameters({ reports }, 'parameters.json').reports;
  const good = { report: 'funnel', area: '411122', rhythm: 'weekly', day: 1, format: 'html', for: 'auditor', purpose: 'audit' };

  it('are taken with their defaults', () => {
    expect(read(good)).toEqual([{ ...good, language: 'zh', encoding: 'utf-8' }]);
    expect(read({ ...good, area: '*' })[0]?.area).toBe('');
  });

  it.each([
    ['report', 'no-such', 'reports.0.report'],
    ['area', '4111220', 'reports.0.area'],
    ['rhythm', 'daily', 'reports.0.rhythm'],
    ['day', 8, 'reports.0.day'],
    ['day', 0, 'reports.0.day'],
    ['format', 'pdf', 'reports.0.format'],
    ['for', ' ', 'reports.0.for'],
    ['purpose', 'curiosity', 'reports.0.purpose'],
    ['colour', 'red', 'reports.0'],
  ])('are refused for a wrong %s (%s), naming the place', (key, value, path) => {
    const refused = () => read({ ...good, [key]: value });
    expect(refused).toThrow(ParametersError);
    try {
      refused();
    } catch (error) {
      expect((error as ParametersError).problems.map((problem) => problem.path)).toEqual([path]);
    }
  });

  it('may be due up to the 28th of a month', () => {
    expect(read({ ...good, rhythm: 'monthly', day: 28 })).toHaveLength(1);
    expect(() => read({ ...good, rhythm: 'monthly', day: 29 })).toThrow(ParametersError);
  });
});
