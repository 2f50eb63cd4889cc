import { aidAmount, aidNumber, givenOn, numberedAid, originalAidNumber, recipientName, recipientNumber } from './aid-columns.ts';
import { areaColumn, codeColumn, integerColumn, residenceColumn, reversalFlag, textColumn } from './columns.ts';
import { type FeedSpec, feedId } from './feed.ts';

const departmentTitle = { zh: '民政', en: 'Civil affairs' };

const area = areaColumn(['户籍地区划', '居住地区划', '保障地区划代码', '救助地区划', '所在村代码']);

const minimumLivingAllowancePayment: FeedSpec = {
  id: feedId('civil-affairs', 'minimum-living-allowance-payment'),
  title: { zh: '低保金发放', en: 'Minimum living allowance payment' },
  departmentTitle,
  kind: 'event',
  uses: ['chain'],
  fields: [
    recipientNumber,
    recipientName,
    area,
    textColumn('householdNumber', '家庭编号', 'household number', 40, [
      '户编号',
      '低保户编号',
      '保障户编号',
      '家庭编码',
      '低保证号',
      '救助证号',
      '保障编号',
      '户号',
    ]),
    {
      name: 'month',
      title: { zh: '发放月份', en: 'month paid for' },
      type: { kind: 'month' },
      aliases: ['发放年月', '所属月份', '所属年月', '保障月份', '资金月份', '待遇月份', '月份', '发放期', '年月'],
      required: true,
    },
    codeColumn(
      'paymentKind',
      '发放类型',
      'kind of payment',
      {
        regular: ['正常发放', '正常', '按月发放', '月度发放', '低保金', '常规'],
        arrears: ['补发', '补发放', '补发低保金', '追补'],
        'price-subsidy': ['价格补贴', '价格临时补贴', '物价补贴', '价格补贴联动'],
        festival: ['节日补助', '春节慰问', '节日慰问', '一次性生活补贴', '一次性生活补助'],
      },
      ['资金类型', '发放类别', '发放项目', '补助类型', '资金项目'],
    ),
    residenceColumn,
    integerColumn('persons', '保障人数', 'persons covered', { min: 1, max: 30 }, [
      '保障人口',
      '享受人数',
      '享受人口',
      '低保人数',
      '家庭保障人数',
      '人数',
    ]),
    aidAmount('发放金额', [
      '低保金',
      '户月保障金额',
      '户月保障金',
      '户月金额',
      '月保障金额',
      '保障金额',
      '保障金',
      '低保金额',
      '实发低保金',
      '合计发放金额',
    ]),
    givenOn('发放日期', ['社会化发放日期', '拨付日期'], {}),
    reversalFlag,
  ],
  subject: { identity: 'identityNumber', name: 'name' },
  // One payment of a kind a month: a list sent again with another sum corrects it, and a sum taken back nets it.
  naturalKey: ['month', 'paymentKind'],
  dates: { from: 'givenOn' },
  area: 'area',
  reversal: { flag: 'reversal' },
  checks: [],
  cadence: 'monthly',
  dueDay: 15,
  legalBasis: { text: '社会救助暂行办法第十二条；国办发〔2023〕39号三（一）（一户一条救助链）', evidence: 'A' },
};

const temporaryAid: FeedSpec = {
  id: feedId('civil-affairs', 'temporary-aid'),
  title: { zh: '临时救助', en: 'Temporary aid' },
  departmentTitle,
  kind: 'event',
  uses: ['chain'],
  fields: [
    recipientNumber,
    recipientName,
    area,
    aidNumber('救助编号', 'number of the aid', ['临时救助编号', '审批编号', '救助单号', '受理编号', '业务编号']),
    codeColumn(
      'aidKind',
      '救助类型',
      'kind of temporary aid',
      {
        emergency: ['急难型', '急难', '急难型救助', '急难型临时救助', '急难救助'],
        expenditure: ['支出型', '支出', '支出型救助', '支出型临时救助'],
        rapid: ['小额快救', '小额', '小额救助', '先行救助', '小额临时救助', '急难小额快救'],
      },
      ['救助类别', '临时救助类型', '临时救助类别', '对象类型', '困难类型'],
    ),
    // Free words such as 因患胃癌住院: a diagnosis more often than not.
    textColumn('cause', '救助事由', 'cause', 200, ['救助原因', '致困原因', '申请原因', '申请事由', '困难原因', '事由', '原因'], {
      sensitive: true,
    }),
    codeColumn(
      'approvedBy',
      '审批机关',
      'approved by',
      {
        township: ['乡镇', '乡镇(街道)', '乡镇街道', '街道', '镇', '乡', '乡镇审批', '乡级'],
        county: ['县', '区', '县级', '区县', '县民政局', '区民政局', '县级民政部门', '县级审批', '民政局'],
      },
      ['审批层级', '审批级别', '审批权限', '审核确认机关'],
    ),
    aidAmount('救助金额', ['临时救助金额', '临时救助金', '救助金', '救助资金', '审批金额']),
    givenOn('救助日期', ['审批日期', '批准日期', '审核确认日期', '救助发放日期']),
    reversalFlag,
    originalAidNumber,
  ],
  ...numberedAid,
  cadence: 'monthly',
  dueDay: 10,
  legalBasis: { text: '社会救助暂行办法第九章；国办发〔2023〕39号三（一）（一户一条救助链）', evidence: 'A' },
};

/** What civil affairs gives, as it is told to the assistance chain. */
export const civilAffairsAidFeeds: readonly FeedSpec[] = [minimumLivingAllowancePayment, temporaryAid];
