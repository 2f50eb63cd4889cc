import type { DomainEvent } from '../../audit/event.ts';
import { type HouseholdRead, readShown } from '../../audit/household-reads.ts';
import type { HouseholdReadQuery, HouseholdReads } from '../../ports/household-reads.ts';
import { body, type EmbeddedDatabase } from './database.ts';
import { cursorAt, placesAfter } from './place-cursor.ts';

/** Keeps whom a read showed, so that it is found by household. Only inside a transaction, with the event. */
export function keepRead(database: EmbeddedDatabase, event: DomainEvent): void {
  const shown = readShown(event);
  if (shown === undefined) return;
  database.run('INSERT INTO reads (at, body) VALUES (?, ?)', event.at, JSON.stringify(shown.read));
  database.run(
    'INSERT INTO household_reads (household, at, read) SELECT unhex(substr(value, 2)), ?, ? FROM json_each(?)',
    event.at,
    database.lastId(),
    JSON.stringify(shown.households),
  );
}

/** Reads by household in SQLite: a row for each read, and a narrow one for each household it showed. */
export class SqliteHouseholdReads implements HouseholdReads {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async ofHousehold({ household, from, before, limit, after }: HouseholdReadQuery): ReturnType<HouseholdReads['ofHousehold']> {
    const beyond = placesAfter(after, { at: 'string', read: 'number' }, 'backwards');
    const places = this.#database.all(
      `SELECT at, read FROM household_reads
        WHERE household = unhex(substr(?, 2)) AND at >= ? AND at < ? AND ${beyond.sql}
        ORDER BY at DESC, read DESC LIMIT ?`,
      household,
      from ?? '',
      before ?? '~',
      ...beyond.values,
      limit + 1,
    );
    const page = places.slice(0, limit);
    const reads = page.flatMap(([, read]) => {
      const row = this.#database.get('SELECT body FROM reads WHERE id = ?', Number(read));
      return row === undefined ? [] : [body<HouseholdRead>(row[0], ['event', 'at', 'actor', 'action', 'purpose'])];
    });
    const last = page.at(-1);
    return places.length > limit && last !== undefined ? { reads, next: cursorAt(last) } : { reads };
  }
}
