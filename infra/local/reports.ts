import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VERSION } from '../../functions/serve-api/version.ts';
import { DuckDbReportEngine } from '../../shared/adapters/duckdb/duckdb-report-engine.ts';
import { FolderReportArchive } from '../../shared/adapters/embedded/folder-report-archive.ts';
import { calendarFor } from '../../shared/casework/limits.ts';
import { catalog } from '../../shared/catalog/index.ts';
import type { ObjectStore } from '../../shared/ports/object-store.ts';
import { countedDays } from '../../shared/reports/counted-days.ts';
import { reportsOf } from '../../shared/reports/index.ts';
import type { ReportDeps } from '../../shared/reports/pull-report.ts';
import { reportQueries } from '../report-queries.ts';
import type { Platform } from './platform.ts';

/** What reports may use of this machine; the rows of what is larger go to the disk. */
const MEMORY = '500MB';
const THREADS = 2;

/** Everything reports are made with, over the archive of this machine; `out` takes what is made. */
export function reportingOf(platform: Platform, out: Pick<ObjectStore, 'write'>): ReportDeps {
  const { stores, clock, casework, dataDir } = platform;
  return {
    reports: reportsOf(catalog),
    queries: reportQueries(),
    archive: new FolderReportArchive(stores.archive, join(dataDir, '.reports')),
    engine: new DuckDbReportEngine({ memory: MEMORY, threads: THREADS, tempFolder: join(tmpdir(), 'aidwatch-reports') }),
    eventLog: stores.eventLog,
    clock,
    days: (area, from, to) => countedDays(calendarFor(casework.parameters, area), from, to),
    out,
    program: VERSION,
  };
}
