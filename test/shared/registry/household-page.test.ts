import { describe, expect, it } from 'vitest';
import { AccessError } from '../../../shared/access/policy.ts';
import { parsePurpose } from '../../../shared/access/purpose.ts';
import type { Access } from '../../../shared/access/read-trail.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { feedId } from '../../../shared/catalog/feed.ts';
import type { FactChunk } from '../../../shared/facts/fact.ts';
import { NotFoundError } from '../../../shared/ports/errors.ts';
import type { PersonRegistration } from '../../../shared/ports/household-registry.ts';
import { searchExact } from '../../../shared/registry/find-household.ts';
import { householdPage } from '../../../shared/registry/household-page.ts';
import type { HouseholdReading } from '../../../shared/registry/household-reading.ts';
import { factChunk, factRow, fileId, fileSequence, personKey } from '../../builders/facts.ts';
import { identityNumberOf, oldIdentityNumber } from '../../builders/identity.ts';
import { membership, registration } from '../../builders/registrations.ts';
import { householdId, standing, warning } from '../../builders/standings.ts';
import { demoApi, inside, pseudonyms, userOf } from '../../functions/serve-api/demo-api.ts';

const purpose = parsePurpose('review');
if (purpose === undefined) throw new Error('the purpose of the tests is none');
const access: Access = { principal: userOf('supervisor', ['']), purpose, request: 'r' };
const day = (text: string) => text as PlainDate;
const HOME = householdId(9);

function reading(people: readonly PersonRegistration[], chunks: readonly FactChunk[], changes: Partial<HouseholdReading> = {}) {
  const deps: HouseholdReading = {
    ...demoApi(undefined).deps,
    registry: {
      membersOf: async (ids) =>
        new Map(ids.map((id) => [id, people.filter((p) => p.memberships.some((m) => m.household === id))])),
      ofPersons: async (persons) => new Map(people.filter((p) => persons.includes(p.person)).map((p) => [p.person, p])),
    },
    facts: {
      ofPersons: async (persons) => new Map(persons.map((person) => [person, chunks.filter((chunk) => chunk.person === person)])),
    },
    standings: { load: async () => new Map(), past: async () => [] },
    ...changes,
  };
  return deps;
}

const bill = (person: number, date: string, key: string): FactChunk =>
  factChunk({ person: personKey(person), rows: [factRow({ from: day(date), key })] });

describe('householdPage', () => {
  it('lists present members first, the head before the others, and keeps those who left', async () => {
    const people = [
      registration(1, 1, [membership(9, { head: false, relation: 'child', to: day('2024-01-31') })]),
      registration(2, 1, [membership(9, { head: false, relation: 'spouse' })]),
      registration(3, 1, [membership(9)]),
    ];
    const page = await householdPage(reading(people, []), access, HOME);
    expect(page.members.map((member) => [member.relation, member.current, member.to])).toEqual([
      ['head', true, null],
      ['spouse', true, null],
      ['child', false, '2024-01-31'],
    ]);
  });

  it('says of a bill told under the numbers of two of the household which row counts', async () => {
    const people = [
      registration(1, 1, [membership(9)]),
      registration(2, 1, [membership(9, { head: false, relation: 'spouse' })]),
    ];
    const told = (person: number, file: number, row: number) =>
      factChunk({
        person: personKey(person),
        file: fileId(file),
        seq: fileSequence(file),
        rows: [factRow({ row, key: `k${file}`, fields: { settlementNumber: 'J1', selfPaid: 350_000 } })],
      });
    const page = await householdPage(reading(people, [told(1, 1, 4), told(2, 2, 7)]), access, HOME);
    expect(page.facts.map(({ row, countedBy }) => [row, countedBy])).toEqual([
      [7, undefined],
      [4, { fileId: fileId(2), row: 7 }],
    ]);
  });

  it('shows of a person who left only what happened until then', async () => {
    const people = [registration(1, 1, [membership(9, { to: day('2024-01-31') }), membership(8, { from: day('2024-02-01') })])];
    const page = await householdPage(
      reading(people, [bill(1, '2024-01-20', 'before'), bill(1, '2024-03-01', 'after')]),
      access,
      HOME,
    );
    expect(page.facts.map((fact) => fact.from)).toEqual(['2024-01-20']);
  });

  it('tells the category over time, oldest first, once for each stretch', async () => {
    const stretches = [
      membership(9, { category: 'near-poor', from: day('2022-01-01'), to: day('2022-12-31') }),
      membership(9, { category: 'minimum-living-allowance', from: day('2023-01-01') }),
    ];
    const born = membership(9, { category: 'minimum-living-allowance', from: day('2023-06-01'), head: false });
    const people = [registration(1, 1, stretches), registration(2, 1, stretches), registration(3, 1, [born])];
    const page = await householdPage(reading(people, []), access, HOME);
    expect(page.categories.map(({ category, from, to }) => [category, from, to])).toEqual([
      ['near-poor', '2022-01-01', '2022-12-31'],
      ['minimum-living-allowance', '2023-01-01', null],
    ]);
    expect(page.category).toBe('minimum-living-allowance');
  });

  it('leaves a gap in the category while nobody belonged to the household, and an open start where none was given', async () => {
    const { from: _, ...sinceEver } = membership(9, { category: 'near-poor', to: day('2022-12-31') });
    const people = [registration(1, 1, [sinceEver, membership(9, { category: 'near-poor', from: day('2023-02-01') })])];
    const page = await householdPage(reading(people, []), access, HOME);
    expect(page.categories.map(({ from, to }) => [from, to])).toEqual([
      [null, '2022-12-31'],
      ['2023-02-01', null],
    ]);
  });

  it('marks a household nobody declared as provisional', async () => {
    const alone = registration(1, 1, [membership(9, { basis: 'alone', category: 'none' })]);
    expect((await householdPage(reading([alone], []), access, HOME)).provisional).toBe(true);
  });

  it('sets withdrawn and handled warnings apart from open ones', async () => {
    const withdrawn = warning(9, { status: 'withdrawn', withdrawal: 'reason-taken-back' });
    const handled = warning(9, { status: 'handled' });
    const page = await householdPage(
      reading([registration(1, 1, [membership(9)])], [], {
        standings: {
          load: async () =>
            new Map([
              [
                HOME,
                [
                  standing(9, 2, { warning: withdrawn }),
                  standing(9, 1, { family: 'reject', warning: warning(9, { family: 'reject' }) }),
                ],
              ],
            ]),
          past: async () => [handled],
        },
      }),
      access,
      HOME,
    );
    expect(page.warnings.open.map((one) => one.family)).toEqual(['reject']);
    expect(page.warnings.past.map((one) => one.status)).toEqual(['withdrawn', 'handled']);
    expect(page.assessments.map((one) => one.family)).toEqual(['entry', 'reject']);
  });

  it('weighs the area by the facts while the household has not been assessed', async () => {
    const deps = reading([registration(1, 1, [membership(9)])], [bill(1, '2024-03-12', 'a')]);
    expect((await householdPage(deps, { ...access, principal: userOf('supervisor', ['4101']) }, HOME)).area).toBe('410102001');
    await expect(householdPage(deps, { ...access, principal: userOf('supervisor', ['37']) }, HOME)).rejects.toThrow(AccessError);
  });

  it('opens a household of unknown area to a scope of the whole deployment only', async () => {
    const deps = reading([registration(1, 1, [membership(9)])], []);
    expect((await householdPage(deps, access, HOME)).area).toBe('');
    await expect(householdPage(deps, { ...access, principal: userOf('supervisor', ['41']) }, HOME)).rejects.toThrow(AccessError);
  });

  it('finds the household by a member’s identity number, old and new', async () => {
    const { deps } = demoApi(undefined);
    for (const number of [inside.number, oldIdentityNumber(inside.number) ?? '', inside.number.toLowerCase()])
      expect((await householdPage(deps, access, number)).id).toBe(inside.household);
  });

  it.each(['H0', 'nobody', '', identityNumberOf('411122', day('1990-01-01'), 4), householdId(77)])(
    'answers "%s" as no such household',
    async (reference) => {
      await expect(householdPage(demoApi(undefined).deps, access, reference)).rejects.toThrow(NotFoundError);
    },
  );

  it('keeps a fact of a feed the catalogue has dropped, without its fields for a role that sees no sensitive ones', async () => {
    const chunk = { ...bill(1, '2024-03-12', 'a'), feed: feedId('gone', 'feed') };
    const auditor = { ...access, principal: userOf('auditor', ['']) };
    const page = await householdPage(reading([registration(1, 1, [membership(9)])], [chunk]), auditor, HOME);
    expect(page.facts).toMatchObject([{ feed: 'gone/feed', fields: {} }]);
  });
});

describe('searchExact', () => {
  it('finds nobody by a name nobody has, and still records the search', async () => {
    const { deps, events } = demoApi(undefined);
    expect(await searchExact(deps, access, { name: '李四' })).toEqual({ hits: [], more: false });
    expect(events).toMatchObject([{ type: 'data.searched', subject: { households: '' }, data: { found: 0 } }]);
  });

  it('says that a person no longer belongs to the household found', async () => {
    const person = pseudonyms.person(inside.number);
    const gone = { ...registration(1, 1, [membership(9, { to: day('2024-02-01') })]), person };
    const { hits } = await searchExact(reading([gone], []), access, { number: inside.number });
    expect(hits).toMatchObject([{ household: HOME, current: false }]);
  });

  describe('by a name that very many bear', () => {
    const TOWNSHIP = '411122100';
    /** A deployment in which `elsewhere` people of another province bear the name, and `here` of the township, whose keys come last. */
    const namesakes = (elsewhere: number, here: number) => {
      const people = Array.from({ length: elsewhere + here }, (_, n) => ({
        ...registration(n + 1, 1, [membership(n + 1)]),
        person: personKey(n + 1),
      }));
      const keys = people.map(({ person }) => person).sort();
      const local = new Set(keys.slice(elsewhere));
      const areas = new Map(
        people.map(({ person, memberships }) => [
          memberships[0]?.household,
          local.has(person) ? `${TOWNSHIP}207` : '370611001006',
        ]),
      );
      const asked: number[] = [];
      const deps = reading(people, [], {
        vault: {
          get: async () => new Map(),
          byName: async (_, limit, after) => {
            asked.push(limit);
            return keys.filter((key) => after === undefined || key > after).slice(0, limit);
          },
        },
        standings: {
          load: async (ids) =>
            new Map(ids.map((id, n) => [id, [standing(n + 1, 1, { household: id, area: areas.get(id) ?? '' })]])),
          past: async () => [],
        },
      });
      return { deps, asked };
    };
    const worker: Access = { ...access, principal: userOf('caseworker', [TOWNSHIP]) };

    it('finds the one of the reader’s area behind all those of other areas', async () => {
      const { deps } = namesakes(700, 1);
      const { hits, more } = await searchExact(deps, worker, { name: '张伟' });
      expect(hits.map(({ area }) => area)).toEqual([`${TOWNSHIP}207`]);
      expect(more).toBe(false);
    });

    it('says that there are more than it shows', async () => {
      const { deps } = namesakes(0, 60);
      const { hits, more } = await searchExact(deps, worker, { name: '张伟' });
      expect([hits.length, more]).toEqual([50, true]);
    });

    it('does not look at a whole province for one name, and says so', async () => {
      const { deps, asked } = namesakes(9_000, 1);
      const { hits, more } = await searchExact(deps, worker, { name: '张伟' });
      expect([hits.length, more]).toEqual([0, true]);
      expect(asked.reduce((sum, limit) => sum + limit, 0)).toBe(5_000);
    });
  });
});
