import type { SourcedEvents } from '../../audit/archive-events.ts';
import type { DomainEvent } from '../../audit/event.ts';
import type { EventLog } from '../../ports/event-log.ts';
import { body, type EmbeddedDatabase, integer } from './database.ts';

const POSITION_DIGITS = 15;

/** Writes an event with a change that can happen only once. Only inside a transaction. */
export function emit(database: EmbeddedDatabase, event: DomainEvent): void {
  database.run('INSERT INTO events (body) VALUES (?)', JSON.stringify(event));
}

/** Writes an event unless one of the same id was written this way before. Only inside a transaction. */
export function emitOnce(database: EmbeddedDatabase, event: DomainEvent): void {
  if (database.run('INSERT OR IGNORE INTO event_ids (id) VALUES (?)', event.id) === 1) emit(database, event);
}

/** Events that go with no stored change. */
export class SqliteEventLog implements EventLog {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async append(events: readonly DomainEvent[]): Promise<void> {
    if (events.length === 0) return;
    this.#database.write(() => {
      for (const event of events) emitOnce(this.#database, event);
    });
  }
}

/** Every event not yet known to be archived, in the order of their transactions. */
export class EventOutbox {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  /** Up to `limit` events that come after a position (empty text: from the beginning), each with its own position. */
  async pending(after: string, limit: number): Promise<readonly SourcedEvents[]> {
    const rows = this.#database.all('SELECT seq, body FROM events WHERE seq > ? ORDER BY seq LIMIT ?', Number(after), limit);
    return rows.map(([seq, stored]) => ({
      position: String(integer(seq)).padStart(POSITION_DIGITS, '0'),
      events: [body<DomainEvent>(stored, ['id', 'type', 'at'])],
    }));
  }

  /** Forgets events before an archived position; the event at the position stays, so that numbering goes on from it. */
  async discard(archived: string): Promise<void> {
    this.#database.write(() => this.#database.run('DELETE FROM events WHERE seq < ?', Number(archived)));
  }
}
