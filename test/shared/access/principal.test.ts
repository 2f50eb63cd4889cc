import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { principalOfClaims, scopePrefix } from '../../../shared/access/principal.ts';

describe('scopePrefix', () => {
  it.each([
    ['411122000000', '411122'],
    ['411122', '411122'],
    ['410000', '41'],
    ['411100', '4111'],
    ['411122100', '411122100'],
    ['411122100000', '411122100'],
    ['411122100201', '411122100201'],
    ['41', '41'],
    ['*', ''],
  ])('reads %s as the prefix "%s"', (code, prefix) => {
    expect(scopePrefix(code)).toBe(prefix);
  });

  it.each(['', '0', '000000', '4111x2', '41112', '4111221002', 'henan', '４１'])('reads "%s" as no area', (code) => {
    expect(scopePrefix(code)).toBeUndefined();
  });

  it('never yields a wider scope than the digits that are not zero', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 14 }), (text) => {
        const prefix = scopePrefix(text);
        return prefix === undefined || text === '*' || (text.startsWith(prefix) && prefix.length >= 2);
      }),
    );
  });
});

describe('principalOfClaims', () => {
  it('reads the list form of the HTTP API authorizer', () => {
    expect(
      principalOfClaims({ sub: 'u1', 'cognito:groups': '[caseworker auditor]', 'custom:areas': '411122 370602', name: '王某' }),
    ).toEqual({ id: 'u1', name: '王某', roles: ['caseworker', 'auditor'], areas: ['411122', '370602'], departments: [] });
  });

  it('reads arrays and commas', () => {
    expect(principalOfClaims({ sub: 'u2', 'cognito:groups': ['department'], 'custom:departments': 'education,housing' })).toEqual(
      { id: 'u2', roles: ['department'], areas: [], departments: ['education', 'housing'] },
    );
  });

  it('leaves out roles and areas it does not know', () => {
    expect(principalOfClaims({ sub: 'u3', 'cognito:groups': 'root caseworker', 'custom:areas': '41112,x,411122' })).toMatchObject(
      {
        roles: ['caseworker'],
        areas: ['411122'],
      },
    );
  });

  it.each([[undefined], [null], [{}], [{ sub: '' }], [{ sub: 1 }], ['sub']])('names nobody for %j', (claims) => {
    expect(principalOfClaims(claims)).toBeUndefined();
  });
});
