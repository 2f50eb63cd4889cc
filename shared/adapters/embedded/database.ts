import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { eventText } from '../../audit/chain.ts';
import type { DomainEvent } from '../../audit/event.ts';
import { PermanentError, RetryLaterError } from '../../ports/errors.ts';
import { MIGRATIONS } from './migrations.ts';
import { storeError } from './store-errors.ts';
import type { WriteTurn } from './write-turn.ts';

/** One row as read, columns in the order of the SELECT. */
export type Columns = readonly SQLOutputValue[];

/** The database file's name below the data directory. */
export const DATABASE_FILE = 'aidwatch.db';

/** How long a writer waits for another process before it is told to retry, milliseconds. */
const BUSY_MS = 10_000;
/** How long to wait for whoever folds the log, milliseconds. */
const FOLDED_ELSEWHERE_MS = 20;
/** Events kept together in a row of the outbox: one row for each made a third of the work of keeping a chunk. */
const EVENTS_PER_ROW = 256;

/**
 * The one database of the embedded host. WAL with synchronous NORMAL: a killed process loses nothing that was committed;
 * a power cut may lose the last commits, never mix them.
 */
export class EmbeddedDatabase {
  readonly #sql: DatabaseSync;
  readonly #turn: WriteTurn | undefined;
  readonly #statements = new Map<string, StatementSync>();
  #events: string[] = [];
  #lastId: number | bigint = 0;
  /** Whether the changes of this thread are being kept together. */
  #together = false;

  /**
   * Opens or creates the database below `dataDir`; threads of one process that have it open share a turn to write.
   * Throws PermanentError when it was written by a newer program.
   */
  constructor(dataDir: string, turn?: WriteTurn) {
    this.#turn = turn;
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const path = join(dataDir, DATABASE_FILE);
    // Made here so that only its owner may read it; SQLite gives its side files the same mode.
    closeSync(openSync(path, 'a', 0o600));
    this.#sql = new DatabaseSync(path, { timeout: BUSY_MS });
    // The page size counts only before the first table is made. Where nobody folds the log beside (LogFolding), writers do
    // from 512 MB (64,000 pages) on: a long log saves writing the same page of an index into the database file again and again
    // while a large file is taken. Its file is cut when it begins anew, so that its length tells how much there is to fold.
    this.#sql.exec(`
      PRAGMA page_size = 8192;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA cache_size = -98304;
      PRAGMA wal_autocheckpoint = 64000;
      PRAGMA journal_size_limit = 0;
      PRAGMA temp_store = MEMORY;
    `);
    this.#migrate();
  }

  #migrate(): void {
    const version = () => integer(this.#sql.prepare('PRAGMA user_version').get()?.['user_version']);
    if (version() > MIGRATIONS.length) {
      this.#sql.close();
      throw new PermanentError(
        'data-from-newer-version',
        '数据目录由更新版本的程序写入，请使用该版本或更高版本打开 / the data directory was written by a newer version of the program: open it with that version or a later one',
      );
    }
    if (version() === MIGRATIONS.length) return;
    this.write(() => {
      for (let step = version(); step < MIGRATIONS.length; step += 1) {
        this.#sql.exec(MIGRATIONS[step] ?? '');
        this.#sql.exec(`PRAGMA user_version = ${step + 1}`);
      }
    });
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#sql.prepare(sql);
      statement.setReturnArrays(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** All rows of a query. */
  all(sql: string, ...values: readonly (string | number | null)[]): readonly Columns[] {
    // With setReturnArrays every row is an array; the typings know only the object form.
    return this.#statement(sql).all(...values) as unknown as readonly Columns[];
  }

  /** The first row of a query. */
  get(sql: string, ...values: readonly (string | number | null)[]): Columns | undefined {
    return this.#statement(sql).get(...values) as unknown as Columns | undefined;
  }

  /** Runs a change; answers how many rows it touched. Only inside `write`. */
  run(sql: string, ...values: readonly (string | number | null)[]): number {
    const { changes, lastInsertRowid } = this.#statement(sql).run(...values);
    this.#lastId = lastInsertRowid;
    return Number(changes);
  }

  /** The id of the row inserted last. */
  lastId(): number {
    return Number(this.#lastId);
  }

  /** Runs `change` in one transaction: all of it happens, or, when it throws, nothing. RetryLaterError while another process holds the database. */
  write<T>(change: () => T): T {
    if (this.#together) return this.#part(change);
    this.#turn?.take();
    try {
      return this.#transaction(change);
    } finally {
      this.#turn?.give();
    }
  }

  /** As `write`, but while another thread has its turn to write, this one goes on with other things. */
  async writeWhenFree<T>(change: () => T): Promise<T> {
    if (this.#together) return this.#part(change);
    // From the taking to the giving nothing may be awaited: another change in this thread would wait for itself.
    while (this.#turn?.takeIfFree() === false) await this.#turn.freed();
    try {
      return this.#transaction(change);
    } finally {
      this.#turn?.give();
    }
  }

  /**
   * Keeps all changes of `work` in one transaction; when `work` throws, none. Each `write` within it is undone alone when it
   * throws. A commit writes every page anew that was touched, 8 KB for a change of a few bytes, so small changes that follow
   * one another cost far less together. Only in a thread that does nothing else meanwhile: whatever it wrote while
   * `work` waits would become a part. Only for stores that remember nothing of what they wrote: it may all be undone. Others
   * cannot write until the end, so `work` should take milliseconds.
   */
  async together<T>(work: () => Promise<T>): Promise<T> {
    this.#turn?.take();
    try {
      this.#begin();
      this.#together = true;
      try {
        const result = await work();
        this.#commit();
        return result;
      } catch (error) {
        throw this.#undone(error);
      } finally {
        this.#together = false;
      }
    } finally {
      this.#turn?.give();
    }
  }

  /** A change within `together`. */
  #part<T>(change: () => T): T {
    // A full disk ends a transaction; a part after that would be kept although those before it are lost.
    if (!this.#sql.isTransaction) throw new RetryLaterError('the transaction was ended before all its parts were written');
    const before = this.#events.length;
    this.#sql.exec('SAVEPOINT part');
    try {
      const result = change();
      this.#sql.exec('RELEASE part');
      return result;
    } catch (error) {
      this.#events.length = before;
      if (this.#sql.isTransaction) this.#sql.exec('ROLLBACK TO part; RELEASE part');
      throw storeError(error);
    }
  }

  /** From now on what is deleted or replaced is overwritten with zeros in the database file, not merely given free. */
  overwriteDeleted(): void {
    this.#sql.exec('PRAGMA secure_delete = ON');
  }

  /**
   * Writes the database file anew without what was given free, where remains of what was deleted or passed through a queue may
   * lie. Takes as long as copying it and as much room; nobody else can write meanwhile.
   */
  rewrite(): void {
    try {
      this.#sql.exec('VACUUM');
      this.#emptyLog();
    } catch (error) {
      throw storeError(error);
    }
  }

  /** Writes the database as it stands at this moment into a new file; others read and write meanwhile. */
  copyInto(path: string): void {
    try {
      this.#sql.prepare('VACUUM INTO ?').run(path);
    } catch (error) {
      throw storeError(error);
    }
  }

  /** The first fault of the file, in SQLite's words; undefined when there is none. Reads every page. */
  damage(): string | undefined {
    try {
      const said = this.get('PRAGMA quick_check(1)')?.[0];
      // Before the fault stands in which database it is.
      return said === 'ok' ? undefined : text(said).split('\n').at(-1);
    } catch (error) {
      if (error instanceof Error && 'errcode' in error) return error.message;
      throw error;
    }
  }

  /** Copies all of the log into the database file and cuts it to nothing. Whoever else folds it at the moment is waited for. */
  #emptyLog(): void {
    const until = performance.now() + BUSY_MS;
    while (integer(this.get('PRAGMA wal_checkpoint(TRUNCATE)')?.[0]) !== 0) {
      if (performance.now() > until) {
        throw new RetryLaterError(
          '数据库日志正被占用，其中的残余尚未清除，请稍后重试 / the log of the database is in use, and remains in it are not cleared yet: try again later',
        );
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FOLDED_ELSEWHERE_MS);
    }
  }

  #transaction<T>(change: () => T): T {
    this.#begin();
    try {
      const result = change();
      this.#commit();
      return result;
    } catch (error) {
      throw this.#undone(error);
    }
  }

  #begin(): void {
    try {
      this.#sql.exec('BEGIN IMMEDIATE');
    } catch (error) {
      throw storeError(error);
    }
  }

  #commit(): void {
    this.#keepEvents();
    this.#sql.exec('COMMIT');
  }

  /** Undoes the transaction under way; answers what to throw. */
  #undone(error: unknown): unknown {
    this.#events = [];
    if (this.#sql.isTransaction) this.#sql.exec('ROLLBACK');
    return storeError(error);
  }

  /** Writes an event with the change that is under way. Only inside `write`. */
  emit(event: DomainEvent): void {
    this.#events.push(eventText(event));
  }

  #keepEvents(): void {
    for (let first = 0; first < this.#events.length; first += EVENTS_PER_ROW) {
      this.run('INSERT INTO events (list) VALUES (?)', this.#events.slice(first, first + EVENTS_PER_ROW).join('\n'));
    }
    this.#events = [];
  }

  /** Folds the log into the database file and closes it. */
  close(): void {
    if (!this.#sql.isOpen) return;
    this.#statements.clear();
    this.#sql.close();
  }
}

/** A column that holds text. */
export function text(value: SQLOutputValue | undefined): string {
  if (typeof value !== 'string') throw damaged('text');
  return value;
}

/** A column that holds a whole number. */
export function integer(value: SQLOutputValue | undefined): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw damaged('a whole number');
  return value;
}

/** The text of a stored JSON list, to be read later; only its first character is looked at now. */
export function listText(value: SQLOutputValue | undefined): string {
  const stored = text(value);
  if (!stored.startsWith('[')) throw damaged('a list');
  return stored;
}

/** A stored JSON list, after a look that it is one. */
export function list<T>(value: SQLOutputValue | undefined): readonly T[] {
  const parsed: unknown = JSON.parse(text(value));
  if (!Array.isArray(parsed)) throw damaged('a list');
  return parsed as readonly T[];
}

/** A stored JSON body, after a look at its shape: `keys` are properties it must have. */
export function body<T extends object>(value: SQLOutputValue | undefined, keys: readonly (keyof T & string)[]): T {
  const parsed: unknown = JSON.parse(text(value));
  if (parsed === null || typeof parsed !== 'object' || keys.some((key) => !(key in parsed))) {
    throw damaged(`an object with ${keys.join(', ')}`);
  }
  return parsed as T;
}

function damaged(expected: string): PermanentError {
  return new PermanentError(
    'data-damaged',
    `数据库内容损坏：应为 ${expected}，请从备份恢复 / the database is damaged: expected ${expected}; restore it from a backup`,
  );
}

const HOUSEHOLD_LETTER = 72;
const SHORT_DIGITS = 13;

/**
 * A 52-bit whole number from a key of hex digits (with or without one leading letter outside hex), for narrow indexes.
 * Keys are keyed hashes, so collisions are rare; whoever searches by it compares the whole key too.
 */
export function shortKey(key: string): number {
  const from = key.charCodeAt(0) === HOUSEHOLD_LETTER ? 1 : 0;
  let number = 0;
  // Digit by digit: cutting a piece out and parsing it takes several times as long.
  for (let i = from; i < from + SHORT_DIGITS; i++) {
    const unit = key.charCodeAt(i);
    const digit = unit < 58 ? unit - 48 : unit - 87;
    if (!(digit >= 0 && digit < 16)) return -1;
    number = number * 16 + digit;
  }
  return number;
}
