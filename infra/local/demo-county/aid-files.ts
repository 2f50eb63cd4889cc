import { type Period, periodEnd, periodStart } from '../../../shared/calendar/period.ts';
import { addDays } from '../../../shared/calendar/plain-date.ts';
import type { Shares } from './options.ts';
import type { County } from './population.ts';
import { deathsOf, declaredHouseholds } from './register-files.ts';
import { type CountyFile, csvBytes, yuan } from './table.ts';

/** The tenth of the month, when the bank books the allowance. */
const PAID_AFTER_DAYS = 9;

/** What civil affairs pays each household on minimum living allowance in a month: one row per household, about who collects it. */
export function allowanceFiles(county: County, shares: Shares): (month: Period) => CountyFile[] {
  const paid = declaredHouseholds(county, shares).filter(({ category }) => category.endsWith('低保'));
  const deaths = deathsOf(county, shares);
  return (month) => {
    const rows: string[][] = [];
    for (const { number, members, urban, village, monthly, from, to } of paid) {
      if (from > periodEnd(month) || (to !== undefined && to < periodStart(month))) continue;
      const living = members.filter((person) => (deaths.get(person) ?? '9999-12-31') >= periodStart(month));
      const [collector] = living;
      if (collector === undefined) continue;
      rows.push([
        number,
        collector.name,
        collector.number,
        `${month.slice(0, 4)}年${Number(month.slice(5))}月`,
        '正常发放',
        urban ? '城市' : '农村',
        String(living.length),
        yuan(monthly),
        addDays(periodStart(month), PAID_AFTER_DAYS),
        village,
      ]);
    }
    if (rows.length === 0) return [];
    const headers = [
      '低保证号',
      '领款人姓名',
      '领款人身份证号',
      '发放月份',
      '发放类型',
      '城乡类别',
      '保障人数',
      '实发金额（元）',
      '打卡日期',
      '所在村代码',
    ];
    const bytes = csvBytes(
      { headers, rows },
      { encoding: 'gb18030', titles: [`${county.area}低保金社会化发放花名册（${month}）`], totals: [7] },
    );
    return [{ path: `civil-affairs/minimum-living-allowance-payment/${month}/低保金发放${month.replace('-', '')}.csv`, bytes }];
  };
}
