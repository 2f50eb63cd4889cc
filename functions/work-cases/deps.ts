import { dynamoCaseStore } from '../../shared/adapters/aws/case-store.ts';
import { stepFunctionsWorkflow } from '../../shared/adapters/aws/case-workflow.ts';
import { dynamoCorrectionStore } from '../../shared/adapters/aws/correction-store.ts';
import { dynamoFactStore } from '../../shared/adapters/aws/fact-store.ts';
import { dynamoFileRegister } from '../../shared/adapters/aws/file-register.ts';
import { dynamoHouseholdRegistry } from '../../shared/adapters/aws/household-registry.ts';
import type { Telemetry } from '../../shared/adapters/aws/powertools-log.ts';
import { sqsDeadLetterBox, sqsSender } from '../../shared/adapters/aws/sqs-queues.ts';
import { dynamoStaffDirectory } from '../../shared/adapters/aws/staff-directory.ts';
import { dynamoStandingStore } from '../../shared/adapters/aws/standing-store.ts';
import { openTable } from '../../shared/adapters/aws/table.ts';
import { catalog } from '../../shared/catalog/index.ts';
import { bundledPacks } from '../bundled-packs.ts';
import { bundledParameters } from '../bundled-parameters.ts';
import { caseworkOf, stepsOf } from '../casework-parts.ts';
import { EnvName } from '../env-names.ts';
import { pauseAfterConflict } from '../pause-after-conflict.ts';
import { queueFinder } from '../queue-of.ts';
import { rulePacks } from '../rule-packs.ts';
import { systemClock } from '../system-clock.ts';
import { clockFor } from '../trial-clock.ts';
import type { Env } from './env.ts';
import type { WorkDeps } from './handler.ts';

/** Connects the function to AWS; once per start. */
export function connect(env: Env, telemetry: Telemetry): WorkDeps {
  const table = openTable({ tableName: env[EnvName.Table] });
  const urls = { cases: env[EnvName.CasesQueue] };
  const deadLetterUrls = { cases: env[EnvName.CasesDeadLetters] };
  const packsFor = rulePacks(bundledPacks(env[EnvName.PacksDir]), env[EnvName.AreaPacks], catalog);
  const sources = {
    catalog,
    facts: dynamoFactStore(table),
    registry: dynamoHouseholdRegistry(table),
    register: dynamoFileRegister(table),
    standings: dynamoStandingStore(table),
    cases: dynamoCaseStore(table),
    corrections: dynamoCorrectionStore(table),
    staff: dynamoStaffDirectory(table),
    queue: sqsSender({ urls }),
    packsFor,
    householdsPerMessage: 1,
    pause: pauseAfterConflict,
    clock: clockFor(env, telemetry.log),
    log: telemetry.log,
    metrics: telemetry.metrics,
  };
  return {
    ...sources,
    ...stepsOf(sources),
    rules: caseworkOf({ ...sources, parameters: bundledParameters(env[EnvName.Parameters]) }).rules,
    // How old a run is, the engine tells by its own time.
    workflow: stepFunctionsWorkflow({ stateMachineArn: env[EnvName.StateMachine], clock: systemClock }),
    deadLetters: sqsDeadLetterBox({ urls, deadLetterUrls }),
    queueOf: queueFinder(urls),
  };
}
