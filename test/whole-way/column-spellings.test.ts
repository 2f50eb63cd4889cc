import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import { identityNumberOf } from '../builders/identity.ts';
import { type Content, DepartmentDesk, type IngestLine } from './department-desk.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const NOW = '2024-04-20T09:00:00+08:00';
const files: Record<string, Content> = {};

function p(n: number): string {
  return identityNumberOf('410322', '1971-11-02' as PlainDate, n);
}

/** A month of one feed under the column names of some department's own system. */
function add(feed: string, name: string, header: string, ...rows: readonly string[]): void {
  files[`${feed}/2024-03/${name}.csv`] = [header, ...rows, ''].join('\n');
}

add(
  'civil-affairs/low-income-register',
  'a',
  '序号,户编号,户主姓名,户主身份证号,成员姓名,成员身份证号,与户主关系,救助类别,户月保障金（元）,享受起始年月,享受终止年月,村（社区）编码',
  `1,D1,戚某,${p(1)},戚某,${p(2)},长子,农村低保,856,2023年5月,,410322104201`,
  `2,D1,戚某,${p(1)},戚某,${p(1)},本人,农村低保,856,2023年5月,,410322104201`,
);
add(
  'civil-affairs/low-income-register',
  'b',
  '证件号码,姓名,家庭编号,与申请人关系,对象类别,城乡,月补助金额,救助开始时间',
  `${p(3)},戚某,D9,儿媳,低保边缘家庭成员,城市,0,2024/01`,
  `${p(4)},戚某,D9,父亲,分散供养特困人员,农村,980元,2024.01`,
  `${p(5)},戚某,D8,户主,刚性支出困难家庭,1,0,2024-01-01`,
);
add(
  'medical-insurance/inpatient-settlement',
  'a',
  '人员编号,证件类型,证件号码,人员姓名,结算ID,就诊ID,定点医药机构名称,医疗类别,开始日期,结束日期,结算时间,医疗费总额,基本医疗保险统筹基金支出,居民大病保险资金支出,医疗救助基金支出,个人账户支出,个人现金支出,个人负担总金额,参保所属医保区划,退费结算标志',
  `1001,01,${p(6)},戚某,S1,J1,某医院,21,2024-03-01,2024-03-09,2024-03-09 10:11:12,9000,5000,500,0,0,3500,3500,410322,0`,
);
add(
  'medical-insurance/inpatient-settlement',
  'b',
  '身份证号,姓名,住院号,医院,入院时间,出院时间,结算时间,总费用,医保报销,大病报销,医疗救助,个人自付,个人自费,区划代码',
  `${p(7)},戚某,ZY1,某医院,2024-03-01,2024-03-09,2024-03-09,9000,5000,500,0,2500,1000,410322`,
);
add(
  'medical-insurance/outpatient-chronic-settlement',
  'a',
  '身份证件号码,姓名,就诊流水号,结算日期,慢特病种,医疗总费用,统筹支付,个人自付金额(元),参保地行政区划',
  `${p(8)},戚某,M1,2024-03-01,糖尿病,300,200,100,410322`,
);
add(
  'medical-insurance/enrolment',
  'a',
  '身份证件号码,姓名,险种类型,参保年度,是否资助参保,个人缴费金额(元),参保地行政区划',
  `${p(8)},戚某,城乡居民基本医疗保险,2024,是,190,410322`,
  `${p(9)},戚某,居民,2024年,否,380,410322`,
);
add(
  'disabled-persons-federation/disability-certificate',
  'a',
  '姓名,身份证号码,残疾人证号,残疾类别,残疾等级,初次发证日期,有效期至,证件状态,户籍地区划',
  `戚某,${p(10)},${p(10)}42,肢体残疾,2级,2015-06-01,2025-06-01,正常,410322`,
  `戚某,${p(11)},${p(11)}61,精神残疾,贰级,2015-06-01,长期,注销,410322`,
  `戚某,${p(12)},${p(12)}61,多重残疾,壹,2015-06-01,长期,有效,410322`,
);
add(
  'education/enrolment',
  'a',
  '学生姓名,学生身份证号,学校名称,学段,年级,入学年份,学校性质,户籍所在区划',
  `戚某,${p(13)},某中学,初中,八年级,2022,公办,410322`,
  `戚某,${p(14)},某学院,本科,大二,2022,民办,410322`,
);
add(
  'education/enrolment',
  'b',
  '姓名,身份证件号,学籍号,学校,学校类别,年级,学年',
  `戚某,${p(15)},G1,某小学,小学,三年级,2023-2024`,
);
add(
  'education/tuition-payment',
  'a',
  '学生姓名,身份证件号码,缴费单号,学校,学段,学年,学费金额(元),住宿费(元),资助金额(元),缴费日期',
  `戚某,${p(15)},T1,某高中,高中,2023-2024,800,300,0,2024-03-01`,
);
add(
  'human-resources/employment-registration',
  'a',
  '姓名,身份证号码,单位名称,就业类型,就业登记日期,合同终止日期,缴费基数',
  `戚某,${p(16)},某厂,单位就业,2023-01-01,,4000`,
);
add(
  'human-resources/unemployment-registration',
  'a',
  '姓名,身份证号码,失业登记日期,失业原因,失业金月标准,失业金终止日期',
  `戚某,${p(17)},2024-02-01,企业裁员,1500,`,
);
add(
  'emergency-management/disaster-relief',
  'a',
  '户主姓名,户主身份证号,灾害种类,受灾日期,家庭财产损失(万元),房屋损毁情况,救助金额(元),行政区划',
  `戚某,${p(18)},洪涝,2024-03-01,1.2,倒塌,2000,410322`,
  `戚某,${p(19)},火灾,2024-03-01,0.5,一般损坏,0,410322`,
  `戚某,${p(20)},地质灾害,2024-03-02,0.5,严损,0,410322`,
);
add(
  'housing/dilapidated-housing',
  'a',
  '户主姓名,身份证号码,危房等级,鉴定时间,改造完成时间,补助金额,区划',
  `戚某,${p(21)},D级,2023-11-01,,0,410322`,
  `戚某,${p(22)},C,2023-11,,0,410322`,
);
add(
  'public-security/household-registration',
  'a',
  '户号,姓名,公民身份号码,与户主关系,户籍地址,迁入日期,户口类型,省市县区代码',
  `4103220001,戚某,${p(23)},户主,某村,2001-01-01,家庭户,410322`,
  `4103220001,戚某,${p(24)},妻,某村,2001-01-01,家庭户,410322`,
);
add('public-security/death-registration', 'a', '姓名,公民身份号码,死亡日期,注销户口日期', `戚某,${p(25)},20240301,20240305`);

add(
  'civil-affairs/minimum-living-allowance-payment',
  'a',
  '低保证号,户主姓名,户主身份证号码,资金月份,资金类型,保障人口,实发低保金(元),到账日期,村代码',
  `DB1,戚某,${p(26)},202403,低保金,3,1 245.00,2024.3.10,410322104201`,
  `DB1,戚某,${p(26)},202403,价格临时补贴,3,60,,410322104201`,
  `DB2,戚某,${p(27)},2024年3月,补发,１人,415元,2024-03-11,410322104201`,
);
add(
  'civil-affairs/temporary-aid',
  'a',
  '审批编号,救助对象,救助对象身份证号,临时救助类别,救助原因,审批层级,救助金（元）,审批日期,居住地区划',
  `LS1,戚某,${p(28)},支出型临时救助,因病住院自付较高,县民政局,5040,2024年3月18日,410322104201`,
  `LS2,戚某,${p(29)},急难小额快救,房屋失火,乡镇(街道),0.08万元,20240319,410322104201`,
);
add(
  'medical-insurance/medical-aid-payment',
  'a',
  '人员姓名,证件号码,结算ID,救助方式,定点医药机构名称,结算时间,医疗费总额,医疗救助基金支出,参保地行政区划',
  `戚某,${p(6)},S1,住院医疗救助,某医院,2024-03-09 10:11:12,9000,1200.5,410322`,
  `戚某,${p(6)},S9,倾斜救助,,2024-03-20,,800,410322`,
);
add(
  'medical-insurance/paid-enrolment',
  'a',
  '姓名,身份证件号码,参保险种,缴费年度,资助方式,资助标准(元),个人实缴,医保区划',
  `戚某,${p(8)},城乡居民医保,2024年,定额资助,190,190,410322`,
  `戚某,${p(9)},390,2024,全额资助参保,380,0,410322`,
);
add(
  'education/aid-payment',
  'a',
  '学生姓名,学生身份证号码,资助项目,就读学段,就读院校,学年学期,助学金金额,发放时间',
  `戚某,${p(14)},国家助学金,本科,某学院,2023-2024,1650,2024-03-15`,
  `戚某,${p(15)},免学费,普高,某高中,2023-2024,400,2024-03-01`,
);
add(
  'human-resources/public-welfare-job',
  'a',
  '姓名,身份证号码,公益性岗位名称,用工单位,合同开始日期,合同到期日期,岗位补贴标准(元/月),是否在岗,户籍地区划',
  `戚某,${p(16)},环境保洁,某镇政府,2024-03,2027年2月,836,在岗,410322`,
);
add(
  'charity/aid-payment',
  'a',
  '受助人,受助人身份证号,公益项目,实施单位,救助形式,折合金额,物资明细,资助日期',
  `戚某,${p(17)},慈善救急难,县慈善总会,善款,2000,,2024-03-22`,
  `戚某,${p(18)},暖冬行动,县红十字会,慈善物资,300,棉被2床,2024/3/5`,
);
add(
  'health/birth-certificate',
  'a',
  '出生证编号,新生儿姓名,新生儿身份证号,出生时间,母亲姓名,母亲证件号码,助产机构名称,签发日期,母亲居住地区划',
  `X410000001,戚小,${identityNumberOf('410322', '2024-03-02' as PlainDate, 7)},2024-03-02 08:30,戚某,${p(5)},县妇幼保健院,2024-03-09,410322104201`,
);

describe('files under the column names of other systems', () => {
  let desk: DepartmentDesk;
  let answers: IngestLine[];
  beforeAll(async () => {
    desk = await DepartmentDesk.open();
    ({ lines: answers } = await desk.send(files, NOW));
  });
  afterAll(() => desk.close());

  it.each(Object.keys(files))('takes every row of %s', (path) => {
    const answer = answers.find(({ file }) => file === path);
    const rows = String(files[path]).split('\n').length - 2;
    expect(answer?.errors).toEqual([]);
    expect([answer?.status, answer?.rows]).toEqual(['accepted', { read: rows, accepted: rows, duplicate: 0, rejected: 0 }]);
  });

  it('reads the sum a person bears and not a part of it, and the loss in its own unit', () => {
    const totals = (path: string) => answers.find(({ file }) => file.startsWith(path))?.totals;
    expect(totals('medical-insurance/inpatient-settlement/2024-03/a')).toMatchObject({
      selfPaid: 350_000,
      majorIllnessPaid: 50_000,
    });
    expect(totals('emergency-management')).toEqual({ lossAmount: 2_200_000, reliefAmount: 200_000 });
  });
});
