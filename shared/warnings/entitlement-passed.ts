import type { Assessment } from '../scoring/assessment.ts';
import type { WithdrawalReason } from './warning.ts';

/**
 * Why a task of the family `entitlement` is over: delivered when the question is still the household's and the answer is a
 * known no; when the question is no longer the household's, taken back by a correction if it was not theirs on the task's own
 * date either, otherwise lapsed with time. Undefined while it stands, and while a stale feed leaves it open.
 *
 * Decision 0006 lets only a correction withdraw a warning, since a visit nobody made is still due when time has passed. Here
 * the passing of the reason is the very thing the task asks for.
 */
export function entitlementPassed(now: Assessment, basis: Assessment): WithdrawalReason | undefined {
  if (now.grade !== null || now.possibleGrade !== null) return undefined;
  if (now.results.some((result) => result.excluded !== true)) return 'entitlement-delivered';
  return basis.grade === null ? 'reason-taken-back' : 'entitlement-lapsed';
}
