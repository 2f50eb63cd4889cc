import { membershipChangedEvents } from '../../audit/make-event.ts';
import type { Instant, PlainDate } from '../../calendar/plain-date.ts';
import type { PersonKey } from '../../facts/fact.ts';
import type { HouseholdRegistry, PersonRegistration } from '../../ports/household-registry.ts';
import type { HouseholdId, Membership } from '../../registry/household.ts';
import { membershipsOfText, membershipText } from '../../registry/membership-text.ts';
import { type Columns, type EmbeddedDatabase, integer, list, listText, shortKey, text } from './database.ts';

const NO_MEMBERSHIPS = membershipText([]);
/** From so many registrations at once on their placements wait to be sorted in. */
const MANY = 1_000;
/** Placements that may wait: sorting them in takes some tenths of a second, in which nobody else can write. */
const MAY_WAIT = 100_000;

/** A placement where it is read, and where it waits. */
const PLACE = `INSERT INTO placements (household, person, until) VALUES (unhex(substr(?, 2)), ?, ?)
  ON CONFLICT DO UPDATE SET until = excluded.until`;
const WAIT = 'INSERT INTO placements_waiting (household, person, until) VALUES (unhex(substr(?, 2)), ?, ?)';

/** What is stored of a person. */
interface Held {
  readonly id: number;
  readonly version: number;
  /** `membershipText`. */
  readonly memberships: string;
  /** Every household the person was ever placed in. */
  readonly ever: readonly HouseholdId[];
}

/**
 * Registrations in SQLite: a row per person, and a narrow row for each household a person was ever placed in. Households are
 * stored as the 12 bytes their id stands for: half of all rows are of households people were once alone in.
 *
 * Households have nothing to do with the order in which people are registered, so each batch of a large file would write
 * nearly every page of `placements` anew: 18 MB for 8,000 people. Such placements wait in the order of arrival and are sorted
 * in many at a time, before anybody reads placements.
 */
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
    // Made before the writer's turn.
    const texts = registrations.map((registration) => membershipText(registration.memberships));
    this.#database.write(() => {
      const held = this.#heldOf(registrations.map((registration) => registration.person));
      const waits = registrations.length >= MANY;
      // What waits is older than what is placed at once and must not come after it.
      if (!waits) this.#sortIn();
      const changed: PersonRegistration[] = [];
      for (const [index, registration] of registrations.entries()) {
        const { person } = registration;
        const before = held.get(person);
        if (before !== undefined && before.version >= registration.version) {
          placed.set(person, before.ever);
          continue;
        }
        const told = texts[index] ?? NO_MEMBERSHIPS;
        const after = this.#keep(registration, told, before);
        if (told !== (before?.memberships ?? NO_MEMBERSHIPS)) {
          this.#place(after, registration.memberships, waits ? WAIT : PLACE);
          changed.push(registration);
        }
        held.set(person, after);
        placed.set(person, after.ever);
      }
      for (const event of membershipChangedEvents(changed, at)) this.#database.emit(event);
      if (this.#waiting() > MAY_WAIT) this.#sortIn();
    });
    return placed;
  }

  #heldOf(persons: readonly PersonKey[]): Map<PersonKey, Held> {
    const asked = new Map<string, PersonKey>(persons.map((person) => [person, person]));
    const found = new Map<PersonKey, Held>();
    const rows = this.#database.all(
      `SELECT persons.id, person, version, memberships, past
         FROM json_each(?) AS asked CROSS JOIN persons ON persons.short = asked.value`,
      JSON.stringify([...new Set(persons.map(shortKey))]),
    );
    for (const [id, column, version, memberships, past] of rows) {
      const person = asked.get(text(column));
      if (person === undefined) continue;
      const stored = listText(memberships);
      const now = membershipsOfText(stored).map((membership) => membership.household);
      const ever = [...new Set([...now, ...(past === null ? [] : list<HouseholdId>(past))])];
      found.set(person, { id: integer(id), version: integer(version), memberships: stored, ever });
    }
    return found;
  }

  /** How many placements wait, those written over by later ones included. */
  #waiting(): number {
    return integer(this.#database.get('SELECT coalesce(max(id), 0) FROM placements_waiting')?.[0]);
  }

  /** Puts the placements that wait where they are read. Only inside `write`. */
  #sortIn(): void {
    if (this.#waiting() === 0) return;
    this.#database.run(
      `INSERT INTO placements (household, person, until)
         SELECT household, person, until FROM placements_waiting WHERE TRUE ORDER BY household, person, id
         ON CONFLICT DO UPDATE SET until = excluded.until`,
    );
    this.#database.run('DELETE FROM placements_waiting');
  }

  /** Before placements are read. */
  #settle(): void {
    if (this.#waiting() > 0) this.#database.write(() => this.#sortIn());
  }

  #keep(registration: PersonRegistration, told: string, before: Held | undefined): Held {
    const { memberships, version } = registration;
    const now = new Set(memberships.map((membership) => membership.household));
    const past = (before?.ever ?? []).filter((household) => !now.has(household));
    const id = this.#write(registration, told, past, before?.id);
    return { id, version, memberships: told, ever: [...now, ...past] };
  }

  #place({ id, ever }: Held, memberships: readonly Membership[], place: typeof PLACE | typeof WAIT): void {
    for (const household of ever) this.#database.run(place, household, id, lastDayIn(household, memberships));
  }

  #write(
    { person, birth, sex, version }: PersonRegistration,
    told: string,
    past: readonly HouseholdId[],
    id: number | undefined,
  ): number {
    const left = past.length === 0 ? null : JSON.stringify(past);
    if (id !== undefined) {
      this.#database.run(
        'UPDATE persons SET birth = ?, sex = ?, version = ?, memberships = ?, past = ? WHERE id = ?',
        birth,
        sex,
        version,
        told,
        left,
        id,
      );
      return id;
    }
    this.#database.run(
      'INSERT INTO persons (short, person, birth, sex, version, memberships, past) VALUES (?, ?, ?, ?, ?, ?, ?)',
      shortKey(person),
      person,
      birth,
      sex,
      version,
      told,
      left,
    );
    return this.#database.lastId();
  }

  async membersOf(households: readonly HouseholdId[]): Promise<ReadonlyMap<HouseholdId, readonly PersonRegistration[]>> {
    const found = new Map<HouseholdId, PersonRegistration[]>();
    if (households.length === 0) return found;
    this.#settle();
    const asked = [...new Set(households)];
    const rows = this.#database.all(
      `SELECT persons.person, birth, sex, memberships, version, asked.key
         FROM json_each(?) AS asked
        CROSS JOIN placements ON placements.household = unhex(substr(asked.value, 2))
        CROSS JOIN persons ON persons.id = placements.person`,
      JSON.stringify(asked),
    );
    for (const row of rows) {
      const household = asked[integer(row[5])];
      if (household === undefined) continue;
      const members = found.get(household);
      if (members === undefined) found.set(household, [registrationOf(row)]);
      else members.push(registrationOf(row));
    }
    return found;
  }

  async ofPersons(persons: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, PersonRegistration>> {
    const found = new Map<PersonKey, PersonRegistration>();
    if (persons.length === 0) return found;
    const asked = new Set(persons);
    const rows = this.#database.all(
      `SELECT person, birth, sex, memberships, version
         FROM json_each(?) AS asked CROSS JOIN persons ON persons.short = asked.value`,
      JSON.stringify([...new Set(persons.map(shortKey))]),
    );
    for (const row of rows) {
      const registration = registrationOf(row);
      if (asked.has(registration.person)) found.set(registration.person, registration);
    }
    return found;
  }

  async everOf(persons: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, readonly HouseholdId[]>> {
    return new Map([...this.#heldOf(persons)].map(([person, { ever }]) => [person, ever]));
  }

  async households(query: {
    readonly limit: number;
    readonly after?: string;
    readonly livedInFrom?: PlainDate;
  }): Promise<{ readonly households: readonly HouseholdId[]; readonly next?: string }> {
    this.#settle();
    const rows = this.#database.all(
      `SELECT 'H' || lower(hex(household)) FROM (
         SELECT DISTINCT household FROM placements
          WHERE household > unhex(substr(?, 2))
            AND (until IS NULL OR until >= ? OR EXISTS (SELECT 1 FROM standings WHERE standings.household = placements.household))
          ORDER BY household LIMIT ?)`,
      query.after ?? '',
      query.livedInFrom ?? '',
      query.limit,
    );
    const households = rows.map(([household]) => text(household) as HouseholdId);
    const last = households.at(-1);
    return households.length < query.limit || last === undefined ? { households } : { households, next: last };
  }
}

/** A row of person, birth, sex, memberships and version. */
function registrationOf([person, birth, sex, memberships, version]: Columns): PersonRegistration {
  return {
    person: text(person) as PersonKey,
    birth: text(birth) as PlainDate,
    sex: sex === 'male' ? 'male' : 'female',
    memberships: membershipsOfText(listText(memberships)),
    version: integer(version),
  };
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
