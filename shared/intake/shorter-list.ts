import type { Period } from '../calendar/period.ts';
import type { FeedId } from '../catalog/feed.ts';
import type { FileRecord, FileRegister } from '../ports/file-register.ts';
import { Fault } from './fault.ts';

/** A list that is shorter than the one before by this share or more is remarked on: people leave a list by ones and twos. */
const FALL = 1 / 3;
/** A list of fewer lines may well lose a third of them. */
const LEAST_LINES = 30;
/** Files looked through for the list before: some months of a province's counties. */
const PAGE = 100;
const PAGES = 5;

/** How a complete list compares with that of an earlier period. */
export interface ShorterList {
  readonly period: Period;
  readonly before: number;
  readonly now: number;
}

/** A complete list that was just read. */
export interface ReadList extends Pick<FileRecord, 'id' | 'feed' | 'period'> {
  readonly counties: ReadonlySet<string>;
  readonly lines: number;
}

/**
 * Whether a complete list has lost a third of its lines or more since the latest period before, for counties both are of: who is
 * absent from it counts as having left, also where somebody forgot to take a filter off. All files of the period are added up,
 * and compared with the largest of the period before, so that neither lists in parts nor lists sent twice give a false alarm.
 */
export async function shorterThanBefore(register: Pick<FileRegister, 'list'>, list: ReadList): Promise<ShorterList | undefined> {
  let now = list.lines;
  let period: Period | undefined;
  let before = 0;
  for await (const files of latestFiles(register, list.feed)) {
    for (const file of files) {
      const lines = file.id === list.id ? 0 : linesOf(file, list.counties);
      if (lines === 0 || file.period > list.period) continue;
      if (file.period === list.period) now += lines;
      else if (period === undefined || file.period >= period) {
        before = file.period === period ? Math.max(before, lines) : lines;
        period = file.period;
      }
    }
    if (period !== undefined) break;
  }
  if (period === undefined || before < LEAST_LINES || now > before * (1 - FALL)) return undefined;
  return { period, before, now };
}

/** Files of a feed by pages, the newest first. */
async function* latestFiles(register: Pick<FileRegister, 'list'>, feed: FeedId): AsyncGenerator<readonly FileRecord[]> {
  let after: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const { files, next } = await register.list({ feed, limit: PAGE, ...(after === undefined ? {} : { after }) });
    yield files;
    if (next === undefined) return;
    after = next;
  }
}

/** Lines of a file taken before that is of one of these counties. */
function linesOf({ receipt }: FileRecord, counties: ReadonlySet<string>): number {
  if (receipt === undefined || !(receipt.counties ?? ['*']).some((county) => counties.has(county))) return 0;
  return receipt.rows.accepted + receipt.rows.duplicate;
}

/** The remark on such a list. */
export function shorterList({ period, before, now }: ShorterList): Fault {
  const share = Math.floor(100 - (100 * now) / before);
  return new Fault(
    'LIST_SHORTER',
    `名册比上一期（${period}）少了${share}%：上一期${before}行，本期目前${now}行。已接收；但完整名册上没有的人将视为已退出。如系分批报送，请继续报送其余部分；如因筛选或截断而漏报，请补报完整名册`,
    `the list has ${share}% fewer lines than the one before (${period}): ${before} then, ${now} so far for this period. It was taken, but whoever is not on the complete list counts as having left. If it comes in parts, go on and send the others; if lines are missing because of a filter or a cut, send the whole list`,
  );
}
