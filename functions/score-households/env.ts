import * as z from 'zod';
import { EnvName } from '../env-names.ts';
import { trialClockSetting } from '../trial-clock.ts';

/** Stops a deployment with a missing setting at its first start, naming the setting. */
const Env = z.object({
  [EnvName.Table]: z.string().min(1),
  [EnvName.KeysSecret]: z.string().min(1),
  [EnvName.UpdatesQueue]: z.url(),
  [EnvName.AssessmentsQueue]: z.url(),
  [EnvName.CasesQueue]: z.url(),
  [EnvName.UpdatesDeadLetters]: z.url(),
  [EnvName.AssessmentsDeadLetters]: z.url(),
  [EnvName.PacksDir]: z.string().min(1),
  [EnvName.AreaPacks]: z.string().min(1),
  ...trialClockSetting,
});
export type Env = z.infer<typeof Env>;

/** The settings of the function. Throws when one is missing. */
export function readEnv(variables: NodeJS.ProcessEnv): Env {
  return Env.parse(variables);
}
