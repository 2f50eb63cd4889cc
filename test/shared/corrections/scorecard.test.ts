import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../../../shared/access/principal.ts';
import type { Period } from '../../../shared/calendar/period.ts';
import type { Instant, PlainDate } from '../../../shared/calendar/plain-date.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { readScorecard, type ScorecardSources } from '../../../shared/corrections/scorecard.ts';
import type { Receipt } from '../../../shared/intake/receipt.ts';
import type { FileRecord } from '../../../shared/ports/file-register.ts';
import { CaseOffice } from '../../builders/case-office.ts';
import { correctionAnswer, correctionChange, notice } from '../../builders/corrections.ts';
import { instant } from '../../builders/facts.ts';
import { arrival, deliveryBy, fileEvent, receiptFor } from '../../builders/files.ts';

const FEED = 'medical-insurance/inpatient-settlement';
const supervisor: Principal = { id: 's', roles: ['supervisor'], areas: ['410102'], departments: [] };
const officer: Principal = { id: 'o', roles: ['department'], areas: ['410102'], departments: ['medical-insurance'] };
const days = (from: string, to: string) => ({ from: from as PlainDate, to: to as PlainDate });
const SPRING = days('2024-03-01', '2024-05-31');

let office: CaseOffice;
beforeEach(() => {
  office = new CaseOffice();
  office.now = '2024-06-01T00:00:00.000Z' as Instant;
});
afterEach(() => office.close());

const sources = (): ScorecardSources => ({
  catalog,
  files: office.embedded.files,
  corrections: office.embedded.corrections,
  clock: office.deps.clock,
});
const card = (who: Principal, asked = SPRING) => readScorecard(sources(), who, asked);

let drops = 0;
async function delivered(period: string, arrivedAt: string, rows: Partial<Receipt['rows']>, county = '410102', feed = FEED) {
  drops += 1;
  const drop = arrival(drops, {
    period: period as Period,
    arrivedAt: arrivedAt as Instant,
    feed: feed as FileRecord['feed'],
    path: `${feed}/${period}/${drops}.csv`,
  });
  const receipt = receiptFor(drop, { rows: { read: 0, accepted: 0, duplicate: 0, rejected: 0, skipped: 0, ...rows } });
  await office.embedded.files.claim(drop);
  await office.embedded.files.finish(drop.id, receipt, [deliveryBy(drop, { county })], fileEvent(drop));
  return drop;
}

describe('the scorecard', () => {
  it('counts deliveries by due day, rows by the day their file came, notices by the day they were sent', async () => {
    await delivered('2024-01', '2024-02-03T02:00:00.000Z', { read: 900, accepted: 900 });
    await delivered('2024-02', '2024-03-04T02:00:00.000Z', { read: 1_000, accepted: 940, duplicate: 10, rejected: 50 });
    await delivered('2024-03', '2024-05-06T02:00:00.000Z', { read: 1_000, accepted: 1_000 });
    await office.embedded.corrections.save(
      [
        notice(1),
        notice(2, { dueAt: instant(2_000_000) }),
        notice(3, { answers: [correctionAnswer()] }),
        notice(4, { answers: [correctionAnswer({ kind: 'upheld', reason: 'as-in-papers' })] }),
        notice(5, { sentAt: '2024-02-20T00:00:00.000Z' as Instant }),
      ].map(correctionChange),
    );
    expect(await card(supervisor)).toEqual([
      {
        department: 'medical-insurance',
        departmentTitle: { zh: '医保', en: expect.any(String) },
        feed: FEED,
        feedTitle: { zh: expect.stringContaining('住院'), en: expect.any(String) },
        files: { onTime: 1, late: 1, missing: 1, refused: 0 },
        rows: { read: 2_000, accepted: 1_940, duplicate: 10, rejected: 50, rejectedShare: 0.025 },
        notices: { sent: 4, answered: 2, overdue: 1, corrected: 1, upheld: 1, unknownRow: 0 },
        wrongPer10000: (3 / 1_940) * 10_000,
      },
    ]);
  });

  it('is empty where nothing was ever delivered or found wrong', async () => {
    expect(await card(supervisor)).toEqual([]);
  });

  it('has no shares where no row was read', async () => {
    await delivered('2024-01', '2024-02-03T02:00:00.000Z', { read: 5, accepted: 5 });
    const [line] = await card(supervisor);
    expect(line).toMatchObject({ rows: { read: 0, rejectedShare: null }, wrongPer10000: null, files: { missing: 3 } });
  });

  it('counts files refused whole apart', async () => {
    const drop = arrival(900, { arrivedAt: '2024-03-04T02:00:00.000Z' as Instant });
    await office.embedded.files.claim(drop);
    await office.embedded.files.refuse(drop, receiptFor(drop, { status: 'refused' }), fileEvent(drop, 'file.refused'));
    expect(await card(supervisor)).toMatchObject([{ files: { refused: 1 }, rows: { read: 0 } }]);
  });

  it('shows supervisors their areas, and a department its own feeds in every county', async () => {
    await delivered('2024-02', '2024-03-04T02:00:00.000Z', { read: 10, accepted: 10 });
    await delivered('2024-02', '2024-03-05T02:00:00.000Z', { read: 7, accepted: 7 }, '370612');
    await delivered('2024-02', '2024-03-05T02:00:00.000Z', { read: 3, accepted: 3 }, '410102', 'education/enrolment');
    await office.embedded.corrections.save([correctionChange(notice(1)), correctionChange(notice(2, { area: '370612001' }))]);
    const seen = async (who: Principal, asked = SPRING) =>
      (await card(who, asked)).map((line) => [line.feed, line.rows.read, line.notices.sent]);
    expect(await seen(supervisor)).toEqual([
      [FEED, 10, 1],
      ['education/enrolment', 3, 0],
    ]);
    expect(await seen(officer)).toEqual([[FEED, 17, 2]]);
    expect(await seen(supervisor, { ...SPRING, ...{ department: 'education' } })).toEqual([['education/enrolment', 3, 0]]);
    await expect(
      card({ ...officer, departments: ['education'] }, { ...SPRING, ...{ department: 'medical-insurance' } }),
    ).rejects.toThrow();
  });

  it('takes what was delivered for all counties for each of them', async () => {
    await delivered('2024-02', '2024-03-04T02:00:00.000Z', {}, '*');
    expect(await card(supervisor, days('2024-03-01', '2024-03-31'))).toMatchObject([{ files: { onTime: 1, missing: 0 } }]);
    await delivered('2024-02', '2024-03-14T02:00:00.000Z', {}, '410102');
    await delivered('2024-02', '2024-03-14T02:00:00.000Z', {}, '410103');
    const wide = { ...supervisor, areas: ['4101'] };
    expect(await card(wide, days('2024-03-01', '2024-03-31'))).toMatchObject([{ files: { onTime: 2, late: 0, missing: 0 } }]);
  });

  it('does not look up the files of years ago, but knows that they came', async () => {
    await delivered('2020-01', '2020-02-03T02:00:00.000Z', {});
    const asked: string[] = [];
    const files = new Proxy(office.embedded.files, {
      get: (register, name) => {
        if (name === 'getMany')
          return (ids: readonly FileRecord['id'][]) => {
            asked.push(...ids);
            return register.getMany(ids);
          };
        const method: unknown = Reflect.get(register, name);
        return typeof method === 'function' ? method.bind(register) : method;
      },
    });
    const [line] = await readScorecard({ ...sources(), files }, supervisor, SPRING);
    expect(line?.files).toEqual({ onTime: 0, late: 0, missing: 3, refused: 0 });
    expect(asked).toEqual([]);
  });

  it('is made of a year at most, and from no later than to', async () => {
    await expect(card(supervisor, days('2023-01-01', '2024-01-02'))).rejects.toMatchObject({ code: 'scorecard-too-wide' });
    await expect(card(supervisor, days('2024-01-02', '2024-01-01'))).rejects.toMatchObject({ code: 'scorecard-too-wide' });
    await expect(card(supervisor, days('2024-01-01', '2024-12-31'))).resolves.toEqual([]);
  });
});
