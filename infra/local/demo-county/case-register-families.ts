import { type Period, periodEnd, periodStart } from '../../../shared/calendar/period.ts';
import { addMonths } from '../../../shared/calendar/plain-date.ts';
import {
  back,
  type CaseFiles,
  chronicFile,
  day,
  digits,
  gbFile,
  REGISTER,
  type Relative,
  relative,
  settlementFile,
  stayOf,
} from './case-files.ts';
import { neighbourFiles } from './case-neighbours.ts';
import { settlementColumns, settlementTable } from './settlements.ts';
import { csvBytes, yuan } from './table.ts';
import { xlsxBytes } from './xlsx.ts';

/** Near-poor; four stays of the mother (70) for heart failure within one month, 100,000 yuan and more, 30,000 and more self-paid. */
export function henan(last: Period): CaseFiles {
  const county = '411122';
  const village = '411122104215';
  const son = relative('郭海峰', 'male', 47, periodEnd(last), county, 411);
  const wife = relative('孙玉芳', 'female', 45, periodEnd(last), county, 412);
  const mother = relative('吕桂英', 'female', 70, periodEnd(last), county, 413);
  const people = [son, wife, mother];
  const since = addMonths(periodStart(last), -19);
  const amounts = [
    [2_864_130, 815_260],
    [2_240_075, 692_480],
    [3_318_840, 1_046_915],
    [1_893_020, 612_345],
  ];
  const stays = amounts.map(([total = 0, self = 0], rank) =>
    stayOf(mother, county, {
      number: `LY${digits(last)}88${rank}`,
      hospital: rank < 2 ? '临颍县人民医院' : '漯河市中心医院',
      settled: day(last, 4 + rank * 7),
      days: 6,
      late: 0,
      code: 'I50.900',
      diagnosis: '心力衰竭',
      total,
      self,
    }),
  );
  const register: [Relative, string][] = [
    [son, '户主'],
    [wife, '配偶'],
    [mother, '母亲'],
  ];
  return {
    people,
    files: [
      {
        path: `civil-affairs/low-income-register/${last}/繁城镇低收入人口.xlsx`,
        bytes: xlsxBytes(
          'Sheet1',
          [
            [`繁城镇低收入人口名册（${last}）`],
            REGISTER,
            ...register.map(([who, relation]) => [
              'LY-BY-0417',
              who.name,
              who.number,
              relation,
              son.number,
              '低保边缘',
              '农村',
              '0',
              since,
              village,
            ]),
          ],
          1,
        ),
      },
      gbFile(
        `public-security/household-registration/${last}/繁城镇户籍.csv`,
        '户籍人口信息',
        ['户号', '与户主关系', '姓名', '公民身份号码', '户籍地区划代码', '落户日期'],
        [
          ['411122104000417', '户主', son.name, son.number, village, '2001-05-12'],
          ['411122104000417', '妻', wife.name, wife.number, village, '2001-05-12'],
          ['411122104000417', '母亲', mother.name, mother.number, village, '1998-03-01'],
        ],
      ),
      settlementFile(
        `medical-insurance/inpatient-settlement/${last}/繁城镇住院结算.csv`,
        `${last}住院费用结算明细表`,
        settlementTable(stays, yuan, ''),
        settlementColumns.totals,
      ),
      gbFile(
        `human-resources/employment-registration/${last}/就业登记_繁城镇.csv`,
        '就业登记花名册',
        ['姓名', '身份证号码', '工作单位', '就业类型', '就业日期', '缴费基数(元)', '行政区划代码'],
        [
          [wife.name, wife.number, '惠民超市', '灵活就业', day(back(last, 26), 8), '2600', village],
          [son.name, son.number, '外出务工', '务工', day(back(last, 40), 16), '3579', village],
        ],
      ),
    ],
  };
}

/** On the allowance; head (56) with limb disability level 2 after a stroke and repeated bills; two daughters at university. */
export function shandong(last: Period): CaseFiles {
  const county = '371621';
  const village = '371621103221';
  const head = relative('张立民', 'male', 56, periodEnd(last), county, 371);
  const wife = relative('刘秀珍', 'female', 54, periodEnd(last), county, 372);
  const elder = relative('张晓雯', 'female', 21, periodEnd(last), county, 373);
  const younger = relative('张晓蕾', 'female', 19, periodEnd(last), county, 374);
  const neighbour = relative('马德胜', 'male', 50, periodEnd(last), county, 375);
  const students = [elder, younger];
  const relations = ['户主', '配偶', '长女', '次女'];
  const people = [head, wife, elder, younger];
  const stays = [
    [9, 1_486_050, 421_360],
    [5, 1_172_400, 368_815],
    [1, 1_840_930, 562_740],
  ].map(([ago = 0, total = 0, self = 0]) =>
    stayOf(head, county, {
      number: `HM${digits(back(last, ago))}0512`,
      hospital: '惠民县人民医院',
      settled: day(back(last, ago), 17),
      days: 9,
      late: 0,
      code: 'I69.300',
      diagnosis: '脑血栓后遗症',
      total,
      self,
    }),
  );
  const visits = Array.from({ length: 11 }, (_, rank) => {
    const month = back(last, 10 - rank);
    return { number: `HMMT${digits(month)}0093`, settled: day(month, 11), self: 18_640 + rank * 215 };
  });
  const paid = (ago: number): string => day(back(last, ago), 3);
  return {
    people: [...people, neighbour],
    files: [
      ...neighbourFiles(neighbour, village, last, ['disaster']),
      {
        path: `civil-affairs/low-income-register/${last}/惠民低保.csv`,
        bytes: csvBytes(
          {
            headers: REGISTER,
            rows: people.map((who, rank) => [
              '3716211030088',
              who.name,
              `'${who.number}`,
              relations[rank] ?? '其他',
              head.number,
              '农村低保',
              '农村',
              '1284.00',
              '2019/7/1',
              village,
            ]),
          },
          { encoding: 'utf-8-bom', titles: ['农村最低生活保障对象名册'] },
        ),
      },
      gbFile(
        `disabled-persons-federation/disability-certificate/${last}/惠民残疾人证.csv`,
        '持证残疾人名单',
        ['姓名', '身份证号', '残疾证号', '残疾类别', '残疾等级', '发证日期', '证件状态', '户籍地区划代码'],
        [
          [
            head.name,
            head.number,
            `${head.number}42`,
            '肢体',
            '二级',
            day(back(last, 22), 9).replaceAll('-', ''),
            '正常',
            village,
          ],
        ],
      ),
      settlementFile(
        `medical-insurance/inpatient-settlement/${last}/惠民住院结算.csv`,
        '住院结算（近12个月）',
        settlementTable(stays, yuan, ''),
        settlementColumns.totals,
      ),
      chronicFile(
        `medical-insurance/outpatient-chronic-settlement/${last}/惠民门诊慢特病.csv`,
        head,
        county,
        '脑血管病后遗症',
        visits,
      ),
      gbFile(
        `education/tuition-payment/${last}/惠民籍学生学费.csv`,
        '学费住宿费缴纳情况　单位：元',
        ['姓名', '身份证号', '票据号', '学校名称', '学段', '学年', '学费', '住宿费', '资助金额', '缴费日期', '生源地代码'],
        students.map((who, rank) => [
          who.name,
          who.number,
          `SD20${rank}7731`,
          '山东某学院',
          '本科',
          '',
          '5200.00',
          '1000.00',
          '0',
          paid(1 + rank),
          village,
        ]),
      ),
      gbFile(
        `education/enrolment/${last}/惠民籍在校生.csv`,
        '在校生学籍信息',
        ['学生姓名', '学生身份证号', '学校名称', '学段', '办学性质', '年级', '户籍地区划代码'],
        students.map((who, rank) => [
          who.name,
          who.number,
          '山东某学院',
          '本科',
          '公办',
          rank === 0 ? '三年级' : '一年级',
          village,
        ]),
      ),
    ],
  };
}
