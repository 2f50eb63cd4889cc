import * as z from 'zod';
import type { Bilingual } from '../catalog/feed.ts';

/**
 * Who may act. The last three are the separate administrators of MLPS level 3 (三员分立, domain.md §7): they run the
 * platform and see no personal data.
 */
export const roles = [
  'department',
  'coordinator',
  'caseworker',
  'handler',
  'supervisor',
  'auditor',
  'system-admin',
  'security-admin',
  'audit-admin',
] as const;
export type Role = (typeof roles)[number];

/** What the roles are called. */
export const roleTitles: Readonly<Record<Role, Bilingual>> = {
  department: { zh: '部门数据专员', en: 'department data officer' },
  coordinator: { zh: '村级协理员', en: 'village coordinator' },
  caseworker: { zh: '乡镇经办人', en: 'township caseworker' },
  handler: { zh: '部门经办人', en: 'department handler' },
  supervisor: { zh: '县级主管', en: 'county supervisor' },
  auditor: { zh: '审计员', en: 'auditor' },
  'system-admin': { zh: '系统管理员', en: 'system administrator' },
  'security-admin': { zh: '安全管理员', en: 'security administrator' },
  'audit-admin': { zh: '审计管理员', en: 'audit administrator' },
};

/** A signed-in user as the policy sees it. */
export interface Principal {
  /** The issuer's subject: goes into the audit trail as the actor. */
  readonly id: string;
  readonly name?: string;
  readonly roles: readonly Role[];
  /** Area code prefixes; an area is in scope when it begins with one of them. `''` is the whole deployment, an empty list nothing. */
  readonly areas: readonly string[];
  /** Departments whose files the user sends, e.g. `medical-insurance`. `*` is every department (a data bureau). */
  readonly departments: readonly string[];
}

/**
 * The prefix an area code of GB/T 2260 stands for: trailing zeros of the levels not used are dropped, so that
 * `411122000000` and `411122` are the same county and `410000` the province. `*` is the whole deployment. Undefined for
 * anything that is no area code, so that a slip in an account closes doors instead of opening them.
 */
export function scopePrefix(code: string): string | undefined {
  if (code === '*') return '';
  if (!/^\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?$/.test(code)) return undefined;
  const levels = [code.slice(0, 2), code.slice(2, 4), code.slice(4, 6), code.slice(6, 9), code.slice(9, 12)];
  while (levels.length > 1 && /^0*$/.test(levels.at(-1) ?? '')) levels.pop();
  const prefix = levels.join('');
  return prefix === '00' ? undefined : prefix;
}

/** The prefix of an area as people name it: an area code with or without the zeros after it, or any beginning of one. */
export function areaNamed(text: string): string {
  return scopePrefix(text) ?? text;
}

/** The HTTP API authorizer hands a list claim over as `[a b]`, other issuers as an array or parted by commas or blanks. */
const listClaim = z.union([z.array(z.string()), z.string()]).transform((value) =>
  typeof value === 'string'
    ? value
        .replace(/^\[|\]$/g, '')
        .split(/[\s,]+/)
        .filter((part) => part !== '')
    : value,
);

/** Stops a token without a subject from acting, and unknown roles or area codes from meaning anything. */
const Claims = z.object({
  sub: z.string().min(1).max(200),
  name: z.string().max(100).optional(),
  'cognito:groups': listClaim.optional(),
  'custom:areas': listClaim.optional(),
  'custom:departments': listClaim.optional(),
});

/** Reads verified token claims; undefined when they name nobody. Unknown roles and malformed areas are left out. */
export function principalOfClaims(claims: unknown): Principal | undefined {
  const read = Claims.safeParse(claims);
  if (!read.success) return undefined;
  const groups = new Set(read.data['cognito:groups'] ?? []);
  return {
    id: read.data.sub,
    ...(read.data.name === undefined ? {} : { name: read.data.name }),
    roles: roles.filter((role) => groups.has(role)),
    areas: (read.data['custom:areas'] ?? []).map(scopePrefix).filter((prefix) => prefix !== undefined),
    departments: read.data['custom:departments'] ?? [],
  };
}
