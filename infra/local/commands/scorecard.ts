import { dateInChina } from '../../../shared/calendar/plain-date.ts';
import { readScorecard, type ScorecardLine } from '../../../shared/corrections/scorecard.ts';
import { officeOf } from '../acting.ts';
import type { Command } from '../command.ts';
import { type CommonOptions, DEPARTMENT_OPTION, departmentOption, stretchThisYear, YEAR_OPTIONS } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { operatorAccess } from '../reading.ts';

/** The command `scorecard`. */
export const SCORECARD: Command = {
  usage: 'scorecard',
  purpose: '数据质量记分，按部门和数据类别 / data quality by department and feed',
  options: { ...YEAR_OPTIONS, ...DEPARTMENT_OPTION },
  run: scorecard,
};

/** How good departments' data were, feed by feed; of this year unless a stretch is given. With `--json` a `ScorecardLine` each. */
async function scorecard(platform: Platform, options: CommonOptions): Promise<boolean> {
  const today = dateInChina(platform.clock.now());
  const department = departmentOption(options);
  const lines = await readScorecard(officeOf(platform), operatorAccess(options).principal, {
    ...stretchThisYear(options, today),
    ...(department === undefined ? {} : { department }),
  });
  for (const line of lines) print(options.json ? JSON.stringify(line) : textOf(line));
  if (lines.length === 0 && !options.json) print('该时段没有报送和更正通知 / nothing was sent or found wrong in this stretch');
  return true;
}

function textOf({ departmentTitle, feedTitle, files, rows, notices, wrongPer10000 }: ScorecardLine): string {
  const share = rows.rejectedShare === null ? '—' : `${(rows.rejectedShare * 100).toFixed(1)}%`;
  const wrong = wrongPer10000 === null ? '—' : wrongPer10000.toFixed(1);
  return [
    `${departmentTitle.zh} ${feedTitle.zh}`,
    `按时 ${files.onTime} 逾期 ${files.late} 缺报 ${files.missing} 整份退回 ${files.refused}`,
    `读 ${rows.read} 收 ${rows.accepted} 重复 ${rows.duplicate} 退 ${rows.rejected}（${share}）`,
    `更正通知 ${notices.sent} 已答 ${notices.answered} 超期 ${notices.overdue} 更正 ${notices.corrected} 无误 ${notices.upheld}`,
    `每万行有误 ${wrong}`,
  ].join('  ');
}
