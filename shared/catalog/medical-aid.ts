import {
  aidAmount,
  aidNumber,
  givenOn,
  numberedAid,
  originalAidNumber,
  recipientName,
  recipientNumber,
  schemeColumn,
} from './aid-columns.ts';
import { areaColumn, codeColumn, dateColumn, integerColumn, moneyColumn, reversalFlag, signedMoneyColumn } from './columns.ts';
import { type FeedSpec, feedId } from './feed.ts';
import { hospital } from './settlement-columns.ts';

const departmentTitle = { zh: '医保', en: 'Medical insurance' };

const area = areaColumn(['参保地区划', '参保地区划代码', '参保地代码', '医保区划', '统筹区代码', '救助地区划']);

const medicalAidPayment: FeedSpec = {
  id: feedId('medical-insurance', 'medical-aid-payment'),
  title: { zh: '医疗救助支付', en: 'Medical aid payment' },
  departmentTitle,
  kind: 'event',
  uses: ['chain'],
  fields: [
    recipientNumber,
    recipientName,
    area,
    // Where medical aid is paid with the bill, the number is that of the settlement: so the chain knows both for one payment.
    aidNumber('救助结算单号', 'settlement number of the aid', [
      '结算单号',
      '医保结算单号',
      '医疗救助结算单号',
      '救助单号',
      '救助编号',
      '就诊流水号',
    ]),
    codeColumn(
      'aidKind',
      '救助类别',
      'kind of medical aid',
      {
        inpatient: ['住院救助', '住院', '住院医疗救助', '基本救助', '一次救助'],
        outpatient: ['门诊救助', '门诊', '门诊慢特病救助', '门诊慢特病', '门诊医疗救助'],
        additional: ['倾斜救助', '二次救助', '再救助', '倾斜救助支付', '重特大疾病救助', '大病救助'],
        emergency: ['疾病应急救助', '应急救助', '疾病应急'],
      },
      ['救助类型', '医疗救助类别', '医疗救助类型', '救助方式', '救助项目'],
    ),
    hospital,
    givenOn('救助日期', ['结算日期', '救助结算日期', '医疗救助日期', '拨付日期']),
    signedMoneyColumn('totalCost', '总费用', 'total cost', ['医疗总费用', '医疗费总额', '费用总额', '医疗费用总额', '总金额']),
    aidAmount('医疗救助金额', [
      '医疗救助',
      '医疗救助支付',
      '医疗救助基金支付',
      '医疗救助基金支出',
      '救助支付',
      '救助金额',
      '救助金',
    ]),
    reversalFlag,
    { ...originalAidNumber, aliases: [...originalAidNumber.aliases, '原结算单号'] },
  ],
  ...numberedAid,
  checks: [
    { kind: 'not-before-birth', field: 'givenOn' },
    { kind: 'within', parts: ['amount'], whole: 'totalCost' },
  ],
  cadence: 'monthly',
  dueDay: 5,
  legalBasis: { text: '国办发〔2023〕39号三（一）（救助结果反馈，一户一条救助链）；民发〔2022〕85号', evidence: 'A-' },
};

const paidEnrolment: FeedSpec = {
  id: feedId('medical-insurance', 'paid-enrolment'),
  title: { zh: '资助参保', en: 'Enrolment paid for' },
  departmentTitle,
  kind: 'event',
  uses: ['chain'],
  fields: [
    recipientNumber,
    recipientName,
    area,
    { ...schemeColumn },
    integerColumn(
      'year',
      '参保年度',
      'year',
      { min: 1998, max: 2199 },
      ['年度', '年份', '缴费年度', '资助年度', '保险年度', '参保年份'],
      { required: true },
    ),
    codeColumn(
      'extent',
      '资助方式',
      'in full or in part',
      {
        full: ['全额', '全额资助', '全额代缴', '全额资助参保'],
        part: ['定额', '定额资助', '部分资助', '差额资助', '差额'],
      },
      ['资助类型', '资助标准类型', '资助形式', '资助方式名称'],
    ),
    aidAmount('资助金额', ['资助参保金额', '财政资助金额', '政府资助金额', '代缴金额', '补助金额', '资助标准']),
    moneyColumn('personalContribution', '个人缴费', 'personal contribution', ['个人实缴', '个人缴纳金额']),
    dateColumn('givenOn', '资助日期', 'paid on', ['代缴日期', '参保日期', '缴费日期', '登记日期', '到账日期']),
  ],
  subject: { identity: 'identityNumber', name: 'name' },
  naturalKey: ['year', 'scheme'],
  dates: { from: 'givenOn' },
  area: 'area',
  checks: [{ kind: 'not-before-birth', field: 'givenOn' }],
  cadence: 'monthly',
  dueDay: 10,
  legalBasis: { text: '国办发〔2023〕39号四（二）（资助参保）；民发〔2022〕85号', evidence: 'A-' },
};

/** What the medical-insurance department gives, as it tells it back to the assistance chain. */
export const medicalAidFeeds: readonly FeedSpec[] = [medicalAidPayment, paidEnrolment];
