import { membershipChangedEvent } from '../../audit/make-event.ts';
import type { Instant, PlainDate } from '../../calendar/plain-date.ts';
import type { PersonKey } from '../../facts/fact.ts';
import type { HouseholdRegistry, PersonRegistration } from '../../ports/household-registry.ts';
import type { HouseholdId, Membership } from '../../registry/household.ts';
import { membershipText } from '../../registry/membership-text.ts';
import { body, type EmbeddedDatabase, integer, list, shortKey, text } from './database.ts';

const NO_MEMBERSHIPS = membershipText([]);

/** What is stored of a person; the memberships' text is made only when it is compared. */
interface Held {
  readonly id: number;
  readonly version: number;
  readonly ever: readonly HouseholdId[];
  readonly memberships: () => string;
}

/** Registrations in SQLite: a row per person, and a row for each household a person was ever placed in. */
export class SqliteHouseholdRegistry implements HouseholdRegistry {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async register(
    registrations: readonly PersonRegistration[],
    at: Instant,
  ): Promise<ReadonlyMap<PersonKey, readonly HouseholdId[]>> {
    const placed = new Map<PersonKey, readonly HouseholdId[]>();
    if (registrations.length === 0) return placed;
    this.#database.write(() => {
      const held = this.#heldOf(registrations.map((registration) => registration.person));
      for (const registration of registrations) {
        const { person } = registration;
        const before = held.get(person);
        if (before !== undefined && before.version >= registration.version) {
          placed.set(person, before.ever);
          continue;
        }
        const after = this.#keep(registration, before, at);
        held.set(person, after);
        placed.set(person, after.ever);
      }
    });
    return placed;
  }

  #heldOf(persons: readonly PersonKey[]): Map<PersonKey, Held> {
    const asked = new Map<string, PersonKey>(persons.map((person) => [person, person]));
    const found = new Map<PersonKey, Held>();
    const rows = this.#database.all(
      `SELECT persons.id, person, version, ever, body
         FROM json_each(?) AS asked CROSS JOIN persons ON persons.short = asked.value`,
      JSON.stringify([...new Set(persons.map(shortKey))]),
    );
    for (const [id, column, version, ever, stored] of rows) {
      const person = asked.get(text(column));
      if (person === undefined) continue;
      found.set(person, {
        id: integer(id),
        version: integer(version),
        ever: list<HouseholdId>(ever),
        memberships: () => membershipText(registrationOf(stored).memberships),
      });
    }
    return found;
  }

  #keep(registration: PersonRegistration, before: Held | undefined, at: Instant): Held {
    const { person, memberships, version } = registration;
    const everBefore = before?.ever ?? [];
    const ever = [...new Set([...everBefore, ...memberships.map((membership) => membership.household)])];
    const stored = JSON.stringify(registration);
    let id = before?.id;
    if (id === undefined) {
      this.#database.run(
        'INSERT INTO persons (short, person, version, ever, body) VALUES (?, ?, ?, ?, ?)',
        shortKey(person),
        person,
        version,
        JSON.stringify(ever),
        stored,
      );
      id = this.#database.lastId();
    } else {
      this.#database.run(
        'UPDATE persons SET version = ?, ever = ?, body = ? WHERE id = ?',
        version,
        JSON.stringify(ever),
        stored,
        id,
      );
    }
    const told = membershipText(memberships);
    if ((before?.memberships() ?? NO_MEMBERSHIPS) !== told) {
      for (const household of ever) {
        this.#database.run(
          `INSERT INTO placements (household, person, until) VALUES (?, ?, ?)
             ON CONFLICT DO UPDATE SET until = excluded.until`,
          household,
          person,
          lastDayIn(household, memberships),
        );
      }
      this.#database.emit(membershipChangedEvent(person, memberships, version, at));
    }
    return { id, version, ever, memberships: () => told };
  }

  async membersOf(households: readonly HouseholdId[]): Promise<ReadonlyMap<HouseholdId, readonly PersonRegistration[]>> {
    const found = new Map<HouseholdId, PersonRegistration[]>();
    if (households.length === 0) return found;
    const asked = new Map<string, HouseholdId>(households.map((household) => [household, household]));
    const rows = this.#database.all(
      `SELECT placements.household, placements.person
         FROM json_each(?) AS asked CROSS JOIN placements ON placements.household = asked.value`,
      JSON.stringify([...asked.keys()]),
    );
    const registrations = await this.ofPersons([...new Set(rows.map(([, person]) => text(person) as PersonKey))]);
    for (const [column, person] of rows) {
      const household = asked.get(text(column));
      const registration = registrations.get(text(person) as PersonKey);
      if (household === undefined || registration === undefined) continue;
      const members = found.get(household);
      if (members === undefined) found.set(household, [registration]);
      else members.push(registration);
    }
    return found;
  }

  async ofPersons(persons: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, PersonRegistration>> {
    const found = new Map<PersonKey, PersonRegistration>();
    if (persons.length === 0) return found;
    const asked = new Set(persons);
    const rows = this.#database.all(
      'SELECT persons.body FROM json_each(?) AS asked CROSS JOIN persons ON persons.short = asked.value',
      JSON.stringify([...new Set(persons.map(shortKey))]),
    );
    for (const [stored] of rows) {
      const registration = registrationOf(stored);
      if (asked.has(registration.person)) found.set(registration.person, registration);
    }
    return found;
  }

  async households(query: {
    readonly limit: number;
    readonly after?: string;
    readonly livedInFrom?: PlainDate;
  }): Promise<{ readonly households: readonly HouseholdId[]; readonly next?: string }> {
    const rows = this.#database.all(
      `SELECT DISTINCT household FROM placements
        WHERE household > ?
          AND (until IS NULL OR until >= ? OR EXISTS (SELECT 1 FROM standings WHERE standings.household = placements.household))
        ORDER BY household LIMIT ?`,
      query.after ?? '',
      query.livedInFrom ?? '',
      query.limit,
    );
    const households = rows.map(([household]) => text(household) as HouseholdId);
    const last = households.at(-1);
    return households.length < query.limit || last === undefined ? { households } : { households, next: last };
  }
}

function registrationOf(stored: Parameters<typeof text>[0]): PersonRegistration {
  return body<PersonRegistration>(stored, ['person', 'memberships', 'version']);
}

/** The last day of somebody's time in a household: null while it lasts, empty text when they are no longer said to have been there. */
function lastDayIn(household: HouseholdId, memberships: readonly Membership[]): string | null {
  let last = '';
  for (const membership of memberships) {
    if (membership.household !== household) continue;
    if (membership.to === undefined) return null;
    if (membership.to > last) last = membership.to;
  }
  return last;
}
