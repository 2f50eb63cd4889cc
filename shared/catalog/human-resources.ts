import { areaColumn, dateColumn, identityNumber, moneyColumn, personName, textColumn } from './columns.ts';
import { type FeedSpec, feedId } from './feed.ts';

const departmentTitle = { zh: '人社', en: 'Human resources' };

const area = areaColumn([
  '户籍地区划',
  '户籍地区划代码',
  '居住地区划',
  '常住地区划代码',
  '登记地区划代码',
  '失业地区划',
  '参保地区划代码',
]);

/** No rule text about this exact item was read; the department and the core category are named in 39号 and 85号. */
const legalBasis = { text: '国办发〔2023〕39号；民发〔2022〕85号（人社部门按月推送）', evidence: 'A-' } as const;

const employmentRegistration: FeedSpec = {
  id: feedId('human-resources', 'employment-registration'),
  title: { zh: '就业登记', en: 'Employment registration' },
  departmentTitle,
  kind: 'status',
  uses: ['entry', 'reject', 'verify'],
  fields: [
    identityNumber,
    personName,
    area,
    textColumn('employer', '单位名称', 'employer', 100, [
      '单位',
      '就业单位',
      '就业单位名称',
      '用人单位',
      '用人单位名称',
      '工作单位',
      '用工单位',
      '参保单位',
      '参保单位名称',
    ]),
    textColumn('employmentType', '就业形式', 'form of employment', 40, [
      '就业类型',
      '就业方式',
      '就业登记类型',
      '就业状态',
      '用工形式',
      '就业渠道',
    ]),
    dateColumn(
      'employedFrom',
      '就业日期',
      'employed from',
      [
        '就业登记日期',
        '就业时间',
        '就业登记时间',
        '登记日期',
        '入职日期',
        '合同开始日期',
        '合同起始日期',
        '用工开始日期',
        '起始日期',
        '参保日期',
        '就业开始日期',
      ],
      { required: true },
    ),
    dateColumn('employedTo', '终止就业日期', 'employed to', [
      '就业终止日期',
      '终止日期',
      '解除日期',
      '离职日期',
      '合同终止日期',
      '合同结束日期',
      '用工结束日期',
      '就业结束日期',
      '停保日期',
      '解除(终止)日期',
    ]),
    moneyColumn('contributionBase', '缴费基数', 'contribution base', [
      '月缴费基数',
      '社保缴费基数',
      '养老缴费基数',
      '缴费工资',
      '缴费基数(月)',
      '月工资',
    ]),
  ],
  subject: { identity: 'identityNumber', name: 'name' },
  naturalKey: ['employer', 'employedFrom'],
  dates: { from: 'employedFrom', to: 'employedTo' },
  area: 'area',
  checks: [
    { kind: 'order', earlier: 'employedFrom', later: 'employedTo' },
    { kind: 'not-before-birth', field: 'employedFrom' },
  ],
  cadence: 'monthly',
  dueDay: 10,
  legalBasis,
};

const unemploymentRegistration: FeedSpec = {
  id: feedId('human-resources', 'unemployment-registration'),
  title: { zh: '失业登记', en: 'Unemployment registration' },
  departmentTitle,
  kind: 'status',
  uses: ['entry', 'chain'],
  fields: [
    identityNumber,
    personName,
    area,
    dateColumn(
      'registeredOn',
      '失业登记日期',
      'registered on',
      ['登记日期', '失业登记时间', '登记时间', '失业日期', '失业时间', '办理日期', '失业开始日期'],
      { required: true },
    ),
    dateColumn('endedOn', '失业终止日期', 'ended on', [
      '失业金终止日期',
      '终止日期',
      '注销日期',
      '失业注销日期',
      '失业登记注销日期',
      '退出失业日期',
      '再就业日期',
      '失业结束日期',
      '结束日期',
    ]),
    textColumn('reason', '失业原因', 'reason', 100, ['原因', '登记失业原因', '失业类型', '终止原因', '离职原因']),
    moneyColumn('monthlyBenefit', '失业保险金', 'monthly unemployment benefit', [
      '月失业保险金',
      '失业金',
      '失业金月标准',
      '失业保险金月标准',
      '失业保险待遇',
      '月待遇金额',
      '待遇金额',
      '失业保险金标准',
    ]),
  ],
  subject: { identity: 'identityNumber', name: 'name' },
  naturalKey: ['registeredOn'],
  dates: { from: 'registeredOn', to: 'endedOn' },
  area: 'area',
  checks: [
    { kind: 'order', earlier: 'registeredOn', later: 'endedOn' },
    { kind: 'not-before-birth', field: 'registeredOn' },
  ],
  cadence: 'monthly',
  dueDay: 10,
  legalBasis,
};

/** Feeds of the human-resources department. */
export const humanResourcesFeeds: readonly FeedSpec[] = [employmentRegistration, unemploymentRegistration];
