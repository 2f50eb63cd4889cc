import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { s3EventArchive } from '../../shared/adapters/aws/event-archive.ts';
import { s3ObjectStore } from '../../shared/adapters/aws/object-store.ts';
import { dynamoPeriodStore } from '../../shared/adapters/aws/period-store.ts';
import type { Telemetry } from '../../shared/adapters/aws/powertools-log.ts';
import { s3ReportArchive } from '../../shared/adapters/aws/report-archive.ts';
import { s3ReportFiles } from '../../shared/adapters/aws/report-files.ts';
import { dynamoReportJobStore } from '../../shared/adapters/aws/report-job-store.ts';
import { connectS3 } from '../../shared/adapters/aws/s3-client.ts';
import { sqsDeadLetterBox } from '../../shared/adapters/aws/sqs-queues.ts';
import { openTable } from '../../shared/adapters/aws/table.ts';
import { dynamoVerifiedDays } from '../../shared/adapters/aws/verified-days.ts';
import { DuckDbReportEngine } from '../../shared/adapters/duckdb/duckdb-report-engine.ts';
import { calendarFor } from '../../shared/casework/limits.ts';
import { catalog } from '../../shared/catalog/index.ts';
import { countedDays } from '../../shared/reports/counted-days.ts';
import { reportsOf } from '../../shared/reports/index.ts';
import { bundledParameters } from '../bundled-parameters.ts';
import { bundledQueries } from '../bundled-queries.ts';
import { EnvName } from '../env-names.ts';
import { pauseAfterConflict } from '../pause-after-conflict.ts';
import { queueFinder } from '../queue-of.ts';
import { VERSION } from '../serve-api/version.ts';
import { clockFor } from '../trial-clock.ts';
import type { Env } from './env.ts';
import type { ReportsDeps } from './handler.ts';
import { watched } from './watched-archive.ts';

/** Processors of the function's memory (infra/stacks/reports-stack.ts). */
const THREADS = 2;

/** Connects the function to AWS; once per start. */
export function connect(env: Env, telemetry: Telemetry): ReportsDeps {
  // Outlives a copy of the function that died; what it left is removed before the next report begins.
  const scratch = join(tmpdir(), 'aidwatch-reports');
  const table = openTable({ tableName: env[EnvName.Table] });
  const s3 = connectS3(process.env);
  const urls = { reports: env[EnvName.ReportsQueue] };
  const parameters = bundledParameters(env[EnvName.Parameters]);
  return {
    reports: reportsOf(catalog),
    queries: bundledQueries(env[EnvName.Queries]),
    archive: watched(
      telemetry.log,
      s3ReportArchive({
        archive: s3EventArchive(s3, env[EnvName.ArchiveBucket], table),
        objects: s3ObjectStore(s3, env[EnvName.ArchiveBucket]),
        verified: dynamoVerifiedDays(table),
        scratch,
      }),
    ),
    engine: new DuckDbReportEngine({
      memory: env[EnvName.EngineMemory],
      threads: THREADS,
      tempFolder: scratch,
    }),
    jobs: dynamoReportJobStore(table),
    periods: dynamoPeriodStore(table),
    files: s3ReportFiles(s3, env[EnvName.ExchangeBucket]),
    scheduled: parameters.reports,
    retention: parameters.retention,
    days: (area, from, to) => countedDays(calendarFor(parameters, area), from, to),
    program: VERSION,
    pause: pauseAfterConflict,
    clock: clockFor(env, telemetry.log),
    log: telemetry.log,
    metrics: telemetry.metrics,
    deadLetters: sqsDeadLetterBox({ urls, deadLetterUrls: { reports: env[EnvName.ReportsDeadLetters] } }),
    queueOf: queueFinder(urls),
  };
}
