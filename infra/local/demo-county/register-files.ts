import { type Period, periodEnd, periodStart } from '../../../shared/calendar/period.ts';
import { addDays, addMonths, epochDay, type PlainDate } from '../../../shared/calendar/plain-date.ts';
import { dayIn } from './medical-files.ts';
import type { Shares } from './options.ts';
import { ageIn, type County, type Household, type Person } from './population.ts';
import { type Random, randomOf } from './random.ts';
import { type CountyFile, csvBytes, dirty, yuan } from './table.ts';
import { type XlsxCell, xlsxBytes } from './xlsx.ts';

/** Day count of a spreadsheet for 1970-01-01. */
const SERIAL_OF_EPOCH = 25_569;

const RELATION_CODES: Readonly<Record<string, string>> = { 户主: '02', 妻: '12', 子: '20', 女: '30', 父亲: '51', 母亲: '52' };

/** A household as declared to civil affairs. */
export interface Declared {
  readonly number: string;
  readonly category: string;
  readonly urban: boolean;
  readonly village: string;
  readonly members: readonly Person[];
  readonly monthly: number;
  readonly from: PlainDate;
  /** Last day, once the benefit has been stopped. */
  readonly to?: PlainDate;
}

/** Who dies in which data month: old people by chance, one a month at least. */
export function deathsOf(county: County, shares: Shares): ReadonlyMap<Person, PlainDate> {
  const random = randomOf(county.seed, 'deaths');
  const deaths = new Map<Person, PlainDate>();
  const old = county.people.filter((person) => ageIn(county, person) >= 60);
  for (const month of county.months) {
    const living = old.filter((person) => !deaths.has(person));
    const someone = random.int(0, living.length - 1);
    for (const [rank, person] of living.entries()) {
      if (random.chance(shares.deaths) || rank === someone) deaths.set(person, dayIn(month, random));
    }
  }
  return deaths;
}

function categoryOf(household: Household, elderAlone: boolean, random: Random): string {
  if (elderAlone && random.chance(0.35)) return random.chance(0.8) ? '分散供养特困人员' : '集中供养';
  const draw = random.next();
  if (draw < 0.62) return household.urban ? '城市低保' : '农村低保';
  if (draw < 0.78) return '低保边缘';
  if (draw < 0.84) return '刚性支出困难家庭';
  return household.urban ? '其他困难人员' : '监测户';
}

function declaredBy(county: County, household: Household, members: readonly Person[], number: number, random: Random): Declared {
  const [head] = members;
  const elderAlone = members.length === 1 && head !== undefined && ageIn(county, head) >= 60;
  const category = categoryOf(household, elderAlone, random);
  const paid = /低保$|供养/.test(category) && category !== '低保边缘';
  const [first] = county.months;
  const start = periodStart(first ?? ('2024-01' as Period));
  const from = addMonths(start, -random.int(2, 70));
  return {
    number: `${county.area}DB${String(number).padStart(6, '0')}`,
    category,
    urban: household.urban,
    village: household.village,
    members,
    monthly: paid ? members.length * random.int(260, 520) * 100 : 0,
    from,
  };
}

/** The register at the end: most declare as the hukou has it, some declare the old people apart, a few have just come in or gone. */
export function declaredHouseholds(county: County, shares: Shares): Declared[] {
  const random = randomOf(county.seed, 'register');
  const declared: Declared[] = [];
  const add = (household: Household, members: readonly Person[]): void => {
    if (members.length > 0) declared.push(declaredBy(county, household, members, declared.length + 1, random));
  };
  for (const household of county.households) {
    if (!random.chance(shares.lowIncome * household.strain)) continue;
    const elders = household.members.filter(({ relation }) => relation === '父亲' || relation === '母亲');
    const others = household.members.filter((person) => !elders.includes(person));
    if (elders.length > 0 && random.chance(0.5)) {
      add(household, elders);
      if (random.chance(0.3)) add(household, others);
    } else add(household, household.members);
  }
  const last = county.months.at(-1);
  if (last === undefined || county.months.length < 2) return declared;
  return declared.map((one, rank) => {
    if (rank % 37 === 5) return { ...one, from: periodStart(last) };
    if (rank % 61 === 11) return { ...one, to: addDays(periodStart(last), -1) };
    return one;
  });
}

function relationIn(declared: Declared, person: Person): string {
  const [head] = declared.members;
  if (head === person) return '户主';
  return head?.relation === '父亲' ? '配偶' : person.relation;
}

function serial(day: PlainDate): XlsxCell {
  return { serial: epochDay(day) + SERIAL_OF_EPOCH };
}

/** Civil affairs' register as a workbook: title rows, dates as day counts, a 合计 row. */
export function registerFiles(county: County, shares: Shares): (month: Period) => CountyFile[] {
  const declared = declaredHouseholds(county, shares);
  const deaths = deathsOf(county, shares);
  return (month) => {
    const random = randomOf(county.seed, `register ${month}`);
    const headers = [
      '家庭编号',
      '姓名',
      '身份证号码',
      '与户主关系',
      '户主身份证号',
      '保障类别',
      '城乡属性',
      '户月保障金额',
      '享受起始日期',
      '享受终止日期',
      '所在村代码',
    ];
    const rows: XlsxCell[][] = [];
    let sum = 0;
    for (const one of declared) {
      if (one.from > `${month}-31`) continue;
      const ended = one.to !== undefined && one.to <= `${month}-31` ? one.to : undefined;
      const [head] = one.members;
      for (const person of one.members) {
        if ((deaths.get(person)?.slice(0, 7) ?? '9999-99') < month) continue;
        const broken = random.chance(shares.badRows / 2) && county.months.length > 1 && month !== county.months.at(-1);
        sum += one.monthly;
        rows.push([
          one.number,
          person.name,
          broken ? `${person.number.slice(0, 15)}000` : person.number,
          relationIn(one, person),
          head?.number ?? '',
          one.category,
          one.urban ? '城镇' : '农村',
          { number: one.monthly / 100 },
          serial(one.from),
          ended === undefined ? '' : serial(ended),
          one.village,
        ]);
      }
    }
    if (rows.length === 0) return [];
    const title = ['县低收入人口名册', `填报单位：县民政局　　数据月份：${month}　　单位：元`];
    const total: XlsxCell[] = ['合计', '', '', '', '', '', '', { number: Number(yuan(sum)) }];
    const bytes = xlsxBytes(
      '低收入人口',
      [...title.map((text) => [text]), headers, ...rows, total, ['注：金额为户月保障金额，同户各行相同。']],
      2,
    );
    return [{ path: `civil-affairs/low-income-register/${month}/低收入人口名册${month.replace('-', '')}.xlsx`, bytes }];
  };
}

function registeredOn(person: Person): PlainDate {
  return person.birth < '1998-01-01' ? ('1998-01-01' as PlainDate) : addDays(person.birth, 14);
}

/** Struck off the register some days after the death, within the month. */
function struckOff(died: PlainDate): PlainDate {
  const end = periodEnd(died.slice(0, 7) as Period);
  const day = addDays(died, 3);
  return day < end ? day : end;
}

/** The police register: everybody with the first month, then only who was born or died. */
export function registrationFiles(county: County, shares: Shares): (month: Period) => CountyFile[] {
  const deaths = deathsOf(county, shares);
  const random = randomOf(county.seed, 'registration');
  const dirt = { bad: shares.badRows / 5, repeated: shares.repeatedRows / 4, disguised: 0.002 };
  const row = (person: Person, month: Period): string[] => {
    const { household } = person;
    const died = deaths.get(person);
    const left = died?.startsWith(month) ? struckOff(died) : '';
    const registered = registeredOn(person);
    return [
      household.hukouNumber,
      RELATION_CODES[person.relation] ?? '97',
      person.name,
      person.number,
      household.village,
      registered,
      left,
      household.urban ? '城镇' : '农村',
    ];
  };
  return (month) => {
    const whole = month === county.months[0];
    const end = periodEnd(month);
    const rows = county.people
      .filter((person) => {
        const registered = registeredOn(person);
        return whole ? registered <= end : registered.startsWith(month) || deaths.get(person)?.startsWith(month);
      })
      .map((person) => row(person, month));
    if (rows.length === 0) return [];
    const headers = ['户号', '与户主关系', '姓名', '公民身份号码', '户籍地区划代码', '登记日期', '注销日期', '户口性质'];
    const table = { headers, rows: dirty(rows, { identity: 3, date: 5 }, dirt, random) };
    return [
      {
        path: `public-security/household-registration/${month}/户籍人口${whole ? '' : '变动'}${month.replace('-', '')}.csv`,
        bytes: csvBytes(table, { encoding: 'utf-8', newline: '\n' }),
      },
    ];
  };
}

/** Deaths of the month; nothing is sent for a month in which nobody died. */
export function deathFiles(county: County, shares: Shares): (month: Period) => CountyFile[] {
  const deaths = deathsOf(county, shares);
  return (month) => {
    const rows: string[][] = [];
    for (const [person, day] of deaths) {
      if (!day.startsWith(month)) continue;
      rows.push([person.name, person.number, day.replaceAll('-', ''), struckOff(day).replaceAll('-', ''), county.area]);
    }
    if (rows.length === 0) return [];
    const table = { headers: ['姓名', '公民身份号码', '死亡日期', '注销日期', '户籍地区划'], rows };
    return [
      {
        path: `public-security/death-registration/${month}/死亡注销${month.replace('-', '')}.csv`,
        bytes: csvBytes(table, { encoding: 'gb18030' }),
      },
    ];
  };
}
