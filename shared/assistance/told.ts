import type { Case, MemberCheck } from '../casework/case.ts';
import type { PersonKey } from '../facts/fact.ts';
import type { Told, ToldOfMember } from './situation.ts';

/**
 * What the people of a case told or found: at its visits (the latest word on each member counts, a visit that was chosen among
 * contradicting ones being the last), in its application, and by the economic-status check.
 */
export function toldIn({ visits, application }: Pick<Case, 'visits' | 'application'>): Told {
  const saidAt = (visit: Case['visits'][number]) => visit.chosen?.at ?? visit.visitedAt;
  const inOrder = visits.toSorted((a, b) => (saidAt(a) < saidAt(b) ? -1 : 1));
  const members = new Map<PersonKey, ToldOfMember>();
  for (const check of inOrder.flatMap((visit) => visit.members)) {
    if (check.person !== undefined) members.set(check.person, { ...members.get(check.person), ...found(check) });
  }
  const { incomePerHead, assets } = application?.check ?? {};
  return {
    needs: [...new Set([...visits.flatMap(({ needs }) => needs), ...(application?.needs ?? [])])],
    members,
    ...(incomePerHead === undefined ? undefined : { incomePerHead }),
    ...(assets === undefined ? undefined : { assets }),
  };
}

/** Only what was answered: a question left open at a later visit takes nothing back. */
function found({ workAbility, work, studying, graveIllness }: MemberCheck): ToldOfMember {
  return {
    ...(workAbility === undefined ? undefined : { workAbility }),
    ...(work === undefined ? undefined : { work }),
    ...(studying === undefined ? undefined : { studying }),
    ...(graveIllness === undefined ? undefined : { graveIllness }),
  };
}
