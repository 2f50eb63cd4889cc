import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { DATABASE_FILE, shortKey } from '../../../../shared/adapters/embedded/database.ts';
import { MIGRATIONS } from '../../../../shared/adapters/embedded/migrations.ts';
import { openEmbedded } from '../../../../shared/adapters/embedded/open-embedded.ts';
import type { PlainDate } from '../../../../shared/calendar/plain-date.ts';
import { instant, personKey } from '../../../builders/facts.ts';
import { membership, registration } from '../../../builders/registrations.ts';
import { householdId, standing, warning } from '../../../builders/standings.ts';
import { withFolder } from './data-folder.ts';

/** The step that made rows of people, placements and standings narrow. */
const NARROW = 5;

it('keeps people, placements and standings when their rows are made narrow', () =>
  withFolder(async (folder) => {
    const left = membership(7, { to: '2024-01-31' as PlainDate, basis: 'registered', attributes: {} });
    const now = membership(2, { from: '2024-02-01' as PlainDate, attributes: { residence: 'rural', days: 3, 临时: false } });
    const kept = registration(1, 5, [left, now]);
    const alone = registration(2, 1, []);
    const told = standing(2, 3, { warning: warning(2) });
    const sql = new DatabaseSync(join(folder, DATABASE_FILE));
    for (const step of MIGRATIONS.slice(0, NARROW)) sql.exec(step);
    sql.exec(`PRAGMA user_version = ${NARROW}`);
    const person = sql.prepare('INSERT INTO persons (short, person, version, ever, body) VALUES (?, ?, ?, ?, ?)');
    const ever = JSON.stringify([7, 9, 2].map(householdId));
    person.run(shortKey(kept.person), kept.person, 5, ever, JSON.stringify(kept));
    person.run(shortKey(alone.person), alone.person, 1, '[]', JSON.stringify(alone));
    const placement = sql.prepare('INSERT INTO placements (household, person, until) VALUES (?, ?, ?)');
    placement.run(householdId(7), kept.person, '2024-01-31');
    placement.run(householdId(9), kept.person, '');
    placement.run(householdId(2), kept.person, null);
    sql
      .prepare('INSERT INTO standings (id, short, household, family, version, body) VALUES (8, ?, ?, ?, 3, ?)')
      .run(shortKey(told.household), told.household, told.family, JSON.stringify(told));
    sql.close();

    const { households, standings, close } = openEmbedded(folder);
    expect(await households.ofPersons([personKey(1), personKey(2)])).toEqual(
      new Map([
        [personKey(1), kept],
        [personKey(2), alone],
      ]),
    );
    const members = await households.membersOf([2, 7, 9].map(householdId));
    expect(members).toEqual(new Map([2, 7, 9].map((n) => [householdId(n), [kept]])));
    const livedIn = await households.households({ limit: 10, livedInFrom: '2024-04-01' as PlainDate });
    expect(livedIn.households).toEqual([householdId(2)]);
    const again = await households.register([kept, alone], instant());
    expect(new Set(again.get(personKey(1)))).toEqual(new Set([2, 7, 9].map(householdId)));
    expect(await standings.load([householdId(2)])).toEqual(new Map([[householdId(2), [told]]]));
    expect(await standings.save([{ standing: standing(2, 3), events: [], messages: [] }])).toHaveLength(1);
    expect(await standings.save([{ standing: standing(2, 4), events: [], messages: [] }])).toEqual([]);
    close();
  }));
