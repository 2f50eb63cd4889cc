import type { Access } from '../access/read-trail.ts';
import { dateInChina } from '../calendar/plain-date.ts';
import type { Catalog } from '../catalog/feed.ts';
import { foldFacts } from '../facts/fold.ts';
import { NotFoundError } from '../ports/errors.ts';
import type { FactStore } from '../ports/fact-store.ts';
import type { HouseholdRegistry } from '../ports/household-registry.ts';
import type { HouseholdId } from '../registry/household.ts';
import { areaOf } from '../registry/household-area.ts';
import { categoryOf, membersOn } from '../registry/membership.ts';
import type { Grade } from '../scoring/assessment.ts';
import type { Case } from './case.ts';
import { type LodgingDeps, lodgeApplication } from './lodge-application.ts';
import type { ApplicationForm } from './open-case.ts';

/** What lodging needs to fill in what is known already. */
export interface LodgingForDeps extends LodgingDeps {
  readonly catalog: Catalog;
  readonly registry: Pick<HouseholdRegistry, 'membersOf'>;
  readonly facts: Pick<FactStore, 'ofPersons'>;
}

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
  const people = (await deps.registry.membersOf([id])).get(id) ?? [];
  const members = membersOn(id, people, dateInChina(deps.clock.now()));
  if (members.length === 0) throw new NotFoundError('nobody belongs to such a household now');
  const chunks = await deps.facts.ofPersons(members.map(({ person }) => person));
  const facts = members.flatMap(({ person }) => foldFacts(chunks.get(person) ?? [], deps.catalog));
  return lodgeApplication(deps, access, form, {
    request,
    household: id,
    area: areaOf(facts, deps.catalog),
    category: categoryOf(members),
    grade: GENERAL,
  });
}
