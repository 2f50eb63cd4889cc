import { describe, expect, it } from 'vitest';
import {
  AccessError,
  type Action,
  actionsOf,
  allowAreas,
  areasWithin,
  decide,
  isPersonal,
  personalActionTitles,
} from '../../../shared/access/policy.ts';
import { type Principal, type Role, roles } from '../../../shared/access/principal.ts';

function user(
  role: Role | readonly Role[],
  areas: readonly string[] = ['411122'],
  departments: readonly string[] = [],
): Principal {
  return { id: 'u', roles: typeof role === 'string' ? [role] : role, areas, departments };
}

/** Columns in the order of `roles`; i = inside the area or department only, a = anywhere, - = never. */
const table: Readonly<Record<Action, string>> = {
  'feeds.list': 'i a a a a a a - -',
  'files.list': 'i - - - a a a - -',
  'files.read': 'i - - - a a a - -',
  'files.upload': 'i - - - - - - - -',
  'fix-it.read': 'i - - - - - - - -',
  'warnings.list': '- i i - i i - - -',
  'warnings.read': '- i i i i i - - -',
  'household.read': '- i i - i i - - -',
  'household.reads': '- - - - i i - - -',
  'search.exact': '- - i - i i - - -',
  'cases.list': '- i i - i i - - -',
  'cases.read': '- i i - i i - - -',
  'cases.act': '- i i i i - - - -',
  'cases.open': '- i i - i - - - -',
  'inbox.read': '- - - i - - - - -',
  'corrections.read': 'i - - - i i - - -',
  'corrections.answer': 'i - - - - - - - -',
  'scorecard.read': 'i - - - i i - - -',
  'dashboard.read': '- - i - i i - - -',
  'limits.read': '- a a a a a a - -',
  'staff.list': '- - a - a a - a -',
  'staff.change': '- - - - - - - a -',
  'findings.read': 'i - - - i i - - -',
  'findings.raise': '- - - - - i - - -',
  'findings.answer': 'i - - - i - - - -',
  'findings.judge': '- - - - - i - - -',
  'privacy.read': '- - - - a a a a a',
  'audit.verify': '- - - - - a - - a',
  'reports.pull': '- - - - i i - - -',
  'reports.audit': '- - - - - i - - -',
  'periods.close': '- - - - i - - - -',
  'messages.put-back': '- - - - - - a - -',
};

describe('decide', () => {
  for (const [action, row] of Object.entries(table) as [Action, string][]) {
    const cells = row.split(' ');
    roles.forEach((role, column) => {
      const cell = cells[column];
      it(`${role} may do ${action}: ${cell === 'a' ? 'anywhere' : cell === 'i' ? 'inside its scope only' : 'never'}`, () => {
        const principal = user(role, ['411122'], ['medical-insurance']);
        const inside = { area: '411122100201', department: 'medical-insurance' };
        const outside = { area: '370602001002', department: 'education' };
        expect(decide(principal, action, inside).allowed).toBe(cell !== '-');
        expect(decide(principal, action, outside).allowed).toBe(cell === 'a');
      });
    });
  }

  it('has words for everything personal, so that a household can be told what was looked at', () => {
    const personal = (Object.keys(table) as Action[]).filter(isPersonal);
    expect(Object.keys(personalActionTitles).sort()).toEqual(personal.sort());
  });

  it('shows a household of unknown area to a scope of the whole deployment only', () => {
    expect(decide(user('supervisor', ['']), 'household.read', { area: '' }).allowed).toBe(true);
    expect(decide(user('supervisor', ['41']), 'household.read', { area: '' })).toEqual({ allowed: false, refusal: 'area' });
  });

  it('does not show a household known only to the county to a village coordinator', () => {
    expect(decide(user('coordinator', ['411122100201']), 'household.read', { area: '411122' }).allowed).toBe(false);
  });

  it('grants nothing to an account without areas', () => {
    expect(decide(user('caseworker', []), 'warnings.read', { area: '411122' }).allowed).toBe(false);
  });

  it('refuses everything to an account that mixes an administrator role with another', () => {
    for (const mixed of [
      ['system-admin', 'supervisor'],
      ['security-admin', 'audit-admin'],
    ] as const)
      expect(actionsOf(user(mixed, ['']))).toEqual([]);
    expect(decide(user(['system-admin', 'supervisor'], ['']), 'feeds.list')).toEqual({ allowed: false, refusal: 'separation' });
  });

  it('shows a coordinator names but no identity number and no diagnosis', () => {
    expect(decide(user('coordinator'), 'household.read', { area: '411122' })).toEqual({
      allowed: true,
      disclosure: { names: 'full', numbers: 'none', births: 'year', sensitive: false },
    });
  });

  it('shows an auditor masked names and numbers', () => {
    expect(decide(user('auditor'), 'household.read', { area: '411122' })).toEqual({
      allowed: true,
      disclosure: { names: 'masked', numbers: 'masked', births: 'year', sensitive: false },
    });
  });

  it('takes the widest masking of the roles that grant the action, not of those that do not', () => {
    const both = decide(user(['auditor', 'coordinator']), 'household.read', { area: '411122' });
    expect(both).toEqual({
      allowed: true,
      disclosure: { names: 'full', numbers: 'masked', births: 'year', sensitive: false },
    });
    const search = decide(user(['auditor', 'coordinator']), 'search.exact', { area: '411122' });
    expect(search.allowed && search.disclosure.names).toBe('masked');
  });

  it('lets a data bureau send files for every department', () => {
    expect(decide(user('department', [], ['*']), 'files.upload', { department: 'education' }).allowed).toBe(true);
  });
});

describe('areasWithin', () => {
  it('narrows to the area asked for when it lies inside', () => {
    expect(areasWithin(user('caseworker', ['411122']), '411122100')).toEqual(['411122100']);
  });
  it('keeps the own areas when a larger one is asked for', () => {
    expect(areasWithin(user('caseworker', ['411122', '411103']), '41')).toEqual(['411122', '411103']);
  });
  it('is empty for an area outside', () => {
    expect(areasWithin(user('caseworker', ['411122']), '37')).toEqual([]);
  });
  it.each([
    ['411122000000', ['411122']],
    ['411122100000', ['411122100']],
    ['410000', ['411122']],
  ])('knows %s by its zeros', (asked, areas) => {
    expect(areasWithin(user('caseworker', ['411122']), asked)).toEqual(areas);
  });
  it('goes by the digits of what is no area code', () => {
    expect(areasWithin(user('caseworker', ['411122']), '4111221')).toEqual(['4111221']);
  });
});

describe('allowAreas', () => {
  it('refuses an area outside, and nobody who asks for none', () => {
    expect(() => allowAreas(user('caseworker', ['411122']), '370000')).toThrow(AccessError);
    expect(allowAreas(user('caseworker', []))).toEqual([]);
  });
});
