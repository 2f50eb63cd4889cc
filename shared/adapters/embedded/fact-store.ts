import { factsRecordedEvent } from '../../audit/make-event.ts';
import type { Instant, PlainDate } from '../../calendar/plain-date.ts';
import type { FeedId } from '../../catalog/feed.ts';
import type { FactChunk, FactRow, FileId, FileSequence, PersonKey } from '../../facts/fact.ts';
import type { FactStore } from '../../ports/fact-store.ts';
import { type EmbeddedDatabase, integer, list, listText, shortKey, text } from './database.ts';

/** What all chunks of one file share, kept once. Never changed once written. */
type Origin = Pick<FactChunk, 'feed' | 'seq' | 'file' | 'recordedAt'>;

/** Facts in SQLite: a row per chunk, its rows as JSON. */
export class SqliteFactStore implements FactStore {
  readonly #database: EmbeddedDatabase;
  readonly #origins = new Map<number, Origin>();
  /** Numbers of the origins met in the transaction under way. */
  readonly #entered = new Map<string, number>();
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async append(chunks: readonly FactChunk[]): Promise<void> {
    if (chunks.length === 0) return;
    try {
      this.#database.write(() => {
        this.#entered.clear();
        const held = this.#heldOf(chunks);
        // A person's chunks side by side: who reads the person then reads few pages.
        for (const chunk of chunks.toSorted((a, b) => (a.person < b.person ? -1 : a.person > b.person ? 1 : 0))) {
          const key = keyOf(chunk.person, chunk, firstRowOf(chunk));
          if (held.has(key)) continue;
          held.add(key);
          this.#keep(chunk);
        }
      });
    } catch (error) {
      // Numbers of origins that were undone may be given to others.
      this.#origins.clear();
      throw error;
    }
  }

  /** Keys of all chunks of these people that are there; one question for all, as asking for each takes several times as long. */
  #heldOf(chunks: readonly FactChunk[]): Set<string> {
    const rows = this.#database.all(
      'SELECT facts.person, origin, first_row FROM json_each(?) AS asked CROSS JOIN facts ON facts.short = asked.value',
      JSON.stringify([...new Set(chunks.map((chunk) => shortKey(chunk.person)))]),
    );
    return new Set(rows.map(([person, origin, row]) => keyOf(text(person), this.#originOf(integer(origin)), integer(row))));
  }

  #keep(chunk: FactChunk): void {
    const { person, birth, sex, rows } = chunk;
    this.#database.run(
      'INSERT INTO facts (short, person, origin, first_row, birth, sex, rows) VALUES (?, ?, ?, ?, ?, ?, ?)',
      shortKey(person),
      person,
      this.#enterOrigin(chunk),
      firstRowOf(chunk),
      birth,
      sex,
      JSON.stringify(rows),
    );
    this.#database.emit(factsRecordedEvent(chunk));
  }

  #enterOrigin({ feed, seq, file, recordedAt }: FactChunk): number {
    const key = `${file} ${seq} ${recordedAt} ${feed}`;
    const known = this.#entered.get(key);
    if (known !== undefined) return known;
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
    this.#entered.set(key, id);
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
      const chunk = chunkOf(
        person,
        text(birth) as PlainDate,
        sex === 'male' ? 'male' : 'female',
        this.#originOf(integer(origin)),
        listText(rows),
      );
      const chunks = found.get(person);
      if (chunks === undefined) found.set(person, [chunk]);
      else chunks.push(chunk);
    }
    return found;
  }
}

/** A chunk whose rows are read from their text when somebody looks at them: placing people looks at few. */
function chunkOf(person: PersonKey, birth: PlainDate, sex: FactChunk['sex'], origin: Origin, stored: string): FactChunk {
  const { feed, seq, file, recordedAt } = origin;
  let read: readonly FactRow[] | undefined;
  return {
    person,
    birth,
    sex,
    feed,
    seq,
    file,
    recordedAt,
    get rows() {
      read ??= list<FactRow>(stored);
      return read;
    },
  };
}

function firstRowOf({ rows }: FactChunk): number {
  return rows[0]?.row ?? 0;
}

function keyOf(person: string, { feed, seq }: Pick<FactChunk, 'feed' | 'seq'>, firstRow: number): string {
  return `${person} ${firstRow} ${seq} ${feed}`;
}
