import type { CaseAction } from '../actions.ts';
import type { Codes, HistoryEntry } from '../case.ts';

/**
 * Whether an action under a key used before is the one it was used for, as far as the history tells: the same words and codes.
 * Another one answered as done already would be lost in silence, such as the sum that was meant after one that was mistyped.
 */
export function asksTheSame({ what, note, codes = {} }: HistoryEntry, action: CaseAction): boolean {
  if (what !== action.action) return false;
  if ('note' in action && action.note !== note) return false;
  // What the history of before does not tell cannot be compared.
  return Object.entries(toldOf(action)).every(([name, said]) => codes[name] === undefined || codes[name] === said);
}

/** What the history tells of an action from the action alone, by the names it is told under. */
function toldOf(action: CaseAction): Codes {
  switch (action.action) {
    case 'answer-proposal':
      return { accepted: action.accepted };
    case 'assign':
      return { user: action.to };
    case 'return-to-pool':
      return { reason: action.reason };
    case 'record-visit': {
      const { id, truth, means, proposed } = action.visit;
      return { visit: id, truth, means, proposed: proposed.join(' ') };
    }
    case 'choose-visit':
      return { visit: action.visit };
    case 'decide': {
      const departments = action.referrals.map(({ department }) => department).join(' ');
      return { kind: action.kind, outcome: action.outcome ?? null, actions: action.actions.join(' '), departments };
    }
    case 'file-papers':
      return { digests: action.papers.join(' ') };
    case 'add-referral':
      return { department: action.referral.department, measure: action.referral.measure };
    case 'answer-referral': {
      const { referral, kind, amount = null, rhythm = null } = action;
      return { referral, kind, code: kind === 'refuse' ? (action.code ?? null) : null, fen: amount, rhythm };
    }
    case 'supply':
      return { referral: action.referral };
    case 'recall-referral':
      return { referral: action.referral, code: action.code };
    case 'record-aid':
      return { aidMeasures: action.aid.measure, aidFen: action.aid.amount ?? 0 };
    case 'give-consent':
      return { paper: action.paper ?? null };
    case 'pause-clock':
      return { step: action.step, referral: action.referral ?? null, reason: action.reason };
    case 'resume-clock':
      return { step: action.step, referral: action.referral ?? null };
    case 'look-again':
      return { outcome: action.outcome ?? null };
    case 'close':
      return { outcome: action.outcome };
    case 'attach':
      return { attachment: action.id, kind: action.kind };
    case 'claim':
    case 'comment':
    case 'raise-grade':
    case 'record-check':
    case 'sign-commitment':
    case 'correct-declaration':
      return {};
  }
}
