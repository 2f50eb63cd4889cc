import { describe, expect, it } from 'vitest';
import { newbornEnrolment } from '../../../shared/assistance/newborns.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import type { Fact } from '../../../shared/facts/fact.ts';
import { coverageUpTo, day, fact } from '../scoring/household-builder.ts';
import { person } from './offered-family.ts';

const asOf = day('2024-04-12');
const born = { from: day('2024-01-01'), to: day('2024-12-31') };

function child(n: number, date: string, area: string): Fact {
  return { ...fact('health/birth-certificate', date, { bornOn: date }, { person: person(n) }), area };
}

const listed = (n: number, period = '2024-03') =>
  fact('medical-insurance/enrolment', `${period}-28`, { scheme: 'resident' }, { person: person(n), period });

function shares(facts: readonly Fact[], except: readonly string[] = []) {
  return newbornEnrolment(facts, born, { catalog, coverage: coverageUpTo(asOf, except), asOf, areaDigits: 6 });
}

describe('the share of newborns enrolled', () => {
  const births = [
    child(1, '2024-01-01', '360602001001'),
    child(2, '2024-02-09', '360602002'),
    child(3, '2024-03-30', '360681'),
    child(4, '2023-12-31', '360602'),
  ];

  it('counts those born in the stretch by the area of the certificate', () => {
    expect(shares([...births, listed(1), listed(4)])).toEqual([
      { area: '360602', born: 2, enrolled: 1, notEnrolled: 1, open: 0, share: 0.5 },
      { area: '360681', born: 1, enrolled: 0, notEnrolled: 1, open: 0, share: 0 },
    ]);
  });

  it('takes a child of an earlier list who is not on the latest for not enrolled', () => {
    expect(shares([births[0] as Fact, listed(1, '2024-02')])[0]).toMatchObject({ enrolled: 0, notEnrolled: 1 });
  });

  it('leaves out of the share whom the latest list cannot show', () => {
    const [area] = shares([...births.slice(0, 2), child(5, '2024-04-02', '360602'), listed(1), listed(2)]);
    expect(area).toEqual({ area: '360602', born: 3, enrolled: 2, notEnrolled: 0, open: 1, share: 1 });
  });

  it('has no share while the list is late', () => {
    expect(shares(births, ['medical-insurance/enrolment']).map(({ open, share }) => [open, share])).toEqual([
      [2, null],
      [1, null],
    ]);
  });
});
