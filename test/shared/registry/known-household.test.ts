import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { knownHousehold } from '../../../shared/registry/known-household.ts';
import { CaseOffice } from '../../builders/case-office.ts';
import { factChunk, factRow, feedId, fileId, fileSequence, instant, personKey } from '../../builders/facts.ts';
import { membership, registration } from '../../builders/registrations.ts';
import { householdId } from '../../builders/standings.ts';

const MOVED_OUT = membership(1, { to: '2024-02-29' as PlainDate });

describe('a household as it is known today', () => {
  let office: CaseOffice;
  beforeEach(() => {
    office = new CaseOffice();
  });
  afterEach(() => office.close());

  const known = () => {
    const { households: registry, facts } = office.embedded;
    return knownHousehold({ catalog, registry, facts, clock: office.deps.clock }, householdId(1));
  };
  const livesIn = (n: number, area: string, seq: number) =>
    office.embedded.facts.append([
      factChunk({
        person: personKey(n),
        feed: feedId('civil-affairs/low-income-register'),
        file: fileId(seq),
        seq: fileSequence(seq),
        rows: [factRow({ area, fields: { householdNumber: String(n) } })],
      }),
    ]);

  it('has members of today, and the facts of those who moved out too', async () => {
    await office.embedded.households.register(
      [registration(1, 1, [membership(1)]), registration(2, 1, [MOVED_OUT, membership(2, { from: '2024-03-01' as PlainDate })])],
      instant(),
    );
    await livesIn(1, '410102001203', 1);
    await livesIn(2, '410305002101', 2);
    const { people, members, facts, area } = await known();
    expect(people.map(({ person }) => person).sort()).toEqual([personKey(1), personKey(2)].sort());
    expect(members.map(({ person }) => person)).toEqual([personKey(1)]);
    expect(facts).toHaveLength(2);
    // Who moved to another county last does not take the household there.
    expect(area).toBe('410102001203');
  });

  it('lies where those lived who last belonged to it, when nobody does any more', async () => {
    await office.embedded.households.register([registration(1, 1, [MOVED_OUT])], instant());
    await livesIn(1, '410102001203', 1);
    expect(await known()).toMatchObject({ members: [], area: '410102001203' });
  });

  it('is nobody and nowhere when there is no such household', async () => {
    expect(await known()).toEqual({ people: [], members: [], chunks: [], facts: [], area: '' });
  });
});
