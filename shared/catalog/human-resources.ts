import { areaColumn, codeColumn, dateColumn, moneyColumn, textColumn } from './columns.ts';
import { type FeedSpec, feedId } from './feed.ts';
import { nameOf, numberOf } from './person-columns.ts';

const departmentTitle = { zh: '人社', en: 'Human resources' };

const area = areaColumn(['户籍地区划', '居住地区划', '常住地区划代码', '登记地区划代码', '失业地区划', '参保地区划代码']);

/** Words for whoever has work, looks for it or is placed in it. */
const WORKER = [
  ...['就业人员', '失业人员', '登记人员', '劳动者', '职工', '员工', '从业人员', '参保人', '参保人员', '求职人员'],
  ...['上岗人员', '在岗人员', '岗位人员', '公益性岗位人员', '公益岗位人员', '公益岗人员', '安置人员'],
];
const worker = [numberOf(WORKER), nameOf(WORKER, ['劳动者', '失业人员'])] as const;

/** No rule text about this exact item was read; the department and the core category are named in 39号 and 85号. */
const legalBasis = { text: '国办发〔2023〕39号；民发〔2022〕85号（人社部门按月推送）', evidence: 'A-' } as const;

const employmentRegistration: FeedSpec = {
  id: feedId('human-resources', 'employment-registration'),
  title: { zh: '就业登记', en: 'Employment registration' },
  departmentTitle,
  kind: 'status',
  uses: ['entry', 'reject', 'verify'],
  fields: [
    ...worker,
    area,
    textColumn('employer', '单位名称', 'employer', 100, ['单位', '就业单位', '用人单位', '工作单位', '用工单位', '参保单位']),
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
    ...worker,
    area,
    dateColumn('registeredOn', '失业登记日期', 'registered on', ['登记日期', '失业日期', '办理日期', '失业开始日期'], {
      required: true,
    }),
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
      '失业金标准',
      '月失业金',
      '月领取金额',
      '领取金额',
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

const publicWelfareJob: FeedSpec = {
  id: feedId('human-resources', 'public-welfare-job'),
  title: { zh: '公益性岗位', en: 'Public-welfare job' },
  departmentTitle,
  kind: 'status',
  uses: ['chain', 'verify'],
  fields: [
    ...worker,
    area,
    textColumn('position', '岗位名称', 'position', 100, ['岗位', '公益岗位', '公益岗', '公益性岗位名称', '工种', '岗位类别']),
    textColumn('employer', '用人单位', 'employer', 100, [
      '单位',
      '单位名称',
      '用工单位',
      '工作单位',
      '开发单位',
      '岗位开发单位',
      '安置单位',
      '派遣单位',
    ]),
    dateColumn(
      'contractFrom',
      '上岗日期',
      'contract from',
      [
        '合同起始日期',
        '合同开始日期',
        '协议起始日期',
        '聘用开始日期',
        '聘用起始日期',
        '到岗日期',
        '起始日期',
        '开始日期',
        '安置日期',
      ],
      { required: true },
    ),
    dateColumn('contractTo', '离岗日期', 'contract to', [
      '合同终止日期',
      '合同结束日期',
      '合同到期日期',
      '协议终止日期',
      '聘用结束日期',
      '聘用终止日期',
      '终止日期',
      '结束日期',
    ]),
    moneyColumn('amount', '月补贴', 'monthly subsidy', [
      '岗位补贴',
      '月岗位补贴',
      '岗位补贴标准',
      '补贴标准',
      '补贴金额',
      '月工资',
      '月报酬',
      '月补助',
      '工资标准',
    ]),
    codeColumn(
      'duty',
      '在岗状态',
      'on duty or not',
      {
        'on-duty': ['在岗', '正常', '在职', '上岗', '已上岗', '在聘'],
        'off-duty': ['离岗', '已离岗', '退出', '已退出', '解聘', '辞退', '终止', '离职'],
        waiting: ['待岗', '待上岗', '拟安置'],
      },
      ['岗位状态', '人员状态', '状态', '上岗状态', '是否在岗'],
    ),
  ],
  subject: { identity: 'identityNumber', name: 'name' },
  naturalKey: ['position', 'contractFrom'],
  dates: { from: 'contractFrom', to: 'contractTo' },
  area: 'area',
  checks: [
    { kind: 'order', earlier: 'contractFrom', later: 'contractTo' },
    { kind: 'not-before-birth', field: 'contractFrom' },
  ],
  cadence: 'monthly',
  dueDay: 10,
  legalBasis: { text: '社会救助暂行办法第四十二条、第四十三条；国办发〔2023〕39号三（一）（一户一条救助链）', evidence: 'A' },
};

/** Feeds of the human-resources department. */
export const humanResourcesFeeds: readonly FeedSpec[] = [employmentRegistration, unemploymentRegistration, publicWelfareJob];
