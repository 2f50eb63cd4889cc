import { factsRecordedEvents } from '../../audit/make-event.ts';
import type { Instant, PlainDate } from '../../calendar/plain-date.ts';
import type { FeedId } from '../../catalog/feed.ts';
import {
  type DeletedRows,
  type FactChunk,
  type FactRow,
  type FileId,
  type FileSequence,
  firstRowOf,
  type PersonKey,
} from '../../facts/fact.ts';
import type { FactStore } from '../../ports/fact-store.ts';
import { body, type EmbeddedDatabase, integer, list, shortKey, text } from './database.ts';

const DELETED_PARTS = ['firstRow', 'keys', 'under'] as const satisfies readonly (keyof DeletedRows)[];

/** What all chunks of one file share, kept once. Never changed once written. */
type Origin = Pick<FactChunk, 'feed' | 'seq' | 'file' | 'recordedAt'>;

/** Facts in SQLite: a row per chunk, its rows as JSON. */
export class SqliteFactStore implements FactStore {
  readonly #database: EmbeddedDatabase;
  readonly #origins = new Map<number, Origin>();
  /** Origins met in the transaction under way, by file. */
  readonly #entered = new Map<FileId, Origin & { readonly id: number }>();
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async append(chunks: readonly FactChunk[]): Promise<ReadonlyMap<PersonKey, readonly FactChunk[]>> {
    if (chunks.length === 0) return new Map();
    // A person's chunks side by side: who reads the person then reads few pages. Texts are made before the writer's turn.
    const byPerson = Map.groupBy(chunks, (chunk) => chunk.person);
    const texts = [...byPerson.keys()]
      .sort()
      .flatMap((person) => byPerson.get(person) ?? [])
      .map((chunk) => ({ chunk, text: JSON.stringify(chunk.rows) }));
    try {
      return this.#database.write(() => {
        this.#entered.clear();
        const known = this.#heldOf([...byPerson.keys()]);
        const added = new Map<number, FactChunk[]>();
        for (const { chunk, text } of texts) {
          const there = known.get(chunk.person);
          if (there?.some((one) => isSame(one, chunk)) === true) continue;
          if (there === undefined) known.set(chunk.person, [chunk]);
          else there.push(chunk);
          const origin = this.#enterOrigin(chunk);
          this.#keep(chunk, origin, text);
          const ofOrigin = added.get(origin);
          if (ofOrigin === undefined) added.set(origin, [chunk]);
          else ofOrigin.push(chunk);
        }
        for (const ofOrigin of added.values()) {
          for (const event of factsRecordedEvents(ofOrigin)) this.#database.emit(event);
        }
        return known;
      });
    } catch (error) {
      // Numbers of origins that were undone may be given to others.
      this.#origins.clear();
      throw error;
    }
  }

  #keep(chunk: FactChunk, origin: number, rows: string): void {
    const { person, birth, sex } = chunk;
    this.#database.run(
      'INSERT INTO facts (short, person, origin, first_row, birth, sex, rows) VALUES (?, ?, ?, ?, ?, ?, ?)',
      shortKey(person),
      person,
      origin,
      firstRowOf(chunk),
      birth,
      sex,
      rows,
    );
  }

  #enterOrigin(chunk: FactChunk): number {
    const { feed, seq, file, recordedAt } = chunk;
    const known = this.#entered.get(file);
    if (known !== undefined && known.seq === seq && known.feed === feed && known.recordedAt === recordedAt) return known.id;
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
    this.#entered.set(file, { feed, seq, file, recordedAt, id });
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
    return this.#heldOf(persons);
  }

  /** All chunks of these people. One question for all: asking for each takes half as long again. */
  #heldOf(persons: readonly PersonKey[]): Map<PersonKey, FactChunk[]> {
    const found = new Map<PersonKey, FactChunk[]>();
    if (persons.length === 0) return found;
    const asked = new Map<string, PersonKey>(persons.map((person) => [person, person]));
    const stored = this.#database.all(
      `SELECT facts.person, origin, birth, sex, rows, deleted
         FROM json_each(?) AS asked CROSS JOIN facts ON facts.short = asked.value`,
      JSON.stringify([...new Set(persons.map(shortKey))]),
    );
    for (const [key, origin, birth, sex, rows, deleted] of stored) {
      const person = asked.get(text(key));
      if (person === undefined) continue;
      const { feed, seq, file, recordedAt } = this.#originOf(integer(origin));
      const chunk: FactChunk = {
        person,
        birth: text(birth) as PlainDate,
        sex: sex === 'male' ? 'male' : 'female',
        feed,
        file,
        seq,
        recordedAt,
        // Read at once: an object that reads its rows when asked costs more to make than most rows to read.
        rows: list<FactRow>(rows),
        ...(deleted === null ? undefined : { deleted: body<DeletedRows>(deleted, DELETED_PARTS) }),
      };
      const there = found.get(person);
      if (there === undefined) found.set(person, [chunk]);
      else there.push(chunk);
    }
    return found;
  }
}

function isSame(a: FactChunk, b: FactChunk): boolean {
  return a.seq === b.seq && a.feed === b.feed && firstRowOf(a) === firstRowOf(b);
}
