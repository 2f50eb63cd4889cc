import { parsePeriod } from '../../../shared/calendar/period.ts';
import { type MonthFigures, readDashboard } from '../../../shared/reports/dashboard.ts';
import { yuanText } from '../../../shared/scoring/value-text.ts';
import { officeOf } from '../acting.ts';
import type { Command } from '../command.ts';
import { AREA_OPTION, type CommonOptions, textOption, UsageError } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { operatorAccess } from '../reading.ts';
import { archiveAll } from '../work.ts';

/** The command `dashboard`. */
export const DASHBOARD: Command = {
  usage: 'dashboard',
  purpose: '辖区概况：在办、逐月、规则成效、下级对比 / an area at a glance: cases, months, rules, areas below',
  options: {
    ...AREA_OPTION,
    month: { type: 'string', value: 'YYYY-MM', about: '月份，缺省本月 / the month; this one unless given' },
  },
  run: dashboard,
};

/** An area at a glance, from counts kept ready: cases now, twelve months, rules, areas below. With `--json` a `Dashboard`. */
async function dashboard(platform: Platform, options: CommonOptions): Promise<boolean> {
  const [area, text] = [textOption(options, 'area'), textOption(options, 'month')];
  const month = text === undefined ? undefined : parsePeriod(text);
  // The years the platform knows, as over HTTP.
  if (text !== undefined && !(month?.length === 7 && month.startsWith('20'))) {
    throw new UsageError(`--month ${text}：应为 2000 至 2099 年的月份 / expected a month of 2000 to 2099: YYYY-MM`);
  }
  // What lies in the database until the next round of the pump is part of what happened.
  await archiveAll(platform);
  const shown = await readDashboard(officeOf(platform), operatorAccess(options).principal, {
    ...(area && { area }),
    ...(month && { month }),
  });
  if (options.json) {
    print(JSON.stringify(shown));
    return true;
  }
  const late = (shown.now.byLight.red ?? 0) + (shown.now.byLight.county ?? 0);
  print(`${shown.area || '全部 / all'}  在办 ${countOf({ ...shown.now.byStage, closed: 0 })}  超期 ${late}`);
  for (const figures of shown.months.filter(isAnything)) print(`  ${lineOf(figures.month, figures)}`);
  for (const below of shown.below) print(`    ${lineOf(below.area, below.figures)}`);
  for (const { indicator, title, closed, helped } of shown.rules) {
    print(`  ${title?.zh ?? indicator}  办结 ${closed}  其中给予帮助 ${helped}`);
  }
  return true;
}

function lineOf(name: string, { warnings, visits, closed, closedHelped, help, limits }: MonthFigures): string {
  const late = Object.values(limits).reduce((sum, one) => sum + one.late, 0);
  return [
    name,
    `预警 ${countOf(warnings)}`,
    `入户 ${visits.made}（属实 ${visits.foundTrue}）`,
    `办结 ${countOf(closed)}（给予帮助 ${closedHelped}）`,
    `救助 ${help.times} 次 ${yuanText(help.fen)}元`,
    `逾期 ${late}`,
  ].join('  ');
}

function isAnything({ rows, warnings, visits, closed, help }: MonthFigures): boolean {
  return rows.read + countOf(warnings) + visits.made + countOf(closed) + help.times > 0;
}

function countOf(amounts: Readonly<Record<string, number>>): number {
  return Object.values(amounts).reduce((sum, one) => sum + one, 0);
}
