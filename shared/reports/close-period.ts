import { allow } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { Access } from '../access/read-trail.ts';
import { makeEvent } from '../audit/make-event.ts';
import { monthOf, type Period, periodEnd, periodStart } from '../calendar/period.ts';
import { addMonths, dateInChina, type Instant, type PlainDate } from '../calendar/plain-date.ts';
import type { Clock } from '../ports/clock.ts';
import { PermanentError, RetryLaterError } from '../ports/errors.ts';
import type { PeriodStore } from '../ports/period-store.ts';
import type { ClosePeriod } from '../ports/queue-messages.ts';
import type { ArchiveSnapshot, PeriodClosing, ReportArchive, ReportEngine, ReportQuery } from '../ports/report-engine.ts';
import { againstOthers } from './against-others.ts';
import { areaAsked } from './area-asked.ts';
import { covers, type PeriodRecord } from './period-record.ts';
import type { ReportFailure } from './report-job.ts';

/** What wanting a month closed, and seeing what came of it, needs. */
export interface PeriodDeskDeps {
  readonly periods: PeriodStore;
  readonly clock: Clock;
  /** Waits before another try after a write conflict. */
  readonly pause: (attempt: number) => Promise<void>;
}

/** What closing needs. */
export interface ClosingDeps extends PeriodDeskDeps {
  readonly archive: ReportArchive;
  readonly engine: ReportEngine;
}

/** What came of it: closed now, or closed before by somebody, which stands. */
export interface Closed {
  readonly kind: 'closed' | 'already';
  readonly closing: Omit<PeriodClosing, 'number'>;
}

/** Who wants it, under which request. Nothing of anybody is shown, so no purpose is asked for. */
type Asker = Pick<Access, 'principal' | 'request'>;

/** A month, and for which area; without it for all the user's area. */
export interface PeriodAsked {
  readonly period: Period;
  readonly area?: string;
}

/** Months listed unless said otherwise. */
const LISTED = 24;
/** And at most. */
const MOST_LISTED = 120;

/**
 * A person wants a month closed for an area. It is closed by whoever works the message (`workClosing`), for the whole archive is
 * proven first. What was closed before stands. Throws AccessError for whoever may not, and PermanentError when the month is not
 * over or is no month.
 */
export function askClosing(deps: PeriodDeskDeps, asker: Asker, asked: PeriodAsked): Promise<PeriodRecord> {
  return wanted(deps, asker, asked, ({ period, area }) => {
    const message: ClosePeriod = { v: 1, kind: 'close-period', period, area };
    return [{ queue: 'reports', message: { body: JSON.stringify(message) } }];
  });
}

async function wanted(
  { periods, clock, pause }: PeriodDeskDeps,
  { principal, request }: Asker,
  { period, area: asked }: PeriodAsked,
  messagesOf: (record: PeriodRecord) => Parameters<PeriodStore['save']>[0]['messages'],
): Promise<PeriodRecord> {
  const area = areaAsked(principal, 'periods.close', asked);
  const now = clock.now();
  if (period.length !== 7)
    throw new PermanentError('period-no-month', '只能按月关账，如 2024-03 / only a month can be closed, such as 2024-03');
  if (dateInChina(now) <= periodEnd(period)) {
    throw new PermanentError('period-not-over', '本月尚未结束，不能关账 / the month is not over, so it cannot be closed');
  }
  return againstOthers('the record of a period', pause, async () => {
    const covering = (await periods.list(period, period)).find((one) => one.state === 'closed' && covers(one, { period, area }));
    if (covering !== undefined) return covering;
    const before = await periods.get(period, area);
    const version = (before?.version ?? 0) + 1;
    const record: PeriodRecord = { period, area, version, state: 'closing', askedBy: principal.id, askedAt: now, request };
    return (await periods.save({ record, events: [], messages: messagesOf(record) })) ? record : undefined;
  });
}

/**
 * Closes a month that somebody wants closed: from now on its reports count the events archived so far, and what comes later shows as
 * adjustments. It cannot be undone, since figures were given out. Refused, in words, where the archive is not whole.
 */
export async function workClosing(
  deps: ClosingDeps,
  { period, area }: Pick<ClosePeriod, 'period' | 'area'>,
): Promise<PeriodRecord> {
  const { archive, engine, periods, clock } = deps;
  const asked = await periods.get(period, area);
  if (asked === undefined) throw new PermanentError('period-unknown', 'nobody wanted this month closed');
  if (asked.state !== 'closing') return asked;
  const snapshot = await archive.snapshot();
  try {
    const before = (await closingsIn(engine, snapshot)).find((one) => covers(one, asked));
    if (before !== undefined) return await settled(deps, { ...asked, state: 'closed', closed: of(before) });
    const verdict = await archive.verify(snapshot);
    if (!verdict.ok) {
      return await settled(deps, { ...asked, state: 'refused', failure: notWhole(verdict.number) });
    }
    const now = clock.now();
    const { number: upTo, hash } = snapshot.head;
    const once = `${area}\n${asked.request}`;
    const event = makeEvent('period.closed', now, { period }, { area, hash, period, upTo }, once, asked.askedBy);
    return await settled(deps, { ...asked, state: 'closed', closed: { by: asked.askedBy, at: now, upTo } }, [event]);
  } finally {
    await snapshot.release();
  }
}

/** Says that a month was not closed, after too many tries. */
export async function giveClosingUp(deps: PeriodDeskDeps, { period, area }: Pick<ClosePeriod, 'period' | 'area'>): Promise<void> {
  const asked = await deps.periods.get(period, area);
  if (asked?.state !== 'closing') return;
  await settled(deps, {
    ...asked,
    state: 'refused',
    failure: {
      code: 'closing-given-up',
      zh: '多次尝试均未成功，未关账；请稍后重试，仍不成功请联系系统管理员查看日志',
      en: 'tried several times without success; nothing was closed. Try again later, and if it fails again tell the system administrator to look at the log',
    },
  });
}

function of({ by, at, upTo }: PeriodClosing): { readonly by: string; readonly at: Instant; readonly upTo: number } {
  return { by, at, upTo };
}

function notWhole(number: number): ReportFailure {
  return {
    code: 'archive-not-whole',
    zh: `档案第 ${number} 个事件与写入时不符，不能关账；请先运行 aidwatch audit verify`,
    en: `the archive is not as it was written at event ${number}; nothing can be closed on it: run aidwatch audit verify`,
  };
}

/** Saves what came of it, unless somebody was quicker: then what that came to. */
async function settled(
  { periods }: PeriodDeskDeps,
  record: PeriodRecord,
  events: Parameters<PeriodStore['save']>[0]['events'] = [],
): Promise<PeriodRecord> {
  const next = { ...record, version: record.version + 1 };
  if (await periods.save({ record: next, events, messages: [] })) return next;
  throw new RetryLaterError('the record of a period was changed meanwhile');
}

/** A person closes a month at once. Throws as `askClosing`, and PermanentError when the archive is not whole. */
export async function closePeriod(deps: ClosingDeps, asker: Asker, asked: PeriodAsked): Promise<Closed> {
  const record = await wanted(deps, asker, asked, () => []);
  const { state, period, area, closed, failure } = record.state === 'closing' ? await workClosing(deps, record) : record;
  if (closed === undefined) {
    const { code = 'period-not-closed', zh = '未关账', en = 'not closed' } = failure ?? {};
    throw new PermanentError(code, `${zh} / ${en}`);
  }
  const now = state === 'closed' && record.state === 'closing' && closed.by === asker.principal.id && closed.at >= record.askedAt;
  return { kind: now ? 'closed' : 'already', closing: { period, area, ...closed } };
}

/**
 * The months of a user's areas, or of areas around them, that people wanted closed, oldest first; the last two years unless
 * said otherwise, ten at most.
 */
export async function listPeriods(
  { periods, clock }: Pick<PeriodDeskDeps, 'periods' | 'clock'>,
  principal: Principal,
  { from, to }: { readonly from?: Period; readonly to?: Period },
): Promise<readonly PeriodRecord[]> {
  allow(principal, 'reports.pull');
  const last = to ?? monthOf(dateInChina(clock.now()));
  const earliest = monthOf(addMonths(periodStart(last), -MOST_LISTED));
  const first = from ?? monthOf(addMonths(periodStart(last), -LISTED));
  const records = await periods.list(first < earliest ? earliest : first, last);
  return records.filter(({ area }) => principal.areas.some((own) => area.startsWith(own) || own.startsWith(area)));
}

/** Every period closed, as the archive tells it, oldest first. */
export async function closedPeriods({
  archive,
  engine,
}: Pick<ClosingDeps, 'archive' | 'engine'>): Promise<readonly PeriodClosing[]> {
  const snapshot = await archive.snapshot();
  try {
    return await closingsIn(engine, snapshot);
  } finally {
    await snapshot.release();
  }
}

async function closingsIn(engine: ReportEngine, snapshot: ArchiveSnapshot): Promise<readonly PeriodClosing[]> {
  const run = await engine.open(snapshot, NOTHING_BUT_CLOSINGS);
  try {
    return await run.closings();
  } finally {
    await run.close();
  }
}

const NOTHING_BUT_CLOSINGS: ReportQuery = {
  sql: '',
  columns: [],
  reads: [],
  parameters: { from: '2000-01-01' as PlainDate, to: '2000-01-01' as PlainDate, area: '', seed: '', sample: 0 },
  days: [],
};
