import type { WarningView } from '../../../shared/warnings/present-warning.ts';
import { listWarnings } from '../../../shared/warnings/read-warnings.ts';
import type { Command } from '../command.ts';
import { AREA_OPTION, areaOption, type CommonOptions, textOption, UsageError } from '../options.ts';
import { pagesOf } from '../pages.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { operatorAccess, READING_OPTIONS, readingOf } from '../reading.ts';

const PAGE = 200;
const STATUSES = ['open', 'withdrawn', 'handled'] as const;

/** The command `warnings`. */
export const WARNINGS: Command = {
  usage: 'warnings',
  purpose: '预警清单 / list warnings',
  options: {
    ...READING_OPTIONS,
    status: { type: 'string', value: 'STATUS', about: `状态，缺省全部 / status: ${STATUSES.join(', ')}; all unless given` },
    grade: { type: 'string', value: 'GRADE', about: '预警等级，如 urgent，缺省全部 / grade, such as urgent; all unless given' },
    ...AREA_OPTION,
  },
  run: warnings,
};

/** Lists warnings, open ones first, each status most urgent first. */
async function warnings(platform: Platform, options: CommonOptions): Promise<boolean> {
  const wanted = textOption(options, 'status');
  const statuses = STATUSES.filter((status) => wanted === undefined || status === wanted);
  if (statuses.length === 0) throw new UsageError(`--status ${wanted}：应为 / expected ${STATUSES.join(', ')}`);
  let count = 0;
  for (const status of statuses) {
    for await (const view of pages(platform, options, status)) {
      count += 1;
      if (options.json) print(JSON.stringify(view));
      else printWarning(view);
    }
  }
  if (!options.json && count === 0) print('没有预警 / no warnings');
  return true;
}

async function* pages(platform: Platform, options: CommonOptions, status: (typeof STATUSES)[number]): AsyncIterable<WarningView> {
  const access = operatorAccess(options);
  const area = areaOption(options);
  const grade = textOption(options, 'grade');
  const query = { status, limit: PAGE, ...(area && { area }), ...(grade && { grade }) };
  const asked = { ...access, request: `${access.request} ${status}` };
  for await (const page of pagesOf(asked, (one, from) => listWarnings(readingOf(platform), one, { ...query, ...from }))) {
    yield* page.warnings;
  }
}

/** One warning for reading: grade, household, and every reason that counts. */
export function printWarning(view: WarningView): void {
  const range = view.points.low === view.points.high ? `${view.points.low}` : `${view.points.low}–${view.points.high}`;
  const status = { open: '', withdrawn: '（已撤回）', handled: '（已处理）' }[view.status];
  print(
    `【${view.gradeTitle.zh}】${status} ${view.id}  区划 ${view.area || '未知'}  ${range}分  已知 ${Math.round(view.completeness * 100)}%  ${view.alreadyReceives.zh}`,
  );
  // Said once in the heading; each reason says it again, because it may be shown alone.
  const already = `该户现为：${view.alreadyReceives.zh}。`;
  for (const reason of view.reasons) if (reason.result === 'hit') print(`    · ${reason.text.zh.replace(already, '')}`);
}
