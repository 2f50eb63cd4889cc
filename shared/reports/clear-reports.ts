import { addMonths, beginningInChina, dateInChina } from '../calendar/plain-date.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReportFiles, ReportJobStore } from '../ports/report-job-store.ts';
import { type RetentionRow, retentionFor } from '../privacy/retention.ts';
import { clearSpool } from './row-spool.ts';

/** What clearing needs. */
export interface ClearingDeps {
  readonly jobs: ReportJobStore;
  readonly files: ReportFiles;
  readonly clock: Clock;
  readonly retention: readonly RetentionRow[];
}

const PART = 50;

/**
 * Deletes the files of reports that are past keeping; what was asked for, and by whom, stays. They are copies the archive gives
 * again, so this needs no certificate. Answers how many jobs were cleared; broken off, the next run goes on.
 */
export async function clearReports({ jobs, files, clock, retention }: ClearingDeps): Promise<number> {
  const today = dateInChina(clock.now());
  const before = beginningInChina(addMonths(today, -retentionFor(retention, { purpose: 'reports', on: today }).months));
  let count = 0;
  for (;;) {
    const past = await jobs.kept(before, PART);
    let cleared = 0;
    for (const { keptSince: _, ...job } of past) {
      for (const { id } of job.pulls) {
        for await (const { key } of files.list(`reports/${id}/`)) await files.remove(key);
      }
      await clearSpool(files, job.id);
      if (await jobs.save({ job: { ...job, version: job.version + 1 }, events: [], messages: [] })) cleared += 1;
    }
    count += cleared;
    // Listing may lag behind: what could not be cleared now waits for tomorrow.
    if (cleared === 0) return count;
  }
}
