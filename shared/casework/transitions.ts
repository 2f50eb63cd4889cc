import type { Role } from '../access/principal.ts';
import type { CaseActionName } from './actions.ts';
import type { Stage } from './case.ts';

/** Where an action is possible, who may do it, and where it may lead. */
export interface Transition {
  readonly action: CaseActionName;
  readonly from: readonly Stage[];
  readonly roles: readonly Role[];
  /** Stages the case may move to; it may also stay, and does when the list is empty. */
  readonly to: readonly Stage[];
  /** Taken there too, so that nothing done in the field is lost, but not offered and without moving the case. */
  readonly keptIn?: readonly Stage[];
}

const ANY_OPEN: readonly Stage[] = ['opened', 'desk-check', 'visit', 'review', 'conference', 'papers', 'referral', 'follow-up'];
const TOWNSHIP: readonly Role[] = ['caseworker', 'supervisor'];
const FIELD: readonly Role[] = ['coordinator', 'caseworker', 'supervisor'];

/**
 * The one table of allowed moves: what clients are shown, what the store's writers check, what the workflow follows. The
 * workflow's own steps (`desk-check`, `assign-visit`, `send-referral`, `follow-up`) are moves of `system` in steps.ts.
 */
export const transitions: readonly Transition[] = [
  // A warning withdrawn later is proposed for closing too; while help is under way it is recalled or finished first.
  {
    action: 'answer-proposal',
    from: ['desk-check', 'visit', 'review', 'conference', 'follow-up'],
    roles: TOWNSHIP,
    to: ['visit', 'closed'],
  },
  { action: 'claim', from: ['desk-check', 'visit', 'review'], roles: FIELD, to: [] },
  { action: 'assign', from: ANY_OPEN, roles: TOWNSHIP, to: [] },
  { action: 'return-to-pool', from: ANY_OPEN, roles: FIELD, to: [] },
  {
    action: 'record-visit',
    from: ['opened', 'desk-check', 'visit', 'review'],
    roles: FIELD,
    to: ['review'],
    keptIn: ['conference', 'papers', 'referral', 'follow-up', 'closed'],
  },
  { action: 'choose-visit', from: ['review', 'conference'], roles: TOWNSHIP, to: [] },
  {
    action: 'decide',
    from: ['review', 'conference'],
    roles: TOWNSHIP,
    to: ['closed', 'conference', 'referral', 'papers', 'follow-up'],
  },
  { action: 'file-papers', from: ['papers'], roles: TOWNSHIP, to: ['referral', 'follow-up'] },
  { action: 'add-referral', from: ['papers', 'referral', 'follow-up'], roles: TOWNSHIP, to: ['referral'] },
  // The county answers for a department that has nobody to take referrals in.
  { action: 'answer-referral', from: ['referral'], roles: ['handler', 'supervisor'], to: ['follow-up'] },
  { action: 'supply', from: ['referral'], roles: TOWNSHIP, to: [] },
  { action: 'recall-referral', from: ['referral'], roles: TOWNSHIP, to: ['follow-up'] },
  { action: 'record-aid', from: ['papers', 'referral', 'follow-up'], roles: TOWNSHIP, to: [] },
  { action: 'attach', from: ANY_OPEN, roles: FIELD, to: [] },
  { action: 'give-consent', from: ANY_OPEN, roles: FIELD, to: [] },
  { action: 'pause-clock', from: ANY_OPEN, roles: TOWNSHIP, to: [] },
  { action: 'resume-clock', from: ANY_OPEN, roles: TOWNSHIP, to: [] },
  { action: 'raise-grade', from: ANY_OPEN, roles: FIELD, to: [] },
  { action: 'record-check', from: ['visit', 'review', 'conference'], roles: TOWNSHIP, to: [] },
  { action: 'sign-commitment', from: ['opened', 'desk-check', 'visit', 'review'], roles: FIELD, to: [] },
  { action: 'correct-declaration', from: ANY_OPEN, roles: FIELD, to: [] },
  { action: 'look-again', from: ['follow-up'], roles: TOWNSHIP, to: ['closed', 'review'] },
  { action: 'close', from: ['review', 'conference', 'follow-up'], roles: TOWNSHIP, to: ['closed'] },
  { action: 'comment', from: [...ANY_OPEN, 'closed'], roles: [...FIELD, 'handler'], to: [] },
];
