import { type Period, parsePeriod, periodStart } from '../calendar/period.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import { type Catalog, type FeedId, type FeedSpec, feedId } from '../catalog/feed.ts';
import { maskIdentityNumbers } from '../registry/identity-number.ts';
import { adviceOn, extensionOf, isTaken } from './file-kinds.ts';
import type { IntakeError } from './receipt.ts';

/** What the place of a file says about it. */
export interface DropPath {
  readonly feed: FeedId;
  readonly period: Period;
  readonly name: string;
}

function refuse(code: string, zh: string, en: string): IntakeError {
  // What folders are called is repeated in them, and may be anything.
  return { row: null, column: null, code, message: { zh: maskIdentityNumbers(zh), en: maskIdentityNumbers(en) } };
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

/** Names with more differences than this share of their length have nothing to do with each other. */
const ALIKE = 0.6;

/** The known feed whose folders, or whose titles in Chinese, are written most alike; undefined when none is anything like it. */
function nearest(folders: string, catalog: Catalog): FeedSpec | undefined {
  const sought = folders.slice(0, 80).toLowerCase();
  let best: FeedSpec | undefined;
  let least = ALIKE;
  for (const feed of catalog.values()) {
    for (const name of [feed.id, `${feed.departmentTitle.zh}/${feed.title.zh}`]) {
      const share = distance(sought, name) / Math.max(sought.length, name.length);
      if (share >= least) continue;
      least = share;
      best = feed;
    }
  }
  return best;
}

function unknownFeed(folders: string, catalog: Catalog): IntakeError {
  const known = nearest(folders, catalog);
  return known === undefined
    ? refuse(
        'UNKNOWN_FEED',
        `没有“${folders}”这类数据；应放在 <部门>/<数据类别>/<数据期> 三级文件夹下，如 medical-insurance/inpatient-settlement/2024-03（医保 住院结算），请核对文件夹名`,
        `there is no feed "${folders}"; expected folders <department>/<category>/<period> such as medical-insurance/inpatient-settlement/2024-03, check the names of the folders`,
      )
    : refuse(
        'UNKNOWN_FEED',
        `没有“${folders}”这类数据；最接近的是 ${known.id}（${known.departmentTitle.zh} ${known.title.zh}），请核对文件夹名`,
        `there is no feed "${folders}"; the nearest is ${known.id} (${known.title.en}), check the names of the folders`,
      );
}

/** The period as it should have been written, when the folder says one in another way: `202403`, `2024年3月`, `2024-3-5`. */
function periodMeant(text: string): Period | undefined {
  const match = /^(\d{4})[-/._年]?(\d{1,2})(?:[-/._月]?(\d{1,2}))?[月日]?$/.exec(text.normalize('NFKC').replace(/\s/g, ''));
  const [, year = '', month = '', day] = match ?? [];
  return parsePeriod([year, month, ...(day === undefined ? [] : [day])].map((part) => part.padStart(2, '0')).join('-'));
}

function badPeriod(text: string): IntakeError {
  const meant = periodMeant(text);
  return refuse(
    'BAD_PERIOD',
    `数据期“${text}”无法识别；${meant === undefined ? '应为年月 2024-03 或日期 2024-03-15' : `请将文件夹名改为 ${meant}`}`,
    `the period "${text}" cannot be read; ${meant === undefined ? 'expected a month 2024-03 or a day 2024-03-15' : `name the folder ${meant}`}`,
  );
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
  if (feed === undefined) return unknownFeed(`${department}/${category}`, catalog);
  const period = parsePeriod(periodText);
  if (period === undefined) return badPeriod(periodText);
  if (periodStart(period) > today) {
    return refuse(
      'PERIOD_IN_FUTURE',
      `数据期 ${period} 晚于系统当天日期 ${today}；请核对文件夹名，如数据期无误，可能是系统时钟有误`,
      `the period ${period} is after today (${today}); check the folder, or the clock of this system`,
    );
  }
  if (!isTaken(name)) {
    const { zh, en } = adviceOn(extensionOf(name));
    return refuse('UNKNOWN_EXTENSION', zh, en);
  }
  return { feed: feed.id, period, name };
}
