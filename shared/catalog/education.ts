import { aidAmount, aidNumber, givenOn, numberedAid, originalAidNumber } from './aid-columns.ts';
import { areaColumn, codeColumn, dateColumn, reversalFlag, signedMoneyColumn, stageColumn, textColumn } from './columns.ts';
import { type FeedSpec, type FieldSpec, feedId } from './feed.ts';
import { nameOf, numberOf } from './person-columns.ts';

const departmentTitle = { zh: '教育', en: 'Education' };

const area = areaColumn(['户籍地区划', '生源地代码', '生源地区划', '家庭所在地区划', '户籍所在地代码']);

/** Words for whoever goes to school. */
const PUPIL = ['学生', '幼儿', '儿童', '学员', '受助学生', '资助学生'];
const identityOfPupil: FieldSpec = numberOf(PUPIL);
const nameOfPupil: FieldSpec = nameOf(PUPIL, ['学生']);

const school: FieldSpec = textColumn('school', '学校', 'school', 100, [
  '就读学校',
  '在读学校',
  '院校名称',
  '学校(院校)',
  '就读院校',
  '所在学校',
  '收费单位',
]);

const schoolYear: FieldSpec = textColumn('schoolYear', '学年', 'school year', 20, [
  '学年度',
  '所属学年',
  '学年学期',
  '缴费学年',
  '收费学年',
]);

const enrolment: FeedSpec = {
  id: feedId('education', 'enrolment'),
  title: { zh: '在校生学籍', en: 'School enrolment' },
  departmentTitle,
  kind: 'snapshot',
  uses: ['entry', 'verify'],
  fields: [
    identityOfPupil,
    nameOfPupil,
    area,
    { ...stageColumn, required: true },
    school,
    codeColumn(
      'schoolNature',
      '办学性质',
      'public or private',
      {
        public: ['公办', '公立', '教育部门办', '公办学校', '公'],
        private: ['民办', '私立', '民办学校', '民', '普惠性民办'],
      },
      ['学校性质', '性质', '举办者类型', '办学类型', '学校办别', '公办民办'],
    ),
    textColumn('grade', '年级', 'grade', 20, ['所在年级', '就读年级']),
    schoolYear,
  ],
  subject: { identity: 'identityNumber', name: 'name' },
  naturalKey: [],
  dates: {},
  area: 'area',
  checks: [],
  cadence: 'termly',
  dueDay: 20,
  legalBasis: { text: '国办发〔2023〕39号；民发〔2022〕85号（教育部门定期推送）', evidence: 'A-' },
};

const tuitionPayment: FeedSpec = {
  id: feedId('education', 'tuition-payment'),
  title: { zh: '学费住宿费缴纳', en: 'Tuition payment' },
  departmentTitle,
  kind: 'event',
  uses: ['entry', 'verify'],
  fields: [
    identityOfPupil,
    nameOfPupil,
    area,
    textColumn('receiptNumber', '票据号', 'receipt number', 64, [
      '收据号',
      '缴费单号',
      '收费单号',
      '收费票据号',
      '发票号',
      '流水号',
      '单据号',
      '电子票据号',
    ]),
    school,
    stageColumn,
    schoolYear,
    signedMoneyColumn(
      'tuition',
      '学费',
      'tuition',
      ['学费(保教费)', '保教费', '学杂费', '学费(元)/年', '实缴学费', '缴纳学费', '应缴学费', '应收学费'],
      { required: true },
    ),
    signedMoneyColumn('lodging', '住宿费', 'lodging', ['宿费', '实缴住宿费', '缴纳住宿费', '应缴住宿费']),
    signedMoneyColumn('aidAmount', '资助金额', 'aid received', [
      '减免金额',
      '资助减免金额',
      '助学金',
      '奖助金额',
      '奖助学金',
      '学费减免',
    ]),
    dateColumn('paidOn', '缴费日期', 'paid on', ['缴纳日期', '交费日期', '收费日期', '开票日期', '缴款日期'], {
      required: true,
    }),
    reversalFlag,
    textColumn('originalNumber', '原票据号', 'receipt taken back', 64, [
      '原收据号',
      '原缴费单号',
      '被冲销票据号',
      '退费原票据号',
      '原单号',
    ]),
  ],
  subject: { identity: 'identityNumber', name: 'name' },
  naturalKey: ['receiptNumber'],
  numbered: { number: 'receiptNumber', place: 'school', sums: ['tuition', 'lodging'] },
  dates: { from: 'paidOn' },
  area: 'area',
  reversal: { flag: 'reversal', original: 'originalNumber' },
  checks: [{ kind: 'not-before-birth', field: 'paidOn' }],
  cadence: 'termly',
  dueDay: 20,
  legalBasis: { text: '刚性支出困难家庭认定办法（民发〔2024〕57号）第五条；国办发〔2023〕39号', evidence: 'A' },
};

const aidPayment: FeedSpec = {
  id: feedId('education', 'aid-payment'),
  title: { zh: '学生资助发放', en: 'Education aid' },
  departmentTitle,
  kind: 'event',
  uses: ['chain'],
  fields: [
    identityOfPupil,
    nameOfPupil,
    area,
    aidNumber('资助编号', 'number of the aid', ['资助业务编号', '资助发放编号']),
    codeColumn(
      'aidKind',
      '资助类型',
      'kind of aid',
      {
        grant: ['助学金', '国家助学金', '奖助学金', '政府助学金', '地方助学金', '学前资助', '学前教育资助', '励志奖学金'],
        waiver: ['减免', '学费减免', '免学费', '免学杂费', '减免学费', '免学费补助', '保教费减免', '免住宿费'],
        loan: ['助学贷款', '国家助学贷款', '生源地贷款', '生源地信用助学贷款', '校园地助学贷款'],
        'work-study': ['勤工助学', '勤工俭学'],
        'living-subsidy': ['生活补助', '家庭经济困难学生生活补助', '寄宿生生活补助', '营养餐补助', '义教生活补助'],
        'rain-dew': ['雨露计划', '雨露计划补助', '雨露计划职业教育补助'],
        once: ['一次性补助', '路费补助', '新生入学资助', '入学资助', '临时困难补助', '金秋助学'],
      },
      ['资助项目', '资助类别', '资助种类', '项目名称', '资助项目名称', '资助方式'],
    ),
    stageColumn,
    school,
    schoolYear,
    aidAmount('资助金额', ['资助资金', '助学金金额', '补助金额', '奖助金额', '减免金额']),
    givenOn('发放日期', ['资助日期', '资助发放日期', '发放到账日期']),
    reversalFlag,
    originalAidNumber,
  ],
  ...numberedAid,
  cadence: 'termly',
  dueDay: 20,
  legalBasis: { text: '社会救助暂行办法第六章；国办发〔2023〕39号三（一）（一户一条救助链）', evidence: 'A' },
};

/** Feeds of the education department. */
export const educationFeeds: readonly FeedSpec[] = [enrolment, tuitionPayment, aidPayment];
