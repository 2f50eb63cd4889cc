import type { Telemetry } from '../../shared/adapters/aws/powertools-log.ts';
import { sqsDeadLetterBox, sqsSender } from '../../shared/adapters/aws/sqs-queues.ts';
import type { StreamRecord } from '../../shared/adapters/aws/stream-events.ts';
import { asToldByStream, messagesOfStreamRecord } from '../../shared/adapters/aws/stream-messages.ts';
import { EnvName } from '../env-names.ts';
import type { Env } from './env.ts';
import type { RelayDeps } from './handler.ts';

/** Connects the function to AWS; once per start. */
export function connect(env: Env, telemetry: Telemetry): RelayDeps<StreamRecord> {
  const urls = { cases: env[EnvName.CasesQueue], reports: env[EnvName.ReportsQueue] };
  const deadLetterUrls = { cases: env[EnvName.CasesDeadLetters] };
  return {
    messagesOf: messagesOfStreamRecord,
    asTold: asToldByStream,
    placeOf: (record) => record.dynamodb?.SequenceNumber ?? '',
    queue: sqsSender({ urls }),
    deadLetters: sqsDeadLetterBox({ urls, deadLetterUrls }),
    log: telemetry.log,
    metrics: telemetry.metrics,
  };
}
