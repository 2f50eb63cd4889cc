import type { PlainDate } from '../../calendar/plain-date.ts';
import type { VerifiedDay, VerifiedDays } from '../../ports/verified-days.ts';
import { type EmbeddedDatabase, text } from './database.ts';

/** Days of the archive that were verified, beside the head of its chain: one is as far to be trusted as the other. */
export class SqliteVerifiedDays implements VerifiedDays {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async all(): Promise<readonly VerifiedDay[]> {
    const rows = this.#database.all('SELECT day, root, digest FROM verified_days ORDER BY day');
    return rows.map(([day, root, digest]) => ({ day: text(day) as PlainDate, root: text(root), digest: text(digest) }));
  }

  async keep(days: readonly VerifiedDay[]): Promise<void> {
    await this.#database.write(() => {
      const sql = 'INSERT OR REPLACE INTO verified_days (day, root, digest) VALUES (?, ?, ?)';
      for (const { day, root, digest } of days) this.#database.run(sql, day, root, digest);
    });
  }
}
