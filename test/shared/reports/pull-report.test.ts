import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { coverPage } from '../../../shared/reports/cover-page.ts';
import { done, Reporting, told, warned } from '../../builders/reporting.ts';

let reporting: Reporting;

beforeEach(() => {
  reporting = new Reporting();
});
afterEach(() => reporting.close());

function march(): void {
  reporting.archive(
    warned('opened', '2024-03-04 10:00', 1),
    told('case.opened', '2024-03-04 10:01', { case: 'C1', household: 'H1' }, { area: '411122104', warning: 'W1' }),
    warned('opened', '2024-03-05 10:00', 2, { area: '411123' }),
    done('record-visit', '2024-03-06 16:00', 1, {
      late: false,
      means: 'home',
      needs: 'medical living',
      stopped: [['visit', '', '2024-03-04T02:01:00.000Z', '2024-03-18T16:00:00.000Z']],
      truth: 'T1',
      visit: 'v',
      visited: '2024-03-06T07:00:00.000Z',
    }),
    done('decide', '2024-03-07', 1, { actions: 'A6', kind: 'help' }),
    warned('handled', '2024-04-02', 1, { outcome: 'temporary-aid' }),
    warned('opened', '2024-04-03 09:00', 3),
  );
}

describe('a report over the archive', () => {
  it('has the warnings opened in the period, with what came of them', async () => {
    march();
    const rows = await reporting.rows({ report: 'warning-ledger' });
    expect(rows).toHaveLength(2);
    expect(rows[0]).toEqual({
      warning: 'W1',
      household: 'H1',
      area: '411122104',
      category: 'none',
      family: 'entry',
      opened_on: '2024-03-04',
      grade_then: 'general',
      grade_now: 'general',
      low: 65,
      high: 80,
      indicators: 'medical-self-paid-12m',
      pack: 'henan-low-income',
      pack_version: '1',
      status: 'handled',
      ended_on: '2024-04-02',
      withdrawn_for: null,
      case_id: 'C1',
      visited_on: '2024-03-06',
      truth: 'T1',
      outcome: 'temporary-aid',
    });
    expect(rows[1]).toMatchObject({ warning: 'W2', status: 'open', case_id: null });
  });

  it('has visits by the day they took place, with their limit and what was decided on them', async () => {
    march();
    expect(await reporting.rows({ report: 'visit-ledger' })).toEqual([
      expect.objectContaining({
        visited_on: '2024-03-06',
        visitor: 'caseworker-1',
        needs: 'medical living',
        in_time: true,
        decision: 'help',
        decided_on: '2024-03-07',
      }),
    ]);
  });

  it('counts files by kind of data and period, whatever month they came in', async () => {
    const file = (n: number) => ({ file: `F${n}` });
    const feed = 'medical-insurance/inpatient-settlement';
    const rows = { accepted: 90, duplicate: 4, read: 100, rejected: 6 };
    reporting.archive(
      told('file.refused', '2024-04-02', file(1), { accepted: 0, duplicate: 0, feed, period: '2024-03', read: 0, rejected: 0 }),
      told('file.taken', '2024-04-11', file(2), { ...rows, areas: '411122', due: '2024-04-10', feed, period: '2024-03' }),
      told('file.taken', '2024-04-12', file(3), { ...rows, areas: '411123', due: '2024-04-10', feed, period: '2024-03' }),
      told('file.taken', '2024-03-12', file(4), { ...rows, areas: '411122', due: '2024-03-10', feed, period: '2024-02' }),
      told('correction.sent', '2024-04-20', { correction: 'N1' }, { area: '411122', feed, file: 'F2' }),
    );
    const of = (area?: string) => reporting.rows({ report: 'data-exchange-ledger', ...(area && { area }) });
    const line = { department: 'medical-insurance', feed, period: '2024-03', refused: 1, in_time: false, due: '2024-04-10' };
    expect(await of()).toEqual([expect.objectContaining({ ...line, taken: 2, rows_read: 200, found_wrong: 1, answered: 0 })]);
    expect(await of('411122')).toEqual([expect.objectContaining({ ...line, taken: 1, rows_read: 100 })]);
  });

  it('gives the same rows and digest to whoever pulls it, when, and in which format', async () => {
    march();
    const first = await reporting.pull({ report: 'warning-ledger', format: 'csv', encoding: 'gb18030' });
    reporting.now = '2025-01-01T00:00:00.000Z' as typeof reporting.now;
    const again = await reporting.pull({ report: 'warning-ledger' }, reporting.access('auditor'));
    expect(again.cover.proof).toEqual(first.cover.proof);
    expect(first.cover.proof.rows).toBe(2);
    const { rows } = JSON.parse(reporting.text(again.files[0] ?? '')) as { rows: unknown[] };
    const digest = createHash('sha256').update(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    expect(digest.digest('hex')).toBe(first.cover.proof.rowsSha256);
  });

  it('is written for spreadsheet programs in words, yuan and the encoding asked for', async () => {
    march();
    const { files } = await reporting.pull({ report: 'visit-ledger', format: 'csv', encoding: 'gb18030' });
    const text = new TextDecoder('gb18030').decode(reporting.written.get(files[0] ?? ''));
    const [head = '', line = ''] = text.split('\r\n');
    expect(head).toContain('核查日期,提交日期,办件编号');
    expect(line).toContain('入户,属实,医疗；基本生活');
    expect(line).toContain('2024-03-19 00:00,是,救助,临时救助（急难/支出）');
  });

  it('writes that it was pulled, by whom, for which purpose and with which digest, and nothing of the households', async () => {
    march();
    const { cover } = await reporting.pull({ report: 'warning-ledger' });
    expect(reporting.told).toEqual([
      expect.objectContaining({
        type: 'report.pulled',
        actor: 'supervisor-1',
        data: expect.objectContaining({ report: 'warning-ledger', purpose: 'audit', rows: 2, digest: cover.proof.rowsSha256 }),
      }),
    ]);
    expect(JSON.stringify(reporting.told)).not.toContain('H1');
  });

  it('says on its cover that the period is open, and which rules the rows rest on', async () => {
    march();
    const { cover } = await reporting.pull({ report: 'warning-ledger' });
    expect(cover).toMatchObject({ period: { state: 'open' }, data: { rulePacks: ['henan-low-income 1'], countedUpTo: 7 } });
    expect(coverPage(cover)).toContain('本期尚未关账');
  });

  it('is not there when writing that it was pulled fails', async () => {
    march();
    reporting.deps.eventLog.append = async () => Promise.reject(new Error('the log is full'));
    await expect(reporting.pull({ report: 'warning-ledger' })).rejects.toThrow('the log is full');
    expect([...reporting.written.keys()]).toEqual([]);
  });
});

describe('who may pull a report', () => {
  it('a supervisor has the own area only', async () => {
    march();
    const { cover } = await reporting.pull({ report: 'warning-ledger' }, reporting.access('supervisor', ['411122']));
    expect(cover).toMatchObject({ parameters: { area: '411122' }, proof: { rows: 1 } });
  });

  it('beyond the area is refused, and written down', async () => {
    march();
    const beyond = reporting.pull({ report: 'warning-ledger', area: '4111' }, reporting.access('supervisor', ['411122']));
    await expect(beyond).rejects.toMatchObject({ refusal: 'area' });
    expect(reporting.told).toEqual([
      expect.objectContaining({
        type: 'report.refused',
        data: expect.objectContaining({ area: '4111', refusal: 'area', report: 'warning-ledger' }),
      }),
    ]);
    expect(reporting.written.size).toBe(0);
  });

  it('a coordinator has none', async () => {
    await expect(reporting.pull({ report: 'visit-ledger' }, reporting.access('coordinator'))).rejects.toMatchObject({
      refusal: 'role',
    });
  });
});

describe('a report over an archive somebody has been at', () => {
  it('has a red cover that names the event', async () => {
    march();
    reporting.tamper((text) => text.replace('"area":"411123"', '"area":"411124"'));
    const { cover, files } = await reporting.pull({ report: 'warning-ledger' });
    expect(cover.archive).toMatchObject({ ok: false, fault: 'altered', number: 3 });
    const page = reporting.text(files.find((file) => file.endsWith('.html')) ?? '');
    expect(page).toContain('class="cover alarm"');
    expect(page).toContain('第 3 个事件');
  });

  it('is not made of what cannot be read', async () => {
    march();
    reporting.tamper((text) => text.replace('{"event"', '{"event'));
    await expect(reporting.pull({ report: 'warning-ledger' })).rejects.toMatchObject({ code: 'archive-unreadable' });
  });
});

describe('what is asked for', () => {
  it('ends after it begins', async () => {
    const backwards = { from: '2024-04-01' as PlainDate, to: '2024-03-01' as PlainDate };
    await expect(reporting.pull({ report: 'warning-ledger', ...backwards })).rejects.toMatchObject({ code: 'report-period' });
  });
});
