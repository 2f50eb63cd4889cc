import { areaColumn, codeColumn, dateColumn, moneyColumn } from './columns.ts';
import { type FeedSpec, feedId } from './feed.ts';
import { nameOf, numberOf } from './person-columns.ts';

/** Words for whom it struck; lists of households name the head. */
const STRUCK = ['受灾人员', '受灾人', '受灾群众', '受灾户', '受灾户户主', '户主', '救助对象'];

const disasterRelief: FeedSpec = {
  id: feedId('emergency-management', 'disaster-relief'),
  title: { zh: '受灾人员救助', en: 'Disaster relief' },
  departmentTitle: { zh: '应急管理', en: 'Emergency management' },
  kind: 'event',
  uses: ['entry', 'chain'],
  fields: [
    numberOf(STRUCK),
    nameOf(STRUCK, ['户主', '受灾人']),
    areaColumn(['受灾地区划', '居住地区划', '户籍地区划']),
    codeColumn(
      'disasterType',
      '灾害种类',
      'kind of disaster',
      {
        flood: ['洪涝', '洪水', '洪灾', '水灾', '洪涝灾害', '暴雨', '内涝', '山洪', '暴雨洪涝'],
        drought: ['干旱', '旱灾', '干旱灾害'],
        earthquake: ['地震', '地震灾害'],
        landslide: ['滑坡', '泥石流', '山体滑坡', '地质灾害', '崩塌', '塌方', '地面塌陷'],
        fire: ['火灾', '火', '森林火灾', '房屋火灾', '草原火灾'],
        storm: ['风雹', '台风', '冰雹', '雹灾', '大风', '龙卷风', '风灾', '雷电', '雷击', '强对流'],
        snow: ['雪灾', '低温冷冻', '冰冻', '低温冷冻和雪灾', '低温雨雪冰冻', '寒潮', '霜冻'],
        other: ['其他', '其它', '其他灾害', '病虫害', '生物灾害', '沙尘暴'],
      },
      ['灾种', '受灾类型', '灾情类型', '灾害名称'],
      { required: true },
    ),
    dateColumn('occurredOn', '受灾日期', 'occurred on', ['发生日期', '灾害日期', '灾害发生日期', '火灾日期', '日期', '时间'], {
      required: true,
    }),
    moneyColumn('lossAmount', '损失金额', 'loss', [
      '直接经济损失',
      '经济损失',
      '家庭损失',
      '损失',
      '财产损失',
      '家庭财产损失',
      '损失估值',
    ]),
    codeColumn(
      'houseDamage',
      '房屋受损程度',
      'damage to the house',
      {
        collapsed: ['倒塌', '倒损', '全部倒塌', '房屋倒塌', '倒房', '烧毁', '损毁'],
        severe: ['严重损坏', '严重', '严损', '严重受损', '重度损坏'],
        general: ['一般损坏', '一般', '轻微', '轻微损坏', '一般受损', '部分损坏', '轻度损坏'],
        none: ['无', '未受损', '无损坏', '完好', '未损坏', '基本完好'],
      },
      [
        '房屋损坏等级',
        '房屋等级',
        '房屋损坏程度',
        '住房受损',
        '住房受损情况',
        '倒损等级',
        '房屋受损情况',
        '房屋损坏情况',
        '房屋损毁情况',
        '房屋损毁程度',
        '倒损房屋等级',
        '房屋倒损等级',
        '房屋倒损情况',
        '房屋倒损程度',
      ],
    ),
    moneyColumn('reliefAmount', '救助金额', 'relief paid', [
      '救助款',
      '救助资金',
      '救助金',
      '生活救助金',
      '补助资金',
      '发放金额',
      '已发放救助金',
      '补助金额',
      '救灾款',
      '发放救助资金',
    ]),
  ],
  subject: { identity: 'identityNumber', name: 'name' },
  naturalKey: ['disasterType', 'occurredOn'],
  dates: { from: 'occurredOn' },
  area: 'area',
  checks: [{ kind: 'not-before-birth', field: 'occurredOn' }],
  cadence: 'monthly',
  dueDay: 5,
  legalBasis: { text: '国办发〔2023〕39号；民发〔2022〕85号（应急管理部门推送）', evidence: 'A-' },
};

/** Feeds of the emergency-management department. */
export const emergencyManagementFeeds: readonly FeedSpec[] = [disasterRelief];
