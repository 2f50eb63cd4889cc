import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateCounty, plantedPeople } from '../../../infra/local/demo-county/generate.ts';
import type { CountyFile } from '../../../infra/local/demo-county/table.ts';
import { writeCounty } from '../../../infra/local/demo-county/write-county.ts';
import type { Period } from '../../../shared/calendar/period.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import type { PersonRow, ReadResult } from '../../../shared/intake/read-department-file.ts';
import { parseIdentityNumber } from '../../../shared/registry/identity-number.ts';
import { readCountyFile } from '../../builders/read-county-file.ts';

const months = ['2024-01', '2024-02', '2024-03'] as Period[];
const options = { seed: 7, households: 600, months };
const today = '2024-04-10';

interface Read {
  readonly file: CountyFile;
  readonly result: ReadResult;
  readonly rows: readonly PersonRow[];
}

let reads: Read[] = [];

beforeAll(async () => {
  reads = [];
  for (const file of generateCounty(options)) reads.push({ file, ...(await readCountyFile(file, today)) });
});

function of(feed: string): Read[] {
  return reads.filter(({ file }) => file.path.startsWith(`${feed}/`));
}

describe('a demo county', () => {
  it('is the same to the byte for the same seed, and another for another seed', () => {
    const again = [...generateCounty(options)];
    expect(again.map(({ path: place }) => place)).toEqual(reads.map(({ file }) => file.path));
    expect(again.every(({ bytes }, index) => Buffer.compare(bytes, reads[index]?.file.bytes ?? new Uint8Array()) === 0)).toBe(
      true,
    );
    const [other] = generateCounty({ ...options, seed: 8 });
    expect(Buffer.compare(other?.bytes ?? new Uint8Array(), reads[0]?.file.bytes ?? new Uint8Array())).not.toBe(0);
  });

  it('sends every feed it knows with the first month, and again every month but fees, which are paid in September', () => {
    const sent = new Set(reads.map(({ file }) => file.path.split('/').slice(0, 3).join('/')));
    const due = [...catalog.keys()].flatMap((feed) => months.map((month) => `${feed}/${month}`));
    const later = ['education/tuition-payment/2024-02', 'education/tuition-payment/2024-03'];
    const notYet = [
      'charity/aid-payment',
      'civil-affairs/temporary-aid',
      'education/aid-payment',
      'health/birth-certificate',
      'human-resources/public-welfare-job',
      'medical-insurance/medical-aid-payment',
      'medical-insurance/paid-enrolment',
    ];
    const silent = (place: string) => later.includes(place) || notYet.some((feed) => place.startsWith(`${feed}/`));
    expect([...sent].sort()).toEqual(due.filter((place) => !silent(place)).sort());
  });

  it('is read by intake, all but the one broken file', () => {
    const refused = reads.filter(({ result }) => result.outcome === 'refused').map(({ file }) => file.path);
    expect(refused).toEqual(['medical-insurance/outpatient-chronic-settlement/2024-03/导出失败_202403.csv']);
  });

  it('comes as GB18030, UTF-8 and a workbook', () => {
    expect(new Set(reads.map(({ result }) => result.encoding))).toEqual(new Set(['gb18030', 'utf-8', 'xlsx', null]));
  });

  it('leaves no column unread that a feed asks for, and ignores only numbering', () => {
    const ignored = new Set(reads.flatMap(({ result }) => (result.outcome === 'read' ? result.ignored : [])));
    expect([...ignored].sort()).toEqual(['序号']);
  });

  it('has a few unreadable and repeated rows of many kinds, and no more than a few', () => {
    let read = 0;
    let rejected = 0;
    let duplicate = 0;
    const codes = new Set<string>();
    for (const { result } of reads) {
      if (result.outcome !== 'read') continue;
      read += result.rows.read;
      rejected += result.rows.rejected;
      duplicate += result.rows.duplicate;
      for (const { code } of result.errors) codes.add(code);
    }
    expect(rejected / read).toBeGreaterThan(0.001);
    expect(rejected / read).toBeLessThan(0.02);
    expect(duplicate).toBeGreaterThan(0);
    const expected = [
      'ID_CHECK_DIGIT',
      'ID_SCIENTIFIC',
      'ID_PRECISION_LOST',
      'ID_MASKED',
      'ID_MISSING',
      'BAD_DATE',
      'MONEY_NOT_A_NUMBER',
    ];
    expect([...codes]).toEqual(expect.arrayContaining(expected));
  });

  it('gives twelve months of settlements with the first file', () => {
    const days = of('medical-insurance/inpatient-settlement/2024-01').flatMap(({ rows }) => rows.map(({ fact }) => fact.from));
    expect(days.some((day) => day < '2023-04-01')).toBe(true);
    expect(days.every((day) => day >= '2023-02-01' && day <= '2024-01-31')).toBe(true);
  });

  it('reads the file in 万元 to the same money as the others', () => {
    const second = of('medical-insurance/inpatient-settlement/2024-02').flatMap(({ rows }) => rows);
    const amounts = second.map(({ fact }) => Math.abs(Number(fact.fields['selfPaid'])));
    expect(amounts.length).toBeGreaterThan(0);
    expect(Math.max(...amounts)).toBeLessThan(10_000_000);
    expect(Math.min(...amounts)).toBeGreaterThanOrEqual(10_000);
  });

  it('takes a large bill of the first month back in the last', () => {
    const wrong = of('medical-insurance/inpatient-settlement/2024-01').flatMap(({ rows }) =>
      rows.filter(({ fact }) => fact.fields['selfPaid'] === 1_268_000),
    );
    expect(wrong.length).toBe(1);
    const back = of('medical-insurance/inpatient-settlement/2024-03').flatMap(({ rows }) =>
      rows.filter(({ fact }) => fact.key === wrong[0]?.fact.key),
    );
    expect(back.map(({ fact }) => fact.reversal)).toEqual([true]);
  });

  it('corrects the first month after the second was sent', () => {
    const places = reads.map(({ file }) => file.path);
    const second = places.indexOf('medical-insurance/inpatient-settlement/2024-02/住院结算202402.csv');
    const correction = places.indexOf('medical-insurance/inpatient-settlement/2024-01/住院结算202401_更正.csv');
    expect(correction).toBeGreaterThan(second);
    const before = new Set(of('medical-insurance/inpatient-settlement/2024-01')[0]?.rows.map(({ fact }) => fact.key));
    expect(reads[correction]?.rows.some(({ fact }) => before.has(fact.key))).toBe(true);
  });

  it('declares a share of the households, some only in the last month, some apart from their hukou', () => {
    const persons = (feed: string): Set<string> => new Set(of(feed).flatMap(({ rows }) => rows.map(({ person }) => person)));
    const registered = persons('public-security/household-registration/2024-01');
    const first = persons('civil-affairs/low-income-register/2024-01');
    const last = persons('civil-affairs/low-income-register/2024-03');
    expect(first.size / registered.size).toBeGreaterThan(0.06);
    expect(first.size / registered.size).toBeLessThan(0.2);
    expect([...last].some((person) => !first.has(person))).toBe(true);
  });

  it('pays each household on minimum living allowance its sum of the register once a month, to the head', () => {
    const paid = of('civil-affairs/minimum-living-allowance-payment/2024-02').flatMap(({ rows }) => rows);
    const heads = of('civil-affairs/low-income-register/2024-02')
      .flatMap(({ rows }) => rows)
      .filter(({ fact }) => fact.fields['category'] === 'minimum-living-allowance' && fact.fields['relation'] === 'head');
    expect(paid.length).toBeGreaterThan(20);
    expect(new Set(paid.map(({ person }) => person)).size).toBe(paid.length);
    const sums = new Map(heads.map(({ person, fact }) => [person, fact.fields['monthlyAmount']]));
    for (const { person, fact } of paid) {
      expect(fact.fields['month']).toBe('2024-02');
      if (sums.has(person)) expect(fact.fields['amount']).toBe(sums.get(person));
    }
  });

  it('lets somebody die every month', () => {
    for (const month of months)
      expect(of(`public-security/death-registration/${month}`).flatMap(({ rows }) => rows).length).toBeGreaterThan(0);
  });
});

describe('plantedPeople', () => {
  it('names everybody in the files, with valid numbers and no number twice', () => {
    const people = [...plantedPeople(options)];
    expect(people.length).toBeGreaterThan(options.households * 2);
    expect(people.length).toBeLessThan(options.households * 3);
    expect(new Set(people.map(({ identityNumber }) => identityNumber)).size).toBe(people.length);
    for (const { identityNumber } of people) expect(parseIdentityNumber(identityNumber)).toMatchObject({ ok: true });
    const text = of('public-security/household-registration')
      .map(({ file }) => new TextDecoder().decode(file.bytes))
      .join('');
    // Born in the last two weeks: not registered yet.
    expect(
      people.filter(({ name, identityNumber }) => !text.includes(name) && identityNumber.slice(6, 14) <= '20240317'),
    ).toEqual([]);
  });

  it('gives names of three characters, which no other text holds by accident', () => {
    for (const { name } of plantedPeople(options)) expect([...name].length).toBe(3);
  });
});

describe('the smallest county', () => {
  it('of one household sends only files with rows in them', async () => {
    for (const file of generateCounty({ ...options, households: 1 })) {
      const { result } = await readCountyFile(file, today);
      if (!file.path.includes('导出失败'))
        expect({ path: file.path, outcome: result.outcome }).toEqual({ path: file.path, outcome: 'read' });
    }
  });
});

describe('options no county can be made from', () => {
  it('are refused with a reason', () => {
    const make = (changed: object) => () => generateCounty({ ...options, ...changed }).next();
    expect(make({ months: [] })).toThrow(RangeError);
    expect(make({ months: ['2024-13'] })).toThrow(RangeError);
    expect(make({ months: ['2024-01-05'] })).toThrow(RangeError);
    expect(make({ households: 0 })).toThrow(RangeError);
    expect(make({ area: '41' })).toThrow(RangeError);
  });
});

describe('writeCounty', () => {
  it('writes each file under its path and leaves no parts behind', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'county-'));
    try {
      const files = reads.slice(0, 3).map(({ file }) => file);
      const written = await writeCounty(folder, files);
      expect(written.files).toBe(3);
      expect(written.bytes).toBe(files.reduce((sum, { bytes }) => sum + bytes.length, 0));
      for (const file of files) expect(Buffer.compare(await readFile(path.join(folder, file.path)), file.bytes)).toBe(0);
      expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.part'))).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
