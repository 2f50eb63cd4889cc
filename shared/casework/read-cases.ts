import { hash } from 'node:crypto';
import { allow, allowAreas, type Disclosure } from '../access/policy.ts';
import { type Access, type ReadTrail, recordRead } from '../access/read-trail.ts';
import { noticesOfCase } from '../corrections/notices-of-case.ts';
import type { CaseCounts, CaseOrder, CaseQuery, CaseStore } from '../ports/case-store.ts';
import type { CorrectionStore } from '../ports/correction-store.ts';
import { NotFoundError } from '../ports/errors.ts';
import type { HouseholdId } from '../registry/household.ts';
import { areaOfHousehold, type PlaceSources } from '../registry/known-household.ts';
import type { Case, CaseId, Light, Stage } from './case.ts';
import { type CaseLine, type CasePage, presentCase, presentLine } from './present-case.ts';

/** What reading cases needs. */
export interface CaseReading extends ReadTrail {
  readonly cases: Pick<CaseStore, 'get' | 'list' | 'counts' | 'ofHousehold'>;
  readonly corrections: Pick<CorrectionStore, 'ofCase'>;
}

/**
 * The worklists. `mine`: in the reader's hands. `pool`: waiting for somebody to claim them. `waiting`: waiting for departments
 * or the county. `escalated`: a limit is over. `all`: every open case of the areas.
 */
export const worklists = ['mine', 'pool', 'waiting', 'escalated', 'all'] as const;
export type Worklist = (typeof worklists)[number];

/** Which cases to list; `area` narrows the reader's own areas. */
export interface CaseListQuery {
  readonly worklist: Worklist;
  readonly area?: string;
  readonly stage?: Stage;
  readonly light?: Light;
  readonly order: CaseOrder;
  readonly limit: number;
  readonly after?: string;
}

/** A worklist of the reader's areas. Recorded as one read that names every household shown. */
export async function listCases(
  deps: CaseReading,
  access: Access,
  asked: CaseListQuery,
): Promise<{ readonly cases: readonly CaseLine[]; readonly next?: string }> {
  allow(access.principal, 'cases.list');
  const page = await deps.cases.list(queryOf(access, asked));
  const households = page.cases.map(({ household }) => household).join(' ');
  await recordRead(deps, access, 'cases.list', { households }, page.cases.length);
  const cases = page.cases.map(presentLine);
  return page.next === undefined ? { cases } : { cases, next: page.next };
}

function queryOf(access: Access, { worklist, area, stage, light, order, limit, after }: CaseListQuery): CaseQuery {
  return {
    areas: allowAreas(access.principal, area),
    order,
    limit,
    ...(after === undefined ? {} : { after }),
    ...(stage === undefined ? {} : { stages: [stage] }),
    ...(light === undefined ? {} : { light }),
    ...(worklist === 'mine' ? { assignee: access.principal.id } : {}),
    ...(worklist === 'pool' ? { unassigned: true } : {}),
    ...(worklist === 'waiting' && stage === undefined ? { stages: ['referral', 'conference'] as const } : {}),
    ...(worklist === 'escalated' && light === undefined ? { light: 'red' as const } : {}),
  };
}

/**
 * A token of a worklist as it stands: another one means that something on its first page, or how many cases there are, has
 * changed. Says nothing of anybody, so that asking for it is no read of personal data and may be done every few seconds.
 */
export async function worklistToken(deps: CaseReading, access: Access, asked: CaseListQuery): Promise<string> {
  allow(access.principal, 'cases.list');
  const query = queryOf(access, asked);
  const [page, counts] = await Promise.all([deps.cases.list(query), deps.cases.counts(query.areas)]);
  const seen = page.cases.map(({ id, version }) => [id, version]);
  return hash('sha256', JSON.stringify([seen, counts]), 'hex').slice(0, 24);
}

/** How many cases there are by stage, light and worker. Says nothing of anybody, so it is no read of personal data. */
export async function countCases(deps: CaseReading, access: Access, area?: string): Promise<CaseCounts> {
  allow(access.principal, 'cases.list');
  return deps.cases.counts(allowAreas(access.principal, area));
}

/** One case, with what the reader may do with it. Throws NotFoundError, or AccessError outside the reader's areas. */
export async function readCase(deps: CaseReading, access: Access, id: string): Promise<CasePage> {
  const { found, disclosure } = await caseFor(deps, access, id);
  await recordRead(deps, access, 'cases.read', { case: found.id, household: found.household }, 1);
  const notices = await noticesOfCase(deps, found);
  return presentCase(found, access.principal, disclosure, deps.clock.now(), notices);
}

/**
 * Every case a household ever had, oldest first. Throws NotFoundError when there is no such household, AccessError outside the
 * reader's areas: that somebody has no case is told to nobody else either.
 */
export async function casesOfHousehold(
  deps: CaseReading & PlaceSources,
  access: Access,
  household: string,
): Promise<readonly CaseLine[]> {
  allow(access.principal, 'cases.read');
  const id = household as HouseholdId;
  const cases = await deps.cases.ofHousehold(id);
  const area = cases.at(-1)?.area ?? (await areaOfHousehold(deps, id));
  allow(access.principal, 'cases.read', { area });
  await recordRead(deps, access, 'cases.read', { household }, cases.length);
  return cases.map(presentLine);
}

/** The case itself, for use-cases that show part of it and record that themselves. */
export async function caseFor(
  deps: { readonly cases: Pick<CaseStore, 'get'> },
  { principal }: Access,
  id: string,
): Promise<{ readonly found: Case; readonly disclosure: Disclosure }> {
  allow(principal, 'cases.read');
  const found = await deps.cases.get(id as CaseId);
  if (found === undefined) throw new NotFoundError('no such case');
  return { found, disclosure: allow(principal, 'cases.read', { area: found.area }) };
}
