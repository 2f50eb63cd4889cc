import type { Application, Case, EconomicCheck } from '../case.ts';
import { refuse } from '../refusals.ts';
import { type ActContext, type ActionOf, ALREADY, type Move, moved } from './move.ts';
import { lacksAttachment } from './record.ts';

type CheckItem = EconomicCheck['items'][number];

/** The signed commitment 告知承诺: what the family declares, and every proof that it takes the place of. */
export function signCommitment(found: Case, action: ActionOf<'sign-commitment'>, { now }: ActContext): Move {
  const { application } = found;
  if (application === undefined) return refuse('no-application');
  const { signature, waived, declared } = action;
  if (application.commitment !== undefined) {
    return application.commitment.signature === signature ? ALREADY : refuse('commitment-signed');
  }
  if (lacksAttachment(found, [signature])) return refuse('no-such-attachment');
  const next: Application = { ...application, commitment: { signedAt: now, signature, waived, declared } };
  return moved({ ...found, application: next }, { waived: waived.length, declared: Object.keys(declared).length });
}

/**
 * The family corrects what it declared. The items of a report that came before on which its word changed are compared again;
 * what was declared first stays readable. It decides nothing.
 */
export function correctDeclaration(found: Case, action: ActionOf<'correct-declaration'>, { now, actor }: ActContext): Move {
  const { application } = found;
  if (application?.commitment === undefined) return refuse('no-commitment');
  const { commitment, check } = application;
  const changed = Object.entries(action.declared).filter(([item, said]) => commitment.declared[item] !== said);
  if (changed.length === 0) return ALREADY;
  const declared = { ...commitment.declared, ...Object.fromEntries(changed) };
  const before = Object.fromEntries(changed.map(([item]) => [item, commitment.declared[item] ?? null]));
  const words = new Map(changed);
  const again = (one: CheckItem) => (words.has(one.item) ? compared(one, words.get(one.item)) : one);
  const note = action.note === undefined ? undefined : { note: action.note };
  const corrections = [...(commitment.corrections ?? []), { at: now, by: actor.id, before, ...note }];
  const next: Application = {
    ...application,
    commitment: { ...commitment, declared, corrections },
    ...(check === undefined ? undefined : { check: { ...check, items: check.items.map(again) } }),
  };
  return moved({ ...found, application: next }, { corrected: changed.length }, action.note);
}

/** The report of the economic-status check, each item compared with what was declared. It decides nothing. */
export function recordCheck(found: Case, action: ActionOf<'record-check'>, { now, actor }: ActContext): Move {
  const { application } = found;
  if (application === undefined) return refuse('no-application');
  const declared = application.commitment?.declared ?? {};
  const items = action.check.map((one) => compared(one, one.declared ?? declared[one.item]));
  const { incomePerHead, assets } = action;
  const check: EconomicCheck = {
    reportedAt: now,
    by: actor.id,
    items,
    ...(incomePerHead === undefined ? undefined : { incomePerHead }),
    ...(assets === undefined ? undefined : { assets }),
  };
  const next: Application = { ...application, check };
  const count = (verdict: CheckItem['verdict']) => items.filter((one) => one.verdict === verdict).length;
  return moved({ ...found, application: next }, { same: count('same'), differs: count('differs'), open: count('open') });
}

function compared({ item, found }: Pick<CheckItem, 'item' | 'found'>, said: string | number | undefined): CheckItem {
  return { item, ...(said === undefined ? undefined : { declared: said }), found, verdict: verdictOf(said, found) };
}

/**
 * `open` while a source has not answered or nothing was declared about what it found. No record agrees with a declared
 * zero or with nothing declared; unknown is not zero.
 */
function verdictOf(declared: string | number | undefined, found: CheckItem['found']): CheckItem['verdict'] {
  switch (found.kind) {
    case 'no-answer':
      return 'open';
    case 'no-record':
      return declared === undefined || declared === 0 ? 'same' : 'differs';
    case 'value':
      if (declared === undefined) return 'open';
      return declared === found.value ? 'same' : 'differs';
  }
}
