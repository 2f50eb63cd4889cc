import { type AuditFinding, type AuditFindingId, stateOf } from '../../audit/finding.ts';
import type { AuditFindingChange, AuditFindingQuery, AuditFindingStore } from '../../ports/audit-finding-store.ts';
import { areaCondition } from './area-condition.ts';
import { body, type Columns, type EmbeddedDatabase } from './database.ts';
import { cursorAt, placesAfter } from './place-cursor.ts';

/** Findings of audit in SQLite: a row each, with what lists need beside its JSON. */
export class SqliteAuditFindingStore implements AuditFindingStore {
  readonly #database: EmbeddedDatabase;
  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  async get(id: AuditFindingId): Promise<AuditFinding | undefined> {
    const row = this.#database.get('SELECT body FROM audit_findings WHERE id = ?', id);
    return row === undefined ? undefined : findingOf(row[0]);
  }

  async save({ finding, events }: AuditFindingChange): Promise<boolean> {
    return this.#database.writeWhenFree(() => {
      const { id, version, area, department, raisedAt } = finding;
      const stored = JSON.stringify(finding);
      const kept =
        version === 1
          ? this.#database.run(
              `INSERT OR IGNORE INTO audit_findings (id, version, area, department, state, raised, body)
               VALUES (?, 1, ?, ?, ?, ?, ?)`,
              id,
              area,
              department ?? null,
              stateOf(finding),
              raisedAt,
              stored,
            )
          : this.#database.run(
              'UPDATE audit_findings SET version = ?, state = ?, body = ? WHERE id = ? AND version = ?',
              version,
              stateOf(finding),
              stored,
              id,
              version - 1,
            );
      if (kept === 0) return false;
      for (const event of events) this.#database.emit(event);
      return true;
    });
  }

  async list({ areas, department, states, limit, after }: AuditFindingQuery): ReturnType<AuditFindingStore['list']> {
    if (areas.length === 0) return { findings: [] };
    const conditions = [
      areaCondition(areas),
      placesAfter(after, { raised: 'string', id: 'string' }),
      { sql: 'state IN (SELECT value FROM json_each(?))', values: [JSON.stringify(states)] },
      ...(department === undefined ? [] : [{ sql: 'department = ?', values: [department] }]),
    ];
    const rows = this.#database.all(
      `SELECT body, raised, id FROM audit_findings WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}
        ORDER BY raised, id LIMIT ?`,
      ...conditions.flatMap(({ values }) => values),
      limit + 1,
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const findings = page.map(([stored]) => findingOf(stored));
    return rows.length > limit && last !== undefined ? { findings, next: cursorAt(last.slice(1)) } : { findings };
  }
}

function findingOf(stored: Columns[number] | undefined): AuditFinding {
  return body<AuditFinding>(stored, ['id', 'version', 'subject', 'code', 'area', 'steps']);
}
