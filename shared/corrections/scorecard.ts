import { allow, decide } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { periodEnd } from '../calendar/period.ts';
import {
  addDays,
  addMonths,
  beginningInChina,
  dateInChina,
  epochDay,
  type Instant,
  type PlainDate,
} from '../calendar/plain-date.ts';
import { type Bilingual, type Catalog, departmentOf, type FeedId, type FeedSpec } from '../catalog/feed.ts';
import { type Delivery, touchesCounty } from '../facts/coverage.ts';
import type { FileId } from '../facts/fact.ts';
import { TERMLY_MONTHS, YEARLY_MONTHS } from '../facts/freshness.ts';
import { type Arrivals, type Days, type Timeliness, timelinessOf } from '../facts/timeliness.ts';
import type { Clock } from '../ports/clock.ts';
import type { CorrectionStore } from '../ports/correction-store.ts';
import { PermanentError } from '../ports/errors.ts';
import type { FileRecord, FileRegister } from '../ports/file-register.ts';
import { type CorrectionNotice, lastWord, statusOf } from './notice.ts';

/** How good a feed's data were in a stretch of days 数据质量记分. Counts only: it names nobody and ranks nobody. */
export interface ScorecardLine {
  readonly department: string;
  readonly departmentTitle: Bilingual;
  readonly feed: string;
  readonly feedTitle: Bilingual;
  /** Deliveries that fell due in the stretch, county by county; `refused`: files of which nothing could be taken. */
  readonly files: Timeliness & { readonly refused: number };
  /** Rows of the files that came in the stretch, as their receipts tell. `rejectedShare` is null when none was read. */
  readonly rows: {
    readonly read: number;
    readonly accepted: number;
    readonly duplicate: number;
    readonly rejected: number;
    readonly rejectedShare: number | null;
  };
  /** Correction notices sent in the stretch, as they stand now. Open ones that are overdue count as overdue. */
  readonly notices: {
    readonly sent: number;
    readonly answered: number;
    readonly overdue: number;
    readonly corrected: number;
    readonly upheld: number;
    readonly unknownRow: number;
  };
  /** Notices sent that were not upheld, for every 10,000 rows accepted; null when no row was. */
  readonly wrongPer10000: number | null;
}

/** What the scorecard is read from. */
export interface ScorecardSources {
  readonly catalog: Catalog;
  readonly files: Pick<FileRegister, 'list' | 'getMany' | 'deliveries'>;
  readonly corrections: Pick<CorrectionStore, 'list'>;
  readonly clock: Clock;
}

/** Which days, and of which department when not of all. */
export interface ScorecardQuery extends Days {
  readonly department?: string;
}

const MOST_DAYS = 366;
/** Files and notices read for one answer. */
const MOST_READ = 10_000;
const PAGE = 200;

/**
 * The scorecard, a line for each feed of which something came, was due or was found wrong in the stretch, in the order of the
 * catalogue. A department sees
 * its own feeds in every county; supervisors and auditors those that concern their areas. Throws PermanentError
 * `scorecard-too-wide` for more than a year, or for more files and notices than one answer reads.
 */
export async function readScorecard(
  deps: ScorecardSources,
  principal: Principal,
  { from, to, department }: ScorecardQuery,
): Promise<readonly ScorecardLine[]> {
  allow(principal, 'scorecard.read', department === undefined ? {} : { department });
  if (from > to || epochDay(to) - epochDay(from) >= MOST_DAYS) throw tooWide();
  // A department's own files are no business of areas; nor do the counts of its notices tell of anybody.
  const areas = principal.roles.includes('department') ? [''] : principal.areas;
  const feeds = [...deps.catalog.values()].filter(
    ({ id }) =>
      (department === undefined || departmentOf(id) === department) &&
      decide(principal, 'scorecard.read', { department: departmentOf(id) }).allowed,
  );
  const budget = new Budget();
  const notices = await noticesSent(deps, budget, { areas, feeds, from, to });
  const deliveries = Map.groupBy(await deps.files.deliveries(), ({ feed }) => feed);
  const lines: ScorecardLine[] = [];
  for (const feed of feeds) {
    const own = (deliveries.get(feed.id) ?? []).filter(({ county }) => touchesCounty(areas, county));
    const wrong = notices.get(feed.id) ?? [];
    const came = await filesOf(deps, budget, feed.id, { from, to });
    const told = new Set(own.map(({ file }) => file));
    const refused = came.filter(({ receipt }) => receipt?.status === 'refused').length;
    const times = await timesOf(deps, budget, feed, own, { from, to });
    const taken = came.filter(({ id }) => told.has(id));
    if (times.onTime + times.late + times.missing + refused + taken.length + wrong.length === 0) continue;
    lines.push(lineOf(feed, { ...times, refused }, taken, wrong, deps.clock.now()));
  }
  return lines;
}

/** Counts what is read, and stops before it grows beyond one answer. */
class Budget {
  #left = MOST_READ;
  spend(read: number): void {
    this.#left -= read;
    if (this.#left < 0) throw tooWide();
  }
}

function tooWide(): PermanentError {
  return new PermanentError('scorecard-too-wide', 'more days, files or notices than one scorecard is made of');
}

async function noticesSent(
  { catalog, corrections }: ScorecardSources,
  budget: Budget,
  { areas, feeds, from, to }: Days & { readonly areas: readonly string[]; readonly feeds: readonly FeedSpec[] },
): Promise<ReadonlyMap<FeedId, readonly CorrectionNotice[]>> {
  const departments = [...new Set(feeds.map(({ id }) => departmentOf(id)))];
  const found: CorrectionNotice[] = [];
  let after: string | undefined;
  do {
    const page = await corrections.list({
      areas,
      ...(feeds.length === catalog.size ? {} : { departments }),
      sentFrom: beginningInChina(from),
      sentBefore: beginningInChina(addDays(to, 1)),
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    budget.spend(page.notices.length);
    found.push(...page.notices);
    after = page.next;
  } while (after !== undefined);
  return Map.groupBy(found, ({ feed }) => feed);
}

/** The files of a feed that came in the stretch. */
async function filesOf({ files }: ScorecardSources, budget: Budget, feed: FeedId, { from, to }: Days): Promise<FileRecord[]> {
  const found: FileRecord[] = [];
  let after: string | undefined;
  do {
    const page = await files.list({
      feed,
      arrivedFrom: beginningInChina(from),
      arrivedBefore: beginningInChina(addDays(to, 1)),
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    budget.spend(page.files.length);
    found.push(...page.files);
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** How far before the stretch a period may end whose delivery, or that of the period after it, fell due in the stretch. */
const MONTHS_BACK: Readonly<Record<FeedSpec['cadence'], number>> = {
  daily: 2,
  monthly: 3,
  termly: TERMLY_MONTHS + 1,
  yearly: YEARLY_MONTHS + 1,
};

/** Of periods long before the stretch it counts that they were delivered, not when: their files are not looked up. */
async function timesOf(
  { files, clock }: ScorecardSources,
  budget: Budget,
  feed: FeedSpec,
  deliveries: readonly Delivery[],
  days: Days,
): Promise<Timeliness> {
  const since = addMonths(days.from, -MONTHS_BACK[feed.cadence]);
  const asked = [...new Set(deliveries.filter(({ period }) => periodEnd(period) >= since).map(({ file }) => file))];
  budget.spend(asked.length);
  const records = await files.getMany(asked);
  const asOf = dateInChina(clock.now());
  const counties = arrivalsByCounty(deliveries, records);
  const sum = { onTime: 0, late: 0, missing: 0 };
  for (const arrivals of counties.values()) {
    const { onTime, late, missing } = timelinessOf(feed, arrivals, days, asOf);
    sum.onTime += onTime;
    sum.late += late;
    sum.missing += missing;
  }
  return sum;
}

/** First arrivals by county. What was delivered for all counties counts for each; alone it is a county of its own. */
function arrivalsByCounty(
  deliveries: readonly Delivery[],
  records: ReadonlyMap<FileId, FileRecord>,
): ReadonlyMap<string, Arrivals> {
  const named = new Set(deliveries.map(({ county }) => county).filter((county) => county !== '*'));
  const counties = named.size === 0 ? ['*'] : [...named];
  const found = new Map<string, Map<Delivery['period'], PlainDate>>();
  for (const { county, period, file } of deliveries) {
    const arrivedAt = records.get(file)?.arrivedAt;
    const day = arrivedAt === undefined ? periodEnd(period) : dateInChina(arrivedAt);
    for (const one of county === '*' ? counties : [county]) {
      const periods = found.get(one) ?? new Map<Delivery['period'], PlainDate>();
      found.set(one, periods);
      const there = periods.get(period);
      if (there === undefined || day < there) periods.set(period, day);
    }
  }
  return found;
}

function lineOf(
  feed: FeedSpec,
  files: ScorecardLine['files'],
  taken: readonly FileRecord[],
  wrong: readonly CorrectionNotice[],
  now: Instant,
): ScorecardLine {
  const rows = { read: 0, accepted: 0, duplicate: 0, rejected: 0 };
  for (const { receipt } of taken) {
    if (receipt === undefined) continue;
    rows.read += receipt.rows.read;
    rows.accepted += receipt.rows.accepted;
    rows.duplicate += receipt.rows.duplicate;
    rows.rejected += receipt.rows.rejected;
  }
  const ended = (kind: string) => wrong.filter((notice) => lastWord(notice)?.kind === kind).length;
  const notices = {
    sent: wrong.length,
    answered: wrong.filter((notice) => statusOf(notice, now) === 'answered').length,
    overdue: wrong.filter((notice) => statusOf(notice, now) === 'overdue').length,
    corrected: ended('corrected'),
    upheld: ended('upheld'),
    unknownRow: ended('unknown-row'),
  };
  return {
    department: departmentOf(feed.id),
    departmentTitle: feed.departmentTitle,
    feed: feed.id,
    feedTitle: feed.title,
    files,
    rows: { ...rows, rejectedShare: rows.read === 0 ? null : rows.rejected / rows.read },
    notices,
    wrongPer10000: rows.accepted === 0 ? null : ((notices.sent - notices.upheld) / rows.accepted) * 10_000,
  };
}
