import { allow } from '../access/policy.ts';
import { type Access, type ReadTrail, recordRead } from '../access/read-trail.ts';
import { isInCharge, type StaffMember } from '../access/staff.ts';
import { type RowSources, rowsInQuestion } from '../corrections/locate-rows.ts';
import { RetryLaterError } from '../ports/errors.ts';
import { LogCode } from '../ports/log.ts';
import type { StaffDirectory } from '../ports/staff-directory.ts';
import { type AidAsked, aidsOf } from './act/aid.ts';
import type { ActContext } from './act/move.ts';
import { act } from './act.ts';
import type { CaseAction } from './actions.ts';
import type { Case, CaseId } from './case.ts';
import type { CaseRules, GuardVerdict } from './case-rules.ts';
import { type ChangeDeps, changeCase } from './change-case.ts';
import { type HandlingDeps, handleWarnings } from './handle-warnings.ts';
import type { ActionRefusal } from './refusals.ts';

/** What acting on cases needs. */
export interface ActingDeps extends ChangeDeps, HandlingDeps, ReadTrail, Omit<RowSources, 'standings'> {
  readonly staff: Pick<StaffDirectory, 'get'>;
  readonly rules: CaseRules;
  /** The double-aid guard over the household's assistance chain: a verdict on each aid, in order. */
  readonly guard: (found: Case, asked: readonly AidAsked[]) => Promise<readonly GuardVerdict[]>;
}

/** One action as it is asked for. */
export interface ActionRequest {
  readonly case: CaseId;
  readonly action: CaseAction;
  /** Idempotency key. */
  readonly key: string;
  /** Version of the case that the person had before their eyes, when the client states one (If-Match). */
  readonly version?: number;
}

/** What came of it; the case as it stands now is always told. */
export type Performed =
  | { readonly kind: 'done' | 'already'; readonly case: Case }
  | { readonly kind: 'refused'; readonly case: Case; readonly refusal: ActionRefusal }
  /** Somebody changed the case since the version stated: look at it again, then decide. */
  | { readonly kind: 'conflict'; readonly case: Case };

/**
 * Lets somebody act on a case. Throws AccessError outside their role, area or department, NotFoundError when there is no such
 * case; anything else that stands in the way is an answer. The reading of the case is an event of its own beside the action's.
 */
export async function performAction(deps: ActingDeps, access: Access, request: ActionRequest): Promise<Performed> {
  allow(access.principal, 'cases.act');
  let read = false;
  const made = await changeCase(deps, request.case, async (found) => {
    allowOn(access, found);
    if (!read) await recordRead(deps, access, 'cases.act', { case: found.id, household: found.household }, 1);
    read = true;
    return tried(deps, access, request, found);
  });
  if (made.change?.case.stage === 'closed') await tryHandling(deps, made.change.case);
  return made.performed;
}

async function tried(deps: ActingDeps, { principal }: Access, request: ActionRequest, found: Case) {
  const context: ActContext = {
    actor: principal,
    now: deps.clock.now(),
    request: request.key,
    rules: deps.rules,
    ...(await assigneeOf(deps, request.action, found)),
    ...(await guardOn(deps, request.action, found)),
    ...(await rowsOn(deps, request.action, found)),
  };
  const acted = act(found, request.action, context);
  // A repeat is answered as done however old the version it states.
  if (acted.kind === 'already') return { performed: { kind: 'already', case: found } satisfies Performed };
  if (request.version !== undefined && hasMovedOn(found, request.version)) {
    return { performed: { kind: 'conflict', case: found } satisfies Performed };
  }
  if (acted.kind === 'refused') {
    return { performed: { kind: 'refused', case: found, refusal: acted.refusal } satisfies Performed };
  }
  return { change: acted.change, performed: { kind: 'done', case: acted.change.case } satisfies Performed };
}

/** Handlers are let in by the departments that the case is referred to, everybody else by area. */
function allowOn({ principal }: Access, found: Case): void {
  const asked = found.referrals.map(({ department }) => department);
  const own = asked.find((department) => principal.departments.includes(department) || principal.departments.includes('*'));
  allow(principal, 'cases.act', { area: found.area, department: own ?? '' });
}

/**
 * Whether something was done to the case since a version that a person may want to know before going on. What the workflow
 * notes for itself (its waits) leaves no history, and a light that came on changes nothing about what to do.
 */
function hasMovedOn(found: Case, version: number): boolean {
  return version > found.version || found.history.some((entry) => entry.version > version && entry.what !== 'raise-light');
}

async function assigneeOf({ staff }: ActingDeps, action: CaseAction, found: Case): Promise<{ readonly assignee?: StaffMember }> {
  if (action.action !== 'assign') return {};
  const member = await staff.get(action.to);
  const fits =
    member !== undefined &&
    (['coordinator', 'caseworker', 'supervisor'] as const).some((role) => isInCharge(member, role, found.area));
  return fits ? { assignee: member } : {};
}

async function guardOn({ guard }: ActingDeps, action: CaseAction, found: Case): Promise<Pick<ActContext, 'guard'>> {
  const asked = aidsOf(action);
  return asked.length === 0 ? {} : { guard: await guard(found, asked) };
}

async function rowsOn(deps: ActingDeps, action: CaseAction, found: Case): Promise<Pick<ActContext, 'rows'>> {
  const named = 'wrongRows' in action ? (action.wrongRows ?? []) : [];
  const asked = named.length > 0 || (action.action === 'decide' && action.kind === 'data-wrong');
  return asked ? { rows: await rowsInQuestion(deps, found, named) } : {};
}

/** The workflow's last step does it again: the person who closed the case need not wait for it or be told that it failed. */
async function tryHandling(deps: ActingDeps, closed: Case): Promise<void> {
  try {
    await handleWarnings(deps, closed);
  } catch (error) {
    if (!(error instanceof RetryLaterError)) throw error;
    deps.log.warn(LogCode.WarningsNotHandled, { case: closed.id });
  }
}
