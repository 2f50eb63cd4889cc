import type { CorrectionLine, CorrectionPage } from '../../../shared/corrections/present-notice.ts';
import { listCorrections, readCorrection } from '../../../shared/corrections/read-corrections.ts';
import { rowInWords, type SheetRow } from '../../../shared/intake/row-place.ts';
import { yuanText } from '../../../shared/scoring/value-text.ts';
import { ACTING_OPTIONS, officeOf, readerAccess } from '../acting.ts';
import type { Command } from '../command.ts';
import {
  AREA_OPTION,
  areaOption,
  type CommonOptions,
  choiceOption,
  DEPARTMENT_OPTION,
  departmentOption,
  UsageError,
} from '../options.ts';
import { pagesOf } from '../pages.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { READING_OPTIONS } from '../reading.ts';
import { chinaTime } from './print-case.ts';

const PAGE = 200;
const STATUSES = ['open', 'overdue', 'answered'] as const;
const STATUS = { open: '待答复', overdue: '已超期', answered: '已答复' } as const;

/** The command `corrections`. */
export const CORRECTIONS: Command = {
  usage: 'corrections [list|show <id>]',
  purpose: '更正通知：入户核查发现有误的数据行 / rows found wrong, and what departments answered',
  options: {
    ...READING_OPTIONS,
    ...ACTING_OPTIONS,
    status: { type: 'string', value: 'STATUS', about: `状态，缺省全部 / status: ${STATUSES.join(', ')}; all unless given` },
    ...DEPARTMENT_OPTION,
    ...AREA_OPTION,
  },
  words: 2,
  run: corrections,
};

/**
 * The correction notices to departments: `corrections` lists them, with `--json` a line of JSON each (`CorrectionLine`);
 * `corrections show <id>` shows one with the row as it was sent (`CorrectionPage`). Departments answer by the API.
 */
async function corrections(platform: Platform, options: CommonOptions): Promise<boolean> {
  const [verb = 'list', id] = options.args;
  if (verb === 'show' && id !== undefined) return show(platform, options, id);
  if (verb === 'list' && id === undefined) return list(platform, options);
  throw new UsageError(`corrections ${options.args.join(' ')}：应为 list 或 show <编号> / expected list or show <id>`);
}

async function list(platform: Platform, options: CommonOptions): Promise<boolean> {
  const access = await readerAccess(platform, options);
  const [status, department, area] = [choiceOption(options, 'status', STATUSES), departmentOption(options), areaOption(options)];
  const query = { limit: PAGE, ...(status && { status }), ...(department && { department }), ...(area && { area }) };
  let count = 0;
  for await (const { notices } of pagesOf(access, (one, from) =>
    listCorrections(officeOf(platform), one, { ...query, ...from }),
  )) {
    for (const line of notices) print(options.json ? JSON.stringify(line) : lineText(line));
    count += notices.length;
  }
  if (!options.json) print(count === 0 ? '没有更正通知 / no correction notices' : `共 ${count} 件`);
  return true;
}

async function show(platform: Platform, options: CommonOptions, id: string): Promise<boolean> {
  const page = await readCorrection(officeOf(platform), await readerAccess(platform, options), id);
  if (options.json) print(JSON.stringify(page));
  else printPage(page);
  return true;
}

function lineText({ status, feedTitle, file, row, fieldTitle, foundTitle, dueAt, id }: CorrectionLine, at?: SheetRow): string {
  const where = fieldTitle === null ? '' : `（${fieldTitle.zh}）`;
  return `${STATUS[status]}  ${feedTitle.zh} ${file} ${rowInWords(row, at)}${where}：${foundTitle.zh}  期限 ${chinaTime(dueAt)}  ${id}`;
}

function printPage(page: CorrectionPage): void {
  print(lineText(page, page.at));
  print(`  办件 ${page.case}  发出 ${chinaTime(page.sentAt)}  文件 ${page.path ?? '不在册'}`);
  for (const { title, type, value } of page.fields ?? []) {
    print(`    ${title.zh}  ${type === 'money' && typeof value === 'number' ? `${yuanText(value)}元` : String(value)}`);
  }
  for (const { at, by, title, reasonTitle, file, to } of page.answers) {
    print(`  答复 ${chinaTime(at)} ${by}：${[title.zh, reasonTitle?.zh, file, to].filter((part) => part != null).join('，')}`);
  }
}
