import { type Period, periodEnd, periodStart } from '../../../shared/calendar/period.ts';
import { addDays, addMonths, type PlainDate } from '../../../shared/calendar/plain-date.ts';
import { dayIn } from './medical-files.ts';
import type { Shares } from './options.ts';
import { ageIn, type County, type Person } from './population.ts';
import { type Random, randomOf } from './random.ts';
import { type CountyFile, csvBytes, dirty, yuan } from './table.ts';

function compact(month: Period): string {
  return month.replace('-', '');
}

function firstMonth(county: County): Period {
  return county.months[0] ?? ('2024-01' as Period);
}

/** A day of the past that the first month's file already knows, or, for a small share, a day of one of the data months. */
function startDay(county: County, person: Person, fresh: number, years: number, random: Random): PlainDate {
  if (random.chance(fresh)) return dayIn(random.pick(county.months), random);
  const back = addDays(periodStart(firstMonth(county)), -random.int(40, years * 365));
  return back < person.birth ? addMonths(person.birth, 2) : back;
}

/** The whole list with the first month, afterwards only what began or ended in the month. */
function newIn(county: County, month: Period, from: PlainDate, to?: PlainDate): boolean {
  if (from > periodEnd(month)) return false;
  return month === firstMonth(county) || from >= periodStart(month) || (to?.startsWith(month) ?? false);
}

const CLASSES = ['视力残疾', '听力残疾', '言语残疾', '肢体残疾', '肢体残疾', '肢体', '智力残疾', '精神残疾', '多重残疾'];
const LEVELS = ['一级', '二级', '三级', '四级', '三级', '四级', '四', '3'];

/** All certificates so far, with their twenty-digit numbers, which contain the identity number and belong to no field. */
export function disabilityFiles(county: County, shares: Shares): (month: Period) => CountyFile[] {
  const random = randomOf(county.seed, 'disability');
  const holders = county.people
    .filter((person) => random.chance(shares.disabled * person.household.strain * (ageIn(county, person) >= 60 ? 1.8 : 0.7)))
    .map((person) => ({
      person,
      kind: random.pick(CLASSES),
      level: random.pick(LEVELS),
      from: startDay(county, person, 0.03, 9, random),
    }));
  return (month) => {
    const rows = holders
      .filter(({ from }) => from <= periodEnd(month))
      .map(({ person, kind, level, from }) => [
        person.name,
        `'${person.number}`,
        `'${person.number}${CLASSES.indexOf(kind) % 7}${level.length}`,
        kind,
        level,
        from,
        addDays(addMonths(from, 120), -1),
        '有效',
        person.household.village,
      ]);
    if (rows.length === 0) return [];
    const headers = [
      '姓名',
      '身份证号',
      '残疾证号',
      '残疾类别',
      '残疾等级',
      '发证日期',
      '有效期至',
      '证件状态',
      '户籍地区划代码',
    ];
    const dirt = { bad: shares.badRows, repeated: shares.repeatedRows, disguised: 0 };
    const table = { headers, rows: dirty(rows, { identity: 1, date: 5 }, dirt, random) };
    return [
      {
        path: `disabled-persons-federation/disability-certificate/${month}/残疾人证${compact(month)}.csv`,
        bytes: csvBytes(table, { encoding: 'utf-8-bom' }),
      },
    ];
  };
}

const EMPLOYERS = [
  '县纺织厂',
  '临颍食品有限公司',
  '宏达建筑劳务公司',
  '顺通物流',
  '惠民超市',
  '县环卫所',
  '瑞丰农业合作社',
  '富民家具厂',
  '灵活就业',
  '京东物流（漯河）',
];

/** Registered employment; people who lost their job appear here with an end and in the next feed with a beginning. */
export function employmentFiles(county: County, shares: Shares): (month: Period) => CountyFile[] {
  const random = randomOf(county.seed, 'employment');
  const jobs = county.people
    .filter((person) => ageIn(county, person) >= 18 && ageIn(county, person) < 60 && random.chance(shares.employed))
    .map((person) => {
      const from = startDay(county, person, 0.03, 6, random);
      const to = random.chance(0.02) ? dayIn(random.pick(county.months), random) : undefined;
      return {
        person,
        employer: random.pick(EMPLOYERS),
        from,
        to: to !== undefined && to > from ? to : undefined,
        base: random.fen(3_579, 7_200),
      };
    });
  return (month) => {
    const rows = jobs
      .filter(({ from, to }) => newIn(county, month, from, to))
      .map(({ person, employer, from, to, base }) => [
        person.number,
        person.name,
        employer,
        employer === '灵活就业' ? '灵活就业' : '单位就业',
        from.replaceAll('-', '.'),
        to !== undefined && to <= periodEnd(month) ? to.replaceAll('-', '.') : '',
        yuan(base),
        person.household.village,
      ]);
    if (rows.length === 0) return [];
    const headers = [
      '公民身份号码',
      '姓名',
      '就业单位名称',
      '就业形式',
      '就业登记日期',
      '就业终止日期',
      '缴费基数（元）',
      '居住地区划',
    ];
    const dirt = { bad: shares.badRows, repeated: shares.repeatedRows, disguised: 0.01 };
    const table = { headers, rows: dirty(rows, { identity: 0, date: 4, money: 6 }, dirt, random) };
    return [
      {
        path: `human-resources/employment-registration/${month}/就业登记${compact(month)}.csv`,
        bytes: csvBytes(table, { encoding: 'utf-8-bom', newline: '\n' }),
      },
    ];
  };
}

/** Everybody registered as jobless so far: some of long standing, some of the data months. */
export function unemploymentFiles(county: County, shares: Shares): (month: Period) => CountyFile[] {
  const random = randomOf(county.seed, 'unemployment');
  const jobless = county.people
    .filter(
      (person) =>
        ageIn(county, person) >= 18 && ageIn(county, person) < 60 && random.chance(shares.jobless * person.household.strain),
    )
    .map((person) => {
      const from = startDay(county, person, 0.35, 1, random);
      const to = random.chance(0.2) ? dayIn(random.pick(county.months), random) : undefined;
      return { person, from, to: to !== undefined && to > from ? to : undefined, benefit: random.chance(0.4) ? 161_000 : 0 };
    });
  return (month) => {
    const rows = jobless
      .filter(({ from }) => from <= periodEnd(month))
      .map(({ person, from, to, benefit }) => [
        person.name,
        person.number,
        chineseDate(from),
        to !== undefined && to <= periodEnd(month) ? chineseDate(to) : '',
        random.pick(['合同到期', '单位裁员', '企业关闭破产', '个人辞职']),
        benefit === 0 ? '' : yuan(benefit),
        person.household.village,
      ]);
    if (rows.length === 0) return [];
    const headers = ['姓名', '证件号码', '失业登记日期', '失业终止日期', '失业原因', '失业保险金', '居住地区划'];
    const table = {
      headers,
      rows: dirty(rows, { identity: 1, date: 2 }, { bad: shares.badRows, repeated: 0, disguised: 0.03 }, random),
    };
    return [
      {
        path: `human-resources/unemployment-registration/${month}/失业登记${compact(month)}.csv`,
        bytes: csvBytes(table, { encoding: 'gb18030', titles: [`失业登记人员名单（${month}）`] }),
      },
    ];
  };
}

function chineseDate(day: PlainDate): string {
  return `${day.slice(0, 4)}年${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;
}

const DISASTERS = ['洪涝', '风雹', '房屋火灾', '低温冷冻', '其他'];
const DAMAGE = ['倒塌', '严重损坏', '一般损坏', '一般损坏', '未受损', '未受损'];

/** Households struck in the month, one at least; the row is about the head. Separated by tabs, as the reporting system copies it out. */
export function disasterFiles(county: County, shares: Shares): (month: Period) => CountyFile[] {
  const random = randomOf(county.seed, 'disaster');
  return (month) => {
    const rows: string[][] = [];
    const someone = random.int(0, county.households.length - 1);
    for (const { members, village, index } of county.households) {
      const [head] = members;
      if (head === undefined || !(random.chance(shares.disaster) || index === someone)) continue;
      const loss = random.fen(1_200, 46_000);
      const relief = random.chance(0.5) ? yuan(Math.round(loss / 10)) : '0';
      rows.push([
        head.name,
        head.number,
        random.pick(DISASTERS),
        dayIn(month, random),
        yuan(loss),
        random.pick(DAMAGE),
        relief,
        village,
      ]);
    }
    if (rows.length === 0) return [];
    const headers = [
      '户主姓名',
      '户主身份证号',
      '灾种',
      '受灾时间',
      '直接经济损失(元)',
      '房屋损坏程度',
      '救助金额(元)',
      '受灾地区划代码',
    ];
    const bytes = csvBytes({ headers, rows }, { encoding: 'utf-8-bom', separator: '\t' });
    return [{ path: `emergency-management/disaster-relief/${month}/受灾人员救助台账${compact(month)}.csv`, bytes }];
  };
}

/** All appraised rural houses so far; half of the older ones have been rebuilt. */
export function housingFiles(county: County, shares: Shares): (month: Period) => CountyFile[] {
  const random = randomOf(county.seed, 'housing');
  const houses = county.households.flatMap(({ members, village, urban, strain }) => {
    const [head] = members;
    if (head === undefined || urban || !random.chance(shares.dilapidated * strain)) return [];
    const from = startDay(county, head, 0.1, 3, random);
    const rebuilt = addDays(from, random.int(60, 240));
    return [{ head, village, level: random.chance(0.7) ? 'C级' : 'D级', from, to: random.chance(0.5) ? rebuilt : undefined }];
  });
  return (month) => {
    const rows = houses
      .filter(({ from }) => from <= periodEnd(month))
      .map(({ head, village, level, from, to }, rank) => {
        const done = to !== undefined && to <= periodEnd(month);
        return [
          String(rank + 1),
          head.name,
          head.number,
          level,
          from.replaceAll('-', '/'),
          done ? to.replaceAll('-', '/') : '',
          done ? '2.6' : '',
          village,
        ];
      });
    if (rows.length === 0) return [];
    const headers = ['序号', '户主姓名', '户主身份证号码', '鉴定等级', '鉴定时间', '竣工时间', '补助金额', '房屋所在村代码'];
    const table = {
      headers,
      rows: dirty(rows, { identity: 2, date: 4 }, { bad: shares.badRows, repeated: 0, disguised: 0.02 }, random),
    };
    return [
      {
        path: `housing/dilapidated-housing/${month}/农村危房台账${compact(month)}.csv`,
        bytes: csvBytes(table, {
          encoding: 'gb18030',
          titles: ['县农村危房改造台账', `截至${month}　单位：万元`],
          notes: ['填表人：　　审核人：'],
        }),
      },
    ];
  };
}
