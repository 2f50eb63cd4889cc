import type { Access } from '../access/read-trail.ts';
import { NotFoundError } from '../ports/errors.ts';
import type { HouseholdId } from '../registry/household.ts';
import { type HouseholdSources, knownHousehold } from '../registry/known-household.ts';
import { categoryOf } from '../registry/membership.ts';
import type { Grade } from '../scoring/assessment.ts';
import type { Case } from './case.ts';
import { type LodgingDeps, lodgeApplication } from './lodge-application.ts';
import type { ApplicationForm } from './open-case.ts';

/** What lodging needs to fill in what is known already. */
export type LodgingForDeps = LodgingDeps & HouseholdSources;

/** Of a case that nobody called urgent; packs name theirs, an application has none. */
const GENERAL: Grade = { id: 'general', rank: 2, title: { zh: '一般', en: 'general' } };

/**
 * Lodges an application for a household, its area and category filled in from what is known. Throws NotFoundError when there
 * is no such household, AccessError outside role or area.
 */
export async function lodgeFor(
  deps: LodgingForDeps,
  access: Access,
  { household, ...form }: ApplicationForm & { readonly household: string },
  request: string,
): Promise<{ readonly kind: 'opened' | 'joined' | 'already'; readonly case: Case }> {
  const id = household as HouseholdId;
  const { members, area } = await knownHousehold(deps, id);
  if (members.length === 0) throw new NotFoundError('nobody belongs to such a household now');
  return lodgeApplication(deps, access, form, {
    request,
    household: id,
    area,
    category: categoryOf(members),
    grade: GENERAL,
  });
}
