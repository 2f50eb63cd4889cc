import { factsRecordedEvents } from '../../audit/make-event.ts';
import type { Instant, PlainDate } from '../../calendar/plain-date.ts';
import type { FeedId } from '../../catalog/feed.ts';
import type { FactChunk, FactRow, FileId, FileSequence, PersonKey } from '../../facts/fact.ts';
import type { FactStore } from '../../ports/fact-store.ts';
import { type EmbeddedDatabase, integer, list, listText, shortKey, text } from './database.ts';

/** What all chunks of one file share, kept once. Never changed once written. */
type Origin = Pick<FactChunk, 'feed' | 'seq' | 'file' | 'recordedAt'>;

/** A chunk with the number of its first row, so that its rows need not be read for it. */
interface KeptChunk {
  readonly chunk: FactChunk;
  readonly firstRow: number;
}

/** Facts in SQLite: a row per chunk, its rows as JSON. */
export class SqliteFactStore implements FactStore {
  readonly #database: EmbeddedDatabase;
  readonly #origins = new Map<number, Origin>();
  /** Numbers of the origins met in the transaction under way. */
  readonly #entered = new Map<string, number>();
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async append(chunks: readonly FactChunk[]): Promise<ReadonlyMap<PersonKey, readonly FactChunk[]>> {
    if (chunks.length === 0) return new Map();
    // A person's chunks side by side: who reads the person then reads few pages. Texts are made before the writer's turn.
    const texts = chunks
      .toSorted((a, b) => (a.person < b.person ? -1 : a.person > b.person ? 1 : 0))
      .map((chunk) => ({ chunk, text: JSON.stringify(chunk.rows) }));
    try {
      return this.#database.write(() => {
        this.#entered.clear();
        const known = this.#heldOf(new Set(chunks.map((chunk) => chunk.person)));
        const added: FactChunk[] = [];
        for (const { chunk, text } of texts) {
          const there = known.get(chunk.person);
          const kept = { chunk, firstRow: firstRowOf(chunk) };
          if (there?.some((one) => isSame(one, kept)) === true) continue;
          if (there === undefined) known.set(chunk.person, [kept]);
          else there.push(kept);
          this.#keep(kept, text);
          added.push(chunk);
        }
        for (const event of factsRecordedEvents(added)) this.#database.emit(event);
        return new Map([...known].map(([person, all]) => [person, all.map((one) => one.chunk)]));
      });
    } catch (error) {
      // Numbers of origins that were undone may be given to others.
      this.#origins.clear();
      throw error;
    }
  }

  #keep({ chunk, firstRow }: KeptChunk, rows: string): void {
    const { person, birth, sex } = chunk;
    this.#database.run(
      'INSERT INTO facts (short, person, origin, first_row, birth, sex, rows) VALUES (?, ?, ?, ?, ?, ?, ?)',
      shortKey(person),
      person,
      this.#enterOrigin(chunk),
      firstRow,
      birth,
      sex,
      rows,
    );
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
    const held = this.#heldOf(new Set(persons));
    return new Map([...held].map(([person, all]) => [person, all.map((one) => one.chunk)]));
  }

  /** All chunks of these people. One question for all: asking for each takes half as long again. */
  #heldOf(persons: ReadonlySet<PersonKey>): Map<PersonKey, KeptChunk[]> {
    const found = new Map<PersonKey, KeptChunk[]>();
    if (persons.size === 0) return found;
    const stored = this.#database.all(
      `SELECT facts.person, origin, first_row, birth, sex, rows
         FROM json_each(?) AS asked CROSS JOIN facts ON facts.short = asked.value`,
      JSON.stringify([...new Set([...persons].map(shortKey))]),
    );
    for (const [key, origin, firstRow, birth, sex, rows] of stored) {
      const person = text(key) as PersonKey;
      if (!persons.has(person)) continue;
      const from = this.#originOf(integer(origin));
      const chunk = chunkOf(person, text(birth) as PlainDate, sex === 'male' ? 'male' : 'female', from, listText(rows));
      const kept = { chunk, firstRow: integer(firstRow) };
      const there = found.get(person);
      if (there === undefined) found.set(person, [kept]);
      else there.push(kept);
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

function isSame(a: KeptChunk, b: KeptChunk): boolean {
  return a.firstRow === b.firstRow && a.chunk.seq === b.chunk.seq && a.chunk.feed === b.chunk.feed;
}
