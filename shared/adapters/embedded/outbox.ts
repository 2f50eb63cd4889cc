import type { SourcedEvents } from '../../audit/archive-events.ts';
import type { DomainEvent } from '../../audit/event.ts';
import type { EventLog } from '../../ports/event-log.ts';
import { type EmbeddedDatabase, integer, text } from './database.ts';
import { keepRead } from './household-reads.ts';

const POSITION_DIGITS = 15;
/** Characters of events read in one go: one that tells of many people or chunks has 15,000 and more. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** Writes an event unless one of the same id was written this way before: then false. Only inside a transaction. */
export function emitOnce(database: EmbeddedDatabase, event: DomainEvent): boolean {
  if (database.run('INSERT OR IGNORE INTO event_ids (id) VALUES (?)', event.id) === 0) return false;
  database.emit(event);
  return true;
}

/** Events that go with no stored change. */
export class SqliteEventLog implements EventLog {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async append(events: readonly DomainEvent[]): Promise<void> {
    if (events.length === 0) return;
    // Reads of people are recorded while large files are taken in: whoever asks must not stop all others meanwhile.
    await this.#database.writeWhenFree(() => {
      for (const event of events) {
        if (emitOnce(this.#database, event)) keepRead(this.#database, event);
      }
    });
  }
}

/** Every event not yet known to be archived, in the order of their transactions. */
export class EventOutbox {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  /**
   * Events that come after a position (empty text: from the beginning), in lists that were written together, each with its
   * position. No more lists once there are `limit` events, or 16 M characters of them; empty when there are none.
   */
  async pending(after: string, limit: number): Promise<readonly SourcedEvents[]> {
    const found: SourcedEvents[] = [];
    let position = Number(after);
    let characters = 0;
    for (let events = 0; events < limit && characters < MOST_CHARACTERS; ) {
      const row = this.#database.get('SELECT seq, list FROM events WHERE seq > ? ORDER BY seq LIMIT 1', position);
      if (row === undefined) break;
      position = integer(row[0]);
      const list = text(row[1]);
      characters += list.length;
      const together = list.split('\n');
      events += together.length;
      found.push({
        position: String(position).padStart(POSITION_DIGITS, '0'),
        texts: together,
        get events() {
          return together.map((one) => JSON.parse(one) as DomainEvent);
        },
      });
    }
    return found;
  }

  /** How many lists of events come after a position. */
  async waiting(after: string): Promise<number> {
    const [last] = this.#database.get('SELECT max(seq) FROM events') ?? [];
    return last === null ? 0 : Math.max(0, integer(last) - Number(after));
  }

  /** Forgets events before an archived position; what stands at the position stays, so that numbering goes on from it. */
  async discard(archived: string): Promise<void> {
    this.#database.write(() => this.#database.run('DELETE FROM events WHERE seq < ?', Number(archived)));
  }
}
