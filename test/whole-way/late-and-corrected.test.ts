import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openEmbedded } from '../../shared/adapters/embedded/open-embedded.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import { archiveLines } from '../builders/archive.ts';
import { identityNumberOf } from '../builders/identity.ts';
import { type CountyState, countyState } from './county-state.ts';
import { type Content, DepartmentDesk, gbk, type WarningLine } from './department-desk.ts';

// Many runs of the command line one after another, on machines that may be busy.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const NOW = '2024-04-20T09:00:00+08:00';
const AREA = '410322104201';
const INPATIENT = 'medical-insurance/inpatient-settlement';
const REGISTER = 'civil-affairs/low-income-register';
const DEATHS = 'public-security/death-registration';
const HUKOU = 'public-security/household-registration';
const PUPILS = 'education/enrolment';

function person(n: number): string {
  return identityNumberOf('410322', '1971-11-02' as PlainDate, n);
}

function file(header: string, ...rows: readonly string[]): string {
  return [header, ...rows, ''].join('\r\n');
}

/** Settlements: number, person, day, yuan self-paid. */
function bills(...rows: readonly (readonly [string, number, string, string])[]): string {
  return file(
    '结算号,有效证件号码,医保结算日期,个人负担金额,所属区划',
    ...rows.map(([number, who, day, yuan]) => `${number},${person(who)},${day},${yuan},${AREA}`),
  );
}

/** Register rows: household, person, relation, category, since, until. */
function register(...rows: readonly (readonly [string, number, string, string, string, string])[]): string {
  return file(
    '户编号,身份证件号码,与申请人关系,救助类别,享受起始年月,停发日期,所属区划',
    ...rows.map(([household, who, ...rest]) => [household, person(who), ...rest, AREA].join(',')),
  );
}

/** Police register rows: hukou number, person, relation, since. */
function hukou(...rows: readonly (readonly [string, number, string, string])[]): string {
  return file(
    '户号,身份证号码,与户主关系,登记日期,户籍地区划',
    ...rows.map(([number, who, ...rest]) => [number, person(who), ...rest, AREA].join(',')),
  );
}

function deaths(...rows: readonly (readonly [number, string])[]): string {
  return file('死者身份证号,死亡日期', ...rows.map(([who, day]) => `${person(who)},${day}`));
}

function pupils(...rows: readonly (readonly [number, string])[]): string {
  return file('证件号码,在读学段,区划', ...rows.map(([who, stage]) => `${person(who)},${stage},${AREA}`));
}

async function withDesk<T>(work: (desk: DepartmentDesk) => Promise<T>): Promise<T> {
  const desk = await DepartmentDesk.open();
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

async function stateOf(desk: DepartmentDesk): Promise<CountyState> {
  const stores = openEmbedded(desk.dataDir);
  try {
    return await countyState(stores);
  } finally {
    stores.close();
  }
}

interface PageFact {
  readonly feed: string;
  readonly row: number;
  readonly fileId: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

interface Page {
  readonly id: string;
  readonly provisional: boolean;
  readonly members: readonly { readonly relation: string; readonly current: boolean; readonly to: string | null }[];
  readonly categories: readonly { readonly category: string; readonly from: string | null; readonly to: string | null }[];
  readonly facts: readonly PageFact[];
  readonly assessments: readonly { readonly points: { readonly low: number; readonly high: number } }[];
}

async function page(desk: DepartmentDesk, reference: string, now = NOW): Promise<Page> {
  return JSON.parse((await desk.run(['household', reference, '--json'], now)).stdout) as Page;
}

/** A fact without the id of its file, which two drops of the same bytes do not share. */
function withoutDrop({ fileId: _, ...fact }: PageFact): Omit<PageFact, 'fileId'> {
  return fact;
}

function selfPaid(warning: WarningLine | undefined) {
  return warning?.reasons.find(({ indicator }) => indicator === 'medical-self-paid-12m')?.value;
}

function brief(warnings: readonly WarningLine[]) {
  return warnings.map((one) => [one.household, one.status, one.withdrawal, selfPaid(one)]);
}

describe('months that come in the wrong order', () => {
  const months: readonly Readonly<Record<string, Content>>[] = [
    {
      [`${INPATIENT}/2024-01/一月.csv`]: gbk(bills(['J1', 1, '2024-01-09', '4000'], ['J2', 2, '2024-01-10', '6000'])),
      [`${REGISTER}/2024-01/名册.csv`]: register(
        ['D1', 1, '本人', '低保', '2023-05', ''],
        ['D1', 3, '子', '低保', '2023-05', ''],
        ['D2', 4, '户主', '低保边缘户', '2023-06', ''],
        ['D2', 7, '母', '低保边缘户', '2023-06', ''],
      ),
      [`${PUPILS}/2024-01/学籍.csv`]: pupils([3, '普通高中'], [4, '大学']),
    },
    {
      [`${INPATIENT}/2024-02/二月.csv`]: bills(
        ['J1', 1, '2024-01-09', '4500'],
        ['J3', 1, '2024-02-10', '1500'],
        ['J4', 4, '2024-02-11', '9000'],
      ),
      [`${REGISTER}/2024-02/名册.csv`]: register(
        ['D1', 1, '本人', '低保', '2023-05', '2024-02'],
        ['D1', 3, '子', '低保', '2023-05', ''],
      ),
      [`${PUPILS}/2024-02/学籍.csv`]: pupils([3, '普通高中'], [4, '大学']),
    },
    {
      [`${INPATIENT}/2024-03/三月.csv`]: bills(['J2', 2, '2024-01-10', '100'], ['J5', 7, '2024-03-01', '3000']),
      [`${DEATHS}/2024-03/死亡.csv`]: deaths([7, '2024-03-30']),
      [`${PUPILS}/2024-03/学籍.csv`]: pupils([4, '大学']),
    },
  ];

  it('bring the county to the same state as months in order', async () => {
    await withDesk(async (forward) => {
      for (const month of months) expect((await forward.send(month, NOW)).code).toBe(0);
      const expected = await stateOf(forward);
      const warnings = await forward.warnings(NOW);
      expect(brief(warnings.filter(({ status }) => status === 'open'))).toHaveLength(2);
      await withDesk(async (backward) => {
        // The same keys, so that pseudonyms can be compared.
        await mkdir(backward.dataDir, { recursive: true });
        await cp(join(forward.dataDir, 'keys.json'), join(backward.dataDir, 'keys.json'));
        for (const month of months.toReversed()) expect((await backward.send(month, NOW)).code).toBe(0);
        const state = await stateOf(backward);
        // The assessment of a household that people have left is history, not state.
        expect({ ...state, standings: [] }).toEqual({ ...expected, standings: [] });
        for (const who of [1, 2, 3, 4]) {
          const [here, there] = [await page(backward, person(who)), await page(forward, person(who))];
          expect([
            here.id,
            here.facts.map(withoutDrop),
            here.members,
            here.categories,
            here.assessments.map(({ points }) => points),
          ]).toEqual([
            there.id,
            there.facts.map(withoutDrop),
            there.members,
            there.categories,
            there.assessments.map(({ points }) => points),
          ]);
        }
        const open = (all: readonly WarningLine[]) => all.filter(({ status }) => status === 'open');
        expect(open(await backward.warnings(NOW))).toEqual(open(warnings));
      });
    });
  });

  it('change nothing when all of them are sent once more', async () => {
    await withDesk(async (desk) => {
      for (const month of months) await desk.send(month, NOW);
      const before = await stateOf(desk);
      const kinds = async () => {
        const stores = openEmbedded(desk.dataDir);
        const counts: Record<string, number> = {};
        try {
          for await (const text of archiveLines(stores.archive)) {
            const type = /"type":"([^"]+)"/.exec(text)?.[1] ?? '';
            counts[type] = (counts[type] ?? 0) + 1;
          }
        } finally {
          stores.close();
        }
        return counts;
      };
      const eventsBefore = await kinds();
      for (const month of months) {
        const again = await desk.send(month, NOW);
        expect(again.lines.map(({ status }) => status)).toEqual(again.lines.map(() => 'duplicate'));
      }
      expect(await stateOf(desk)).toEqual(before);
      const { 'file.duplicate': duplicates, ...eventsAfter } = await kinds();
      expect(eventsAfter).toEqual(eventsBefore);
      expect(duplicates).toBe(months.flatMap((month) => Object.keys(month)).length);
    });
  });
});

describe('a file corrected and sent again for the same month', () => {
  it('withdraws the warning the mistake had raised, and brings it back when it was none', async () => {
    await withDesk(async (desk) => {
      const send = (yuan: string) => desk.send({ [`${INPATIENT}/2024-03/住院.csv`]: bills(['J1', 1, '2024-03-05', yuan]) }, NOW);
      await send('6000');
      const [opened] = await desk.warnings(NOW);
      expect(opened?.status).toBe('open');
      await send('600');
      expect(brief(await desk.warnings(NOW))).toEqual([[opened?.household, 'withdrawn', 'reason-taken-back', 60_000]]);
      // What is told of it says so, and not only what it was.
      const explained = await desk.run(['explain', opened?.id ?? ''], NOW);
      expect(explained.stdout).toContain('\n此预警已于2024-04-20撤回：预警依据已更正。\n');
      await send('6000.01');
      const back = await desk.warnings(NOW);
      expect([back.length, back[0]?.id, back[0]?.status, selfPaid(back[0])]).toEqual([1, opened?.id, 'open', 600_001]);
      expect((await page(desk, person(1))).facts).toHaveLength(1);
    });
  });
});

describe('a reversal that comes before the bill it takes back', () => {
  it('leaves the warning of other bills alone, and takes its own bill back when that comes', async () => {
    await withDesk(async (desk) => {
      await desk.send({ [`${INPATIENT}/2024-03/a.csv`]: bills(['J2', 1, '2024-03-05', '6000']) }, NOW);
      const [opened] = await desk.warnings(NOW);
      const back = file(
        '结算号,有效证件号码,医保结算日期,个人负担金额,冲销标志,原结算单号,所属区划',
        `R1,${person(1)},2024-03-20,-8000,是,J1,${AREA}`,
      );
      await desk.send({ [`${INPATIENT}/2024-03/b.csv`]: back }, NOW);
      expect(brief(await desk.warnings(NOW))).toEqual([[opened?.household, 'open', null, 600_000]]);
      await desk.send({ [`${INPATIENT}/2024-02/c.csv`]: bills(['J1', 1, '2024-02-20', '8500']) }, NOW);
      expect(brief(await desk.warnings(NOW))).toEqual([[opened?.household, 'open', null, 650_000]]);
    });
  });
});

describe('a household declared after its people were known', () => {
  it('takes their warning and their facts over, neither lost nor doubled', async () => {
    await withDesk(async (desk) => {
      await desk.send(
        { [`${INPATIENT}/2024-03/a.csv`]: bills(['J1', 1, '2024-03-05', '6000'], ['J2', 2, '2024-03-06', '2000']) },
        NOW,
      );
      const alone = await page(desk, person(1));
      expect([alone.provisional, brief(await desk.warnings(NOW))]).toEqual([true, [[alone.id, 'open', null, 600_000]]]);

      await desk.send(
        {
          [`${REGISTER}/2024-03/r.csv`]: register(
            ['D1', 1, '户主', '低保', '2024-01', ''],
            ['D1', 2, '妻', '低保', '2024-01', ''],
          ),
        },
        NOW,
      );
      const declared = await page(desk, person(2));
      expect([declared.provisional, declared.id === alone.id, (await page(desk, person(1))).id]).toEqual([
        false,
        false,
        declared.id,
      ]);
      expect(
        declared.facts
          .filter(({ feed }) => feed === INPATIENT)
          .map(({ row }) => row)
          .sort(),
      ).toEqual([2, 3]);
      expect(brief(await desk.warnings(NOW))).toEqual([
        [declared.id, 'open', null, 800_000],
        [alone.id, 'withdrawn', 'household-superseded', 600_000],
      ]);
    });
  });

  it('gives them back, each alone, when the register entry has ended', async () => {
    await withDesk(async (desk) => {
      await desk.send(
        {
          [`${REGISTER}/2024-02/r.csv`]: register(['D1', 1, '户主', '低保', '2024-01', '']),
          [`${INPATIENT}/2024-03/a.csv`]: bills(['J1', 1, '2024-03-05', '6000']),
        },
        NOW,
      );
      const declared = await page(desk, person(1));
      await desk.send({ [`${REGISTER}/2024-03/r.csv`]: register(['D1', 1, '户主', '低保', '2024-01', '2024-03']) }, NOW);
      const after = await page(desk, person(1));
      expect([after.provisional, after.id === declared.id]).toEqual([true, false]);
      const ended = await page(desk, declared.id);
      expect(ended.members).toMatchObject([{ current: false, to: '2024-03-31' }]);
      expect(ended.categories).toMatchObject([{ category: 'minimum-living-allowance', from: '2024-01-01', to: '2024-03-31' }]);
      expect(brief(await desk.warnings(NOW))).toEqual([
        [after.id, 'open', null, 600_000],
        [declared.id, 'withdrawn', 'household-superseded', 600_000],
      ]);
    });
  });
});

describe('a death', () => {
  it('of the only member withdraws the warning, and a bill that comes later opens none', async () => {
    await withDesk(async (desk) => {
      await desk.send({ [`${INPATIENT}/2024-03/a.csv`]: bills(['J1', 1, '2024-03-05', '6000']) }, NOW);
      await desk.send({ [`${DEATHS}/2024-03/d.csv`]: deaths([1, '2024-03-30']) }, NOW);
      const [withdrawn] = await desk.warnings(NOW);
      expect([withdrawn?.status, withdrawn?.withdrawal]).toEqual(['withdrawn', 'all-members-died']);
      await desk.send({ [`${INPATIENT}/2024-04/b.csv`]: bills(['J9', 1, '2024-04-02', '9000']) }, NOW);
      expect((await desk.warnings(NOW)).map(({ status }) => status)).toEqual(['withdrawn']);
    });
  });

  it('of one member leaves the family its warning, with the bills of the dead', async () => {
    await withDesk(async (desk) => {
      await desk.send(
        {
          [`${REGISTER}/2024-03/r.csv`]: register(
            ['D1', 1, '户主', '低保', '2024-01', ''],
            ['D1', 2, '妻', '低保', '2024-01', ''],
          ),
          [`${INPATIENT}/2024-03/a.csv`]: bills(['J1', 1, '2024-03-05', '6000']),
        },
        NOW,
      );
      const [opened] = await desk.warnings(NOW);
      await desk.send({ [`${DEATHS}/2024-03/d.csv`]: deaths([1, '2024-03-30']) }, NOW);
      expect(brief(await desk.warnings(NOW))).toEqual([[opened?.household, 'open', null, 600_000]]);
      expect((await page(desk, person(2))).members).toMatchObject([
        { relation: 'spouse', current: true },
        { relation: 'head', current: false, to: '2024-03-30' },
      ]);
      await desk.send({ [`${DEATHS}/2024-04/d.csv`]: deaths([2, '2024-04-10']) }, NOW);
      expect(brief(await desk.warnings(NOW))).toEqual([[opened?.household, 'withdrawn', 'all-members-died', 600_000]]);
    });
  });
});

describe('bills of the dead', () => {
  const hospital = { [`${INPATIENT}/2024-03/a.csv`]: bills(['J1', 1, '2024-03-05', '6000']) };
  const death = { [`${DEATHS}/2024-04/d.csv`]: deaths([1, '2024-04-10']) };
  const couple = { [`${HUKOU}/2024-03/h.csv`]: hukou(['410001', 1, '户主', '2001-05-01'], ['410001', 2, '妻', '2001-05-01']) };
  // The register of civil affairs speaks in months: it begins before the day of death.
  const widow = { [`${REGISTER}/2024-04/r.csv`]: register(['D7', 2, '本人', '低保', '2024-04', '']) };

  it('follow the widow whom civil affairs lists without him', async () => {
    await withDesk(async (desk) => {
      for (const files of [couple, hospital]) await desk.send(files, NOW);
      const [before] = await desk.warnings(NOW);
      await desk.send(death, NOW);
      await desk.send(widow, NOW);
      const listed = await page(desk, person(2));
      expect(listed.id).not.toBe(before?.household);
      expect(brief(await desk.warnings(NOW))).toEqual([
        [listed.id, 'open', null, 600_000],
        [before?.household, 'withdrawn', 'household-superseded', 600_000],
      ]);
      expect(listed.facts.filter(({ feed }) => feed === INPATIENT)).toHaveLength(1);
    });
  });

  it('do so whatever file comes last', async () => {
    await withDesk(async (desk) => {
      for (const files of [widow, death, couple, hospital]) await desk.send(files, NOW);
      const listed = await page(desk, person(2));
      expect(brief((await desk.warnings(NOW)).filter(({ status }) => status === 'open'))).toEqual([
        [listed.id, 'open', null, 600_000],
      ]);
    });
    await withDesk(async (desk) => {
      for (const files of [hospital, widow, couple, death]) await desk.send(files, NOW);
      const listed = await page(desk, person(2));
      expect(brief((await desk.warnings(NOW)).filter(({ status }) => status === 'open'))).toEqual([
        [listed.id, 'open', null, 600_000],
      ]);
    });
  });
});

describe('a feed that goes silent', () => {
  it('widens what is unknown and lowers no warning', async () => {
    await withDesk(async (desk) => {
      const content = bills(['J1', 1, '2024-03-05', '6000']);
      const quiet = {
        ['education/tuition-payment/2024-03/t.csv']: file(
          '票据号,身份证号码,学费,缴费日期,区划',
          `P1,${person(9)},900,2024-03-01,${AREA}`,
        ),
      };
      await desk.send(
        { [`${INPATIENT}/2024-03/a.csv`]: content, [`${DEATHS}/2024-03/d.csv`]: deaths([8, '2024-03-09']), ...quiet },
        NOW,
      );
      const [fresh] = await desk.warnings(NOW);
      const later = '2024-10-20T09:00:00+08:00';
      await desk.send({ [`${INPATIENT}/2024-03/same.csv`]: content }, later);
      const [stale, ...others] = await desk.warnings(later);
      expect([others, stale?.id, stale?.status, stale?.grade]).toEqual([[], fresh?.id, 'open', fresh?.grade]);
      expect(stale?.points.low).toBe(fresh?.points.low);
      expect(stale?.points.high).toBeGreaterThanOrEqual(fresh?.points.high ?? Number.NaN);
      expect(stale?.completeness).toBeLessThan(fresh?.completeness ?? 0);

      const muchLater = '2025-06-20T09:00:00+08:00';
      await desk.send({ [`${INPATIENT}/2024-03/same.csv`]: content }, muchLater);
      expect(brief(await desk.warnings(muchLater))).toEqual([[fresh?.household, 'open', null, 600_000]]);
    });
  });
});

describe('a complete list', () => {
  it('ends what it no longer names', async () => {
    await withDesk(async (desk) => {
      await desk.send({ [`${PUPILS}/2024-02/a.csv`]: pupils([5, '大学本科'], [6, '大学本科']) }, NOW);
      const before = await page(desk, person(5));
      await desk.send({ [`${PUPILS}/2024-03/b.csv`]: pupils([6, '大学本科']) }, NOW);
      const after = await page(desk, person(5));
      const still = await page(desk, person(6));
      expect(before.assessments[0]?.points.low).toBe(5);
      expect([after.assessments[0]?.points.low, still.assessments[0]?.points.low]).toEqual([0, 5]);
    });
  });
});
