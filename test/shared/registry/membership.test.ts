import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import type { Fact, FactValue } from '../../../shared/facts/fact.ts';
import { categoryOf, membershipOn, membershipsOf, membersOn } from '../../../shared/registry/membership.ts';
import { pseudonymsOf } from '../../../shared/registry/pseudonym.ts';
import { feedId, fileId, fileSequence, instant, personKey } from '../../builders/facts.ts';

const pseudonyms = pseudonymsOf(new Uint8Array(32).fill(7));
const day = (text: string) => text as PlainDate;
const person = personKey(1);

function fact(feed: string, fields: Record<string, FactValue>, changes: Partial<Fact> = {}): Fact {
  return {
    person,
    feed: feedId(feed),
    file: fileId(1),
    seq: fileSequence(1),
    row: 4,
    recordedAt: instant(),
    key: JSON.stringify(fields),
    from: day('2024-03-31'),
    area: '411122001',
    fields,
    ...changes,
  };
}

function declared(number: string, from: string, to?: string, more: Record<string, FactValue> = {}): Fact {
  const dates = { benefitFrom: from, ...(to === undefined ? {} : { benefitTo: to }) };
  return fact(
    'civil-affairs/low-income-register',
    { householdNumber: number, category: 'near-poor', relation: 'child', ...dates, ...more },
    { from: day(from), ...(to === undefined ? {} : { to: day(to) }) },
  );
}

const registered = (number: string) =>
  fact('public-security/household-registration', { householdNumber: number, relation: 'head' });
const died = (on: string) => fact('public-security/death-registration', { diedOn: on }, { from: day(on) });
const memberships = (...facts: Fact[]) => membershipsOf(person, facts, catalog, pseudonyms);

describe('placing a person in households', () => {
  it('gives a person nobody placed a household of one', () => {
    expect(memberships()).toMatchObject([{ basis: 'alone', head: true, category: 'none' }]);
  });

  it('uses the police register’s number where nothing was declared', () => {
    const [only] = memberships(registered('411122-88'));
    expect(only).toMatchObject({ basis: 'registered', head: true });
    expect(only?.household).toBe(pseudonyms.household('registered:411122:411122-88'));
  });

  it.each([
    ['until the last day of the calendar, as some write what has no end', '2023-05-01', '2199-12-31', '2023-05-01'],
    ['since its first', '1850-01-01', undefined, '1850-01-01'],
  ])('takes a declaration %s', (_, from, to, since) => {
    const stretches = memberships(registered('88'), declared('D1', from, to));
    expect(stretches.at(-1)).toMatchObject({ basis: 'declared', from: since });
    expect(stretches.at(-1)?.to).toBeUndefined();
  });

  it('lets a declaration take over from its first day, and gives back when it ends', () => {
    const stretches = memberships(registered('88'), declared('D1', '2023-05-01', '2024-02-29'));
    expect(stretches.map(({ basis, from, to }) => [basis, from, to])).toEqual([
      ['registered', undefined, '2023-04-30'],
      ['declared', '2023-05-01', '2024-02-29'],
      ['registered', '2024-03-01', undefined],
    ]);
  });

  it('keeps category over time when the declaration changes', () => {
    const up = declared('D1', '2024-02-01', undefined, { category: 'minimum-living-allowance' });
    const stretches = memberships(declared('D1', '2023-05-01'), up);
    expect(stretches.filter((one) => one.basis === 'declared').map(({ category, from, to }) => [category, from, to])).toEqual([
      ['near-poor', '2023-05-01', '2024-01-31'],
      ['minimum-living-allowance', '2024-02-01', undefined],
    ]);
  });

  it('puts a person declared in two households into the one declared later', () => {
    const stretches = memberships(declared('D1', '2023-05-01'), declared('D2', '2023-09-01'));
    expect(membershipOn(stretches, day('2024-01-01'))?.household).toBe(pseudonyms.household('declared:411122:D2'));
    expect(membershipOn(stretches, day('2023-08-31'))?.household).toBe(pseudonyms.household('declared:411122:D1'));
  });

  it('takes the later row of a file that declares a person in two households since the same day, whatever key the rows have', () => {
    const first = { ...declared('D1', '2023-05-01'), row: 9 };
    const second = { ...declared('D2', '2023-05-01'), row: 10 };
    for (const [a, b] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const stretches = memberships({ ...first, key: a }, { ...second, key: b });
      expect(stretches.at(-1)?.household).toBe(pseudonyms.household('declared:411122:D2'));
    }
  });

  it('takes a person back to the household that the latest file declares again as it was before', () => {
    const back = { ...declared('D1', '2023-05-01'), seq: fileSequence(1), saidAgain: fileSequence(3) };
    const between = { ...declared('D2', '2023-05-01'), seq: fileSequence(2) };
    expect(memberships(back, between).at(-1)?.household).toBe(pseudonyms.household('declared:411122:D1'));
    // A file of all that was ever declared says both again: the one that was new last is the change.
    const both = memberships(back, { ...between, saidAgain: fileSequence(3) });
    expect(both.at(-1)?.household).toBe(pseudonyms.household('declared:411122:D2'));
  });

  it('does not mix up households of two counties that use the same number', () => {
    const [here] = memberships(declared('7', '2023-05-01')).slice(-1);
    const [there] = memberships({ ...declared('7', '2023-05-01'), area: '410102001' }).slice(-1);
    expect(here?.household).not.toBe(there?.household);
  });

  it('takes the head from the relation or from the head’s number', () => {
    const byNumber = declared('D1', '2023-05-01', undefined, { relation: 'other', headIdentityNumber: person });
    expect(memberships(byNumber).at(-1)?.head).toBe(true);
    expect(memberships(declared('D1', '2023-05-01')).at(-1)?.head).toBe(false);
  });

  it('ends every stretch at death', () => {
    const stretches = memberships(declared('D1', '2023-05-01'), died('2024-01-15'));
    expect(stretches.at(-1)).toMatchObject({ basis: 'declared', to: '2024-01-15' });
    expect(membershipOn(stretches, day('2024-01-16'))).toBeUndefined();
  });

  it('drops a declaration that begins after death', () => {
    expect(memberships(declared('D1', '2024-03-01'), died('2024-01-15')).map((one) => one.basis)).toEqual(['alone']);
  });

  it('covers every day exactly once, whatever was declared, in whatever order', () => {
    const dates = fc.integer({ min: 1, max: 28 }).map((n) => `2024-01-${String(n).padStart(2, '0')}`);
    const claim = fc.tuple(fc.constantFrom('D1', 'D2', 'D3'), dates, fc.option(dates, { nil: undefined }));
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 5 }), fc.boolean(), (claims, hukou) => {
        const facts = claims.map(([number, from, to]) => declared(number, from, to !== undefined && to >= from ? to : undefined));
        const all = hukou ? [...facts, registered('88')] : facts;
        const stretches = memberships(...all);
        expect(memberships(...all.toReversed())).toEqual(stretches);
        for (let n = 1; n <= 31; n += 1) {
          const today = `2024-01-${String(n).padStart(2, '0')}`;
          const holding = stretches.filter((one) => (one.from ?? '') <= today && today <= (one.to ?? '9999'));
          expect(holding).toHaveLength(1);
        }
      }),
    );
  });
});

describe('a household’s members on a day', () => {
  const household = pseudonyms.household('declared:411122:D1');
  const entry = (n: number, ...facts: Fact[]) => ({
    person: personKey(n),
    birth: day('1980-01-01'),
    sex: 'female' as const,
    memberships: membershipsOf(personKey(n), facts, catalog, pseudonyms),
    version: 1,
  });

  it('are those whose membership holds that day', () => {
    const people = [entry(1, declared('D1', '2023-05-01', '2024-01-31')), entry(2, declared('D1', '2024-01-01'))];
    expect(membersOn(household, people, day('2024-01-15'))).toHaveLength(2);
    expect(membersOn(household, people, day('2024-02-15')).map((member) => member.person)).toEqual([personKey(2)]);
  });

  it('give the household the strongest category any of them is declared under', () => {
    const people = [
      entry(1, declared('D1', '2023-05-01')),
      entry(2, declared('D1', '2023-05-01', undefined, { category: 'minimum-living-allowance' })),
    ];
    expect(categoryOf(membersOn(household, people, day('2024-01-15')))).toBe('minimum-living-allowance');
  });
});
