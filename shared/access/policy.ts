import type { Bilingual } from '../catalog/feed.ts';
import { areaNamed, type Principal, type Role } from './principal.ts';

/** Everything that can be asked of the platform, by API, command line or export. */
export type Action =
  | 'feeds.list'
  | 'files.list'
  | 'files.read'
  | 'files.upload'
  | 'fix-it.read'
  | 'warnings.list'
  | 'warnings.read'
  | 'household.read'
  | 'household.reads'
  | 'search.exact'
  | 'cases.list'
  | 'cases.read'
  | 'cases.act'
  | 'cases.open'
  | 'inbox.read'
  | 'corrections.read'
  | 'corrections.answer'
  | 'scorecard.read'
  | 'limits.read'
  | 'dashboard.read'
  | 'staff.list'
  | 'staff.change'
  | 'findings.read'
  | 'findings.raise'
  | 'findings.answer'
  | 'findings.judge'
  | 'privacy.read'
  | 'audit.verify'
  | 'reports.pull'
  | 'reports.audit'
  | 'periods.close'
  | 'messages.put-back';

/** How much of a person an answer may show. */
export interface Disclosure {
  /** `masked`: 张*. */
  readonly names: 'full' | 'masked';
  /** `masked`: 3714**********123X. */
  readonly numbers: 'masked' | 'none';
  /** `year`: the year only, since a birth date within a village still points at a person (domain.md §7). */
  readonly births: 'full' | 'year';
  /** Fields the catalogue marks sensitive: diagnoses, disease names (PIPL §28). */
  readonly sensitive: boolean;
}

/**
 * What a grant reaches: `area` the user's areas, `department` the user's departments, `inbox` what is the
 * affair of the user's departments within the user's areas, `all` no limit (no personal data in it).
 */
type Reach = 'area' | 'department' | 'inbox' | 'all';

interface ActionRule {
  /** The answer has personal data: a purpose is required and administrators are shut out. */
  readonly personal: boolean;
  readonly grants: Partial<Readonly<Record<Role, Reach>>>;
}

/**
 * The one table of who may do what. Only what a role's work needs (PIPL §6): departments see their own files and the rows of
 * them that were found wrong, and nothing of households; handlers open the warning a referral names but browse nothing; coordinators do not search.
 */
const rules: Readonly<Record<Action, ActionRule>> = {
  'feeds.list': {
    personal: false,
    grants: {
      department: 'department',
      coordinator: 'all',
      caseworker: 'all',
      handler: 'all',
      supervisor: 'all',
      auditor: 'all',
      'system-admin': 'all',
    },
  },
  'files.list': {
    personal: false,
    grants: { department: 'department', supervisor: 'all', auditor: 'all', 'system-admin': 'all' },
  },
  'files.read': {
    personal: false,
    grants: { department: 'department', supervisor: 'all', auditor: 'all', 'system-admin': 'all' },
  },
  'files.upload': { personal: false, grants: { department: 'department' } },
  // Of a file whose rows name no county, the department alone is asked for.
  'fix-it.read': { personal: true, grants: { department: 'inbox' } },
  'warnings.list': {
    personal: true,
    grants: { coordinator: 'area', caseworker: 'area', supervisor: 'area', auditor: 'area' },
  },
  'warnings.read': {
    personal: true,
    grants: { coordinator: 'area', caseworker: 'area', handler: 'area', supervisor: 'area', auditor: 'area' },
  },
  'household.read': {
    personal: true,
    grants: { coordinator: 'area', caseworker: 'area', supervisor: 'area', auditor: 'area' },
  },
  // The household asks the office that serves it, or the auditor.
  'household.reads': { personal: true, grants: { supervisor: 'area', auditor: 'area' } },
  'search.exact': { personal: true, grants: { caseworker: 'area', supervisor: 'area', auditor: 'area' } },
  'cases.list': { personal: true, grants: { coordinator: 'area', caseworker: 'area', supervisor: 'area', auditor: 'area' } },
  'cases.read': { personal: true, grants: { coordinator: 'area', caseworker: 'area', supervisor: 'area', auditor: 'area' } },
  // What may be done with a case in which stage is the table of shared/casework/transitions.ts.
  'cases.act': {
    personal: true,
    grants: { coordinator: 'area', caseworker: 'area', supervisor: 'area', handler: 'inbox' },
  },
  'cases.open': { personal: true, grants: { coordinator: 'area', caseworker: 'area', supervisor: 'area' } },
  'inbox.read': { personal: true, grants: { handler: 'inbox' } },
  // The rows in question are the department's own data; supervisors and auditors see how its notices stand.
  'corrections.read': { personal: true, grants: { department: 'inbox', supervisor: 'area', auditor: 'area' } },
  'corrections.answer': { personal: true, grants: { department: 'inbox' } },
  'scorecard.read': { personal: false, grants: { department: 'department', supervisor: 'area', auditor: 'area' } },
  // Counts of the reader's own areas, whose cases the same roles may read one by one.
  'dashboard.read': { personal: false, grants: { caseworker: 'area', supervisor: 'area', auditor: 'area' } },
  'limits.read': {
    personal: false,
    grants: { coordinator: 'all', caseworker: 'all', handler: 'all', supervisor: 'all', auditor: 'all', 'system-admin': 'all' },
  },
  'staff.list': {
    personal: false,
    grants: { caseworker: 'all', supervisor: 'all', auditor: 'all', 'security-admin': 'all' },
  },
  'staff.change': { personal: false, grants: { 'security-admin': 'all' } },
  // The auditor writes nothing else: findings, and what comes of them.
  'findings.read': { personal: true, grants: { department: 'inbox', supervisor: 'area', auditor: 'area' } },
  'findings.raise': { personal: true, grants: { auditor: 'area' } },
  'findings.answer': { personal: true, grants: { department: 'inbox', supervisor: 'area' } },
  'findings.judge': { personal: true, grants: { auditor: 'area' } },
  // Which data, on what ground, how long: says nothing of anybody.
  'privacy.read': {
    personal: false,
    grants: { supervisor: 'all', auditor: 'all', 'system-admin': 'all', 'security-admin': 'all', 'audit-admin': 'all' },
  },
  'audit.verify': { personal: false, grants: { auditor: 'all', 'audit-admin': 'all' } },
  // Ledgers name households by their ids, so they are for those who may read cases; who read what is for auditors alone.
  'reports.pull': { personal: true, grants: { supervisor: 'area', auditor: 'area' } },
  'reports.audit': { personal: true, grants: { auditor: 'area' } },
  // Whoever answers for the figures closes them; auditors write nothing.
  'periods.close': { personal: false, grants: { supervisor: 'area' } },
  'messages.put-back': { personal: false, grants: { 'system-admin': 'all' } },
};

const least: Disclosure = { names: 'masked', numbers: 'none', births: 'year', sensitive: false };

/** Masking by role; a role not named here gets the least. */
const disclosures: Partial<Readonly<Record<Role, Disclosure>>> = {
  // Sees rows of its own files only, and finds the person there by file and row.
  department: { names: 'masked', numbers: 'none', births: 'year', sensitive: true },
  coordinator: { names: 'full', numbers: 'none', births: 'year', sensitive: false },
  caseworker: { names: 'full', numbers: 'masked', births: 'full', sensitive: true },
  // A department finds the person in its own books by name and number; of the rest it needs nothing.
  handler: { names: 'full', numbers: 'masked', births: 'year', sensitive: false },
  supervisor: { names: 'full', numbers: 'masked', births: 'full', sensitive: true },
  auditor: { names: 'masked', numbers: 'masked', births: 'year', sensitive: false },
};

const administrators: readonly Role[] = ['system-admin', 'security-admin', 'audit-admin'];

/**
 * What the action is about. Leave out what the action has none of; an unknown household area is `''`, and so is the department of
 * what is the affair of none: it is not that of every department either.
 */
export interface Resource {
  readonly area?: string;
  readonly department?: string;
}

/** Why not. `separation`: the account mixes administrator roles with others, so nothing it combines may be used. */
export type Refusal = 'role' | 'area' | 'department' | 'separation';

export type Decision =
  | { readonly allowed: true; readonly disclosure: Disclosure }
  | { readonly allowed: false; readonly refusal: Refusal };

function inScope(prefixes: readonly string[], area: string): boolean {
  return prefixes.some((prefix) => area.startsWith(prefix));
}

function widest(held: readonly Disclosure[]): Disclosure {
  return {
    names: held.some((d) => d.names === 'full') ? 'full' : 'masked',
    numbers: held.some((d) => d.numbers === 'masked') ? 'masked' : 'none',
    births: held.some((d) => d.births === 'full') ? 'full' : 'year',
    sensitive: held.some((d) => d.sensitive),
  };
}

function mixesAdministration(principal: Principal): boolean {
  return principal.roles.length > 1 && principal.roles.some((role) => administrators.includes(role));
}

/**
 * May this user do this to this? The only place where role, area and department are weighed. Without a resource the
 * question is whether the user may do it at all; the caller then narrows with `areasWithin` or asks again per resource.
 * A household whose area is unknown (`''`) is open to a scope of the whole deployment only.
 */
export function decide(principal: Principal, action: Action, resource: Resource = {}): Decision {
  if (mixesAdministration(principal)) return { allowed: false, refusal: 'separation' };
  const { grants } = rules[action];
  let refusal: Refusal = 'role';
  const held: Disclosure[] = [];
  for (const role of principal.roles) {
    const reach = grants[role];
    if (reach === undefined) continue;
    const byArea = reach === 'area' || reach === 'inbox';
    const byDepartment = reach === 'department' || reach === 'inbox';
    if (byArea && resource.area !== undefined && !inScope(principal.areas, resource.area)) refusal = 'area';
    else if (byDepartment && resource.department !== undefined && !ofDepartment(principal, resource.department))
      refusal = 'department';
    else held.push(disclosures[role] ?? least);
  }
  return held.length > 0 ? { allowed: true, disclosure: widest(held) } : { allowed: false, refusal };
}

function ofDepartment({ departments }: Principal, department: string): boolean {
  return department !== '' && (departments.includes('*') || departments.includes(department));
}

/** Whether the answer to this action has personal data, so that a purpose must be stated and the read is an event. */
export function isPersonal(action: Action): boolean {
  return rules[action].personal;
}

/** What was looked at, in the words in which a household is told of it. Every personal action has its own. */
export const personalActionTitles: Readonly<Partial<Record<Action, Bilingual>>> = {
  'fix-it.read': { zh: '下载退回表', en: 'fix-it file' },
  'warnings.list': { zh: '预警清单', en: 'list of warnings' },
  'warnings.read': { zh: '预警', en: 'warning' },
  'household.read': { zh: '家庭页或救助链', en: 'household page or assistance chain' },
  'household.reads': { zh: '查询记录', en: 'record of who looked' },
  'search.exact': { zh: '按证件号码或姓名查找', en: 'search by number or name' },
  'cases.list': { zh: '办件清单', en: 'worklist' },
  'cases.read': { zh: '办件', en: 'case' },
  'cases.act': { zh: '办理', en: 'work on a case' },
  'cases.open': { zh: '受理申请', en: 'taking an application' },
  'inbox.read': { zh: '转办收件箱', en: 'referral inbox' },
  'corrections.read': { zh: '更正通知', en: 'correction notice' },
  'findings.read': { zh: '审计发现', en: 'finding of audit' },
  'findings.raise': { zh: '提出审计发现', en: 'raising a finding of audit' },
  'findings.answer': { zh: '答复整改', en: 'answer to a finding of audit' },
  'findings.judge': { zh: '审计发现销号或重开', en: 'closing or reopening a finding of audit' },
  'corrections.answer': { zh: '答复更正通知', en: 'answer to a correction notice' },
  'reports.pull': { zh: '台账与报表', en: 'ledgers and reports' },
  'reports.audit': { zh: '审计报表', en: 'reports of audit' },
};

/** The actions open to this user, for menus. */
export function actionsOf(principal: Principal): readonly Action[] {
  const all: readonly Action[] = Object.keys(rules).filter((key): key is Action => key in rules);
  return all.filter((action) => decide(principal, action).allowed);
}

/**
 * The user's areas, narrowed to the one `asked` for when given, by its code with or without the zeros after it: what a listing
 * may reach. Empty when they have nothing in common.
 */
export function areasWithin(principal: Principal, asked?: string): readonly string[] {
  if (asked === undefined) return principal.areas;
  const area = areaNamed(asked);
  if (inScope(principal.areas, area)) return [area];
  return principal.areas.filter((prefix) => prefix.startsWith(area));
}

/** The words for a refusal: what was wrong and what to do. */
export const refusalText: Readonly<Record<Refusal, Bilingual>> = {
  role: {
    zh: '您的角色不能执行此操作。如工作需要，请联系安全管理员调整角色。',
    en: 'Your role does not allow this. If your work needs it, ask the security administrator for another role.',
  },
  area: {
    zh: '不在您的辖区范围内。请联系辖区经办人，或由安全管理员调整辖区。',
    en: 'Outside your area. Ask the caseworker of that area, or the security administrator to change your area.',
  },
  department: {
    zh: '这属于其他部门，您只能查看、上报和答复本部门的内容。',
    en: 'This belongs to another department; you can see, send and answer only what is your own department’s.',
  },
  separation: {
    zh: '该账号把管理员角色与其他角色混用（违反三员分立），请由安全管理员拆分账号。',
    en: 'This account mixes an administrator role with another role; the security administrator must split it.',
  },
};

/** Refused by the policy. The message carries no personal data. */
export class AccessError extends Error {
  override readonly name = 'AccessError';
  readonly refusal: Refusal;
  /** To be answered like what there is not: that somebody outside the user's reach is known at all is itself personal data. */
  readonly hidden: boolean;
  constructor(refusal: Refusal, hidden = refusal === 'area') {
    super(refusalText[refusal].en);
    this.refusal = refusal;
    this.hidden = hidden;
  }
}

/**
 * Whether a refusal must not show that there is such a thing. Beyond the user's areas always; of another department where
 * the thing lies in an area too, which is so of whatever tells of a family. A department asked for by its name is no secret.
 */
function isHidden(refusal: Refusal, resource: Resource | undefined): boolean {
  return refusal === 'area' || (refusal === 'department' && resource?.area !== undefined);
}

/** `areasWithin`, or an AccessError where an area is asked for of which the user has no part. */
export function allowAreas(principal: Principal, asked?: string): readonly string[] {
  const areas = areasWithin(principal, asked);
  if (asked !== undefined && areas.length === 0) throw new AccessError('area');
  return areas;
}

/** `decide`, or an AccessError. */
export function allow(principal: Principal, action: Action, resource?: Resource): Disclosure {
  const decision = decide(principal, action, resource);
  if (!decision.allowed) throw new AccessError(decision.refusal, isHidden(decision.refusal, resource));
  return decision.disclosure;
}
