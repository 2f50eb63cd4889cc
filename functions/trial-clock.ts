import * as z from 'zod';
import { type Instant, instantOf } from '../shared/calendar/plain-date.ts';
import type { Clock } from '../shared/ports/clock.ts';
import { type Log, LogCode } from '../shared/ports/log.ts';
import { EnvName } from './env-names.ts';
import { systemClock } from './system-clock.ts';

/** Stops a slip in the time of a trial from being taken for no trial at all. */
const TrialTime = z.iso.datetime().transform((text) => instantOf(Date.parse(text)));

/** The setting of functions that ask what time it is. */
export const trialClockSetting = { [EnvName.TrialClock]: TrialTime.optional() };

/**
 * The clock a deployment works by: the machine's, or where a trial sets one, that moment and no other until it is set anew.
 * So that the way of a family, which takes months, can be followed through a deployment in minutes. Only `-c trial-clock`
 * sets it, which no stage with real data takes (infra/stages.ts): there limits would not run, and what is written down would
 * bear a time that never was. Tokens, links and waits of the engine go by real time all the same.
 */
export function clockFor(env: { readonly [EnvName.TrialClock]?: Instant | undefined }, log: Log): Clock {
  const at = env[EnvName.TrialClock];
  if (at === undefined) return systemClock;
  log.warn(LogCode.TrialClock, { at });
  return { now: () => at };
}
