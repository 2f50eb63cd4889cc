import type { HouseholdRead } from '../audit/household-reads.ts';
import { addDays, beginningInChina, type PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { HouseholdReads } from '../ports/household-reads.ts';
import type { HouseholdId } from '../registry/household.ts';
import { areaOfHousehold, type PlaceSources } from '../registry/known-household.ts';
import { allow, personalActionTitles } from './policy.ts';
import { roleTitles } from './principal.ts';
import { purposeTitle } from './purpose.ts';
import { type Access, type ReadTrail, recordRead } from './read-trail.ts';

/** What telling who looked needs. */
export interface ReadsDeps extends ReadTrail, PlaceSources {
  readonly reads: HouseholdReads;
}

/** Which days to tell of, both included, days in China. */
export interface ReadsQuery {
  readonly from?: PlainDate;
  readonly to?: PlainDate;
  readonly limit: number;
  readonly after?: string;
}

/** One time the household was shown to somebody, as the citizen may be told it. */
export interface HouseholdReadView {
  /** Number of the event in the archive that proves it. */
  readonly event: string;
  readonly at: string;
  readonly by: string;
  readonly roles: readonly { readonly role: string; readonly title: Bilingual }[];
  readonly departments: readonly string[];
  readonly searched: boolean;
  readonly action: string;
  readonly actionTitle: Bilingual;
  readonly purpose: string;
  readonly purposeTitle: Bilingual;
  /** 1: this household alone; more: one of so many in a list. */
  readonly households: number;
}

/**
 * Everybody who was shown a household, newest first: for the household's own question (PIPL §44, §45). Itself a read, and
 * recorded as one.
 * @throws NotFoundError for no such household; AccessError when it lies outside the reader's areas
 */
export async function whoLooked(
  deps: ReadsDeps,
  access: Access,
  household: HouseholdId,
  { from, to, limit, after }: ReadsQuery,
): Promise<{ readonly reads: readonly HouseholdReadView[]; readonly next?: string }> {
  allow(access.principal, 'household.reads');
  allow(access.principal, 'household.reads', { area: await areaOfHousehold(deps, household) });
  const page = await deps.reads.ofHousehold({
    household,
    limit,
    ...(from === undefined ? {} : { from: beginningInChina(from) }),
    ...(to === undefined ? {} : { before: beginningInChina(addDays(to, 1)) }),
    ...(after === undefined ? {} : { after }),
  });
  await recordRead(deps, access, 'household.reads', { household }, page.reads.length);
  const reads = page.reads.map(viewOf);
  return page.next === undefined ? { reads } : { reads, next: page.next };
}

function viewOf({ event, type, at, actor, roles, departments, action, purpose, households }: HouseholdRead): HouseholdReadView {
  return {
    event,
    at,
    by: actor,
    roles: roles.map((role) => ({ role, title: titleIn(roleTitles, role) })),
    departments,
    searched: type === 'data.searched',
    action,
    actionTitle: titleIn(personalActionTitles, action),
    purpose,
    purposeTitle: purposeTitle(purpose),
    households,
  };
}

/** The words for a code; the code itself where an earlier version of the program wrote one that is gone. */
function titleIn(titles: Readonly<Record<string, Bilingual>>, code: string): Bilingual {
  return (Object.hasOwn(titles, code) ? titles[code] : undefined) ?? { zh: code, en: code };
}
