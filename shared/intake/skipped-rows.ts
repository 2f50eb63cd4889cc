import { fold, isBlank, statesNothing } from './cell-text.ts';
import { numbersColumns } from './column-numbers.ts';
import type { Header, HeaderFinder, MappedColumn } from './header.ts';
import { statesZeroReport } from './zero-report.ts';

const TOTAL = /^(本页|总|合|累|小|共|全县|全镇|全村|本月|当月|本表)*(合计|总计|小计|累计|共计)[:(（]?/;
/** The total of a place, such as `红庙镇 合计`: the words behind its name, in a row without an identity number. */
const TOTAL_OF = /(合计|总计|小计|共计)(:|\([^)]*\))?$/;
/** First words of notes and of the lines for signatures below a table, with what may stand behind them. */
const NOTE = new RegExp(
  `^(${[
    '注|备注|说明|填表说明|附注|附|温馨提示|数据来源|统计口径|截止|截至',
    '填表人|填报人|填报日期|填表日期|填报单位|填报时间|报送单位|报送人|报送日期|报送时间|上报单位|上报人|上报日期|上报时间',
    '制表|制表人|制表单位|制表时间|制表日期|打印时间|打印日期|打印人|导出时间|导出日期|导出人',
    '审核|审核人|复核|复核人|核对|核对人|校对|校对人|经办人|经手人|负责人|单位负责人|科室负责人|主要负责人|分管领导|领导|会计|出纳|主管',
    '联系人|联系电话|联系方式|盖章|公章',
  ].join('|')})(签字|签名|签章|盖章|\\((签字|签名|签章|盖章|公章)\\))*([:：;。,、(（)\\d]|$)`,
);
const SEAL = /^\((签字|签名|签章|盖章|公章)\)$/;
/** Who seals the table: alone in its row. */
const SEALED = /\((签章|盖章|公章|章)\)$/;
/** That there is nothing, said without saying where: no zero report, and nobody's row. */
const NOTHING_HERE =
  /^(本月|本期|本次|当月|当期|本季度?)?(无|没有|未发生)(相关|此类|新增|符合条件的?)?(数据|人员|新增|记录|情况|变动|变化|业务)[。.]?$/;
const PAGE = /^(第?\d+页|第\d+\/\d+页|共\d+页|第\d+页[/,、;]?[共总]\d+页|-\d+-|page\d+(of\d+)?|单位[:：].*)$/i;
/** The day under a table, also when it is left to be filled in by hand: `年 月 日`. */
const DAY = /^(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|(\d{4})?年(\d{1,2})?月(\d{1,2})?日)$/;
const PROSE = /^(以上|上述|特此|本表|此表)|[。；]/;

/**
 * True for a row below the header that states nothing about anybody: a blank one, the header again, furniture. Asked only about
 * rows without a valid identity number; `identityCell` is the cell where it should be.
 */
export function isNoData(
  cells: readonly string[],
  identityCell: string,
  header: Pick<Header, 'titles' | 'columns'>,
  finder: Pick<HeaderFinder, 'isHeaderRow' | 'isName'>,
): boolean {
  if (cells.every(isBlank) || numbersColumns(cells)) return true;
  if (tellsOfSomebody(cells, header.columns, finder)) return false;
  return finder.isHeaderRow(cells) || isFurniture(cells, identityCell, header.titles);
}

/**
 * Whether a row names a person and has everything that is asked for but a number that holds: data gone wrong, whatever else its cells
 * begin with. Totals and notes have no name and no date.
 */
function tellsOfSomebody(
  cells: readonly string[],
  columns: readonly MappedColumn[],
  finder: Pick<HeaderFinder, 'isName'>,
): boolean {
  const stated = ({ index }: MappedColumn): boolean => !statesNothing(fold(cells[index] ?? ''));
  const name = columns.find(({ field }) => field.type.kind === 'name');
  if (name === undefined || !stated(name)) return false;
  const words = fold(cells[name.index] ?? '');
  if (/[\d:]/.test(words) || TOTAL.test(words) || TOTAL_OF.test(words) || NOTE.test(words) || finder.isName(words)) return false;
  const asked = columns.filter(({ field }) => field.required && field.type.kind !== 'identity');
  return asked.length > 0 && asked.every(stated);
}

/**
 * True for rows that are no data: totals, notes and signatures, statements of a zero report, page marks, title lines repeated
 * on the next printed page.
 */
function isFurniture(cells: readonly string[], identityCell: string, titles: ReadonlySet<string>): boolean {
  const filled: string[] = [];
  for (const cell of cells) {
    const text = fold(cell);
    if (text !== '') filled.push(text);
  }
  const first = filled[0] ?? '';
  // Something that was meant as a number stands there: the row is data gone wrong and goes back to the sender.
  if (/[\d*Xx]{12,}|E\+/.test(fold(identityCell))) return false;
  if (filled.slice(0, 3).some((text) => TOTAL.test(text) || (isBlank(identityCell) && TOTAL_OF.test(text)))) return true;
  if (filled.every(statesNothing) || (filled.length === 1 && NOTHING_HERE.test(first))) return true;
  if (statesZeroReport(cells)) return true;
  if (NOTE.test(first) || SEAL.test(first) || PAGE.test(first)) return true;
  if (filled.length === 1 && (DAY.test(first) || PROSE.test(first) || SEALED.test(first))) return true;
  return titles.has(filled.join(''));
}
