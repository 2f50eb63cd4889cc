import * as z from 'zod';
import { EnvName } from '../env-names.ts';

/** Stops a deployment with a missing setting at its first start, naming the setting. */
const Env = z.object({
  [EnvName.CasesQueue]: z.url(),
  [EnvName.ReportsQueue]: z.url(),
  [EnvName.CasesDeadLetters]: z.url(),
});
export type Env = z.infer<typeof Env>;

/** The settings of the function. Throws when one is missing. */
export function readEnv(variables: NodeJS.ProcessEnv): Env {
  return Env.parse(variables);
}
