import { fold } from './cell-text.ts';
import { statesZeroReport } from './zero-report.ts';

const TOTAL = /^(本页|总|合|累|小|共|全县|全镇|全村|本月|当月|本表)*(合计|总计|小计|累计|共计)[:(（]?/;
const NOTE =
  /^(注|备注|说明|填表说明|附注|附|填表人|填报人|填报日期|填表日期|填报单位|填报时间|报送单位|制表|制表人|制表单位|制表时间|制表日期|审核|审核人|复核|复核人|负责人|单位负责人|经办人|联系人|联系电话|打印时间|打印日期|打印人|数据来源|统计口径|导出时间|截止|截至|盖章)([:：;。,、(（)\d]|$)/;
const PAGE = /^(第?\d+页|第\d+\/\d+页|共\d+页|第\d+页共\d+页|单位[:：].*)$/;

/**
 * True for rows that are no data: totals, notes and signatures, statements of a zero report, page marks, title lines repeated
 * on the next printed page. Asked only about rows without a valid identity number. `identityCell` is the cell where the number
 * should be.
 */
export function isFurniture(cells: readonly string[], identityCell: string, titles: ReadonlySet<string>): boolean {
  const filled: string[] = [];
  for (const cell of cells) {
    const text = fold(cell);
    if (text !== '') filled.push(text);
  }
  const first = filled[0] ?? '';
  // Something that was meant as a number stands there: the row is data gone wrong and goes back to the sender.
  if (/[\d*Xx]{12,}|E\+/.test(fold(identityCell))) return false;
  if (filled.slice(0, 3).some((text) => TOTAL.test(text))) return true;
  if (statesZeroReport(cells)) return true;
  if (NOTE.test(first) || PAGE.test(first)) return true;
  return titles.has(filled.join(''));
}
