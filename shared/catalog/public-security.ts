import { areaColumn, dateColumn, householdNumberColumn, relationColumn, residenceColumn } from './columns.ts';
import { type FeedSpec, feedId } from './feed.ts';
import { nameOf, numberOf } from './person-columns.ts';

const departmentTitle = { zh: '公安', en: 'Public security' };

const RESIDENT = ['户内成员', '常住人口', '户籍人口', '居民'];
const DEAD = ['死者', '死亡人员', '死亡人', '亡者', '逝者', '死亡者'];

const householdRegistration: FeedSpec = {
  id: feedId('public-security', 'household-registration'),
  title: { zh: '户籍人口', en: 'Household registration' },
  departmentTitle,
  kind: 'status',
  uses: ['verify'],
  fields: [
    numberOf(RESIDENT),
    nameOf(RESIDENT),
    areaColumn(['户籍地区划', '户籍所在地代码', '户籍地代码', '户籍地', '派出所区划代码', '省市县(区)代码']),
    householdNumberColumn('户号', 'household registration number', [
      '户籍号',
      '户口号',
      '户口簿号',
      '户口本号',
      '家庭户号',
      '户编号',
    ]),
    relationColumn,
    dateColumn('registeredOn', '登记日期', 'registered on', [
      '户籍登记日期',
      '户口登记日期',
      '落户日期',
      '迁入日期',
      '何时迁来本址',
      '何时迁来',
      '入户日期',
    ]),
    dateColumn('leftOn', '迁出日期', 'left on', ['注销日期', '户口注销日期', '户籍注销日期', '迁出注销日期', '离户日期']),
    residenceColumn,
  ],
  subject: { identity: 'identityNumber', name: 'name' },
  naturalKey: ['householdNumber'],
  dates: { from: 'registeredOn', to: 'leftOn' },
  area: 'area',
  household: { basis: 'registered', number: 'householdNumber', relation: 'relation', headRelation: 'head' },
  checks: [
    { kind: 'order', earlier: 'registeredOn', later: 'leftOn' },
    { kind: 'not-before-birth', field: 'registeredOn' },
  ],
  cadence: 'monthly',
  dueDay: 10,
  legalBasis: { text: '社会救助暂行办法第五十八条；最低生活保障审核确认办法第十七条（户籍）', evidence: 'A' },
};

const deathRegistration: FeedSpec = {
  id: feedId('public-security', 'death-registration'),
  title: { zh: '死亡注销', en: 'Death registration' },
  departmentTitle,
  kind: 'event',
  uses: ['entry', 'reject', 'verify'],
  fields: [
    numberOf(DEAD),
    nameOf(DEAD, ['死者']),
    areaColumn(['户籍地区划', '户籍所在地代码', '户籍地代码']),
    dateColumn('diedOn', '死亡日期', 'died on', ['去世日期', '身故日期'], { required: true }),
    dateColumn('registeredOn', '注销日期', 'registered on', [
      '登记日期',
      '死亡登记日期',
      '注销登记日期',
      '户口注销日期',
      '户籍注销日期',
      '死亡注销日期',
      '注销户口日期',
    ]),
  ],
  subject: { identity: 'identityNumber', name: 'name' },
  naturalKey: [],
  dates: { from: 'diedOn' },
  area: 'area',
  death: { date: 'diedOn' },
  checks: [
    { kind: 'not-before-birth', field: 'diedOn' },
    { kind: 'order', earlier: 'diedOn', later: 'registeredOn' },
  ],
  cadence: 'monthly',
  dueDay: 10,
  /** The law names 户籍; that a death entry is part of it, and the due day, are inferred. */
  legalBasis: { text: '社会救助暂行办法第五十八条（户籍）；最低生活保障扩围通知一（三）（死亡后三个月内复核）', evidence: 'I' },
};

/** Feeds of the public-security department. */
export const publicSecurityFeeds: readonly FeedSpec[] = [householdRegistration, deathRegistration];
