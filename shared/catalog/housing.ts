import { areaColumn, codeColumn, dateColumn, moneyColumn, spelled } from './columns.ts';
import { type FeedSpec, feedId } from './feed.ts';
import { nameOf, numberOf } from './person-columns.ts';

/** Words for whose house it is. */
const OWNER = ['户主', '农户', '农户户主', '房主', '房屋所有人', '产权人', '危房户', '危房户主', '改造户', '改造对象'];

/** Behind the letter of a level: C级, D级危房. */
const LEVEL = ['级', '类', '级危房', '级危险房屋'];

const dilapidatedHousing: FeedSpec = {
  id: feedId('housing', 'dilapidated-housing'),
  title: { zh: '农村危房', en: 'Dilapidated housing' },
  departmentTitle: { zh: '住建', en: 'Housing and construction' },
  kind: 'status',
  uses: ['entry', 'chain', 'verify'],
  fields: [
    numberOf(OWNER),
    nameOf(OWNER, ['户主', '农户', '房主']),
    areaColumn(['房屋所在地区划', '房屋所在地代码', '房屋所在村代码']),
    codeColumn(
      'dangerLevel',
      '危房等级',
      'danger level',
      {
        A: [...spelled(['A'], LEVEL), 'a', '安全'],
        B: [...spelled(['B'], LEVEL), 'b', '基本安全'],
        C: [...spelled(['C', 'Csu'], LEVEL), 'c', '局部危房', '局部危险'],
        D: [...spelled(['D', 'Dsu'], LEVEL), 'd', '整体危房', '整栋危房', '整体危险', '整栋危险'],
      },
      [
        '鉴定等级',
        '房屋等级',
        '危险等级',
        '房屋危险等级',
        '房屋鉴定等级',
        '房屋危险性等级',
        '危险性等级',
        '安全等级',
        '鉴定结果',
      ],
      { required: true },
    ),
    dateColumn('appraisedOn', '鉴定日期', 'appraised on', ['评定日期', '认定日期', '房屋鉴定日期'], {
      required: true,
    }),
    dateColumn('renovatedOn', '竣工日期', 'renovated on', [
      '改造日期',
      '改造完成日期',
      '改造竣工日期',
      '验收日期',
      '竣工验收日期',
      '完工日期',
    ]),
    moneyColumn('subsidyAmount', '补助金额', 'subsidy', [
      '补贴金额',
      '改造补助',
      '改造补助资金',
      '补助资金',
      '危改补助',
      '补助',
      '补助标准',
      '危房改造补助',
      '补助款',
      '财政补助金额',
    ]),
  ],
  subject: { identity: 'identityNumber', name: 'name' },
  naturalKey: ['appraisedOn'],
  // A rural family has one homestead (土地管理法 §62 一户一宅): an appraisal says what the one before no longer does.
  oneAtATime: true,
  dates: { from: 'appraisedOn', to: 'renovatedOn' },
  area: 'area',
  checks: [{ kind: 'order', earlier: 'appraisedOn', later: 'renovatedOn' }],
  cadence: 'monthly',
  dueDay: 10,
  legalBasis: { text: '国办发〔2023〕39号；民发〔2022〕85号（住房城乡建设部门定期推送）', evidence: 'A-' },
};

/** Feeds of the housing department. */
export const housingFeeds: readonly FeedSpec[] = [dilapidatedHousing];
