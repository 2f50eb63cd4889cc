import type { Application, Case, EconomicCheck } from '../case.ts';
import { refuse } from '../refusals.ts';
import { type ActContext, type ActionOf, ALREADY, type Move, moved } from './move.ts';

type CheckItem = EconomicCheck['items'][number];

/** The signed commitment 告知承诺: what the family declares, and every proof that it takes the place of. */
export function signCommitment(found: Case, action: ActionOf<'sign-commitment'>, { now }: ActContext): Move {
  const { application } = found;
  if (application === undefined) return refuse('no-application');
  const { signature, waived, declared } = action;
  if (application.commitment !== undefined) {
    return application.commitment.signature === signature ? ALREADY : refuse('commitment-signed');
  }
  const next: Application = { ...application, commitment: { signedAt: now, signature, waived, declared } };
  return moved({ ...found, application: next }, { waived: waived.length, declared: Object.keys(declared).length });
}

/** The report of the economic-status check, each item compared with what was declared. It decides nothing. */
export function recordCheck(found: Case, { check }: ActionOf<'record-check'>, { now, actor }: ActContext): Move {
  const { application } = found;
  if (application === undefined) return refuse('no-application');
  const declared = application.commitment?.declared ?? {};
  const items = check.map((one): CheckItem => {
    const said = one.declared ?? declared[one.item];
    return {
      item: one.item,
      ...(said === undefined ? undefined : { declared: said }),
      found: one.found,
      verdict: verdictOf(said, one.found),
    };
  });
  const next: Application = { ...application, check: { reportedAt: now, by: actor.id, items } };
  const count = (verdict: CheckItem['verdict']) => items.filter((one) => one.verdict === verdict).length;
  return moved({ ...found, application: next }, { same: count('same'), differs: count('differs'), open: count('open') });
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
