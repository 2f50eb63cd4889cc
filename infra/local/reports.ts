import { join } from 'node:path';
import { createHandler } from '../../functions/make-reports/handler.ts';
import { queueFinder } from '../../functions/queue-of.ts';
import { VERSION } from '../../functions/serve-api/version.ts';
import { DuckDbReportEngine } from '../../shared/adapters/duckdb/duckdb-report-engine.ts';
import { FolderReportArchive } from '../../shared/adapters/embedded/folder-report-archive.ts';
import { calendarFor } from '../../shared/casework/limits.ts';
import { catalog } from '../../shared/catalog/index.ts';
import type { ObjectStore } from '../../shared/ports/object-store.ts';
import type { ComputingDeps } from '../../shared/reports/compute-report.ts';
import { countedDays } from '../../shared/reports/counted-days.ts';
import { reportsOf } from '../../shared/reports/index.ts';
import type { ReportDeps } from '../../shared/reports/pull-report.ts';
import { reportQueries } from '../report-queries.ts';
import type { County } from './county.ts';

/** What reports may use of this machine; the rows of what is larger go to the disk. */
const MEMORY = '500MB';
const THREADS = 2;

/** Everything reports are made with, over the archive of this machine; `out` takes what is made. */
export function reportingOf(county: County, out: Pick<ObjectStore, 'write'>): ReportDeps {
  return { ...computingOf(county), eventLog: county.stores.eventLog, out };
}

/** The handler of the queue `reports`, over the stores of one thread. */
export function reportsHandler(county: County): ReturnType<typeof createHandler> {
  const { stores, casework, log, metrics } = county;
  return createHandler({
    ...computingOf(county),
    jobs: stores.reportJobs,
    periods: stores.periods,
    files: stores.objects,
    retention: casework.parameters.retention,
    scheduled: casework.parameters.reports,
    deadLetters: stores.queue,
    log,
    metrics,
    pause: casework.pause,
    queueOf: queueFinder({ reports: 'reports' }),
  });
}

function computingOf({ stores, clock, casework, dataDir }: County): ComputingDeps {
  // Beside the archive: what engine and copies put there is as confidential, and needs as much room.
  const tempFolder = join(dataDir, '.reports');
  return {
    reports: reportsOf(catalog),
    queries: reportQueries(),
    archive: new FolderReportArchive({ archive: stores.archive, verified: stores.verifiedDays, scratch: tempFolder }),
    engine: new DuckDbReportEngine({ memory: MEMORY, threads: THREADS, tempFolder }),
    clock,
    days: (area, from, to) => countedDays(calendarFor(casework.parameters, area), from, to),
    program: VERSION,
  };
}
