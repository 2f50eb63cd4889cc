import { describe, expect, it } from 'vitest';
import { coverageOf, coverageOfList } from '../../../shared/facts/coverage.ts';
import { deliveredOf } from '../../../shared/warnings/assessed-inputs.ts';
import { arrival, deliveryBy } from '../../builders/files.ts';

describe('what is worked out of a list of deliveries', () => {
  const list = [deliveryBy(arrival(1)), deliveryBy(arrival(2), { county: '410103' })];

  it('is worked out once for a list, and is what its deliveries give', () => {
    const known = coverageOfList(list);
    expect(known).toEqual(coverageOf(list));
    expect(coverageOfList(list)).toBe(known);
    const digest = deliveredOf(list)();
    expect(deliveredOf(list)()).toBe(digest);
    expect(deliveredOf([...list])()).toEqual(digest);
  });

  it('is worked out anew for another list', () => {
    const longer = [...list, deliveryBy(arrival(3), { county: '410104' })];
    expect(coverageOfList(longer)).toEqual(coverageOf(longer));
    expect(deliveredOf(longer)().count).toBe(3);
  });
});
