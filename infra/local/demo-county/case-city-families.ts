import { type Period, periodEnd } from '../../../shared/calendar/period.ts';
import { back, type CaseFiles, day, digits, gbFile, relative, settlementFile, stayOf } from './case-files.ts';
import { neighbourFiles } from './case-neighbours.ts';
import { type Settlement, settlementColumns, settlementTable } from './settlements.ts';
import { csvBytes, yuan } from './table.ts';

/** In no register; head (48) with eleven monthly settlements of 90,000 yuan and more self-paid, a child at school. */
export function yantai(last: Period): CaseFiles {
  const county = '370611';
  const village = '370611001006';
  const head = relative('曲建军', 'male', 48, periodEnd(last), county, 161);
  const pupil = relative('曲嘉宁', 'male', 14, periodEnd(last), county, 162);
  const neighbour = relative('姜永顺', 'male', 45, periodEnd(last), county, 163);
  const inpatient = Array.from({ length: 11 }, (_, rank) => {
    const month = back(last, 10 - rank);
    const self = 798_540 + ((rank * 37) % 11) * 9_865;
    const stay = stayOf(head, county, {
      number: `FS${digits(month)}2306`,
      hospital: '烟台毓璜顶医院',
      settled: day(month, 20),
      days: 8,
      late: 0,
      code: 'C92.000',
      diagnosis: '急性髓系白血病',
      total: Math.round(self / 0.37),
      self,
    });
    return settlementFile(
      `medical-insurance/inpatient-settlement/${month}/福山住院结算${digits(month)}.csv`,
      `福山区${month}住院结算`,
      settlementTable([stay], yuan, ''),
      settlementColumns.totals,
    );
  });
  return {
    people: [head, pupil, neighbour],
    files: [
      ...inpatient,
      ...neighbourFiles(neighbour, village, last, ['outpatient', 'tuition', 'disability', 'disaster']),
      gbFile(
        `public-security/household-registration/${last}/福山户籍.csv`,
        '户籍人口信息',
        ['户籍号', '与户主关系', '姓名', '公民身份号码', '户籍地区划代码', '何时迁来本址', '户口性质'],
        [
          ['370611001002306', '02', head.name, head.number, village, '2006-09-01', '城镇'],
          ['370611001002306', '20', pupil.name, pupil.number, village, pupil.birth, '城镇'],
        ],
      ),
      {
        path: `education/enrolment/${last}/福山在校生.csv`,
        bytes: csvBytes(
          {
            headers: ['姓名', '身份证件号码', '就读学校', '学段', '学校性质', '所在年级', '户籍地区划代码'],
            rows: [[pupil.name, `\t${pupil.number}`, '福山区某初级中学', '初中', '公办', '八年级', village]],
          },
          { encoding: 'utf-8-bom' },
        ),
      },
    ],
  };
}

interface Bill {
  /** Months before the last data month. */
  readonly ago: number;
  /** 0 the head, 1 the daughter. */
  readonly who: 0 | 1;
  /** Days from discharge to settlement. */
  readonly late: number;
  readonly code: string;
  readonly diagnosis: string;
  readonly total: number;
  readonly self: number;
}

/** Self-paid sums of the twelve months, fen: together 30,126.80 yuan, just over the 30,000 of the rule. */
const HINGGAN_BILLS: readonly Bill[] = [
  { ago: 8, who: 1, late: 95, code: 'M41.900', diagnosis: '重度脊柱侧弯术后', total: 1_263_480, self: 486_540 },
  { ago: 6, who: 0, late: 62, code: 'C71.900', diagnosis: '胶质瘤', total: 1_902_270, self: 704_615 },
  { ago: 4, who: 0, late: 48, code: 'D36.100', diagnosis: '神经纤维瘤', total: 1_018_860, self: 391_225 },
  { ago: 1, who: 0, late: 30, code: 'C50.900', diagnosis: '乳腺恶性肿瘤', total: 3_745_900, self: 1_430_300 },
];

/** On the urban allowance (829 yuan a head); bills from outside the province, months late, pass 30,000 yuan in 12 months. */
export function hinggan(last: Period): CaseFiles {
  const county = '152201';
  const village = '152201003004';
  const head = relative('白春梅', 'female', 44, periodEnd(last), county, 221);
  const daughter = relative('白雨桐', 'female', 19, periodEnd(last), county, 222);
  const neighbour = relative('包玉兰', 'female', 40, periodEnd(last), county, 223);
  const people = [head, daughter] as const;
  const bill = (one: Bill): Settlement =>
    stayOf(people[one.who], county, {
      number: `XA${digits(back(last, one.ago))}0${one.who}71`,
      hospital: one.who === 0 ? '吉林大学第一医院' : '北京积水潭医院',
      settled: day(back(last, one.ago), 24),
      days: 12,
      late: one.late,
      code: one.code,
      diagnosis: one.diagnosis,
      total: one.total,
      self: one.self,
      outOfArea: true,
    });
  // The daughter's operation of two years before the illness: outside the window, so it must not count.
  const old = bill({ ago: 17, who: 1, late: 80, code: 'M41.900', diagnosis: '重度脊柱侧弯', total: 8_640_000, self: 2_135_000 });
  return {
    people: [...people, neighbour],
    files: [
      ...neighbourFiles(neighbour, village, last, ['outpatient', 'tuition']),
      gbFile(
        `civil-affairs/low-income-register/${last}/乌兰浩特城市低保.csv`,
        '城市最低生活保障花名册　单位：元',
        [
          '低保证号',
          '姓名',
          '身份证号码',
          '与户主关系',
          '户主身份证号',
          '保障类别',
          '城乡属性',
          '户月保障金额',
          '享受起始年月',
          '村(社区)代码',
        ],
        people.map((who, rank) => [
          '152201DB20150318',
          who.name,
          who.number,
          rank === 0 ? '本人' : '女',
          head.number,
          '城市低保',
          '城市',
          '1,658.00',
          '2015-03-01',
          village,
        ]),
      ),
      gbFile(
        `disabled-persons-federation/disability-certificate/${last}/乌兰浩特残疾人证.csv`,
        '残疾人证信息',
        ['姓名', '身份证号', '残疾类别', '残疾等级', '发证时间', '状态', '居住地区划'],
        [
          [head.name, head.number, '视力残疾', '二级', '2012年6月11日', '有效', village],
          [daughter.name, daughter.number, '肢体残疾', '四级', '2021年3月2日', '有效', village],
        ],
      ),
      settlementFile(
        `medical-insurance/inpatient-settlement/${last}/乌兰浩特异地住院.csv`,
        '异地住院结算（含补传）',
        settlementTable([old, ...HINGGAN_BILLS.map(bill)], yuan, ''),
        settlementColumns.totals,
      ),
    ],
  };
}
