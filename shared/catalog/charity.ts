import { aidAmount, aidNumber, givenOn, numberedAid, originalAidNumber, recipientName, recipientNumber } from './aid-columns.ts';
import { areaColumn, codeColumn, reversalFlag, textColumn } from './columns.ts';
import { type FeedSpec, feedId } from './feed.ts';

const aidPayment: FeedSpec = {
  id: feedId('charity', 'aid-payment'),
  title: { zh: '慈善帮扶发放', en: 'Charity aid' },
  departmentTitle: { zh: '慈善组织', en: 'Charities' },
  kind: 'event',
  uses: ['chain'],
  fields: [
    recipientNumber,
    recipientName,
    areaColumn(['户籍地区划', '居住地区划', '帮扶地区划', '受助人区划']),
    aidNumber('帮扶编号', 'number of the aid', ['救助编号', '救助单号', '项目发放编号', '捐赠编号', '受助编号']),
    textColumn('organisation', '慈善组织', 'organisation', 100, [
      '组织名称',
      '实施机构',
      '实施单位',
      '帮扶机构',
      '帮扶单位',
      '救助单位',
      '发放单位',
    ]),
    textColumn('project', '项目名称', 'project', 100, ['项目', '慈善项目', '帮扶项目', '救助项目', '公益项目']),
    codeColumn(
      'aidForm',
      '帮扶方式',
      'form of aid',
      {
        cash: ['资金', '现金', '款', '善款', '资金救助', '货币'],
        goods: ['物资', '实物', '物', '物资帮扶', '慈善物资'],
        service: ['服务', '志愿服务', '服务帮扶', '义诊'],
      },
      ['救助方式', '救助形式', '帮扶形式', '资助方式', '帮扶类型'],
    ),
    aidAmount(
      '帮扶金额',
      ['救助金额', '资助金额', '帮扶资金', '善款金额', '折合金额', '金额(折价)', '物资价值', '折价金额', '款物价值'],
      {},
    ),
    textColumn('goods', '物资内容', 'goods', 200, ['物资名称', '物资', '物品', '物资明细', '帮扶内容']),
    givenOn('帮扶日期', ['救助日期', '资助日期', '捐赠日期']),
    reversalFlag,
    originalAidNumber,
  ],
  ...numberedAid,
  cadence: 'monthly',
  dueDay: 15,
  legalBasis: { text: '国办发〔2023〕39号四（七）（慈善帮扶，政府救助与慈善帮扶衔接）', evidence: 'A-' },
};

/** Feeds of charities, gathered by the county's charity federation. */
export const charityFeeds: readonly FeedSpec[] = [aidPayment];
