import type { Period } from '../../calendar/period.ts';
import type { PeriodChange, PeriodStore } from '../../ports/period-store.ts';
import type { PeriodRecord } from '../../reports/period-record.ts';
import { body, type Columns, type EmbeddedDatabase } from './database.ts';
import type { SqliteQueue } from './queue.ts';

/** Months that people wanted closed, in SQLite. */
export class SqlitePeriodStore implements PeriodStore {
  readonly #database: EmbeddedDatabase;
  readonly #queue: Pick<SqliteQueue, 'enter'>;
  constructor(database: EmbeddedDatabase, queue: Pick<SqliteQueue, 'enter'>) {
    this.#database = database;
    this.#queue = queue;
  }

  async get(period: Period, area: string): Promise<PeriodRecord | undefined> {
    const row = this.#database.get('SELECT body FROM periods WHERE period = ? AND area = ?', period, area);
    return row === undefined ? undefined : recordOf(row);
  }

  async save({ record, events, messages }: PeriodChange): Promise<boolean> {
    return this.#database.writeWhenFree(() => {
      const { period, area, version } = record;
      const stored = JSON.stringify(record);
      const kept =
        version === 1
          ? this.#database.run(
              'INSERT OR IGNORE INTO periods (period, area, version, body) VALUES (?, ?, 1, ?)',
              period,
              area,
              stored,
            )
          : this.#database.run(
              'UPDATE periods SET version = ?, body = ? WHERE period = ? AND area = ? AND version = ?',
              version,
              stored,
              period,
              area,
              version - 1,
            );
      if (kept === 0) return false;
      for (const event of events) this.#database.emit(event);
      for (const { queue, message } of messages) this.#queue.enter(queue, message);
      return true;
    });
  }

  async list(from: Period, to: Period): Promise<readonly PeriodRecord[]> {
    return this.#database
      .all('SELECT body FROM periods WHERE period BETWEEN ? AND ? ORDER BY period, area', from, to)
      .map(recordOf);
  }
}

function recordOf([stored]: Columns): PeriodRecord {
  return body<PeriodRecord>(stored, ['period', 'area', 'version', 'state', 'askedBy']);
}
