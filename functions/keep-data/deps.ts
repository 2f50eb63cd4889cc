import { dynamoCaseStore } from '../../shared/adapters/aws/case-store.ts';
import { dynamoCorrectionStore } from '../../shared/adapters/aws/correction-store.ts';
import { dynamoEventLog } from '../../shared/adapters/aws/event-log.ts';
import { s3ObjectRemoval } from '../../shared/adapters/aws/exchange-removal.ts';
import { cloudExpiredData } from '../../shared/adapters/aws/expired-data.ts';
import { dynamoFactStore } from '../../shared/adapters/aws/fact-store.ts';
import { dynamoFileRegister } from '../../shared/adapters/aws/file-register.ts';
import { dynamoHouseholdRegistry } from '../../shared/adapters/aws/household-registry.ts';
import { dynamoKeptFacts } from '../../shared/adapters/aws/kept-facts.ts';
import { dynamoKeptRun } from '../../shared/adapters/aws/kept-run.ts';
import { loadKeys } from '../../shared/adapters/aws/load-keys.ts';
import { s3ObjectStore } from '../../shared/adapters/aws/object-store.ts';
import type { Telemetry } from '../../shared/adapters/aws/powertools-log.ts';
import { connectS3 } from '../../shared/adapters/aws/s3-client.ts';
import { dynamoSealedTexts } from '../../shared/adapters/aws/sealed-texts.ts';
import { sqsReceiver } from '../../shared/adapters/aws/sqs-queues.ts';
import { dynamoStandingStore } from '../../shared/adapters/aws/standing-store.ts';
import { openTable } from '../../shared/adapters/aws/table.ts';
import { walkTable } from '../../shared/adapters/aws/table-walk.ts';
import { catalog } from '../../shared/catalog/index.ts';
import { sealerUnder } from '../../shared/registry/sealing.ts';
import { bundledPacks } from '../bundled-packs.ts';
import { bundledParameters } from '../bundled-parameters.ts';
import { EnvName } from '../env-names.ts';
import { compiledPacksOf } from '../rule-packs.ts';
import { clockFor } from '../trial-clock.ts';
import type { Env } from './env.ts';
import type { KeepDeps } from './handler.ts';

/** Connects the function to AWS; once per start. */
export function connect(env: Env, variables: NodeJS.ProcessEnv, telemetry: Telemetry): KeepDeps {
  const tableName = env[EnvName.Table];
  const [table, walk, s3] = [openTable({ tableName }), walkTable({ tableName }), connectS3(variables)];
  const bucket = env[EnvName.ExchangeBucket];
  const queues = sqsReceiver({ urls: { files: env[EnvName.FilesQueue], updates: env[EnvName.UpdatesQueue] } });
  const dead = sqsReceiver({ urls: { files: env[EnvName.FilesDeadLetters], updates: env[EnvName.UpdatesDeadLetters] } });
  const [register, cases, registry] = [dynamoFileRegister(table), dynamoCaseStore(table), dynamoHouseholdRegistry(table)];
  const eventLog = dynamoEventLog(table);
  const clock = clockFor(env, telemetry.log);
  return {
    deletion: {
      clock,
      catalog,
      eventLog,
      expired: cloudExpiredData({ table, walk, exchange: s3ObjectRemoval(s3, bucket), files: register, cases, registry }),
      facts: dynamoFactStore(table),
      keptFacts: dynamoKeptFacts(table, walk),
      registry,
      standings: dynamoStandingStore(table),
      cases,
      corrections: dynamoCorrectionStore(table),
      register,
      retention: bundledParameters(env[EnvName.Parameters]).retention,
      packs: compiledPacksOf(bundledPacks(env[EnvName.PacksDir]), env[EnvName.AreaPacks], catalog),
    },
    // The secret is read for each call: with the key that was current before, what others sealed anew would be sealed back.
    resealing: async () => {
      const { dataKeys } = await loadKeys(env[EnvName.KeysSecret]);
      return {
        sealed: dynamoSealedTexts(table, walk),
        sealer: sealerUnder(dataKeys),
        current: dataKeys.current(),
        objects: s3ObjectStore(s3, bucket),
        onTheirWay: async () => {
          const depths = [queues.depth('files'), queues.depth('updates'), dead.depth('files'), dead.depth('updates')];
          return (await Promise.all(depths)).reduce((sum, depth) => sum + depth, 0);
        },
        eventLog,
        clock,
      };
    },
    deletionRun: dynamoKeptRun(table, 'DELETION'),
    resealRun: dynamoKeptRun(table, 'RESEALING'),
  };
}
