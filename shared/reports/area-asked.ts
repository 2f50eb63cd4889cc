import { AccessError, type Action, allow, areasWithin } from '../access/policy.ts';
import { areaNamed, type Principal } from '../access/principal.ts';
import { PermanentError } from '../ports/errors.ts';

/**
 * The one area a report is of, or a period is closed for, by its code with or without the zeros after it. Throws AccessError
 * outside the user's areas, and PermanentError for somebody of several areas who names none.
 */
export function areaAsked(principal: Principal, action: Action, asked: string | undefined): string {
  allow(principal, action);
  const within = areasWithin(principal, asked);
  const [only] = within;
  if (only === undefined || (asked !== undefined && !within.includes(areaNamed(asked)))) throw new AccessError('area');
  if (within.length > 1) throw new PermanentError('report-area', '请写明区划 / say of which area: you have more than one');
  return only;
}
