import { dynamoBuriedEvents } from '../../shared/adapters/aws/buried-events.ts';
import { s3EventArchive } from '../../shared/adapters/aws/event-archive.ts';
import type { Telemetry } from '../../shared/adapters/aws/powertools-log.ts';
import { connectS3 } from '../../shared/adapters/aws/s3-client.ts';
import { eventsOfStreamRecords, type StreamRecord } from '../../shared/adapters/aws/stream-events.ts';
import { openTable } from '../../shared/adapters/aws/table.ts';
import { dynamoTallyStore } from '../../shared/adapters/aws/tally-store.ts';
import { EnvName } from '../env-names.ts';
import { systemClock } from '../system-clock.ts';
import type { Env } from './env.ts';
import type { ArchiveDeps } from './handler.ts';

/** Connects the function to AWS; once per start. */
export function connect(env: Env, telemetry: Telemetry): ArchiveDeps<StreamRecord> {
  const table = openTable({ tableName: env[EnvName.Table] });
  return {
    archive: s3EventArchive(connectS3(process.env), env[EnvName.ArchiveBucket], table),
    tallies: dynamoTallyStore(table),
    eventsOf: eventsOfStreamRecords,
    buried: dynamoBuriedEvents(table),
    placeOf: (record) => record.dynamodb?.SequenceNumber ?? '',
    clock: systemClock,
    log: telemetry.log,
    metrics: telemetry.metrics,
  };
}
