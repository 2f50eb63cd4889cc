import { s3DroppedObject } from '../../shared/adapters/aws/dropped-object.ts';
import { dynamoFileRegister } from '../../shared/adapters/aws/file-register.ts';
import { dynamoIdentityVault } from '../../shared/adapters/aws/identity-vault.ts';
import { loadKeys } from '../../shared/adapters/aws/load-keys.ts';
import { s3ObjectStore } from '../../shared/adapters/aws/object-store.ts';
import type { Telemetry } from '../../shared/adapters/aws/powertools-log.ts';
import { connectS3 } from '../../shared/adapters/aws/s3-client.ts';
import { sqsDeadLetterBox, sqsSender } from '../../shared/adapters/aws/sqs-queues.ts';
import { openTable } from '../../shared/adapters/aws/table.ts';
import { catalog } from '../../shared/catalog/index.ts';
import { pseudonymsOf } from '../../shared/registry/pseudonym.ts';
import { sealerUnder } from '../../shared/registry/sealing.ts';
import { EnvName } from '../env-names.ts';
import { queueFinder } from '../queue-of.ts';
import { clockFor } from '../trial-clock.ts';
import type { Env } from './env.ts';
import type { FileDeps } from './handler.ts';

/** Connects the function to AWS; once per start. */
export async function connect(env: Env, telemetry: Telemetry): Promise<FileDeps> {
  const keys = await loadKeys(env[EnvName.KeysSecret]);
  const table = openTable({ tableName: env[EnvName.Table] });
  const urls = { files: env[EnvName.FilesQueue], updates: env[EnvName.UpdatesQueue] };
  const [s3, bucket] = [connectS3(process.env), env[EnvName.ExchangeBucket]];
  const exchange = s3ObjectStore(s3, bucket);
  return {
    catalog,
    pseudonyms: pseudonymsOf(keys.pseudonymSecret),
    sealer: sealerUnder(keys.dataKeys),
    exchange,
    exchangeOf: (drop) => s3DroppedObject(exchange, s3, bucket, drop),
    register: dynamoFileRegister(table),
    vault: dynamoIdentityVault(table),
    queue: sqsSender({ urls }),
    deadLetters: sqsDeadLetterBox({ urls, deadLetterUrls: { files: env[EnvName.FilesDeadLetters] } }),
    queueOf: queueFinder({ files: urls.files }),
    clock: clockFor(env, telemetry.log),
    log: telemetry.log,
    metrics: telemetry.metrics,
  };
}
