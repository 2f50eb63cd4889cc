import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import type { Fact } from '../../../shared/facts/fact.ts';
import { isSameThing, toldAgain, toldOnce } from '../../../shared/facts/told-twice.ts';
import { feedId, fileId, fileSequence, instant, personKey } from '../../builders/facts.ts';

const INPATIENT = feedId('medical-insurance/inpatient-settlement');
const CHRONIC = feedId('medical-insurance/outpatient-chronic-settlement');

function bill(file: number, person: number, fields: Fact['fields'], changes: Partial<Fact> = {}): Fact {
  return {
    person: personKey(person),
    feed: INPATIENT,
    file: fileId(file),
    seq: fileSequence(file),
    row: 2,
    recordedAt: instant(),
    key: `${file}-${person}`,
    from: '2024-03-10' as PlainDate,
    fields: { settlementNumber: 'J1', hospital: '县人民医院', selfPaid: 350_000, totalCost: 900_000, ...fields },
    ...changes,
  };
}

const FIRST = bill(1, 1, {});

describe('facts of a household', () => {
  it('count once what a later file tells under the number of another of it: the later telling', () => {
    const later = bill(2, 2, {});
    expect(toldOnce([FIRST, later], catalog)).toEqual([later]);
    expect(toldOnce([later, FIRST], catalog)).toEqual([later]);
  });

  it('count it once also when the insurance paid otherwise for the other person', () => {
    expect(toldOnce([FIRST, bill(2, 2, { selfPaid: 120_000 })], catalog)).toHaveLength(1);
  });

  it('count it once within one file too, by the later row', () => {
    const below = bill(1, 2, {}, { row: 9 });
    expect(toldOnce([below, FIRST], catalog)).toEqual([below]);
  });

  it('count it once when the other row does not say where', () => {
    const { hospital: _, ...nowhere } = FIRST.fields;
    expect(toldOnce([FIRST, { ...bill(2, 2, {}), fields: nowhere }], catalog)).toHaveLength(1);
  });

  it.each([
    ['another number', bill(2, 2, { settlementNumber: 'J2' })],
    ['another day', bill(2, 2, {}, { from: '2024-03-11' as PlainDate })],
    ['another hospital', bill(2, 2, { hospital: '县中医院' })],
    ['other sums', bill(2, 2, { selfPaid: 350_001, totalCost: 900_001 })],
    ['money that came back', bill(2, 2, {}, { cameBack: 'of-unsent' })],
    ['another share of the person in another feed', bill(2, 1, { selfPaid: 350_001 }, { feed: CHRONIC })],
  ])('both count with %s', (_, other) => {
    expect(toldOnce([FIRST, other], catalog)).toEqual([FIRST, other]);
  });

  it('both count without any number', () => {
    const { settlementNumber: _, ...numberless } = FIRST.fields;
    const two = [
      { ...FIRST, fields: numberless },
      { ...bill(2, 2, {}), fields: numberless },
    ];
    expect(toldOnce(two, catalog)).toEqual(two);
  });

  it('count a stay once that is on the list of outpatients too', () => {
    const listed = bill(2, 1, {}, { feed: CHRONIC });
    // As a stay, whichever came later: it counts among the stays and in the year's sum alike.
    expect(toldOnce([FIRST, listed], catalog)).toEqual([FIRST]);
    expect(toldOnce([listed, bill(3, 1, {})], catalog)).toMatchObject([{ feed: INPATIENT }]);
    expect(isSameThing(FIRST, listed, catalog)).toBe(true);
  });

  it('say of three tellings which one counts', () => {
    const [second, third] = [bill(2, 2, {}), bill(3, 3, {})];
    expect([...toldAgain([FIRST, second, third], catalog)]).toEqual([
      [second, third],
      [FIRST, third],
    ]);
  });

  it('are handed on as they are where nothing is told twice', () => {
    const facts = [FIRST, bill(2, 2, { settlementNumber: 'J2' }), bill(3, 1, {}, { feed: feedId('education/enrolment') })];
    expect(toldOnce(facts, catalog)).toBe(facts);
  });
});
