import type { PersonKey } from '../../facts/fact.ts';
import { firstRowOf } from '../../facts/fact.ts';
import type { ChangedChunk, KeptFacts } from '../../ports/kept-facts.ts';
import { type EmbeddedDatabase, integer, shortKey, text } from './database.ts';

/** People as they were first placed, and their facts to be marked as deleted, in SQLite. */
export class SqliteKeptFacts implements KeptFacts {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async people(after: string | undefined, limit: number): ReturnType<KeptFacts['people']> {
    const rows = this.#database.all('SELECT id, person FROM persons WHERE id > ? ORDER BY id LIMIT ?', Number(after ?? 0), limit);
    const people = rows.map(([, person]) => text(person) as PersonKey);
    const last = rows.at(-1)?.[0];
    return rows.length < limit || last === undefined ? { people } : { people, next: String(integer(last)) };
  }

  async replace(people: readonly (readonly ChangedChunk[])[]): Promise<readonly boolean[]> {
    if (people.length === 0) return [];
    this.#database.overwriteDeleted();
    return this.#database.writeWhenFree(() =>
      people.map((changes) => changes.filter((change) => this.#replace(change)).length === changes.length),
    );
  }

  #replace({ before, after }: ChangedChunk): boolean {
    const { person, feed, seq, file } = before;
    return (
      this.#database.run(
        `UPDATE facts SET rows = ?, deleted = ?
          WHERE short = ? AND person = ? AND first_row = ? AND rows = ?
            AND origin IN (SELECT id FROM origins WHERE feed = ? AND seq = ? AND file = ?)`,
        JSON.stringify(after.rows),
        JSON.stringify(after.deleted),
        shortKey(person),
        person,
        firstRowOf(before),
        JSON.stringify(before.rows),
        feed,
        seq,
        file,
      ) > 0
    );
  }
}
