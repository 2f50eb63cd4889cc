import type { Role } from '../../../shared/access/principal.ts';
import type { Bilingual } from '../../../shared/catalog/feed.ts';

/** An account that exists only where the built-in issuer runs with its demo accounts; its password is public. */
export interface DemoAccount {
  readonly user: string;
  readonly password: string;
  readonly title: Bilingual;
  readonly roles: readonly Role[];
  /** Area codes; `*` is the whole deployment. */
  readonly areas: readonly string[];
  readonly departments: readonly string[];
}

/** County of the demo: 临颍县 in Henan. */
const COUNTY = '411122';

function account(
  user: string,
  title: Bilingual,
  role: Role,
  areas: readonly string[],
  departments: readonly string[] = [],
): DemoAccount {
  return { user, password: `${user}-demo`, title, roles: [role], areas, departments };
}

/** One account for each role. Shown on the start page; never taken when another issuer or an accounts file is set. */
export const demoAccounts: readonly DemoAccount[] = [
  account('supervisor', { zh: '县级主管', en: 'county supervisor' }, 'supervisor', [COUNTY]),
  account('caseworker', { zh: '乡镇经办人', en: 'township caseworker' }, 'caseworker', [`${COUNTY}100`]),
  account('coordinator', { zh: '村级协理员', en: 'village coordinator' }, 'coordinator', [`${COUNTY}100207`]),
  account(
    'medical',
    { zh: '医保局数据专员', en: 'medical insurance data officer' },
    'department',
    [COUNTY],
    ['medical-insurance'],
  ),
  account(
    'databureau',
    { zh: '大数据局（代各部门报送）', en: 'data bureau, sends for every department' },
    'department',
    [COUNTY],
    ['*'],
  ),
  account(
    'handler',
    { zh: '部门办理人（演示：代各部门）', en: 'handler, here for every department' },
    'handler',
    [COUNTY],
    ['*'],
  ),
  account('auditor', { zh: '审计员（全域只读）', en: 'auditor, reads the whole deployment' }, 'auditor', ['*']),
  account('province', { zh: '全域主管', en: 'supervisor of the whole deployment' }, 'supervisor', ['*']),
  account('sysadmin', { zh: '系统管理员', en: 'system administrator' }, 'system-admin', []),
  account('secadmin', { zh: '安全管理员', en: 'security administrator' }, 'security-admin', []),
  account('auditadmin', { zh: '审计管理员', en: 'audit administrator' }, 'audit-admin', []),
];
