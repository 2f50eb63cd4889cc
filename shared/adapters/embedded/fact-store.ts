import { factsRecordedEvent } from '../../audit/make-event.ts';
import type { Instant, PlainDate } from '../../calendar/plain-date.ts';
import type { FeedId } from '../../catalog/feed.ts';
import type { FactChunk, FactRow, FileId, FileSequence, PersonKey } from '../../facts/fact.ts';
import type { FactStore } from '../../ports/fact-store.ts';
import { type EmbeddedDatabase, integer, list, shortKey, text } from './database.ts';

/** What all chunks of one file share, kept once. Never changed once written. */
type Origin = Pick<FactChunk, 'feed' | 'seq' | 'file' | 'recordedAt'>;

/** Facts in SQLite: a row per chunk, its rows as JSON. */
export class SqliteFactStore implements FactStore {
  readonly #database: EmbeddedDatabase;
  readonly #origins = new Map<number, Origin>();
  /** The origin written last; kept only while its transaction stands. */
  #latest: { readonly id: number; readonly origin: Origin } | undefined;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async append(chunks: readonly FactChunk[]): Promise<void> {
    if (chunks.length === 0) return;
    try {
      this.#database.write(() => {
        this.#latest = undefined;
        for (const chunk of chunks) this.#keep(chunk);
      });
    } catch (error) {
      // Numbers of origins that were undone may be given to others.
      this.#origins.clear();
      throw error;
    }
  }

  #keep(chunk: FactChunk): void {
    const { person, birth, sex, rows } = chunk;
    const short = shortKey(person);
    const firstRow = rows[0]?.row ?? 0;
    for (const [origin] of this.#database.all(
      'SELECT origin FROM facts WHERE short = ? AND person = ? AND first_row = ?',
      short,
      person,
      firstRow,
    )) {
      const { feed, seq } = this.#originOf(integer(origin));
      if (feed === chunk.feed && seq === chunk.seq) return;
    }
    this.#database.run(
      'INSERT INTO facts (short, person, origin, first_row, birth, sex, rows) VALUES (?, ?, ?, ?, ?, ?, ?)',
      short,
      person,
      this.#enterOrigin(chunk),
      firstRow,
      birth,
      sex,
      JSON.stringify(rows),
    );
    this.#database.emit(factsRecordedEvent(chunk));
  }

  #enterOrigin({ feed, seq, file, recordedAt }: FactChunk): number {
    if (this.#latest !== undefined) {
      const { origin, id } = this.#latest;
      if (origin.feed === feed && origin.seq === seq && origin.file === file && origin.recordedAt === recordedAt) return id;
    }
    this.#database.run(
      'INSERT OR IGNORE INTO origins (feed, seq, file, recorded_at) VALUES (?, ?, ?, ?)',
      feed,
      seq,
      file,
      recordedAt,
    );
    const row = this.#database.get(
      'SELECT id FROM origins WHERE feed = ? AND seq = ? AND file = ? AND recorded_at = ?',
      feed,
      seq,
      file,
      recordedAt,
    );
    const id = integer(row?.[0]);
    this.#latest = { id, origin: { feed, seq, file, recordedAt } };
    return id;
  }

  #originOf(id: number): Origin {
    const known = this.#origins.get(id);
    if (known !== undefined) return known;
    const [feed, seq, file, recordedAt] =
      this.#database.get('SELECT feed, seq, file, recorded_at FROM origins WHERE id = ?', id) ?? [];
    const origin: Origin = {
      feed: text(feed) as FeedId,
      seq: text(seq) as FileSequence,
      file: text(file) as FileId,
      recordedAt: text(recordedAt) as Instant,
    };
    this.#origins.set(id, origin);
    return origin;
  }

  async ofPersons(persons: readonly PersonKey[]): Promise<ReadonlyMap<PersonKey, readonly FactChunk[]>> {
    const found = new Map<PersonKey, FactChunk[]>();
    if (persons.length === 0) return found;
    const asked = new Map<string, PersonKey>(persons.map((person) => [person, person]));
    // One call for the list is a third faster than one per person.
    const stored = this.#database.all(
      `SELECT facts.person, origin, birth, sex, rows
         FROM json_each(?) AS asked CROSS JOIN facts ON facts.short = asked.value`,
      JSON.stringify([...new Set(persons.map(shortKey))]),
    );
    for (const [key, origin, birth, sex, rows] of stored) {
      const person = asked.get(text(key));
      if (person === undefined) continue;
      const chunk: FactChunk = {
        person,
        birth: text(birth) as PlainDate,
        sex: sex === 'male' ? 'male' : 'female',
        ...this.#originOf(integer(origin)),
        rows: list<FactRow>(rows),
      };
      const chunks = found.get(person);
      if (chunks === undefined) found.set(person, [chunk]);
      else chunks.push(chunk);
    }
    return found;
  }
}
