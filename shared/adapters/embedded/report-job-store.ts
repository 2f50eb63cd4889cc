import type { Instant } from '../../calendar/plain-date.ts';
import type { ReportJobChange, ReportJobStore, ReportPullQuery } from '../../ports/report-job-store.ts';
import type { QuestionId, ReportJob, ReportJobId, ReportPullId } from '../../reports/report-job.ts';
import { body, type Columns, type EmbeddedDatabase, text } from './database.ts';
import { cursorAt, placesAfter } from './place-cursor.ts';
import type { SqliteQueue } from './queue.ts';

/** Reports that were asked for in SQLite: a row for each computing, and one for each pull that says where it is. */
export class SqliteReportJobStore implements ReportJobStore {
  readonly #database: EmbeddedDatabase;
  readonly #queue: Pick<SqliteQueue, 'enter'>;
  constructor(database: EmbeddedDatabase, queue: Pick<SqliteQueue, 'enter'>) {
    this.#database = database;
    this.#queue = queue;
  }

  async get(id: ReportJobId): Promise<ReportJob | undefined> {
    return jobOf(this.#database.get('SELECT body FROM report_jobs WHERE id = ?', id));
  }

  async latest(question: QuestionId): Promise<ReportJob | undefined> {
    return jobOf(this.#database.get('SELECT body FROM report_jobs WHERE question = ? ORDER BY run DESC LIMIT 1', question));
  }

  async find(pull: ReportPullId): Promise<ReportJob | undefined> {
    return jobOf(
      this.#database.get(
        'SELECT body FROM report_pulls JOIN report_jobs ON report_jobs.id = report_pulls.job WHERE report_pulls.id = ?',
        pull,
      ),
    );
  }

  async save({ job, events, messages }: ReportJobChange): Promise<boolean> {
    return this.#database.writeWhenFree(() => {
      if (!this.#keep(job)) return false;
      for (const { id, owner, at } of job.pulls) {
        this.#database.run(
          `INSERT INTO report_pulls (id, owner, asked, job) VALUES (?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET asked = excluded.asked, job = excluded.job WHERE job <> excluded.job`,
          id,
          owner,
          at,
          job.id,
        );
      }
      for (const event of events) this.#database.emit(event);
      for (const { queue, message } of messages) this.#queue.enter(queue, message);
      return true;
    });
  }

  #keep(job: ReportJob): boolean {
    const { id, question, run, version, keptSince = null } = job;
    const stored = JSON.stringify(job);
    const kept =
      version === 1
        ? this.#database.run(
            'INSERT OR IGNORE INTO report_jobs (id, question, run, version, kept_since, body) VALUES (?, ?, ?, 1, ?, ?)',
            id,
            question,
            run,
            keptSince,
            stored,
          )
        : this.#database.run(
            'UPDATE report_jobs SET version = ?, kept_since = ?, body = ? WHERE id = ? AND version = ?',
            version,
            keptSince,
            stored,
            id,
            version - 1,
          );
    return kept > 0;
  }

  async list({ owner, limit, after }: ReportPullQuery): ReturnType<ReportJobStore['list']> {
    const beyond = placesAfter(after, { asked: 'string', 'report_pulls.id': 'string' }, 'backwards');
    const rows = this.#database.all(
      `SELECT body, asked, report_pulls.id FROM report_pulls JOIN report_jobs ON report_jobs.id = report_pulls.job
        WHERE owner = ? AND ${beyond.sql} ORDER BY asked DESC, report_pulls.id DESC LIMIT ?`,
      owner,
      ...beyond.values,
      limit + 1,
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const pulls = page.flatMap((row) => {
      const job = jobOf(row);
      const pull = job?.pulls.find(({ id }) => id === text(row[2]));
      return job === undefined || pull === undefined ? [] : [{ pull, job }];
    });
    return rows.length > limit && last !== undefined ? { pulls, next: cursorAt(last.slice(1)) } : { pulls };
  }

  async kept(before: Instant, limit: number): Promise<readonly ReportJob[]> {
    return this.#database
      .all('SELECT body FROM report_jobs WHERE kept_since < ? ORDER BY kept_since, id LIMIT ?', before, limit)
      .flatMap((row) => jobOf(row) ?? []);
  }
}

function jobOf(row: Columns | undefined): ReportJob | undefined {
  return row === undefined ? undefined : body<ReportJob>(row[0], ['id', 'question', 'run', 'version', 'asked', 'state', 'pulls']);
}
