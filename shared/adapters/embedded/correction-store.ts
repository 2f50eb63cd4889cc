import type { CaseId } from '../../casework/case.ts';
import { type CorrectionId, type CorrectionNotice, lastWord } from '../../corrections/notice.ts';
import type { CorrectionChange, CorrectionQuery, CorrectionStore } from '../../ports/correction-store.ts';
import { areaCondition, type Condition } from './area-condition.ts';
import { body, type Columns, type EmbeddedDatabase } from './database.ts';
import { cursorAt, placesAfter } from './place-cursor.ts';

/** Correction notices in SQLite: a row each, with what lists need beside its JSON. */
export class SqliteCorrectionStore implements CorrectionStore {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async get(id: CorrectionId): Promise<CorrectionNotice | undefined> {
    const row = this.#database.get('SELECT body FROM corrections WHERE id = ?', id);
    return row === undefined ? undefined : noticeOf(row[0]);
  }

  async ofCase(id: CaseId): Promise<readonly CorrectionNotice[]> {
    return this.#database
      .all('SELECT body FROM corrections WHERE of_case = ? ORDER BY sent, id', id)
      .map(([stored]) => noticeOf(stored));
  }

  async save(changes: readonly CorrectionChange[]): Promise<readonly CorrectionChange[]> {
    if (changes.length === 0) return [];
    return this.#database.write(() => changes.filter((change) => !this.#keep(change)));
  }

  #keep({ notice, events }: CorrectionChange): boolean {
    const { id, version, department, area, dueAt, sentAt } = notice;
    const awaiting = lastWord(notice) === undefined ? 1 : 0;
    const stored = JSON.stringify(notice);
    const kept =
      version === 1
        ? this.#database.run(
            `INSERT OR IGNORE INTO corrections (id, of_case, department, area, version, awaiting, due, sent, body)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
            id,
            notice.case,
            department,
            area,
            version,
            awaiting,
            dueAt,
            sentAt,
            stored,
          )
        : this.#database.run(
            'UPDATE corrections SET version = ?, awaiting = ?, due = ?, body = ? WHERE id = ? AND version = ?',
            version,
            awaiting,
            dueAt,
            stored,
            id,
            version - 1,
          );
    if (kept === 0) return false;
    for (const event of events) this.#database.emit(event);
    return true;
  }

  async list(query: CorrectionQuery): Promise<{ readonly notices: readonly CorrectionNotice[]; readonly next?: string }> {
    if (query.areas.length === 0) return { notices: [] };
    const conditions = [areaCondition(query.areas), ...restOf(query)];
    const rows = this.#database.all(
      `SELECT body, sent, id FROM corrections WHERE ${conditions.map(({ sql }) => sql).join(' AND ')} ORDER BY sent, id LIMIT ?`,
      ...conditions.flatMap(({ values }) => values),
      query.limit + 1,
    );
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    const notices = page.map(([stored]) => noticeOf(stored));
    return rows.length > query.limit && last !== undefined ? { notices, next: cursorAt(last.slice(1)) } : { notices };
  }
}

function restOf({ departments, awaiting, dueBefore, sentFrom, sentBefore, after }: CorrectionQuery): readonly Condition[] {
  const rest = [placesAfter(after, { sent: 'string', id: 'string' })];
  if (departments !== undefined)
    rest.push({ sql: 'department IN (SELECT value FROM json_each(?))', values: [JSON.stringify(departments)] });
  if (awaiting !== undefined) rest.push({ sql: 'awaiting = ?', values: [awaiting ? 1 : 0] });
  if (dueBefore !== undefined) rest.push({ sql: 'due < ?', values: [dueBefore] });
  if (sentFrom !== undefined) rest.push({ sql: 'sent >= ?', values: [sentFrom] });
  if (sentBefore !== undefined) rest.push({ sql: 'sent < ?', values: [sentBefore] });
  return rest;
}

function noticeOf(stored: Columns[number] | undefined): CorrectionNotice {
  return body<CorrectionNotice>(stored, ['id', 'case', 'department', 'version', 'answers']);
}
