import { describe, expect, it, vi } from 'vitest';
import { type CaseFamily, caseFamilyFiles, printedLastMonth } from '../../infra/local/demo-county/case-families.ts';
import { addMonths, type PlainDate } from '../../shared/calendar/plain-date.ts';
import { identityNumberOf } from '../builders/identity.ts';
import { type Content, DepartmentDesk, gbk, type WarningLine } from './department-desk.ts';

// Many runs of the command line one after another, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

async function withDesk<T>(work: (desk: DepartmentDesk) => Promise<T>): Promise<T> {
  const desk = await DepartmentDesk.open();
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

/** The warnings of a printed family on the 20th after its last data month. */
function printed(family: CaseFamily): Promise<WarningLine[]> {
  return withDesk(async (desk) => {
    const month = printedLastMonth[family];
    const now = `${addMonths(`${month}-20` as PlainDate, 1)}T09:00:00+08:00`;
    const files = caseFamilyFiles(family, month).map(({ path, bytes }) => [path, bytes as Content] as const);
    const sent = await desk.send(Object.fromEntries(files), now);
    expect(sent.lines.map(({ file, status }) => [file, status])).toEqual(sent.lines.map(({ file }) => [file, 'accepted']));
    return desk.warnings(now);
  });
}

function reason(warning: WarningLine | undefined, indicator: string) {
  return warning?.reasons.find((one) => one.indicator === indicator);
}

const INPATIENT = 'medical-insurance/inpatient-settlement';
const REGISTER = 'civil-affairs/low-income-register';

describe('the families in print, with their dates', () => {
  it('Henan: general by the line of 5,000 yuan alone, and near-poor already', async () => {
    const warnings = await printed('henan');
    expect(warnings).toHaveLength(1);
    const [warning] = warnings;
    expect(warning).toMatchObject({ grade: 'general', status: 'open', category: 'near-poor', family: 'entry' });
    expect(warning?.points.low).toBeLessThan(100);
    const bills = reason(warning, 'medical-self-paid-12m');
    expect(bills).toMatchObject({ result: 'hit', value: 3_167_000, line: 500_000 });
    expect(bills?.evidence.map(({ date }) => date)).toEqual(['2023-12-04', '2023-12-11', '2023-12-18', '2023-12-25']);
    expect(bills?.text.zh).toContain('单独触发“一般”预警');
    expect(bills?.text.zh).toContain('该户现为：低保边缘');
  });

  it('Yantai: red, with eleven settlements in evidence and a child in school', async () => {
    const warnings = await printed('yantai');
    expect(warnings.map(({ grade, category }) => [grade, category])).toEqual([['red', 'none']]);
    const bills = reason(warnings[0], 'medical-self-paid-12m');
    expect(bills?.evidence).toHaveLength(11);
    expect(bills?.evidence.reduce((sum, { amount }) => sum + (amount ?? 0), 0)).toBe(bills?.value);
    expect(bills?.value).toBeGreaterThan(9_000_000);
    for (const { feed, file, row } of bills?.evidence ?? []) {
      expect([feed, file?.startsWith(`${INPATIENT}/2023-`), row > 1]).toEqual([INPATIENT, true, true]);
    }
    expect(reason(warnings[0], 'education-students')).toMatchObject({ result: 'hit', value: 1 });
  });

  it('Shandong: illness, disability and schooling together, in a household on the allowance already', async () => {
    const warnings = await printed('shandong');
    expect(warnings.map(({ grade, category }) => [grade, category])).toEqual([['general', 'minimum-living-allowance']]);
    for (const indicator of ['medical-self-paid-12m', 'education-net-cost-12m', 'disability-severe']) {
      expect([indicator, reason(warnings[0], indicator)?.result]).toEqual([indicator, 'hit']);
    }
    expect(warnings[0]?.reasons[0]?.text.zh).toContain('该户现为：低保');
  });

  it('Hinggan: 30,126.80 yuan in twelve months, over the line of 30,000', async () => {
    const warnings = await printed('hinggan');
    expect(warnings.map(({ grade, category }) => [grade, category])).toEqual([['general', 'minimum-living-allowance']]);
    expect(reason(warnings[0], 'rigid-spending-12m')).toMatchObject({ result: 'hit', value: 3_012_680, line: 3_000_000 });
  });
});

const NOW = '2024-04-20T09:00:00+08:00';
const BILLS = '医保结算流水号,身份证件号码,结算日期,个人自付金额(元),医疗总费用(元),参保地行政区划';

function person(area: string, n: number): string {
  return identityNumberOf(area, '1971-11-02' as PlainDate, n);
}

describe('the same troubles in other families, written by other hands', () => {
  it('Hinggan: 30,000.01 yuan fires and 30,000.00 does not, nor does it in the country or without the allowance', async () => {
    await withDesk(async (desk) => {
      const people = [501, 502, 503, 504].map((n) => person('152201', n));
      const [over, exact, rural, nearPoor] = people as [string, string, string, string];
      const sent = await desk.send(
        {
          [`${REGISTER}/2024-03/低保.csv`]: gbk(
            [
              '单位：元',
              '救助类别,户编号,与户主关系,身份证件号码,享受起始年月,户口性质,区划',
              `城市低保,甲1,户主,${over},2020-01,城镇,152201003004`,
              `城市低保,甲2,户主,${exact},2020-01,城镇,152201003004`,
              `农村低保,甲3,户主,${rural},2020-01,农村,152201003004`,
              `低保边缘家庭,甲4,户主,${nearPoor},2020-01,城镇,152201003004`,
            ].join('\n'),
          ),
          [`${INPATIENT}/2024-03/住院.csv`]: [
            BILLS,
            ...people.flatMap((number, n) => [
              `A${n},${number},2023-05-05,"20,000.00",61000,152201`,
              `B${n},${number},2024-03-31,${n === 1 ? '10000' : '10000.01'},30000,152201`,
              `C${n},${number},2023-04-20,9999,30000,152201`,
            ]),
          ].join('\r\n'),
        },
        NOW,
      );
      expect(sent.lines.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
      const warnings = await desk.warnings(NOW);
      expect(warnings).toHaveLength(1);
      expect(reason(warnings[0], 'rigid-spending-12m')).toMatchObject({ result: 'hit', value: 3_000_001, line: 3_000_000 });
    });
  });

  it('Henan: 5,000.00 yuan fires and 4,999.99 does not, over two members and two feeds', async () => {
    await withDesk(async (desk) => {
      const [a, b, c] = [person('410322', 1), person('410322', 2), person('410322', 4)];
      const outpatient = 'medical-insurance/outpatient-chronic-settlement/2024-03/门诊.csv';
      await desk.send(
        {
          'public-security/household-registration/2024-03/户籍.csv': `户编号,身份证件号码,与户主之关系\nH9,${a},户主\nH9,${b},配偶\nH8,${c},户主\n`,
          [`${INPATIENT}/2024-03/住院.csv`]: `${BILLS}\nJ1,${a},2024-03-01,3000,9000,410322\nJ2,${c},2024-03-01,4999.99,9000,410322\n`,
          [outpatient]: `结算号,身份证件号码,结算日,自付金额,病种,区划\nM1,${b},2024-03-09,2000,高血压,410322\n`,
        },
        NOW,
      );
      const warnings = await desk.warnings(NOW);
      expect(warnings.map(({ grade }) => grade)).toEqual(['general']);
      expect(reason(warnings[0], 'medical-self-paid-12m')).toMatchObject({ value: 500_000, line: 500_000 });
      expect(reason(warnings[0], 'medical-self-paid-12m')?.evidence.map(({ file }) => file)).toContain(outpatient);
    });
  });
});

/** Everything that fires at once is 6,000 yuan; each refund takes 1,500 of it back. */
const refunds: readonly { readonly how: string; readonly header: string; readonly row: (number: string) => string }[] = [
  {
    how: 'the same number, a mark and a negative amount',
    header: `${BILLS},退费标志`,
    row: (number) => `J1,${number},2024-04-02,-1500,-4000,410322,是`,
  },
  {
    how: 'the same number, a mark and a positive amount',
    header: `${BILLS},是否冲销`,
    row: (number) => `J1,${number},2024-04-02,1500,4000,410322,1`,
  },
  {
    how: 'a number of its own that names the original',
    header: `${BILLS},原结算单号`,
    row: (number) => `T7,${number},2024-04-02,-1500,-4000,410322,J1`,
  },
  {
    how: 'a number of its own, a mark, a positive amount and the original',
    header: `${BILLS},冲正标志,原单号`,
    row: (number) => `T7,${number},2024-04-02,1500,4000,410322,是,J1`,
  },
  {
    how: 'nothing but a negative amount under a number of its own',
    header: BILLS,
    row: (number) => `T7,${number},2024-04-02,-1500,-4000,410322`,
  },
  {
    how: 'nothing but a negative amount under the same number',
    header: BILLS,
    row: (number) => `J1,${number},2024-04-02,(1500.00),-4000,410322`,
  },
];

/** One file of the month for each way of taking back, each about a person of its own. */
function filesPerRefund(month: string, name: string, content: (refund: (typeof refunds)[number], number: string) => string) {
  return Object.fromEntries(
    refunds.map((refund, n) => [`${INPATIENT}/${month}/${name}${n}.csv`, `${content(refund, person('410322', 700 + n))}\n`]),
  );
}

/** How each way of taking back came out: the warning's id, state and sum, in the order of `refunds`. */
async function outcomes(desk: DepartmentDesk) {
  const found = new Map<string, WarningLine>();
  for (const warning of await desk.warnings(NOW)) {
    const first = reason(warning, 'medical-self-paid-12m')?.evidence.find(({ file }) => /\/a\d/.test(file ?? ''));
    const at = /\/a(\d)\.csv$/.exec(first?.file ?? '')?.[1] ?? '?';
    expect([at, found.has(at)]).toEqual([at, false]);
    found.set(at, warning);
  }
  return refunds.map(({ how }, n) => {
    const warning = found.get(String(n));
    return {
      how,
      id: warning?.id,
      status: warning?.status,
      withdrawal: warning?.withdrawal,
      sum: reason(warning, 'medical-self-paid-12m')?.value,
    };
  });
}

describe('a refund, whatever way the department writes it', () => {
  const bills = filesPerRefund('2024-03', 'a', (_, number) => `${BILLS}\nJ1,${number},2024-03-05,6000,16000,410322`);
  const takenBack = filesPerRefund('2024-04', 'refund', ({ header, row }, number) => `${header}\n${row(number)}`);
  const next = filesPerRefund('2024-04', 'b', (_, number) => `${BILLS}\nJ2,${number},2024-04-10,700,1500,410322`);
  const small = filesPerRefund('2024-04', 'c', (_, number) => `${BILLS}\nJ3,${number},2024-04-11,100,300,410322`);

  it('withdraws the warning with a reason, and the next bill brings the same one back', async () => {
    await withDesk(async (desk) => {
      await desk.send(bills, NOW);
      const opened = await outcomes(desk);
      const ids = opened.map(({ id }) => id);
      expect(new Set(ids).size).toBe(refunds.length);
      const all = (state: object) => refunds.map(({ how }, n) => ({ how, id: ids[n], ...state }));
      expect(opened).toEqual(all({ status: 'open', withdrawal: null, sum: 600_000 }));

      const refund = await desk.send(takenBack, NOW);
      expect(refund.lines.map(({ status, rows }) => [status, rows.accepted])).toEqual(refunds.map(() => ['accepted', 1]));
      expect(await outcomes(desk)).toEqual(all({ status: 'withdrawn', withdrawal: 'reason-taken-back', sum: 450_000 }));

      await desk.send(next, NOW);
      expect(await outcomes(desk)).toEqual(all({ status: 'open', withdrawal: null, sum: 520_000 }));
      await desk.send(small, NOW);
      expect(await outcomes(desk)).toEqual(all({ status: 'open', withdrawal: null, sum: 530_000 }));
    });
  });

  it('comes to the same when it is in before the bill it takes back', async () => {
    await withDesk(async (desk) => {
      await desk.send(takenBack, NOW);
      await desk.send(bills, NOW);
      expect(await desk.warnings(NOW)).toEqual([]);
      await desk.send(next, NOW);
      expect((await outcomes(desk)).map(({ status, sum }) => [status, sum])).toEqual(refunds.map(() => ['open', 520_000]));
    });
  });
});

describe('refunds that come in several parts', () => {
  it('are all taken off, in one file or two, and once each when the file is cumulative', async () => {
    await withDesk(async (desk) => {
      const number = person('410322', 79);
      const header = `${BILLS},原结算单号`;
      const bill = `J1,${number},2024-03-05,9000,16000,410322,`;
      const part = (n: number, fen: string) => `T${n},${number},2024-04-0${n},-${fen},-${fen},410322,J1`;
      await desk.send({ [`${INPATIENT}/2024-03/a.csv`]: `${header}\n${bill}\n` }, NOW);
      const parts = await desk.send(
        { [`${INPATIENT}/2024-04/b.csv`]: [header, part(1, '500'), part(2, '700'), ''].join('\n') },
        NOW,
      );
      expect(parts.lines[0]).toMatchObject({ status: 'accepted', rows: { accepted: 2 } });
      expect(reason((await desk.warnings(NOW))[0], 'medical-self-paid-12m')?.value).toBe(780_000);
      await desk.send(
        { [`${INPATIENT}/2024-04/all.csv`]: [header, bill, part(1, '500'), part(2, '700'), part(3, '900')].join('\n') },
        NOW,
      );
      expect(reason((await desk.warnings(NOW))[0], 'medical-self-paid-12m')?.value).toBe(690_000);
      // The bill told again unchanged does not undo its refunds.
      await desk.send({ [`${INPATIENT}/2024-04/bills.csv`]: [header, bill, ''].join('\n') }, NOW);
      expect(reason((await desk.warnings(NOW))[0], 'medical-self-paid-12m')?.value).toBe(690_000);
    });
  });
});
