import { dynamoCaseStore } from '../../shared/adapters/aws/case-store.ts';
import { dynamoFactStore } from '../../shared/adapters/aws/fact-store.ts';
import { dynamoFileRegister } from '../../shared/adapters/aws/file-register.ts';
import { dynamoHouseholdRegistry } from '../../shared/adapters/aws/household-registry.ts';
import { loadKeys } from '../../shared/adapters/aws/load-keys.ts';
import type { Telemetry } from '../../shared/adapters/aws/powertools-log.ts';
import { sqsDeadLetterBox, sqsSender } from '../../shared/adapters/aws/sqs-queues.ts';
import { dynamoStandingStore } from '../../shared/adapters/aws/standing-store.ts';
import { openTable } from '../../shared/adapters/aws/table.ts';
import { catalog } from '../../shared/catalog/index.ts';
import { pseudonymsOf } from '../../shared/registry/pseudonym.ts';
import { bundledPacks } from '../bundled-packs.ts';
import { EnvName } from '../env-names.ts';
import { pauseAfterConflict } from '../pause-after-conflict.ts';
import { queueFinder } from '../queue-of.ts';
import { rulePacks } from '../rule-packs.ts';
import { clockFor } from '../trial-clock.ts';
import type { Env } from './env.ts';
import type { ScoreDeps } from './handler.ts';

/** Each message is a request that costs; fifty households are assessed well within the time of one invocation. */
const HOUSEHOLDS_PER_MESSAGE = 50;

/** Connects the function to AWS; once per start. */
export async function connect(env: Env, telemetry: Telemetry): Promise<ScoreDeps> {
  const keys = await loadKeys(env[EnvName.KeysSecret]);
  const table = openTable({ tableName: env[EnvName.Table] });
  const read = { updates: env[EnvName.UpdatesQueue], assessments: env[EnvName.AssessmentsQueue] };
  const urls = { ...read, cases: env[EnvName.CasesQueue] };
  const deadLetterUrls = { updates: env[EnvName.UpdatesDeadLetters], assessments: env[EnvName.AssessmentsDeadLetters] };
  return {
    catalog,
    pseudonyms: pseudonymsOf(keys.pseudonymSecret),
    facts: dynamoFactStore(table),
    registry: dynamoHouseholdRegistry(table),
    register: dynamoFileRegister(table),
    standings: dynamoStandingStore(table),
    cases: dynamoCaseStore(table),
    queue: sqsSender({ urls }),
    deadLetters: sqsDeadLetterBox({ urls: read, deadLetterUrls }),
    queueOf: queueFinder(read),
    packsFor: rulePacks(bundledPacks(env[EnvName.PacksDir]), env[EnvName.AreaPacks], catalog),
    householdsPerMessage: HOUSEHOLDS_PER_MESSAGE,
    pause: pauseAfterConflict,
    clock: clockFor(env, telemetry.log),
    log: telemetry.log,
    metrics: telemetry.metrics,
  };
}
