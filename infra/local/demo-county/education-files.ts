import { type Period, periodEnd } from '../../../shared/calendar/period.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { dayIn, historyOf } from './medical-files.ts';
import type { Shares } from './options.ts';
import { ageIn, type County, type Person } from './population.ts';
import { randomOf } from './random.ts';
import { type CountyFile, csvBytes, dirty, yuan } from './table.ts';

interface Pupil {
  readonly person: Person;
  readonly stage: string;
  readonly school: string;
  readonly isPrivate: boolean;
  readonly grade: string;
  /** Tuition and lodging of a year, fen. */
  readonly tuition: number;
  readonly lodging: number;
}

const GRADES = ['一年级', '二年级', '三年级', '四年级', '五年级', '六年级'];

function pupilsOf(county: County): Pupil[] {
  const random = randomOf(county.seed, 'education');
  const pupils: Pupil[] = [];
  for (const person of county.people) {
    const age = ageIn(county, person);
    if (age < 3 || age > 22) continue;
    const isPrivate = random.chance(0.12);
    const pupil = (stage: string, school: string, from: number, tuition: number, lodging: number): void => {
      pupils.push({ person, stage, school, isPrivate, grade: GRADES[Math.min(5, age - from)] ?? '一年级', tuition, lodging });
    };
    if (age < 6) pupil('幼儿园', '城关镇中心幼儿园', 3, isPrivate ? 780_000 : 360_000, 0);
    else if (age < 12) pupil('小学', '县第一小学', 6, isPrivate ? 960_000 : 0, 0);
    else if (age < 15) pupil('初中', '县第二初级中学', 12, isPrivate ? 1_120_000 : 0, 0);
    else if (age < 18) {
      if (random.chance(0.35)) pupil('中职', '县职业中专', 15, 0, 60_000);
      else if (random.chance(0.9)) pupil('高中', '县第一高级中学', 15, isPrivate ? 1_500_000 : 160_000, 60_000);
    } else if (random.chance(0.5)) {
      if (random.chance(0.5)) pupil('本科', '省师范大学', 18, isPrivate ? 1_900_000 : 480_000, 100_000);
      else pupil('高职', '市职业技术学院', 18, isPrivate ? 1_300_000 : 420_000, 90_000);
    }
  }
  return pupils;
}

function schoolYearOf(day: string): string {
  const year = Number(day.slice(0, 4));
  return day.slice(5, 7) >= '08' ? `${year}-${year + 1}` : `${year - 1}-${year}`;
}

/** The list of everybody at school. Sent with every data month: who is missing from the latest complete list has left. */
export function schoolEnrolmentFiles(county: County, shares: Shares): (month: Period) => CountyFile[] {
  const pupils = pupilsOf(county);
  const random = randomOf(county.seed, 'school enrolment');
  return (month) => {
    const rows = pupils.map(({ person, stage, school, isPrivate, grade }) => [
      person.name,
      person.number,
      school,
      stage,
      isPrivate ? '民办' : '公办',
      grade,
      schoolYearOf(month),
      person.household.village,
    ]);
    if (rows.length === 0) return [];
    const headers = ['学生姓名', '学生身份证号', '学校名称', '学段', '办学性质', '年级', '学年', '户籍地区划代码'];
    const table = {
      headers,
      rows: dirty(rows, { identity: 1 }, { bad: shares.badRows / 5, repeated: shares.repeatedRows, disguised: 0.01 }, random),
    };
    return [
      {
        path: `education/enrolment/${month}/在校生学籍${month.replace('-', '')}.csv`,
        bytes: csvBytes(table, { encoding: 'utf-8' }),
      },
    ];
  };
}

/** The day the year's fees were paid: in the September or October of the school year the data months lie in. */
function feeDay(county: County, rank: number): PlainDate | undefined {
  const days = [...historyOf(county), ...county.months].filter((month) => month.endsWith('-09'));
  const month = days.at(-1);
  return month === undefined ? undefined : (`${month}-${String(1 + (rank % 28)).padStart(2, '0')}` as PlainDate);
}

/** Tuition and lodging paid, some with aid taken off, a few paid back. */
export function tuitionFiles(county: County, shares: Shares): (month: Period) => CountyFile[] {
  const payers = pupilsOf(county).filter(({ tuition, lodging }) => tuition + lodging > 0);
  return (month) => {
    const random = randomOf(county.seed, `tuition ${month}`);
    const rows: string[][] = [];
    for (const [rank, { person, stage, school, tuition, lodging }] of payers.entries()) {
      const paid = feeDay(county, rank);
      if (paid === undefined || paid > periodEnd(month) || (month !== county.months[0] && !paid.startsWith(month))) continue;
      const number = `XF${paid.slice(0, 4)}${String(rank).padStart(7, '0')}`;
      const aid = random.chance(0.12) ? Math.round(tuition * 0.3) : 0;
      const row = [person.name, person.number, number, school, stage, schoolYearOf(paid)];
      rows.push([...row, yuan(tuition), yuan(lodging), yuan(aid), paid, '', '', person.household.village]);
      if (random.chance(0.006)) {
        const back = dayIn(month, random);
        const money = [yuan(-tuition), yuan(-lodging), yuan(-aid)];
        if (back >= paid) rows.push([...row.with(2, `${number}T`), ...money, back, '是', number, person.household.village]);
      }
    }
    if (rows.length === 0) return [];
    const headers = [
      '姓名',
      '身份证号码',
      '票据号码',
      '学校名称',
      '学段',
      '学年',
      '学费',
      '住宿费',
      '资助金额',
      '缴费时间',
      '退费标志',
      '原票据号码',
      '生源地代码',
    ];
    const dirt = { bad: shares.badRows, repeated: shares.repeatedRows, disguised: 0.01 };
    const table = { headers, rows: dirty(rows, { identity: 1, date: 9, money: 6 }, dirt, random) };
    return [
      {
        path: `education/tuition-payment/${month}/学费缴纳${month.replace('-', '')}.csv`,
        bytes: csvBytes(table, {
          encoding: 'gb18030',
          titles: [`学费住宿费缴纳明细（${month}）`, '单位：元'],
          totals: [6, 7, 8],
        }),
      },
    ];
  };
}
