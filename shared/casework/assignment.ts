import type { Role } from '../access/principal.ts';
import { isInCharge, type StaffMember } from '../access/staff.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { Assignment, Case, CaseId, UserId } from './case.ts';
import type { ReassignCode } from './codes.ts';

/** Who works where today, and how much each has in hand. Pure: the directory and the counts are read before. */
export interface Workforce {
  readonly staff: readonly StaffMember[];
  /** Open cases in hand; who is not named has none. */
  readonly load: ReadonlyMap<UserId, number>;
  readonly on: PlainDate;
}

/** Where a case goes: to somebody, or into a pool. */
export interface Placement {
  /** Absent for a pool. */
  readonly user?: UserId;
  readonly level: Assignment['level'];
  /** Area prefix of the pool, or the part of the worker's area that holds the case. */
  readonly area: string;
  /** Whom the user stands in for, first to last, when those in charge are away. */
  readonly coverFor?: readonly UserId[];
}

const COUNTY_DIGITS = 6;
const TOWNSHIP_DIGITS = 9;
const FIELD_ROLES: readonly Role[] = ['coordinator', 'caseworker', 'supervisor'];

/** The level somebody works at: the highest of their roles. */
export function levelOf(roles: readonly Role[]): Assignment['level'] {
  if (roles.includes('supervisor')) return 'county';
  return roles.includes('caseworker') ? 'township' : 'village';
}

/** Whether somebody may have the case of an area in hand: one of the field roles, and the area in their scope. */
function mayHave(member: StaffMember, area: string): boolean {
  return FIELD_ROLES.some((role) => isInCharge(member, role, area));
}

/** The absence of somebody that a day lies in. */
export function absenceOn({ absences }: StaffMember, on: PlainDate): StaffMember['absences'][number] | undefined {
  return absences.find(({ from, to }) => from <= on && on <= to);
}

/** Who acts in the place of a member: the member, or while away whoever covers, and in turn who covers for them. */
export interface StandIn {
  readonly member: StaffMember;
  /** Those away, first to last; empty when the member is there. */
  readonly coverFor: readonly UserId[];
}

/**
 * Follows the chain of covers until somebody is there. Undefined when it ends with nobody, comes back to somebody it has
 * passed, or leads to somebody who may not see cases of this area: a cover never opens more than the account does.
 */
export function standInFor(member: StaffMember, area: string, { staff, on }: Workforce): StandIn | undefined {
  const passed: UserId[] = [];
  let current: StaffMember | undefined = member;
  while (current !== undefined && mayHave(current, area) && !passed.includes(current.id)) {
    const absence = absenceOn(current, on);
    if (absence === undefined) return { member: current, coverFor: passed };
    passed.push(current.id);
    current = staff.find(({ id }) => id === absence.cover);
  }
  return undefined;
}

/** The narrowest of a member's areas that holds the case. */
function holdingPrefix({ areas }: StaffMember, area: string): string {
  return areas.filter((prefix) => area.startsWith(prefix)).reduce((a, b) => (b.length > a.length ? b : a), '');
}

/**
 * Who visits: the coordinator of the village, else of the township; among several who is there goes before who only covers,
 * then who has least in hand, then the id. With nobody there the case waits in the township's pool, or in the county's when
 * no caseworker of the township is there either or the township is not known.
 */
export function placeCase(area: string, workforce: Workforce): Placement {
  const coordinators = workforce.staff
    .filter((member) => isInCharge(member, 'coordinator', area))
    .map((member) => ({ member, prefix: holdingPrefix(member, area) }))
    .filter(({ prefix }) => prefix.length >= TOWNSHIP_DIGITS);
  const prefixes = [...new Set(coordinators.map(({ prefix }) => prefix))].toSorted((a, b) => b.length - a.length);
  for (const prefix of prefixes) {
    const there = coordinators
      .filter((one) => one.prefix === prefix)
      .flatMap(({ member }) => standInFor(member, area, workforce) ?? [])
      .toSorted((a, b) => a.coverFor.length - b.coverFor.length || freest(workforce)(a.member, b.member));
    const [first] = there;
    if (first !== undefined) return placementOf(first, prefix);
  }
  return poolFor(area, workforce);
}

function freest({ load }: Workforce) {
  return (a: StaffMember, b: StaffMember): number =>
    (load.get(a.id) ?? 0) - (load.get(b.id) ?? 0) || (a.id < b.id ? -1 : Number(a.id > b.id));
}

function placementOf({ member, coverFor }: StandIn, area: string): Placement {
  return { user: member.id, level: levelOf(member.roles), area, ...(coverFor.length === 0 ? {} : { coverFor }) };
}

function poolFor(area: string, { staff, on }: Workforce): Placement {
  const served =
    area.length >= TOWNSHIP_DIGITS &&
    staff.some((member) => isInCharge(member, 'caseworker', area) && absenceOn(member, on) === undefined);
  return served
    ? { level: 'township', area: area.slice(0, TOWNSHIP_DIGITS) }
    : { level: 'county', area: area.slice(0, COUNTY_DIGITS) };
}

/** Why a case of a bulk assignment stays where it is. */
export const notAssigned = {
  'listed-twice': { zh: '清单中重复', en: 'listed twice' },
  closed: { zh: '办件已办结', en: 'the case is closed' },
  'no-such-worker': { zh: '没有这名工作人员，请核对编号', en: 'no such worker; check the id' },
  'wrong-role': { zh: '该人员不是协理员、乡镇经办人或县级主管', en: 'not a coordinator, caseworker or supervisor' },
  'outside-area': { zh: '不在该人员的辖区内', en: 'outside the worker’s area' },
  away: { zh: '该人员请假中，请改派其代办人', en: 'the worker is away; assign the cover instead' },
  'already-theirs': { zh: '已由该人员办理', en: 'in their hands already' },
  'reason-missing': { zh: '已有人办理，改派须选择原因', en: 'somebody has it in hand; choose a reason for reassigning' },
  'nobody-there': { zh: '辖区内暂无可派人员，留在待领池', en: 'nobody is there to take it; it stays in the pool' },
} as const satisfies Readonly<Record<string, Bilingual>>;
export type NotAssigned = keyof typeof notAssigned;

/** Cases to give out together. `to`: one worker, or whoever is in charge of each case's area. */
export interface BulkAssignment {
  readonly cases: readonly Pick<Case, 'id' | 'area' | 'stage' | 'assignment'>[];
  readonly to: UserId | { readonly by: 'area' };
  readonly reason?: ReassignCode;
}

/** What becomes of one case. */
export type BulkLine =
  | { readonly case: CaseId; readonly done: true; readonly placement: Placement }
  | { readonly case: CaseId; readonly done: false; readonly why: NotAssigned };

/**
 * Plans a bulk assignment and gives a receipt: one line for every case asked for, in that order. What is planned counts for
 * the load of the cases after it, so that a pool is spread evenly. Carrying it out is one assignment a line, each under the
 * case's own lock.
 */
export function planAssignments({ cases, to, reason }: BulkAssignment, workforce: Workforce): readonly BulkLine[] {
  const load = new Map(workforce.load);
  const seen = new Set<CaseId>();
  return cases.map((one): BulkLine => {
    const before = one.assignment?.user;
    const planned = seen.has(one.id) ? 'listed-twice' : planOne(one, to, { ...workforce, load });
    seen.add(one.id);
    if (typeof planned === 'string') return { case: one.id, done: false, why: planned };
    if (before !== undefined && reason === undefined) return { case: one.id, done: false, why: 'reason-missing' };
    if (before !== undefined) load.set(before, Math.max(0, (load.get(before) ?? 0) - 1));
    if (planned.user !== undefined) load.set(planned.user, (load.get(planned.user) ?? 0) + 1);
    return { case: one.id, done: true, placement: planned };
  });
}

function planOne(one: BulkAssignment['cases'][number], to: BulkAssignment['to'], workforce: Workforce): Placement | NotAssigned {
  if (one.stage === 'closed') return 'closed';
  const placement = typeof to === 'string' ? toWorker(to, one.area, workforce) : byArea(one, workforce);
  if (typeof placement === 'string') return placement;
  return placement.user !== undefined && placement.user === one.assignment?.user ? 'already-theirs' : placement;
}

/** In nobody's hands and nobody to give it to: it stays where it waits. A worker's case is not thrown back into a pool. */
function byArea({ area }: BulkAssignment['cases'][number], workforce: Workforce): Placement | NotAssigned {
  const placement = placeCase(area, workforce);
  return placement.user === undefined ? 'nobody-there' : placement;
}

function toWorker(id: UserId, area: string, { staff, on }: Workforce): Placement | NotAssigned {
  const member = staff.find((one) => one.id === id);
  if (member === undefined) return 'no-such-worker';
  if (!FIELD_ROLES.some((role) => member.roles.includes(role))) return 'wrong-role';
  if (!mayHave(member, area)) return 'outside-area';
  if (absenceOn(member, on) !== undefined) return 'away';
  return { user: id, level: levelOf(member.roles), area: holdingPrefix(member, area) };
}
