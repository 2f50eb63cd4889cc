import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { officeOf } from '../../infra/local/acting.ts';
import type { CaseOffice } from '../../infra/local/case-stories/case-office.ts';
import { stories } from '../../infra/local/case-stories/stories.ts';
import { reportingOf } from '../../infra/local/reports.ts';
import { archiveAll } from '../../infra/local/work.ts';
import type { Purpose } from '../../shared/access/purpose.ts';
import type { Period } from '../../shared/calendar/period.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import { type Case, stages } from '../../shared/casework/case.ts';
import { type MonthFigures, readDashboard } from '../../shared/reports/dashboard.ts';
import { pullReport } from '../../shared/reports/pull-report.ts';
import { played } from './story-county.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 240_000 });

type Line = Readonly<Record<string, unknown>>;

/** Every report of the county as JSON lines by column, once its story has ended. */
async function reportsOf(office: CaseOffice): Promise<ReadonlyMap<string, readonly Line[]>> {
  const written = new Map<string, string>();
  const deps = reportingOf(office.platform, {
    write: async (key, body) => {
      const parts: Uint8Array[] = [];
      if (body instanceof Uint8Array) parts.push(body);
      else for await (const part of body) parts.push(part);
      written.set(key, Buffer.concat(parts).toString('utf8'));
    },
  });
  const auditor = { id: 'auditor', roles: ['auditor' as const], areas: [''], departments: [] };
  const lines = new Map<string, readonly Line[]>();
  for (const report of deps.reports.keys()) {
    await archiveAll(office.platform);
    const { files, cover } = await pullReport(
      deps,
      { principal: auditor, purpose: 'audit' as Purpose, request: report },
      { report, from: '2023-01-01' as PlainDate, to: '2026-12-31' as PlainDate, format: 'json' },
    );
    expect(cover.archive).toMatchObject({ ok: true });
    const { columns, rows } = JSON.parse(written.get(files[0] ?? '') ?? '') as {
      columns: { name: string }[];
      rows: unknown[][];
    };
    lines.set(
      report,
      rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]]))),
    );
  }
  return lines;
}

/** Every month of the same years as the dashboard shows it. */
async function monthsOf({ platform }: CaseOffice): Promise<readonly MonthFigures[]> {
  const auditor = { id: 'auditor', roles: ['auditor' as const], areas: [''], departments: [] };
  const years = ['2023', '2024', '2025', '2026'];
  const shown = await Promise.all(
    years.map((year) => readDashboard(officeOf(platform), auditor, { month: `${year}-12` as Period })),
  );
  return shown.flatMap((one) => one.months);
}

describe.each(stories.map((story) => [story.id, story] as const))('the reports after the story %s', (_, story) => {
  let lines: ReadonlyMap<string, readonly Line[]>;
  let cases: readonly Case[];
  let months: readonly MonthFigures[];
  const of = (report: string) => lines.get(report) ?? [];

  beforeAll(async () => {
    const { seen } = await played(story, async (office) => {
      const { cases: store } = office.platform.stores;
      const { cases: found } = await store.list({ areas: [''], order: 'due', stages, limit: 200 });
      return { found, lines: await reportsOf(office), months: await monthsOf(office) };
    });
    lines = seen?.lines ?? new Map();
    cases = seen?.found ?? [];
    months = seen?.months ?? [];
  });
  afterAll(() => {
    lines = new Map();
  });

  it('tell of every visit, every help and every referral the cases hold', () => {
    expect(cases.length).toBeGreaterThan(0);
    const visits = cases.flatMap((one) => one.visits.map(({ truth }) => [one.id, truth]));
    expect(of('visit-ledger').map((line) => [line['case_id'], line['truth']])).toEqual(expect.arrayContaining(visits));
    expect(of('visit-ledger')).toHaveLength(visits.length);
    const given = of('assistance-ledger').filter((line) => line['told_by'] === 'recorded');
    const aids = cases.flatMap((one) => one.aids.map(({ measure, amount, date }) => [one.id, measure, amount ?? null, date]));
    expect(given.map((line) => [line['case_id'], line['measure'], line['fen'], line['given_on']]).sort()).toEqual(aids.sort());
    const referrals = cases.flatMap((one) =>
      one.referrals.filter(({ sentAt }) => sentAt !== undefined).map(({ id, department }) => [one.id, id, department]),
    );
    const sent = of('referral-ledger').map((line) => [line['case_id'], line['referral'], line['department']]);
    expect(sent.sort()).toEqual(referrals.sort());
  });

  it('tell of every warning and how its case ended', () => {
    const closed = cases.filter(({ outcome }) => outcome !== undefined);
    for (const one of closed) {
      for (const warning of one.warnings) {
        const line = of('warning-ledger').find((row) => row['warning'] === warning);
        expect(line).toMatchObject({ case_id: one.id });
      }
    }
    expect(of('sampling-list')).toHaveLength(closed.length);
  });

  it('list what the dashboard has counted, which nobody worked out anew', () => {
    const sum = (figure: (month: MonthFigures) => number) => months.reduce((total, month) => total + figure(month), 0);
    const inAll = (amounts: Readonly<Record<string, number>>) => Object.values(amounts).reduce((total, one) => total + one, 0);
    const column = (report: string, name: string) => of(report).reduce((total, line) => total + Number(line[name]), 0);
    const ended = cases.map(({ outcome }) => outcome?.code ?? '');
    expect({
      rows: sum(({ rows }) => rows.read),
      facts: sum(({ rows }) => rows.accepted),
      warnings: sum(({ warnings }) => inAll(warnings)),
      visits: sum(({ visits }) => visits.made),
      foundTrue: sum(({ visits }) => visits.foundTrue),
      closed: sum(({ closed }) => inAll(closed)),
      helped: sum(({ closedHelped }) => closedHelped),
      help: sum(({ help }) => help.times),
      fen: sum(({ help }) => help.fen),
    }).toEqual({
      rows: column('data-exchange-ledger', 'rows_read'),
      facts: column('data-exchange-ledger', 'accepted'),
      warnings: of('warning-ledger').length,
      visits: of('visit-ledger').length,
      foundTrue: of('visit-ledger').filter((line) => line['truth'] === 'T1' || line['truth'] === 'T2').length,
      closed: ended.filter(Boolean).length,
      helped: ended.filter((code) => ['helped-new', 'temporary-aid', 'charity', 'entitlement-delivered'].includes(code)).length,
      help: cases.flatMap(({ aids }) => aids).length,
      fen: cases.flatMap(({ aids }) => aids).reduce((total, { amount = 0 }) => total + amount, 0),
    });
  });

  it('log who read, and name nobody who is not a pseudonym', () => {
    expect(of('access-log').some((line) => String(line['action']).startsWith('report '))).toBe(true);
    const exchanged = of('data-exchange-ledger');
    expect(exchanged.length).toBeGreaterThan(0);
    expect(exchanged.filter((line) => Number(line['rows_read']) < Number(line['accepted']))).toEqual([]);
    const cells = [...lines.values()].flatMap((rows) => rows.flatMap((row) => Object.values(row)));
    expect(
      cells.filter((cell) => typeof cell === 'string' && /\d{17}[\dXx]/.test(cell) && !/^[HWC]-?[0-9a-f]/.test(cell)),
    ).toEqual([]);
  });
});
