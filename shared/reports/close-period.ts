import type { Access } from '../access/read-trail.ts';
import { makeEvent } from '../audit/make-event.ts';
import { type Period, periodEnd, periodStart } from '../calendar/period.ts';
import { dateInChina } from '../calendar/plain-date.ts';
import { PermanentError } from '../ports/errors.ts';
import type { ArchiveSnapshot, PeriodClosing, ReportEngine } from '../ports/report-engine.ts';
import { areaAsked } from './area-asked.ts';
import type { ReportDeps } from './pull-report.ts';

/** What closing needs. */
export type ClosingDeps = Pick<ReportDeps, 'archive' | 'engine' | 'eventLog' | 'clock'>;

/** What came of it: closed now, or closed before by somebody, which stands. */
export interface Closed {
  readonly kind: 'closed' | 'already';
  readonly closing: Omit<PeriodClosing, 'number'>;
}

/**
 * A person closes a month for an area: from now on its reports count the events archived so far, and what comes later shows as
 * adjustments. It cannot be undone, since figures were given out. Throws AccessError for whoever may not, and PermanentError
 * when the month is not over, is no month, or the archive is not whole.
 */
export async function closePeriod(
  { archive, engine, eventLog, clock }: ClosingDeps,
  { principal, request }: Access,
  { period, area: asked }: { readonly period: Period; readonly area?: string },
): Promise<Closed> {
  const area = areaAsked(principal, 'periods.close', asked);
  const now = clock.now();
  if (period.length !== 7)
    throw new PermanentError('period-no-month', '只能按月关账，如 2024-03 / only a month can be closed, such as 2024-03');
  if (dateInChina(now) <= periodEnd(period)) {
    throw new PermanentError('period-not-over', '本月尚未结束，不能关账 / the month is not over, so it cannot be closed');
  }
  const snapshot = await archive.snapshot();
  try {
    const before = (await closingsIn(engine, snapshot, period)).find((one) => one.period === period && area.startsWith(one.area));
    if (before !== undefined) return { kind: 'already', closing: before };
    const verdict = await archive.verify(snapshot);
    if (!verdict.ok) {
      throw new PermanentError(
        'archive-not-whole',
        `档案第 ${verdict.number} 个事件与写入时不符，不能关账；请先运行 aidwatch audit verify / the archive is not as it was written at event ${verdict.number}; nothing can be closed on it`,
      );
    }
    const { number: upTo, hash } = snapshot.head;
    const event = makeEvent('period.closed', now, { period }, { area, hash, period, upTo }, `${area}\n${request}`, principal.id);
    await eventLog.append([event]);
    return { kind: 'closed', closing: { period, area, upTo, by: principal.id, at: now } };
  } finally {
    await snapshot.release();
  }
}

/** Every period closed, oldest first. */
export async function closedPeriods({
  archive,
  engine,
}: Pick<ClosingDeps, 'archive' | 'engine'>): Promise<readonly PeriodClosing[]> {
  const snapshot = await archive.snapshot();
  try {
    return await closingsIn(engine, snapshot, '2000-01' as Period);
  } finally {
    await snapshot.release();
  }
}

async function closingsIn(engine: ReportEngine, snapshot: ArchiveSnapshot, period: Period): Promise<readonly PeriodClosing[]> {
  const parameters = { from: periodStart(period), to: periodEnd(period), area: '', seed: '', sample: 0 };
  const run = await engine.open(snapshot, { sql: '', columns: [], reads: [], parameters, days: [] });
  try {
    return await run.closings();
  } finally {
    await run.close();
  }
}
