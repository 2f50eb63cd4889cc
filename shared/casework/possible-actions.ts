import type { Principal } from '../access/principal.ts';
import type { Bilingual } from '../catalog/feed.ts';
import { actionTitles } from './action-titles.ts';
import type { CaseActionName } from './actions.ts';
import { type Case, hasEnded, type Referral, type Stage } from './case.ts';
import { isRunning } from './clocks.ts';
import { visitsOfRound } from './findings.ts';
import { transitions } from './transitions.ts';

/** Whose possibilities they are. */
type Who = Pick<Principal, 'id' | 'roles' | 'departments'>;

/** What somebody may do with a case now, and where it may lead. */
export interface PossibleAction {
  readonly action: CaseActionName;
  readonly title: Bilingual;
  readonly to: readonly Stage[];
  /** The referrals it may be about. */
  readonly referrals?: readonly string[];
}

/**
 * The actions open to this person on this case now: the rows of the table for the stage and the person's roles, less those
 * that have nothing to act upon. Area scope is the policy's and weighed before.
 */
export function possibleActions(
  found: Case,
  principal: Pick<Principal, 'id' | 'roles' | 'departments'>,
): readonly PossibleAction[] {
  return transitions
    .filter((row) => row.from.includes(found.stage) && row.roles.some((role) => principal.roles.includes(role)))
    .flatMap(({ action, to }): PossibleAction[] => {
      const referrals = referralsFor(action, found, principal);
      const title = actionTitles[action];
      if (referrals !== undefined) return referrals.length === 0 ? [] : [{ action, title, to, referrals }];
      return HAS_OBJECT[action]?.(found, principal) === false ? [] : [{ action, title, to }];
    });
}

/** The referrals an action can be about; undefined when it is about none. */
function referralsFor(action: CaseActionName, found: Case, principal: Who): readonly string[] | undefined {
  const fits = OF_REFERRALS[action];
  return fits === undefined ? undefined : found.referrals.filter((one) => fits(one, principal)).map(({ id }) => id);
}

const OF_REFERRALS: Partial<Readonly<Record<CaseActionName, (one: Referral, principal: Who) => boolean>>> = {
  'answer-referral': (one, principal) => !hasEnded(one) && answers(principal, one),
  supply: ({ status }) => status === 'more-asked',
  'recall-referral': (one) => !hasEnded(one),
};

/** Whether this person answers for the department: its handlers, or the county where the department takes nothing in. */
export function answers({ roles, departments }: Pick<Who, 'roles' | 'departments'>, referral: Referral): boolean {
  const handles = roles.includes('handler') && (departments.includes(referral.department) || departments.includes('*'));
  return handles || (roles.includes('supervisor') && referral.escalatedFor === 'no-inbox');
}

/** What an action acts upon, where that may be missing. */
const HAS_OBJECT: Partial<Readonly<Record<CaseActionName, (found: Case, principal: Who) => boolean>>> = {
  'answer-proposal': ({ proposals }) => proposals.some(({ answer }) => answer === undefined),
  claim: ({ assignment }) => assignment?.user === undefined,
  'return-to-pool': ({ assignment }, { id, roles }) =>
    assignment?.user !== undefined && (assignment.user === id || !roles.every((role) => role === 'coordinator')),
  'choose-visit': (found) => new Set(visitsOfRound(found).map(({ truth }) => truth)).size > 1,
  decide: isDecider,
  close: isDecider,
  'pause-clock': ({ clocks }) => clocks.some(isRunning),
  'resume-clock': ({ clocks }) => clocks.some(({ stoppedAt, paused }) => stoppedAt === undefined && paused !== undefined),
  'sign-commitment': ({ application }) => application !== undefined && application.commitment === undefined,
  'correct-declaration': ({ application }) => application?.commitment !== undefined,
  'record-check': ({ application }) => application !== undefined,
  'give-consent': ({ consent }) => consent === undefined,
};

/** In conference the county decides. */
export function isDecider({ stage }: Case, { roles }: Pick<Who, 'roles'>): boolean {
  return stage !== 'conference' || roles.includes('supervisor');
}
