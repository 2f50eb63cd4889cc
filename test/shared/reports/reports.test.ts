import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { done, Reporting, told, warned } from '../../builders/reporting.ts';

let reporting: Reporting;

beforeEach(() => {
  reporting = new Reporting();
});
afterEach(() => reporting.close());

function sent(n: number, department: string, at: string, due: string) {
  return done('send-referral', at, n, { department, due, measure: 'temporary-aid', referral: 'R1' }, 'system');
}

function answered(n: number, at: string, kind: string, more = {}) {
  return done('answer-referral', at, n, { kind, referral: 'R1', ...more }, 'handler-1');
}

describe('referrals', () => {
  it('are timed in working days with 调休, from the day after they were sent', async () => {
    // 4 to 6 April 2024 were off for 清明; Sunday the 7th was worked.
    reporting.archive(
      sent(1, 'education', '2024-04-03 10:00', '2024-04-11T16:00:00.000Z'),
      answered(1, '2024-04-08 09:00', 'accept'),
      answered(1, '2024-04-12 09:00', 'done', { fen: 50_000, rhythm: 'once' }),
      done('raise-light', '2024-04-12 00:10', 2, { light: 'red', referral: 'R1', step: 'referral-answer' }, 'system'),
    );
    const april = { from: '2024-04-01' as PlainDate, to: '2024-04-30' as PlainDate };
    expect(await reporting.rows({ report: 'referral-ledger', ...april })).toEqual([
      expect.objectContaining({ days_to_answer: 2, days_to_end: 6, in_time: true, state: 'done', fen: 50_000 }),
    ]);
    expect(await reporting.rows({ report: 'assistance-ledger', ...april })).toEqual([
      expect.objectContaining({ given_on: '2024-04-12', fen: 50_000, told_by: 'department' }),
    ]);
  });

  it('of one family are not told by the table of a department', async () => {
    for (let n = 1; n <= 9; n += 1) reporting.archive(sent(n, 'education', '2024-03-04', '2024-03-11T16:00:00.000Z'));
    for (let n = 1; n <= 8; n += 1) reporting.archive(answered(n, '2024-03-05', n === 8 ? 'refuse' : 'done'));
    const [line] = await reporting.rows({ report: 'referral-turnaround' });
    // Nine in all: one refused and one open are hidden, and so is enough beside them.
    expect(line).toMatchObject({ department: 'education', sent: 9, refused: '<5', still_open: '<5', mean_days_to_answer: '*' });
    expect(Number.isNaN(Number(line?.['done'])) || Number(line?.['done']) === 7).toBe(true);
  });
});

describe('reasons for no help', () => {
  it('are counted by the indicators and the feeds behind the warning', async () => {
    for (let n = 1; n <= 12; n += 1) {
      const hits = [
        ['medical-self-paid-12m', 620_000, 25, 'medical-insurance/inpatient-settlement medical-insurance/outpatient'],
      ];
      const about = { case: `C${n}`, household: `H${n}` };
      reporting.archive(
        warned('opened', '2024-03-04', n, { hits }),
        told('case.opened', '2024-03-04', about, { area: '411122104', warning: `W${n}` }),
        told('case.closed', '2024-03-20', about, { area: '411122104', outcome: n > 6 ? 'not-in-need' : 'temporary-aid' }),
      );
    }
    const line = { indicator: 'medical-self-paid-12m', closed: 12, helped: 6, not_in_need: 6, data_wrong: 0 };
    expect(await reporting.rows({ report: 'no-help-reasons' })).toEqual([
      expect.objectContaining({ ...line, feed: 'medical-insurance/inpatient-settlement' }),
      expect.objectContaining({ ...line, feed: 'medical-insurance/outpatient' }),
    ]);
  });
});

describe('the lists for auditors', () => {
  const look = (at: string, n: number, actor: string) =>
    told('data.read', at, { household: `H${n}` }, { action: 'household.read', found: 1, purpose: 'enquiry' }, actor);
  const open = (n: number, at: string) => told('case.opened', at, { case: `C${n}`, household: `H${n}` }, { area: '411122104' });

  it('name reads without a case, at night and by the hundred', async () => {
    reporting.archive(
      open(1, '2024-03-04'),
      look('2024-03-05 10:00', 1, 'a'),
      look('2024-03-05 10:01', 2, 'b'),
      look('2024-03-05 23:00', 1, 'c'),
      ...Array.from({ length: 201 }, (_, n) => open(n + 10, '2024-03-05')),
      ...Array.from({ length: 201 }, (_, n) => look('2024-03-06 10:00', n + 10, 'd')),
    );
    const odd = await reporting.rows({ report: 'odd-access' });
    expect(odd.map(({ actor, reason, households }) => [actor, reason, households])).toEqual([
      ['b', 'no-case', 1],
      ['c', 'out-of-hours', 1],
      ['d', 'bulk', 201],
    ]);
  });

  it('tell an auditor of an area only of households there', async () => {
    reporting.archive(open(1, '2024-03-04'), look('2024-03-05 10:00', 1, 'a'), look('2024-03-05 10:01', 2, 'b'));
    const of = (area: string) => reporting.rows({ report: 'access-log', area });
    expect((await of('411122')).map(({ actor }) => actor)).toEqual(['a']);
    expect(await of('410101')).toEqual([]);
    expect((await reporting.rows({ report: 'access-log' })).map(({ actor }) => actor)).toEqual(['a', 'b']);
  });

  it('draw the same cases from the same seed', async () => {
    for (let n = 1; n <= 40; n += 1) {
      const about = { case: `C${n}`, household: `H${n}` };
      reporting.archive(told('case.closed', '2024-03-20', about, { area: '411122104', outcome: 'not-in-need' }));
    }
    const draw = async (seed: string) =>
      (await reporting.rows({ report: 'sampling-list', seed, sample: 5 })).map((line) => line['case_id']);
    const first = await draw('2024-Q1');
    expect(first).toHaveLength(5);
    expect(await draw('2024-Q1')).toEqual(first);
    expect(await draw('another')).not.toEqual(first);
  });

  it('are for auditors alone', async () => {
    reporting.archive();
    await expect(reporting.pull({ report: 'access-log' })).rejects.toMatchObject({ refusal: 'role' });
  });
});

describe('data exchange', () => {
  const bills = 'medical-insurance/inpatient-settlement';
  const certificates = 'disabled-persons-federation/disability-certificate';
  const stretch = { from: '2024-01-01' as PlainDate, to: '2024-06-30' as PlainDate };
  let files = 0;

  function taken(feed: string, period: string, at: string, due: string | null, areas = '411122') {
    files += 1;
    const rows = { accepted: 90, duplicate: 4, read: 100, rejected: 6 };
    return told('file.taken', at, { file: `F${files}` }, { ...rows, areas, due, feed, period });
  }

  async function missing(area?: string) {
    const rows = await reporting.rows({ report: 'data-exchange-ledger', ...stretch, ...(area && { area }) });
    return rows
      .filter((line) => line['missing'] === true)
      .map((line) => [line['feed'], line['period'], line['due'], line['taken']]);
  }

  it('has a line for each month nothing came for, from the first month on, once it is overdue', async () => {
    reporting.archive(
      taken(bills, '2024-01', '2024-02-08', '2024-02-10'),
      taken(bills, '2024-04', '2024-05-08', '2024-05-10'),
      taken(certificates, '2024-03', '2024-04-20', '2024-04-15'),
      // On the due day of May's bills: the day still belongs to the department.
      taken(certificates, '2024-04', '2024-06-10', '2024-05-15'),
    );
    expect(await missing()).toEqual([
      [bills, '2024-02', '2024-03-10', 0],
      [bills, '2024-03', '2024-04-10', 0],
    ]);
    reporting.archive(taken(certificates, '2024-05', '2024-06-11', '2024-06-15'));
    expect((await missing()).at(-1)).toEqual([bills, '2024-05', '2024-06-10', 0]);
  });

  it('says so of a month whose only file was refused whole', async () => {
    const refused = { accepted: 0, duplicate: 0, feed: bills, period: '2024-02', read: 0, rejected: 0 };
    reporting.archive(
      taken(bills, '2024-01', '2024-02-08', '2024-02-10'),
      told('file.refused', '2024-03-08', { file: 'R' }, refused),
      taken(bills, '2024-03', '2024-04-09', '2024-04-10'),
    );
    const rows = await reporting.rows({ report: 'data-exchange-ledger', ...stretch });
    expect(rows.map((line) => [line['period'], line['taken'], line['refused'], line['missing'], line['due']])).toEqual([
      ['2024-01', 1, 0, false, '2024-02-10'],
      ['2024-02', 0, 1, true, '2024-03-10'],
      ['2024-03', 1, 0, false, '2024-04-10'],
    ]);
  });

  it('misses nothing of data without a due day, nor what another county sends', async () => {
    reporting.archive(
      taken('education/enrolment', '2024-02', '2024-03-08', null),
      taken(bills, '2024-01', '2024-02-08', '2024-02-10', '411122 411123'),
      taken(bills, '2024-02', '2024-03-08', '2024-03-10', '411122'),
      taken(bills, '2024-03', '2024-04-08', '2024-04-10', '*'),
      taken('education/enrolment', '2024-03', '2024-04-11', null),
    );
    expect([await missing('411122'), await missing('411123')]).toEqual([[], [[bills, '2024-02', '2024-03-10', 0]]]);
  });
});
