import { describe, expect, it, vi } from 'vitest';
import type { CaseOffice } from '../../infra/local/case-stories/case-office.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import type { HouseholdId } from '../../shared/registry/household.ts';
import { identityNumberOf } from '../builders/identity.ts';
import { gbk } from './department-desk.ts';
import { inCounty } from './story-county.ts';
import { employAll, finishAll } from './waiting-county.ts';

vi.setConfig({ testTimeout: 120_000 });

const COUNTY = '411122';
const VILLAGE = '411122104215';
const BEGINS = '2024-04-20 09:00';
const SICK = identityNumberOf(COUNTY, '1961-03-04' as PlainDate, 77);
const SPOUSE = identityNumberOf(COUNTY, '1963-08-21' as PlainDate, 78);

function file(path: string, header: string, ...rows: readonly string[]) {
  return { path, bytes: gbk([header, ...rows, ''].join('\n')) };
}

/** A bill of the sick one; its number is its day and sum. */
function bill(day: string, yuan: string) {
  return file(
    `medical-insurance/inpatient-settlement/${day.slice(0, 7)}/${day}-${yuan}.csv`,
    '医保结算流水号,身份证件号码,结算日期,个人自付金额(元),参保地行政区划',
    `B${day}-${yuan},${SICK},${day},${yuan},${VILLAGE}`,
  );
}

/** A bill by its number, of either of the couple. */
function numbered(path: string, who: string, day: string, yuan: string, number: string) {
  return file(
    path,
    '医保结算流水号,身份证件号码,结算日期,个人自付金额(元),参保地行政区划',
    `${number},${who},${day},${yuan},${VILLAGE}`,
  );
}

/** The couple as one household in the register of civil affairs, until a day if one is given. */
function register(month: string, since: string, until = '') {
  const row = (number: string, relation: string) => `LY-1,${number},${relation},低保,${since},${until},${VILLAGE}`;
  return file(
    `civil-affairs/low-income-register/${month}/register${until}.csv`,
    '户编号,身份证号,户主关系,救助类别,起始日期,停发日期,村社区代码',
    row(SICK, '户主'),
    row(SPOUSE, '配偶'),
  );
}

/** Open warnings of everybody, by household and sum of a year's bills in yuan. */
async function open(office: CaseOffice): Promise<readonly (readonly [HouseholdId, number])[]> {
  const { warnings } = await office.platform.stores.standings.warnings({ areas: [''], status: 'open', limit: 10 });
  return warnings.map(({ household, reasons }) => [
    household,
    (reasons.find(({ indicator }) => indicator === 'medical-self-paid-12m')?.value ?? 0) / 100,
  ]);
}

/** A county where the sick one has been visited and helped for a bill. */
async function handled(day: string, yuan: string, work: (office: CaseOffice) => Promise<void>): Promise<void> {
  await inCounty(BEGINS, async (office) => {
    await employAll(office);
    await office.drop([bill(day, yuan)]);
    expect(await open(office)).toEqual([[await office.householdOf(SICK), Number(yuan)]]);
    await finishAll(office.platform);
    expect(await open(office)).toEqual([]);
    await work(office);
  });
}

describe('a family that has been visited for a large sum', () => {
  it('is found again when new bills warn by themselves, though they stay below that sum', () =>
    handled('2023-05-10', '60000.00', async (office) => {
      await office.until('2024-06-20 09:00');
      await office.drop([bill('2024-06-03', '4999.99')]);
      expect(await open(office)).toEqual([]);
      await office.drop([bill('2024-06-04', '0.01')]);
      expect(await open(office)).toEqual([[await office.householdOf(SICK), 5_000]]);
    }));

  it('is left in peace while its bills come again, corrected to less or in the next month’s file', () =>
    handled('2024-03-10', '60000.00', async (office) => {
      await office.until('2024-05-06 09:00');
      const [again, less] = [bill('2024-03-10', '60000.00'), bill('2024-03-10', '59000.00')];
      await office.drop([
        { path: again.path.replace('/2024-03/', '/2024-04/'), bytes: Buffer.concat([again.bytes, gbk('\n')]) },
        { path: less.path, bytes: gbk(less.bytes.toString('latin1').replace('B2024-03-10-59000.00', 'B2024-03-10-60000.00')) },
      ]);
      expect(await open(office)).toEqual([]);
    }));

  it('is the same family once civil affairs lists it, and when it is listed no more', () =>
    handled('2024-03-10', '60000.00', async (office) => {
      const alone = await office.householdOf(SICK);
      await office.until('2024-05-10 09:00');
      await office.drop([register('2024-04', '2024-04-01')]);
      const listed = await office.householdOf(SICK);
      expect([listed === alone, await open(office)]).toEqual([false, []]);

      await office.drop([bill('2024-05-02', '1000.00')]);
      expect(await open(office)).toEqual([[listed, 61_000]]);
      await finishAll(office.platform);

      await office.until('2024-07-02 09:00');
      await office.drop([register('2024-06', '2024-04-01', '2024-06-30')]);
      expect([await office.householdOf(SICK), await open(office)]).toEqual([alone, []]);
    }));

  it('is so too when the list goes back to before anything was known, or says no day at all', () =>
    handled('2024-03-10', '60000.00', async (office) => {
      await office.until('2024-05-10 09:00');
      await office.drop([register('2024-04', '')]);
      expect(await open(office)).toEqual([]);
    }));
});

describe('a bill that is told twice', () => {
  const INPATIENT = 'medical-insurance/inpatient-settlement';
  const first = numbered(`${INPATIENT}/2024-03/a.csv`, SICK, '2024-03-10', '3500.00', 'J-88001');
  const couple = register('2024-01', '2024-01');

  it('under the number of the other of a couple, without a reversal, counts once, in whatever order the files come', () =>
    inCounty(BEGINS, async (office) => {
      const moved = numbered(`${INPATIENT}/2024-04/b.csv`, SPOUSE, '2024-03-10', '3500.00', 'J-88001');
      await office.drop([couple, moved]);
      await office.drop([first]);
      expect(await open(office)).toEqual([]);
      await office.drop([numbered(`${INPATIENT}/2024-04/c.csv`, SPOUSE, '2024-03-10', '1500.00', 'J-88002')]);
      expect(await open(office)).toEqual([[await office.householdOf(SICK), 5_000]]);
    }));

  it('in another feed of the department counts once', () =>
    inCounty(BEGINS, async (office) => {
      const chronic = 'medical-insurance/outpatient-chronic-settlement';
      await office.drop([couple, first, numbered(`${chronic}/2024-03/m.csv`, SICK, '2024-03-10', '3500.00', 'J-88001')]);
      expect(await open(office)).toEqual([]);
    }));

  it('is no news once the first telling has been handled', () =>
    inCounty(BEGINS, async (office) => {
      await employAll(office);
      await office.drop([couple, numbered(`${INPATIENT}/2024-03/a.csv`, SICK, '2024-03-10', '6000.00', 'J-88001')]);
      await finishAll(office.platform);
      await office.until('2024-05-06 09:00');
      await office.drop([numbered(`${INPATIENT}/2024-04/b.csv`, SPOUSE, '2024-03-10', '6000.00', 'J-88001')]);
      expect(await open(office)).toEqual([]);
    }));
});
