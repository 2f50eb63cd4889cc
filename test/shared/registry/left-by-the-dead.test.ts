import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import type { PersonRegistration } from '../../../shared/ports/household-registry.ts';
import type { Membership } from '../../../shared/registry/household.ts';
import { bereaved, householdLeftWith, livingElsewhere } from '../../../shared/registry/left-by-the-dead.ts';
import { personKey } from '../../builders/facts.ts';
import { membership, registration } from '../../builders/registrations.ts';
import { householdId } from '../../builders/standings.ts';

const day = (text: string) => text as PlainDate;
const TODAY = day('2024-06-20');
const HOME = 1;

/** So many years in the home of all of them, until a day. */
function home(to: string | undefined, changes: Partial<Membership> = {}): Membership {
  return membership(HOME, {
    basis: 'registered',
    from: day('2001-05-01'),
    head: false,
    relation: 'child',
    ...(to === undefined ? {} : { to: day(to) }),
    ...changes,
  });
}

function since(household: number, from: string, changes: Partial<Membership> = {}): Membership {
  return membership(household, { from: day(from), ...changes });
}

const DEAD = registration(1, 1, [home('2024-04-10', { head: true, relation: 'head' })]);
const WIDOW = registration(2, 1, [home('2024-03-31', { relation: 'spouse' }), since(7, '2024-04-01')]);
const DAUGHTER = registration(3, 1, [home('2024-05-31'), since(8, '2024-06-01')]);

function leftWith(...survivors: readonly PersonRegistration[]) {
  return householdLeftWith(DEAD, [DEAD, ...survivors], TODAY);
}

describe('the bills of somebody who died', () => {
  it('stay where anybody of the household still lives', () => {
    const son = registration(4, 1, [home(undefined)]);
    expect(leftWith(WIDOW, son)).toBe(householdId(HOME));
  });

  it('go with the last to leave, also when a register in months lists them from before the day of death', () => {
    expect(leftWith(WIDOW)).toBe(householdId(7));
    expect(leftWith(DAUGHTER)).toBe(householdId(8));
  });

  it('go with one household only when the family parts: with the spouse before the children', () => {
    expect(leftWith(DAUGHTER, WIDOW)).toBe(householdId(7));
    expect(leftWith(WIDOW, DAUGHTER)).toBe(householdId(7));
  });

  it('go with the head of the household when it is a child who died', () => {
    const child = registration(1, 1, [home('2024-04-10')]);
    const father = registration(5, 1, [home('2024-04-30', { head: true, relation: 'head' }), since(9, '2024-05-01')]);
    expect(householdLeftWith(child, [child, WIDOW, father], TODAY)).toBe(householdId(9));
  });

  it('go on with the child when the widow dies too', () => {
    const widow = registration(2, 1, [
      home('2024-03-31', { relation: 'spouse' }),
      since(7, '2024-04-01', { to: day('2024-06-01') }),
    ]);
    expect(leftWith(widow, DAUGHTER)).toBe(householdId(8));
  });

  it('are no matter of somebody who had left before the month of death', () => {
    const divorced = registration(6, 1, [home('2024-03-30', { relation: 'spouse' }), since(7, '2024-03-31')]);
    expect(leftWith(divorced)).toBeUndefined();
  });

  it('are no matter of somebody who came after the death and left again', () => {
    const lodger = registration(6, 1, [home('2024-05-31', { from: day('2024-04-11') }), since(7, '2024-06-01')]);
    expect(leftWith(lodger)).toBeUndefined();
  });

  it('are nobody’s on the day of death, when the household still counts as it was', () => {
    expect(householdLeftWith(DEAD, [DEAD, WIDOW], day('2024-04-10'))).toBeUndefined();
    expect(householdLeftWith(DEAD, [DEAD, WIDOW], day('2024-04-11'))).toBe(householdId(7));
  });
});

describe('people of an earlier household with a death', () => {
  const registry = (people: readonly PersonRegistration[]) => ({
    asked: [] as string[],
    async membersOf(households: readonly string[]) {
      this.asked.push(...households);
      return new Map(
        households.map((id) => [
          id as never,
          people.filter(({ memberships }) => memberships.some((one) => one.household === id)),
        ]),
      );
    },
  });

  it('are found from the household the widow lives in now, and she is not named twice', async () => {
    const found = await bereaved(registry([DEAD, WIDOW, DAUGHTER]), new Map([[householdId(7), [WIDOW]]]), TODAY);
    expect(found.get(householdId(7))?.map(({ person }) => person)).toEqual([personKey(1), personKey(3)]);
  });

  it('are not asked for where nobody lived anywhere else but alone', async () => {
    const asked = registry([]);
    const alone = registration(2, 1, [membership(5, { basis: 'alone', to: day('2024-03-31') }), since(7, '2024-04-01')]);
    expect(await bereaved(asked, new Map([[householdId(7), [alone]]]), TODAY)).toEqual(new Map());
    expect(asked.asked).toEqual([]);
  });

  it('are none where nobody has died', async () => {
    const father = registration(5, 1, [home(undefined, { head: true, relation: 'head' })]);
    expect(await bereaved(registry([father, WIDOW]), new Map([[householdId(7), [WIDOW]]]), TODAY)).toEqual(new Map());
  });

  it('live in the households to be looked at again once nobody is left behind', () => {
    expect(livingElsewhere(householdId(HOME), [DEAD, WIDOW, DAUGHTER], TODAY)).toEqual([householdId(7), householdId(8)]);
    expect(livingElsewhere(householdId(HOME), [DEAD, WIDOW, registration(4, 1, [home(undefined)])], TODAY)).toEqual([]);
    expect(livingElsewhere(householdId(7), [WIDOW], TODAY)).toEqual([]);
  });
});
