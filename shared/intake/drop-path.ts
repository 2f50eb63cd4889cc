import { type Period, parsePeriod, periodStart } from '../calendar/period.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import { type Catalog, type FeedId, type FeedSpec, feedId } from '../catalog/feed.ts';
import { extensionOf, isTaken, TAKEN_KINDS } from './file-kinds.ts';
import type { IntakeError } from './receipt.ts';

/** What the place of a file says about it. */
export interface DropPath {
  readonly feed: FeedId;
  readonly period: Period;
  readonly name: string;
}

function refuse(code: string, zh: string, en: string): IntakeError {
  return { row: null, column: null, code, message: { zh, en } };
}

/** Edits (insert, delete, change of a character) between two texts. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** The known feed whose folders are written most alike. */
function nearest(folders: string, catalog: Catalog): FeedSpec | undefined {
  let best: FeedSpec | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const feed of catalog.values()) {
    const edits = distance(folders.slice(0, 80).toLowerCase(), feed.id);
    if (edits < least) {
      least = edits;
      best = feed;
    }
  }
  return best;
}

/**
 * Reads a path below the inbox: `<department>/<category>/<period>/<name>.<csv|txt|xlsx|jsonl>` (design.md §9). An error says what
 * was expected. `today` is the date in China: a period that begins after it is refused.
 */
export function parseDropPath(path: string, catalog: Catalog, today: PlainDate): DropPath | IntakeError {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const [department = '', category = '', periodText = '', name = ''] = parts;
  if (parts.length !== 4) {
    return refuse(
      'UNKNOWN_PATH',
      '文件放错了位置；应放在 <部门>/<数据类别>/<数据期>/<文件名>，如 medical-insurance/inpatient-settlement/2024-03/住院结算.csv',
      'the file lies in the wrong place; expected <department>/<category>/<period>/<name>, such as medical-insurance/inpatient-settlement/2024-03/a.csv',
    );
  }
  const feed = catalog.get(feedId(department, category));
  if (feed === undefined) {
    const known = nearest(`${department}/${category}`, catalog);
    return refuse(
      'UNKNOWN_FEED',
      `没有“${department}/${category}”这类数据；最接近的是 ${known?.id ?? ''}（${known?.departmentTitle.zh ?? ''} ${known?.title.zh ?? ''}），请核对文件夹名`,
      `there is no feed "${department}/${category}"; the nearest is ${known?.id ?? ''} (${known?.title.en ?? ''}), check the names of the folders`,
    );
  }
  const period = parsePeriod(periodText);
  if (period === undefined) {
    return refuse(
      'BAD_PERIOD',
      `数据期“${periodText}”无法识别；应为年月 2024-03 或日期 2024-03-15`,
      `the period "${periodText}" cannot be read; expected a month 2024-03 or a day 2024-03-15`,
    );
  }
  if (periodStart(period) > today) {
    return refuse(
      'PERIOD_IN_FUTURE',
      `数据期 ${period} 晚于系统当天日期 ${today}；请核对文件夹名，如数据期无误，可能是系统时钟有误`,
      `the period ${period} is after today (${today}); check the folder, or the clock of this system`,
    );
  }
  if (!isTaken(name)) {
    const extension = extensionOf(name);
    return refuse(
      'UNKNOWN_EXTENSION',
      `不接收扩展名为“${extension}”的文件；可报送 ${TAKEN_KINDS.zh}`,
      `files ending in "${extension}" are not taken; send ${TAKEN_KINDS.en}`,
    );
  }
  return { feed: feed.id, period, name };
}
