import { emergencyMeasures } from '../../assistance/measure.ts';
import { addDays, dateInChina } from '../../calendar/plain-date.ts';
import type { CaseAction } from '../actions.ts';
import type { Aid, Case } from '../case.ts';
import { refuse } from '../refusals.ts';
import { type ActContext, type ActionOf, type Move, moved, unknownName } from './move.ts';

/** The measure help-first gives: at most one month's local standard, without a means check (national opinion of January 2026). */
const RAPID_RELIEF = 'small-rapid-relief';

export type AidAsked = ActionOf<'record-aid'>['aid'];

/** The help an action gives at once, in the order the guard weighs it. */
export function aidsOf(action: CaseAction): readonly AidAsked[] {
  if (action.action === 'record-aid') return [action.aid];
  return action.action === 'decide' ? action.aids : [];
}

/** Help given within the case, as a line of the ledger. */
export function recordAid(found: Case, { aid }: ActionOf<'record-aid'>, context: ActContext): Move {
  const given = give(found, [aid], context);
  if ('kind' in given) return given;
  return moved({ ...found, aids: [...found.aids, ...given.aids] }, codesOf(given.aids));
}

/** The lines the ledger gets, or why one of them may not be given: consent, double aid, the sum of small rapid relief. */
export function give(
  found: Case,
  asked: readonly AidAsked[],
  context: ActContext,
): { readonly aids: readonly Aid[] } | Extract<Move, { kind: 'refused' }> {
  const { rules, guard = [], now, actor } = context;
  for (const [index, aid] of asked.entries()) {
    const unknown = unknownName(aid);
    if (unknown !== undefined) return unknown;
    const misdated = misdatedAid(found, aid, context);
    if (misdated !== undefined) return misdated;
    if (emergencyMeasures.has(aid.measure) && aid.amount === undefined) return refuse('amount-missing');
    if (rules.isCharity(aid.department, aid.measure) && found.consent === undefined) return refuse('consent-missing');
    const verdict = guard[index] ?? { verdict: 'ok' };
    if (verdict.verdict === 'refuses') return refuse('guard-refuses', verdict.reason);
    if (verdict.verdict === 'warns' && aid.guardOverride === undefined) return refuse('guard-warns', verdict.reason);
    if (aid.referral !== undefined && !found.referrals.some(({ id }) => id === aid.referral)) return refuse('no-such-referral');
  }
  const relief = asked.filter(({ measure }) => measure === RAPID_RELIEF).reduce((sum, { amount }) => sum + (amount ?? 0), 0);
  const limit = rules.rapidReliefLimit(found.area, dateInChina(now));
  if (limit !== undefined && relief > limit) return refuse('over-rapid-relief', relief, limit);
  const granted = emergencyFen([...found.aids, ...asked]);
  const most = isCounty(found, actor) ? undefined : rules.townshipApproval(found.area, dateInChina(now));
  if (most !== undefined && emergencyFen(asked) > 0 && granted > most) return refuse('over-township-approval', granted, most);
  return {
    aids: asked.map((aid, index) => ({
      ...aid,
      id: `A${found.aids.length + index + 1}`,
      by: actor.id,
      event: eventOf(found),
    })),
  };
}

/**
 * Why a date cannot be when help was given. A day to come, or one of a year gone by, would count in another year's limits. What is
 * paid each month may begin later.
 */
function misdatedAid({ area, openedAt }: Case, { date, rhythm }: AidAsked, { now, rules }: ActContext) {
  const today = dateInChina(now);
  if (rhythm === 'once' && date > today) return refuse('aid-from-the-future');
  const days = rules.daysBeforeCase(area, today);
  return date < addDays(dateInChina(openedAt), -days) ? refuse('aid-before-case', openedAt, days) : undefined;
}

/** Whether the county grants: it acts itself, or it decided this case last and the township writes down what was given. */
function isCounty({ decisions }: Case, { roles }: ActContext['actor']): boolean {
  return roles.includes('supervisor') || decisions.at(-1)?.level === 'county';
}

function emergencyFen(aids: readonly Pick<AidAsked, 'measure' | 'amount'>[]): number {
  return aids.filter(({ measure }) => emergencyMeasures.has(measure)).reduce((sum, { amount }) => sum + (amount ?? 0), 0);
}

/** What help given within a case answers: the warning it began with, or the case itself where there was none. */
export function eventOf({ id, warnings }: Pick<Case, 'id' | 'warnings'>): string {
  return warnings[0] ?? id;
}

/** Whether some of the help is the small rapid relief that comes before the papers. */
export function isRapid(asked: readonly AidAsked[]): boolean {
  return asked.some(({ measure }) => measure === RAPID_RELIEF);
}

/** What an event may tell of help given. */
export function codesOf(aids: readonly Aid[]) {
  return {
    aids: aids.map(({ id }) => id).join(' '),
    aidMeasures: aids.map(({ measure }) => measure).join(' '),
    aidFen: aids.reduce((sum, { amount }) => sum + (amount ?? 0), 0),
  };
}
