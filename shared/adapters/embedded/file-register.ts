import type { DomainEvent } from '../../audit/event.ts';
import { type Period, periodEnd } from '../../calendar/period.ts';
import type { FeedId } from '../../catalog/feed.ts';
import type { Delivery } from '../../facts/coverage.ts';
import type { FileId, FileSequence } from '../../facts/fact.ts';
import type { Receipt } from '../../intake/receipt.ts';
import { NotFoundError } from '../../ports/errors.ts';
import type { Arrival, ClaimOutcome, FileQuery, FileRecord, FileRegister } from '../../ports/file-register.ts';
import type { Condition } from './area-condition.ts';
import { body, type Columns, type EmbeddedDatabase, integer, text } from './database.ts';
import { emitOnce } from './outbox.ts';

const ARRIVAL_DIGITS = 12;
const SELECT_FILE = `
  SELECT files.seq, files.body, files.receipt, (SELECT coalesce(sum(count), 0) FROM known_rows WHERE file = files.id), files.arrival
    FROM files`;

/** The book of files in SQLite. A drop is a row; the bytes it claims are a row of `claims`. */
export class SqliteFileRegister implements FileRegister {
  readonly #database: EmbeddedDatabase;
  #delivered: { readonly state: string; readonly list: readonly Delivery[] } = { state: '', list: [] };
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async claim(arrival: Arrival): Promise<ClaimOutcome> {
    return this.#database.write((): ClaimOutcome => {
      const known = this.#find(arrival.id);
      if (known?.receipt !== undefined) return { outcome: 'done', file: known };
      const holder = this.#database.get(
        'SELECT file FROM claims WHERE feed = ? AND period = ? AND sha256 = ?',
        arrival.feed,
        arrival.period,
        arrival.sha256,
      );
      const of = holder === undefined ? undefined : this.#find(text(holder[0]));
      if (of !== undefined && of.id !== arrival.id) return { outcome: 'duplicate', of };
      const file = known ?? this.#enter(arrival);
      this.#database.run(
        'INSERT OR IGNORE INTO claims (feed, period, sha256, file) VALUES (?, ?, ?, ?)',
        arrival.feed,
        arrival.period,
        arrival.sha256,
        arrival.id,
      );
      return { outcome: 'take', file };
    });
  }

  async finish(file: FileId, receipt: Receipt, deliveries: readonly Delivery[], event: DomainEvent): Promise<void> {
    this.#database.write(() => {
      const closed = this.#database.run(
        'UPDATE files SET receipt = ? WHERE id = ? AND receipt IS NULL',
        JSON.stringify(receipt),
        file,
      );
      if (closed === 0) {
        if (this.#find(file) === undefined) throw new NotFoundError(`no file ${file} was claimed`);
        return;
      }
      for (const { feed, county, period, complete, file: source } of deliveries) {
        this.#database.run(
          `INSERT INTO deliveries (file, feed, county, period, complete) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET complete = max(complete, excluded.complete)`,
          source,
          feed,
          county,
          period,
          complete ? 1 : 0,
        );
      }
      emitOnce(this.#database, event);
    });
  }

  async refuse(arrival: Arrival, receipt: Receipt, event: DomainEvent): Promise<void> {
    this.#database.write(() => {
      if (this.#close(arrival, receipt, event)) {
        this.#database.run(
          'DELETE FROM claims WHERE feed = ? AND period = ? AND sha256 = ? AND file = ?',
          arrival.feed,
          arrival.period,
          arrival.sha256,
          arrival.id,
        );
      }
    });
  }

  async recordDuplicate(arrival: Arrival, receipt: Receipt, event: DomainEvent): Promise<void> {
    this.#database.write(() => this.#close(arrival, receipt, event));
  }

  /** Enters the drop if need be and gives it its receipt; false when it had one. */
  #close(arrival: Arrival, receipt: Receipt, event: DomainEvent): boolean {
    const known = this.#find(arrival.id) ?? this.#enter(arrival);
    if (known.receipt !== undefined) return false;
    this.#database.run('UPDATE files SET receipt = ? WHERE id = ?', JSON.stringify(receipt), arrival.id);
    emitOnce(this.#database, event);
    return true;
  }

  async recordKnownRows(file: FileId, part: string, count: number): Promise<void> {
    this.#database.write(() =>
      this.#database.run('INSERT OR IGNORE INTO known_rows (file, part, count) VALUES (?, ?, ?)', file, part, count),
    );
  }

  async get(file: FileId): Promise<FileRecord | undefined> {
    return this.#find(file);
  }

  async getMany(files: readonly FileId[]): Promise<ReadonlyMap<FileId, FileRecord>> {
    const found = new Map<FileId, FileRecord>();
    for (const id of new Set(files)) {
      const file = this.#find(id);
      if (file !== undefined) found.set(id, file);
    }
    return found;
  }

  async list(query: FileQuery): Promise<{ readonly files: readonly FileRecord[]; readonly next?: string }> {
    const { feed, arrivedFrom, arrivedBefore, after } = query;
    const conditions: Condition[] = [
      { sql: 'arrival < ?', values: [after === undefined ? Number.MAX_SAFE_INTEGER : Number(after)] },
    ];
    if (feed !== undefined) conditions.push({ sql: 'feed = ?', values: [feed] });
    if (arrivedFrom !== undefined) conditions.push({ sql: "body ->> 'arrivedAt' >= ?", values: [arrivedFrom] });
    if (arrivedBefore !== undefined) conditions.push({ sql: "body ->> 'arrivedAt' < ?", values: [arrivedBefore] });
    const rows = this.#database.all(
      `${SELECT_FILE} WHERE ${conditions.map(({ sql }) => sql).join(' AND ')} ORDER BY arrival DESC LIMIT ?`,
      ...conditions.flatMap(({ values }) => values),
      query.limit,
    );
    const files = rows.map(recordOf);
    const last = rows.at(-1);
    return rows.length < query.limit || last === undefined ? { files } : { files, next: String(integer(last[4])) };
  }

  /** The same list object as before while nothing was added: it is asked for with every batch of households. */
  async deliveries(): Promise<readonly Delivery[]> {
    const [count, complete] = this.#database.get('SELECT count(*), coalesce(sum(complete), 0) FROM deliveries') ?? [];
    // Deliveries are never taken away and only ever become complete, so the two sums tell every change.
    const state = `${integer(count)}|${integer(complete)}`;
    if (this.#delivered.state !== state) this.#delivered = { state, list: this.#readDeliveries() };
    return this.#delivered.list;
  }

  #readDeliveries(): readonly Delivery[] {
    const rows = this.#database.all('SELECT feed, county, period, complete, file FROM deliveries');
    return rows.map(([feed, county, period, complete, file]) => ({
      feed: text(feed) as FeedId,
      county: text(county),
      period: text(period) as Period,
      complete: integer(complete) === 1,
      file: text(file) as FileId,
    }));
  }

  #find(id: string): FileRecord | undefined {
    const row = this.#database.get(`${SELECT_FILE} WHERE id = ?`, id);
    return row === undefined ? undefined : recordOf(row);
  }

  #enter(arrival: Arrival): FileRecord {
    const number = integer(this.#database.get('SELECT coalesce(max(arrival), 0) + 1 FROM files')?.[0]);
    const seq = `${periodEnd(arrival.period)}|${String(number).padStart(ARRIVAL_DIGITS, '0')}` as FileSequence;
    const stored = JSON.stringify(arrival);
    this.#database.run(
      'INSERT INTO files (arrival, id, feed, seq, body) VALUES (?, ?, ?, ?, ?)',
      number,
      arrival.id,
      arrival.feed,
      seq,
      stored,
    );
    return { ...arrival, seq };
  }
}

/** A row of SELECT_FILE; rows found to be known already are moved from accepted to duplicate. */
function recordOf([seq, stored, receiptText, knownRows]: Columns): FileRecord {
  const file = { ...body<Arrival>(stored, ['id', 'path', 'sha256']), seq: text(seq) as FileSequence };
  if (receiptText === null) return file;
  const receipt = body<Receipt>(receiptText, ['status', 'rows']);
  const known = integer(knownRows);
  if (known === 0) return { ...file, receipt };
  const { accepted, duplicate } = receipt.rows;
  return {
    ...file,
    receipt: { ...receipt, rows: { ...receipt.rows, accepted: accepted - known, duplicate: duplicate + known } },
  };
}
