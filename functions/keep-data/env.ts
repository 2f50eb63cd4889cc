import * as z from 'zod';
import { EnvName } from '../env-names.ts';
import { trialClockSetting } from '../trial-clock.ts';

/** Stops a deployment with a missing setting at its first start, naming the setting. */
const Env = z.object({
  [EnvName.Table]: z.string().min(1),
  [EnvName.ExchangeBucket]: z.string().min(1),
  [EnvName.KeysSecret]: z.string().min(1),
  [EnvName.FilesQueue]: z.url(),
  [EnvName.UpdatesQueue]: z.url(),
  [EnvName.FilesDeadLetters]: z.url(),
  [EnvName.UpdatesDeadLetters]: z.url(),
  [EnvName.PacksDir]: z.string().min(1),
  [EnvName.AreaPacks]: z.string().min(1),
  [EnvName.Parameters]: z.string().min(1).optional(),
  ...trialClockSetting,
});
export type Env = z.infer<typeof Env>;

/** The settings of the function. Throws when one is missing. */
export function readEnv(variables: NodeJS.ProcessEnv): Env {
  return Env.parse(variables);
}
