import type { CaseId, Stage } from './case.ts';

/**
 * How the workflow definition and the task logic speak to each other. The definition is a loop: by the case's stage it calls
 * a step or waits, and every step and every woken wait answers with the stage to go on from. The store is the truth, so a
 * run may be started again at any stage. A run that another has taken the place of is answered `closed` everywhere, so that
 * it ends; the `close` step it comes to then does nothing.
 */

/** Steps that do something and answer at once. */
export type StepName =
  /** Reads the case: the first step of every run. */
  | 'enter'
  | 'desk-check'
  | 'assign-visit'
  | 'send-referral'
  /** A limit was reached while waiting: raises the light, tells the next level, and goes back to waiting. */
  | 'raise-light'
  /**
   * The follow-up is due, or a light of it while nobody has looked yet: assesses the household again unless that was done,
   * raises the light, and goes back to waiting.
   */
  | 'follow-up'
  | 'close';

/** Steps that wait for a person, a department or the time. */
export type WaitName = 'desk-check' | 'visit' | 'review' | 'conference' | 'papers' | 'referral' | 'follow-up';

/** A call of a step. Ids only: nothing personal passes through the workflow engine. */
export interface StepCall {
  readonly case: CaseId;
  readonly run: number;
  readonly step: StepName;
  /** Of `raise-light`: which wait ran out. */
  readonly wait?: WaitName;
  readonly referral?: string;
}

/**
 * A wait announces itself: answers are to go to `token`. When the case has moved on already it is woken at once. A case that
 * moves on wakes its wait with the answer to go on from; so does a clock that changed, and then the stage is the same and the
 * definition waits again with the new seconds.
 */
export interface WaitCall {
  readonly case: CaseId;
  readonly run: number;
  readonly wait: WaitName;
  readonly referral?: string;
  readonly token: string;
}

/** What the definition goes on with. */
export interface StepAnswer {
  readonly stage: Stage;
  /** Referrals not ended yet, one branch each. */
  readonly referrals: readonly { readonly referral: string }[];
  /** Seconds until the light of the wait to come changes next; at least 1. */
  readonly seconds: number;
  /**
   * Of a referral's branch: whether it waits (on) for the department. False ends the branch: its referral has ended, or
   * another run has taken over because one was added. False in answers about no referral.
   */
  readonly goesOn: boolean;
}
