import { describe, expect, it } from 'vitest';
import { type DomainEvent, linesOf } from '../../shared/audit/event.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import type { HouseholdRegistry } from '../../shared/ports/household-registry.ts';
import type { HouseholdId } from '../../shared/registry/household.ts';
import { instant, personKey } from '../builders/facts.ts';
import { membership, registration } from '../builders/registrations.ts';
import { householdId } from '../builders/standings.ts';
import { type SubjectMaker, withSubject } from './subject.ts';

/** Whose memberships an event says changed, and how they stand. */
const peopleOf = ({ data }: DomainEvent) => linesOf(data['people']);
const sorted = (ids: Iterable<string> | undefined) => [...(ids ?? [])].sort();

async function everyHousehold(registry: HouseholdRegistry, limit: number): Promise<HouseholdId[]> {
  const seen: HouseholdId[] = [];
  let after: string | undefined;
  do {
    const page = await registry.households({ limit, ...(after === undefined ? {} : { after }) });
    expect(page.households.length).toBeLessThanOrEqual(limit);
    seen.push(...page.households);
    after = page.next;
  } while (after !== undefined);
  return seen;
}

/** What every HouseholdRegistry promises. */
export function householdRegistryContract(name: string, maker: SubjectMaker<HouseholdRegistry>): void {
  describe(`household registry: ${name}`, () => {
    it('gives back a registration exactly as it was kept', () =>
      withSubject(maker, async (registry) => {
        const person = registration(1, 1, [
          membership(1, {
            to: '2024-02-01' as PlainDate,
            attributes: { 备注: '城镇', residence: 'urban', days: 3, split: false },
          }),
          membership(2, { basis: 'alone', category: 'none', relation: 'unknown', attributes: {} }),
        ]);
        expect(await registry.register([person], instant())).toEqual(new Map([[person.person, expect.anything()]]));
        expect((await registry.ofPersons([person.person])).get(person.person)).toEqual(person);
      }));

    it('answers with every household the person was ever placed in', () =>
      withSubject(maker, async (registry) => {
        const first = await registry.register([registration(1, 1, [membership(1)])], instant());
        expect(sorted(first.get(personKey(1)))).toEqual([householdId(1)]);
        const second = await registry.register([registration(1, 2, [membership(2), membership(3)])], instant());
        expect(sorted(second.get(personKey(1)))).toEqual([1, 2, 3].map(householdId));
        const third = await registry.register([registration(1, 3, [])], instant());
        expect(sorted(third.get(personKey(1)))).toEqual([1, 2, 3].map(householdId));
      }));

    it('names a household once when the person belonged to it twice', () =>
      withSubject(maker, async (registry) => {
        const twice = [membership(1, { to: '2023-06-30' as PlainDate }), membership(1, { from: '2024-01-01' as PlainDate })];
        const answer = await registry.register([registration(1, 1, twice)], instant());
        expect(answer.get(personKey(1))).toEqual([householdId(1)]);
        const members = (await registry.membersOf([householdId(1)])).get(householdId(1)) ?? [];
        expect(members).toHaveLength(1);
        expect(members[0]?.memberships).toEqual(twice);
      }));

    it('keeps what it has against a registration of the same or a lower version, and still answers', () =>
      withSubject(maker, async (registry, subject) => {
        await registry.register([registration(1, 5, [membership(1)])], instant());
        const same = await registry.register([registration(1, 5, [membership(2)])], instant());
        const lower = await registry.register([registration(1, 4, [])], instant());
        expect(same.get(personKey(1))).toContain(householdId(1));
        expect(lower.get(personKey(1))).toEqual([householdId(1)]);
        expect((await registry.ofPersons([personKey(1)])).get(personKey(1))?.memberships).toEqual([membership(1)]);
        expect(await subject.events()).toHaveLength(1);
      }));

    it('writes an event when the memberships differ and none when only the version does', () =>
      withSubject(maker, async (registry, subject) => {
        await registry.register([registration(1, 1, [membership(1)])], instant(1));
        await registry.register([registration(1, 2, [membership(1)])], instant(2));
        expect(await subject.events()).toHaveLength(1);
        await registry.register([registration(1, 3, [membership(1, { to: '2024-03-01' as PlainDate })])], instant(3));
        const events = await subject.events();
        expect(events).toHaveLength(2);
        for (const event of events) expect(event).toMatchObject({ type: 'membership.changed', actor: 'system', subject: {} });
        expect(events.flatMap(peopleOf).toSorted((a, b) => Number(a[1]) - Number(b[1]))).toEqual([
          [personKey(1), 1, householdId(1), 'declared', 'minimum-living-allowance', '2023-01-01', ''],
          [personKey(1), 3, householdId(1), 'declared', 'minimum-living-allowance', '2023-01-01', '2024-03-01'],
        ]);
        expect((await registry.ofPersons([personKey(1)])).get(personKey(1))?.version).toBe(3);
      }));

    it('writes no event for a person placed nowhere', () =>
      withSubject(maker, async (registry, subject) => {
        const answer = await registry.register([registration(1, 1, [])], instant());
        expect(answer.get(personKey(1))).toEqual([]);
        expect((await registry.ofPersons([personKey(1)])).get(personKey(1))?.version).toBe(1);
        expect(await subject.events()).toEqual([]);
      }));

    it('keeps the highest of simultaneous registrations of one person', () =>
      withSubject(maker, async (registry) => {
        await Promise.all(
          [3, 1, 5, 2, 4].map((version) => registry.register([registration(1, version, [membership(version)])], instant())),
        );
        expect((await registry.ofPersons([personKey(1)])).get(personKey(1))).toEqual(registration(1, 5, [membership(5)]));
        expect((await registry.membersOf([householdId(5)])).get(householdId(5))?.[0]?.memberships).toEqual([membership(5)]);
      }));

    it('finds everyone ever placed in a household, with the stretches they have in it now, possibly none', () =>
      withSubject(maker, async (registry) => {
        await registry.register(
          [
            registration(1, 1, [membership(1)]),
            registration(2, 1, [membership(1, { relation: 'spouse', head: false }), membership(2)]),
          ],
          instant(),
        );
        await registry.register([registration(2, 2, [membership(2)])], instant());
        const members = (await registry.membersOf([householdId(1)])).get(householdId(1)) ?? [];
        expect(sorted(members.map((member) => member.person))).toEqual(sorted([personKey(1), personKey(2)]));
        const moved = members.find((member) => member.person === personKey(2));
        expect((moved?.memberships ?? []).filter((stretch) => stretch.household === householdId(1))).toEqual([]);
        expect(moved?.version).toBe(2);
      }));

    it('tells of everyone ever placed in a household where else they have belonged, for who moved away has not died', () =>
      withSubject(maker, async (registry) => {
        const stretches = [
          membership(1, { to: '2024-03-31' as PlainDate }),
          membership(2, { from: '2024-04-01' as PlainDate, relation: 'spouse', head: false }),
        ];
        await registry.register([registration(1, 1, stretches)], instant());
        const [left] = (await registry.membersOf([householdId(1)])).get(householdId(1)) ?? [];
        expect(left?.memberships).toEqual(stretches);
        await registry.register([registration(1, 2, [membership(2)])], instant());
        const [gone] = (await registry.membersOf([householdId(1)])).get(householdId(1)) ?? [];
        expect(gone?.memberships).toEqual([membership(2)]);
      }));

    it('remembers every household somebody was ever placed in', () =>
      withSubject(maker, async (registry) => {
        await registry.register([registration(1, 1, [membership(1)]), registration(2, 1, [membership(1)])], instant());
        const answer = await registry.register([registration(1, 2, [membership(3), membership(2)])], instant());
        const ever = await registry.everOf([personKey(1), personKey(2), personKey(9)]);
        expect(sorted(ever.get(personKey(1)) ?? [])).toEqual([householdId(1), householdId(2), householdId(3)]);
        expect(sorted(ever.get(personKey(1)) ?? [])).toEqual(sorted(answer.get(personKey(1)) ?? []));
        expect([ever.get(personKey(2)), ever.has(personKey(9))]).toEqual([[householdId(1)], false]);
        expect(await registry.everOf([])).toEqual(new Map());
      }));

    it('says nothing of households and people it does not know, and takes empty lists', () =>
      withSubject(maker, async (registry) => {
        expect(await registry.register([], instant())).toEqual(new Map());
        expect(await registry.membersOf([])).toEqual(new Map());
        expect(await registry.ofPersons([])).toEqual(new Map());
        expect((await registry.membersOf([householdId(9)])).get(householdId(9)) ?? []).toEqual([]);
        expect((await registry.ofPersons([personKey(9)])).has(personKey(9))).toBe(false);
        expect(await registry.households({ limit: 5 })).toEqual({ households: [] });
      }));

    it('takes more people and households than one batch of any store holds', () =>
      withSubject(maker, async (registry, subject) => {
        const people = Array.from({ length: 130 }, (_, n) => registration(n, 1, [membership(Math.floor(n / 2))]));
        const answer = await registry.register(people, instant());
        expect(answer.size).toBe(130);
        expect((await registry.ofPersons(people.map((one) => one.person))).size).toBe(130);
        const members = await registry.membersOf(Array.from({ length: 65 }, (_, n) => householdId(n)));
        for (let n = 0; n < 65; n += 1) {
          const found = (members.get(householdId(n)) ?? []).map((member) => member.person);
          expect(sorted(found)).toEqual(sorted([personKey(2 * n), personKey(2 * n + 1)]));
        }
        const told = (await subject.events()).flatMap(peopleOf).map(([person]) => person);
        expect(told.toSorted()).toEqual(sorted(people.map((one) => one.person)));
      }));

    it('pages through all households ever placed, each once', () =>
      withSubject(maker, async (registry) => {
        const people = Array.from({ length: 45 }, (_, n) => registration(n, 1, [membership(n % 23)]));
        await registry.register(people, instant());
        await registry.register([registration(0, 2, [])], instant());
        const all = await everyHousehold(registry, 7);
        expect(sorted(all)).toEqual(sorted(Array.from({ length: 23 }, (_, n) => householdId(n))));
        expect(await everyHousehold(registry, 7)).toEqual(all);
        expect(await everyHousehold(registry, 23)).toEqual(all);
      }));
  });
}
