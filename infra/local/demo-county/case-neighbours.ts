import type { Period } from '../../../shared/calendar/period.ts';
import { back, chronicFile, day, digits, gbFile, type Relative } from './case-files.ts';
import { type CountyFile, csvBytes } from './table.ts';

/** Feeds a neighbour can stand in. */
export type NeighbourFeed = 'outpatient' | 'tuition' | 'disability' | 'disaster';

/**
 * Files of the family's county in which only a neighbour stands, whose troubles are small. Without them nothing would have
 * been delivered for the feed, and what it says about the family would be unknown instead of nothing.
 */
export function neighbourFiles(who: Relative, village: string, last: Period, feeds: readonly NeighbourFeed[]): CountyFile[] {
  const county = village.slice(0, 6);
  const made: Readonly<Record<NeighbourFeed, () => CountyFile>> = {
    outpatient: () =>
      chronicFile(`medical-insurance/outpatient-chronic-settlement/${last}/门诊慢特病${county}.csv`, who, county, '高血压', [
        { number: `MT${county}${digits(last)}01`, settled: day(last, 9), self: 3_520 },
      ]),
    tuition: () =>
      gbFile(
        `education/tuition-payment/${last}/学费${county}.csv`,
        '学费住宿费缴纳情况　单位：元',
        ['姓名', '身份证号', '票据号', '学校名称', '学段', '学费', '住宿费', '资助金额', '缴费日期', '生源地代码'],
        [[who.name, who.number, `XF${county}001`, '开放大学', '大专', '1,860.00', '0', '0', day(back(last, 1), 5), village]],
      ),
    disability: () =>
      gbFile(
        `disabled-persons-federation/disability-certificate/${last}/残疾人证${county}.csv`,
        '持证残疾人名单',
        ['姓名', '身份证号', '残疾类别', '残疾等级', '发证日期', '证件状态', '户籍地区划代码'],
        [[who.name, who.number, '听力残疾', '四级', '2016.3.14', '有效', village]],
      ),
    disaster: () => ({
      path: `emergency-management/disaster-relief/${last}/受灾台账${county}.csv`,
      bytes: csvBytes(
        {
          headers: ['户主姓名', '户主身份证号', '灾种', '受灾时间', '直接经济损失(元)', '房屋损坏程度', '受灾地区划代码'],
          rows: [[who.name, who.number, '风雹', day(last, 13), '650.00', '未受损', village]],
        },
        { encoding: 'utf-8-bom' },
      ),
    }),
  };
  return feeds.map((feed) => made[feed]());
}
