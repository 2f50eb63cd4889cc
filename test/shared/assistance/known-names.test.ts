import { describe, expect, it } from 'vitest';
import { knownDepartments, nearDepartments, nearMeasures } from '../../../shared/assistance/known-names.ts';
import { measures } from '../../../shared/assistance/measures.ts';

const ids = (names: readonly { readonly id: string }[]) => names.map(({ id }) => id);

describe('a name nobody knows', () => {
  it.each([
    ['temporay-aid', 'temporary-aid'],
    ['temporaryaid', 'temporary-aid'],
    ['small-rapid-releif', 'small-rapid-relief'],
    ['medical-assistance', 'medical-aid'],
  ])('of a measure, %s, has %s nearest', (asked, meant) => {
    expect(ids(nearMeasures(asked))[0]).toBe(meant);
  });

  it('of a department has the nearest departments, and none where nothing is near', () => {
    expect(ids(nearDepartments('medical-insurence'))).toEqual(['medical-insurance']);
    expect(nearDepartments('zzz')).toEqual([]);
  });

  it('is none of those that own a measure or send a feed', () => {
    for (const { department } of measures.values()) expect(knownDepartments.has(department)).toBe(true);
    expect(knownDepartments.get('public-security')?.zh).toBe('公安');
    expect(knownDepartments.get('womens-federation')?.zh).toBe('妇联');
  });
});
