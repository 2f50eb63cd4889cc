import { factsRecordedEvent } from '../../audit/make-event.ts';
import type { FactChunk, PersonKey } from '../../facts/fact.ts';
import type { FactStore } from '../../ports/fact-store.ts';
import { body, type EmbeddedDatabase, shortKey, text } from './database.ts';
import { emit } from './outbox.ts';

/** Facts in SQLite: a row per chunk, the key's parts as columns and the rest as JSON. */
export class SqliteFactStore implements FactStore {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async append(chunks: readonly FactChunk[]): Promise<void> {
    if (chunks.length === 0) return;
    this.#database.write(() => {
      for (const chunk of chunks) this.#keep(chunk);
    });
  }

  #keep(chunk: FactChunk): void {
    const { person, feed, seq } = chunk;
    const short = shortKey(person);
    const firstRow = chunk.rows[0]?.row ?? 0;
    const there = this.#database.get(
      'SELECT 1 FROM facts WHERE short = ? AND person = ? AND feed = ? AND seq = ? AND first_row = ?',
      short,
      person,
      feed,
      seq,
      firstRow,
    );
    if (there !== undefined) return;
    this.#database.run(
      'INSERT INTO facts (short, person, feed, seq, first_row, body) VALUES (?, ?, ?, ?, ?, ?)',
      short,
      person,
      feed,
      seq,
      firstRow,
      JSON.stringify(chunk),
    );
    emit(this.#database, factsRecordedEvent(chunk));
  }

  async ofPersons(persons: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, readonly FactChunk[]>> {
    const found = new Map<PersonKey, FactChunk[]>();
    if (persons.length === 0) return found;
    const asked = new Map<string, PersonKey>(persons.map((person) => [person, person]));
    const shorts = [...new Set(persons.map(shortKey))];
    // One call for the list is a third faster than one per person.
    const rows = this.#database.all(
      'SELECT facts.person, facts.body FROM json_each(?) AS asked CROSS JOIN facts ON facts.short = asked.value',
      JSON.stringify(shorts),
    );
    for (const [column, stored] of rows) {
      const person = asked.get(text(column));
      if (person === undefined) continue;
      const chunk = body<FactChunk>(stored, ['person', 'feed', 'seq', 'rows']);
      const chunks = found.get(person);
      if (chunks === undefined) found.set(person, [chunk]);
      else chunks.push(chunk);
    }
    return found;
  }
}
