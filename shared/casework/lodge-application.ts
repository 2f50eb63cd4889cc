import { allow } from '../access/policy.ts';
import type { Access } from '../access/read-trail.ts';
import type { Clock } from '../ports/clock.ts';
import type { Case } from './case.ts';
import type { CaseRules } from './case-rules.ts';
import { type ChangeDeps, withRetries } from './change-case.ts';
import { type ApplicationForm, type Lodging, takeApplication } from './open-case.ts';

export interface LodgingDeps extends ChangeDeps {
  readonly clock: Clock;
  readonly rules: CaseRules;
}

/** Takes an application: opens a case for the household or joins the open one. Throws AccessError outside role or area. */
export async function lodgeApplication(
  deps: LodgingDeps,
  { principal }: Access,
  form: ApplicationForm,
  lodging: Omit<Lodging, 'by'>,
): Promise<{ readonly kind: 'opened' | 'joined' | 'already'; readonly case: Case }> {
  allow(principal, 'cases.open', { area: lodging.area });
  const made = await withRetries(deps, lodging.household, async () => {
    const current = (await deps.cases.current([lodging.household])).get(lodging.household);
    const mover = { now: deps.clock.now(), rules: deps.rules };
    return { current, change: takeApplication(current, form, { ...lodging, by: principal.id }, mover) };
  });
  const { change, current } = made;
  if (change !== undefined) return { kind: change.case.version === 1 ? 'opened' : 'joined', case: change.case };
  // Only a case that is there can have taken the request before.
  if (current === undefined) throw new Error('an application was neither new nor there');
  return { kind: 'already', case: current };
}
