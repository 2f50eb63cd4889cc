import * as z from 'zod';
import { EnvName } from '../env-names.ts';
import { trialClockSetting } from '../trial-clock.ts';

/** Stops a deployment with a missing setting at its first start, naming the setting. */
const Env = z.object({
  [EnvName.Table]: z.string().min(1),
  [EnvName.ExchangeBucket]: z.string().min(1),
  [EnvName.ArchiveBucket]: z.string().min(1),
  [EnvName.ReportsQueue]: z.url(),
  [EnvName.ReportsDeadLetters]: z.url(),
  [EnvName.EngineMemory]: z.string().regex(/^\d+MB$/),
  [EnvName.Queries]: z.string().min(1),
  [EnvName.Parameters]: z.string().min(1).optional(),
  ...trialClockSetting,
});
export type Env = z.infer<typeof Env>;

/** The settings of the function. Throws when one is missing. */
export function readEnv(variables: NodeJS.ProcessEnv): Env {
  return Env.parse(variables);
}
