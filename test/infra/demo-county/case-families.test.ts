import { describe, expect, it } from 'vitest';
import {
  type CaseFamily,
  caseFamilyFiles,
  caseFamilyPeople,
  printedLastMonth,
} from '../../../infra/local/demo-county/case-families.ts';
import { generateCounty } from '../../../infra/local/demo-county/generate.ts';
import { type Period, periodEnd } from '../../../shared/calendar/period.ts';
import { addMonths, ageOn, type PlainDate } from '../../../shared/calendar/plain-date.ts';
import type { PersonRow } from '../../../shared/intake/read-department-file.ts';
import { parseIdentityNumber } from '../../../shared/registry/identity-number.ts';
import { readCountyFile } from '../../builders/read-county-file.ts';

const families = Object.keys(printedLastMonth) as CaseFamily[];
const months = ['2024-02', '2025-08', '2026-10'] as Period[];

async function rowsOf(family: CaseFamily, last: Period): Promise<Map<string, PersonRow[]>> {
  const byFeed = new Map<string, PersonRow[]>();
  for (const file of caseFamilyFiles(family, last)) {
    const { result, rows } = await readCountyFile(file, addMonths(periodEnd(last), 1));
    expect({ path: file.path, outcome: result.outcome, errors: result.errors }).toEqual({
      path: file.path,
      outcome: 'read',
      errors: [],
    });
    if (result.outcome === 'read')
      expect([result.ignored.filter((name) => name !== '残疾证号'), result.rows.duplicate]).toEqual([[], 0]);
    const feed = file.path.split('/').slice(0, 2).join('/');
    byFeed.set(feed, [...(byFeed.get(feed) ?? []), ...rows]);
  }
  return byFeed;
}

/** Self-paid fen of the hospital settlements in the twelve months up to a day. */
function selfPaid(byFeed: Map<string, PersonRow[]>, upTo: PlainDate): number {
  let sum = 0;
  for (const [feed, rows] of byFeed) {
    if (!feed.endsWith('inpatient-settlement')) continue;
    for (const { fact } of rows)
      if (fact.from > addMonths(upTo, -12) && fact.from <= upTo) sum += Number(fact.fields['selfPaid']);
  }
  return sum;
}

function ages(family: CaseFamily, last: Period): number[] {
  return caseFamilyPeople(family, last).map(({ identityNumber }) => {
    const number = parseIdentityNumber(identityNumber);
    return number.ok ? ageOn(number.birth, periodEnd(last)) : -1;
  });
}

describe.each(families)('the family of %s', (family) => {
  it('comes in files that intake takes whole, without a refused row or an unknown column', async () => {
    for (const last of [...months, printedLastMonth[family]]) await rowsOf(family, last);
  });

  it('has the same ages whichever month the data are from', () => {
    for (const last of months) expect(ages(family, last)).toEqual(ages(family, printedLastMonth[family]));
  });

  it('refuses a month that is none', () => {
    expect(() => caseFamilyFiles(family, '2024-13' as Period)).toThrow(RangeError);
  });
});

describe.each(months)('with %s as the last data month', (last) => {
  it('henan: the mother of 70 pays over 30,000 of over 100,000 yuan herself, all within the month, and the family is near-poor', async () => {
    expect(ages('henan', last)).toEqual([47, 45, 70]);
    const rows = await rowsOf('henan', last);
    const stays = rows.get('medical-insurance/inpatient-settlement') ?? [];
    expect(stays.length).toBe(4);
    expect(stays.every(({ fact }) => fact.from.startsWith(last))).toBe(true);
    expect(selfPaid(rows, periodEnd(last))).toBeGreaterThan(3_000_000);
    expect(stays.reduce((sum, { fact }) => sum + Number(fact.fields['totalCost']), 0)).toBeGreaterThan(10_000_000);
    const register = rows.get('civil-affairs/low-income-register') ?? [];
    expect(register.map(({ fact }) => fact.fields['category'])).toEqual(['near-poor', 'near-poor', 'near-poor']);
    expect(register.map(({ fact }) => fact.fields['relation'])).toEqual(['head', 'spouse', 'parent']);
  });

  it('shandong: head of 56 with limb disability level 2, repeated bills, two daughters at university', async () => {
    expect(ages('shandong', last).slice(0, 1)).toEqual([56]);
    const rows = await rowsOf('shandong', last);
    expect(rows.get('disabled-persons-federation/disability-certificate')?.map(({ fact }) => fact.fields)).toMatchObject([
      { disabilityClass: 'limb', disabilityLevel: 2, certificateStatus: 'valid' },
    ]);
    expect(rows.get('education/enrolment')?.map(({ fact }) => fact.fields['stage'])).toEqual(['undergraduate', 'undergraduate']);
    expect(rows.get('education/tuition-payment')?.length).toBe(2);
    expect(rows.get('civil-affairs/low-income-register')?.length).toBe(4);
  });

  it('yantai: in no register, eleven monthly settlements of over 90,000 yuan, a child at school', async () => {
    expect(ages('yantai', last)[0]).toBe(48);
    const rows = await rowsOf('yantai', last);
    expect(rows.has('civil-affairs/low-income-register')).toBe(false);
    const stays = rows.get('medical-insurance/inpatient-settlement') ?? [];
    expect(new Set(stays.map(({ fact }) => fact.from.slice(0, 7))).size).toBe(11);
    expect(selfPaid(rows, periodEnd(last))).toBeGreaterThan(9_000_000);
    expect(rows.get('education/enrolment')?.[0]?.fact.fields['stage']).toBe('junior');
  });

  it('hinggan: an urban household on the allowance whose bills of 12 months come to 30,126.80 yuan', async () => {
    expect(ages('hinggan', last)[0]).toBe(44);
    const rows = await rowsOf('hinggan', last);
    expect(selfPaid(rows, periodEnd(last))).toBe(3_012_680);
    expect(selfPaid(rows, addMonths(periodEnd(last), 1))).toBe(3_012_680);
    expect(rows.get('civil-affairs/low-income-register')?.map(({ fact }) => fact.fields)).toMatchObject([
      { category: 'minimum-living-allowance', residence: 'urban', monthlyAmount: 165_800 },
      { category: 'minimum-living-allowance', residence: 'urban' },
    ]);
  });
});

describe('all four families together with the demo county', () => {
  it('never use the path of another file', () => {
    const last = '2024-03' as Period;
    const county = generateCounty({ seed: 1, households: 40, months: ['2024-01', '2024-02', last] as Period[] });
    const places = [...county, ...families.flatMap((family) => caseFamilyFiles(family, last))].map(({ path }) => path);
    expect(places.length).toBe(new Set(places).size);
  });
});

describe('the printed dates', () => {
  it('put the settlements of Yantai into February to December 2023', async () => {
    const rows = await rowsOf('yantai', printedLastMonth.yantai);
    const days = (rows.get('medical-insurance/inpatient-settlement') ?? []).map(({ fact }) => fact.from);
    expect([days[0]?.slice(0, 7), days.at(-1)?.slice(0, 7)]).toEqual(['2023-02', '2023-12']);
  });
});
