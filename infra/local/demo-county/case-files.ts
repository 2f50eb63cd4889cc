import { type Period, periodStart } from '../../../shared/calendar/period.ts';
import { addDays, addMonths, type PlainDate } from '../../../shared/calendar/plain-date.ts';
import { encodeGb18030 } from '../../../shared/intake/gb18030-encoder.ts';
import { identityNumberOf } from './identity.ts';
import type { Settlement } from './settlements.ts';
import { type CountyFile, csvBytes, type Table, yuan } from './table.ts';

/** A member of a case family. `age` holds on the last day of the family's last data month. */
export interface Relative {
  readonly name: string;
  readonly number: string;
  readonly birth: PlainDate;
}

/** Invents a relative who is `age` years old on `on`, born 100 days before the birthday's anniversary so that a month more or less changes nothing. */
export function relative(
  name: string,
  sex: 'male' | 'female',
  age: number,
  on: PlainDate,
  area: string,
  sequence: number,
): Relative {
  const birth = addDays(`${Number(on.slice(0, 4)) - age}${on.slice(4, 7)}-01` as PlainDate, -100);
  return { name, birth, number: identityNumberOf(area, birth, sequence * 2 + (sex === 'male' ? 1 : 0)) };
}

/** A stay in hospital: what the case says about the money, the rest of the bill made to fit. */
export function stayOf(
  who: Relative,
  area: string,
  stay: {
    readonly number: string;
    readonly hospital: string;
    readonly settled: PlainDate;
    readonly days: number;
    /** Days between discharge and settlement. */
    readonly late: number;
    readonly code: string;
    readonly diagnosis: string;
    readonly total: number;
    readonly self: number;
    readonly outOfArea?: true;
  },
): Settlement {
  const covered = stay.total - stay.self;
  const major = Math.round(covered * 0.15);
  const discharged = addDays(stay.settled, -stay.late);
  return {
    name: who.name,
    identity: who.number,
    area,
    number: stay.number,
    hospital: stay.hospital,
    visit: '普通住院',
    admitted: addDays(discharged, -stay.days),
    discharged,
    settled: stay.settled,
    code: stay.code,
    diagnosis: stay.diagnosis,
    total: stay.total,
    fund: covered - major,
    major,
    aid: 0,
    account: 0,
    self: stay.self,
    outOfArea: stay.outOfArea === true,
    reverses: '',
  };
}

/** A plain table in GB18030 below a title, as most county offices send it. */
export function gbFile(path: string, title: string, headers: readonly string[], rows: string[][]): CountyFile {
  return { path, bytes: csvBytes({ headers, rows }, { encoding: 'gb18030', titles: [title] }) };
}

/** A table of settlements in GB18030 with title rows, unit line, 合计 and a note. */
export function settlementFile(path: string, title: string, table: Table, totals: readonly number[]): CountyFile {
  const bytes = csvBytes(table, {
    encoding: 'gb18030',
    titles: [title, '单位：元'],
    totals,
    notes: ['注：以上为医保结算系统导出数据。'],
  });
  return { path, bytes };
}

/** Chronic-disease settlements under the column names one outpatient system uses, separated by tabs. */
export function chronicFile(
  path: string,
  who: Relative,
  area: string,
  disease: string,
  visits: readonly { readonly number: string; readonly settled: PlainDate; readonly self: number }[],
): CountyFile {
  const headers = [
    '姓名',
    '居民身份证号',
    '参保地区划代码',
    '单据号',
    '定点医疗机构',
    '病种名称',
    '结算日期',
    '费用总额',
    '统筹支付金额',
    '个人现金支付',
  ];
  const lines = visits.map(({ number, settled, self }) => {
    const total = Math.round(self / 0.4);
    const day = settled.replaceAll('-', '.');
    return [
      who.name,
      who.number.toLowerCase(),
      area,
      number,
      '县人民医院',
      disease,
      day,
      yuan(total),
      yuan(total - self),
      yuan(self),
    ];
  });
  const text = [headers, ...lines].map((cells) => cells.join('\t')).join('\r\n');
  return { path, bytes: encodeGb18030(`${text}\r\n`) };
}

/** A family: its people, the head first, and its files. */
export interface CaseFiles {
  readonly people: readonly Relative[];
  readonly files: readonly CountyFile[];
}

/** The month so many months before. */
export function back(last: Period, months: number): Period {
  return addMonths(periodStart(last), -months).slice(0, 7) as Period;
}

/** A day of a month. */
export function day(month: Period, number: number): PlainDate {
  return addDays(periodStart(month), number - 1);
}

/** A month without its hyphen, as numbers of documents have it. */
export function digits(month: Period): string {
  return month.replace('-', '');
}

/** Column names of one civil-affairs system's register. */
export const REGISTER = [
  '户编号',
  '姓名',
  '身份证号',
  '户主关系',
  '户主证件号码',
  '救助类别',
  '城乡类别',
  '月保障金额',
  '起始日期',
  '村社区代码',
];
