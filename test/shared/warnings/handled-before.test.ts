import { describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import type { PersonKey } from '../../../shared/facts/fact.ts';
import type { PersonRegistration } from '../../../shared/ports/household-registry.ts';
import type { HouseholdId } from '../../../shared/registry/household.ts';
import { type HandledSources, handledBefore, handledTogether } from '../../../shared/warnings/handled-before.ts';
import type { HandledBaseline } from '../../../shared/warnings/warning.ts';
import { instant, personKey } from '../../builders/facts.ts';
import { membership, registration } from '../../builders/registrations.ts';
import { householdId, standing } from '../../builders/standings.ts';

const TODAY = '2024-06-20' as PlainDate;

function handling(minutes: number, values: HandledBaseline['values'], changes: Partial<HandledBaseline> = {}): HandledBaseline {
  return { at: instant(minutes), gradeRank: 2, values, rows: [`file ${minutes}`], ...changes };
}

describe('what was on the table at two handlings', () => {
  const [early, late] = [handling(1, { medical: 600_000, fire: 1 }, { gradeRank: 1 }), handling(9, { medical: 500_000 })];

  it.each([
    ['the earlier first', early, late],
    ['the later first', late, early],
  ])('is the larger of each value, every row, the most urgent grade and the later moment: %s', (_, a, b) => {
    const both = handledTogether(a, b);
    expect({ ...both, rows: both?.rows?.toSorted() }).toEqual({
      at: instant(9),
      gradeRank: 1,
      values: { medical: 600_000, fire: 1 },
      rows: ['file 1', 'file 9'],
    });
  });

  it('says nothing of rows when one of them noted none: otherwise every row of it would be news', () => {
    const { rows: _, ...unnoted } = early;
    expect(handledTogether(unnoted, late)).not.toHaveProperty('rows');
  });

  it('is the one when there is only one', () => {
    expect([handledTogether(early, undefined), handledTogether(undefined, late), handledTogether(undefined, undefined)]).toEqual([
      early,
      late,
      undefined,
    ]);
  });
});

describe('what was handled where people came from', () => {
  const MOVED = registration(1, 1, [
    membership(1, { to: '2024-03-31' as PlainDate }),
    membership(7, { from: '2024-04-01' as PlainDate }),
  ]);
  const STAYED = registration(2, 1, [membership(1)]);
  const handled = handling(3, { medical: 600_000 });

  function sources(people: readonly PersonRegistration[]): HandledSources {
    const ever = ({ memberships }: PersonRegistration) => memberships.map(({ household }) => household);
    return {
      registry: {
        membersOf: async (ids) => new Map(ids.map((id) => [id, people.filter((one) => ever(one).includes(id))])),
        everOf: async (persons) =>
          new Map<PersonKey, HouseholdId[]>(
            people.filter(({ person }) => persons.includes(person)).map((one) => [one.person, ever(one)]),
          ),
      },
      standings: { load: async () => new Map([[householdId(1), [standing(1, 1, { handled })]]]) },
    };
  }
  const comesAlong = (...people: readonly PersonRegistration[]) =>
    handledBefore(sources(people), new Map([[householdId(7), [MOVED]]]), TODAY);

  it('comes along when everybody has left there', async () => {
    expect((await comesAlong(MOVED)).get(householdId(7))?.get('entry')).toEqual(handled);
    expect(MOVED.person).toBe(personKey(1));
  });

  it('stays with those who stayed', async () => {
    expect(await comesAlong(MOVED, STAYED)).toEqual(new Map());
  });
});
