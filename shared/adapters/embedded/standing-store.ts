import type { StandingChange, StandingStore, WarningQuery } from '../../ports/standing-store.ts';
import type { HouseholdId } from '../../registry/household.ts';
import type { Standing, Warning, WarningId } from '../../warnings/warning.ts';
import { areaCondition, type Condition } from './area-condition.ts';
import { body, type Columns, type EmbeddedDatabase, integer } from './database.ts';
import { cursorAt, placesAfter } from './place-cursor.ts';
import type { SqliteQueue } from './queue.ts';

/** With fewer warnings than this in an area they are fetched and sorted; with more, walking the sorted index meets a page sooner. */
const SORT_LIMIT = 2_000;

/** Standings in SQLite: a row each, and a narrow row of sort columns for each that has a warning. */
export class SqliteStandingStore implements StandingStore {
  readonly #database: EmbeddedDatabase;
  readonly #queue: Pick<SqliteQueue, 'enter'>;
  constructor(database: EmbeddedDatabase, queue: Pick<SqliteQueue, 'enter'>) {
    this.#database = database;
    this.#queue = queue;
  }

  async load(households: readonly HouseholdId[]): Promise<ReadonlyMap<HouseholdId, readonly Standing[]>> {
    const found = new Map<HouseholdId, Standing[]>();
    if (households.length === 0) return found;
    const rows = this.#database.all(
      `SELECT standings.body
         FROM json_each(?) AS asked CROSS JOIN standings ON standings.household = unhex(substr(asked.value, 2))`,
      JSON.stringify([...new Set(households)]),
    );
    for (const [stored] of rows) {
      const standing = standingOf(stored);
      const list = found.get(standing.household);
      if (list === undefined) found.set(standing.household, [standing]);
      else list.push(standing);
    }
    return found;
  }

  async save(changes: readonly StandingChange[]): Promise<readonly StandingChange[]> {
    if (changes.length === 0) return [];
    // Made before the writer's turn.
    const texts = changes.map((change) => JSON.stringify(change.standing));
    return this.#database.write(() => changes.filter((change, index) => !this.#keep(change, texts[index] ?? '')));
  }

  #keep({ standing, past, events, messages }: StandingChange, stored: string): boolean {
    const id = this.#write(standing, stored);
    if (id === undefined) return false;
    this.#list(id, standing.version > 1, standing.warning);
    if (past !== undefined) {
      this.#database.run(
        'INSERT OR REPLACE INTO past_warnings (id, household, opened, body) VALUES (?, ?, ?, ?)',
        past.id,
        past.household,
        past.openedAt,
        JSON.stringify(past),
      );
    }
    for (const event of events) this.#database.emit(event);
    for (const { queue, message } of messages) this.#queue.enter(queue, message);
    return true;
  }

  /** The row written; undefined when the version stored is not the one before. */
  #write({ household, family, version }: Standing, stored: string): number | undefined {
    if (version === 1) {
      const added = this.#database.run(
        `INSERT INTO standings (household, family, version, body) VALUES (unhex(substr(?, 2)), ?, 1, ?)
           ON CONFLICT DO NOTHING`,
        household,
        family,
        stored,
      );
      return added === 1 ? this.#database.lastId() : undefined;
    }
    const row = this.#database.get(
      `UPDATE standings SET version = ?, body = ?
        WHERE household = unhex(substr(?, 2)) AND family = ? AND version = ? RETURNING id`,
      version,
      stored,
      household,
      family,
      version - 1,
    );
    return row === undefined ? undefined : integer(row[0]);
  }

  #list(standing: number, mayBeListed: boolean, warning: Warning | undefined): void {
    if (warning === undefined) {
      if (mayBeListed) this.#database.run('DELETE FROM warnings WHERE standing = ?', standing);
      return;
    }
    this.#database.run(
      `INSERT INTO warnings (standing, id, area, status, grade, family, rank, urgency, opened) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (standing) DO UPDATE SET id = excluded.id, area = excluded.area, status = excluded.status,
           grade = excluded.grade, family = excluded.family, rank = excluded.rank, urgency = excluded.urgency,
           opened = excluded.opened`,
      standing,
      warning.id,
      warning.area,
      warning.status,
      warning.grade.id,
      warning.family,
      warning.grade.rank,
      -warning.points.low,
      warning.openedAt,
    );
  }

  async warnings(query: WarningQuery): Promise<{ readonly warnings: readonly Warning[]; readonly next?: string }> {
    if (query.areas.length === 0) return { warnings: [] };
    const areas = areaCondition(query.areas);
    const filters = [
      areas,
      equals('status', query.status),
      equals('grade', query.grade),
      equals('family', query.family),
      placesAfter(query.after, ORDER),
    ];
    const index = this.#isNarrow(areas)
      ? 'warnings_by_area'
      : query.status === undefined
        ? 'warnings_by_rank'
        : 'warnings_by_status';
    const where = filters.map((filter) => filter.sql).join(' AND ');
    // Found and sorted by the narrow rows alone; bodies are fetched for the page only.
    const rows = this.#database.all(
      `SELECT page.rank, page.urgency, page.opened, page.id, standings.body
         FROM (SELECT standing, rank, urgency, opened, id FROM warnings INDEXED BY ${index}
                WHERE ${where} ORDER BY rank, urgency, opened, id LIMIT ?) AS page
         JOIN standings ON standings.id = page.standing
        ORDER BY page.rank, page.urgency, page.opened, page.id`,
      ...filters.flatMap((filter) => filter.values),
      query.limit,
    );
    const warnings = rows.flatMap((row) => standingOf(row[4]).warning ?? []);
    const last = rows.at(-1);
    return rows.length < query.limit || last === undefined ? { warnings } : { warnings, next: cursorAt(last.slice(0, 4)) };
  }

  #isNarrow(areas: Condition): boolean {
    if (areas.values.length === 0) return false;
    const row = this.#database.get(
      `SELECT count(*) FROM (SELECT 1 FROM warnings INDEXED BY warnings_by_area WHERE ${areas.sql} LIMIT ?)`,
      ...areas.values,
      SORT_LIMIT,
    );
    return integer(row?.[0]) < SORT_LIMIT;
  }

  async warning(id: WarningId): Promise<Warning | undefined> {
    const current = this.#database.get(
      'SELECT standings.body FROM warnings JOIN standings ON standings.id = warnings.standing WHERE warnings.id = ?',
      id,
    );
    if (current !== undefined) return standingOf(current[0]).warning;
    const past = this.#database.get('SELECT body FROM past_warnings WHERE id = ?', id);
    return past === undefined ? undefined : warningOf(past[0]);
  }

  async past(household: HouseholdId): Promise<readonly Warning[]> {
    const rows = this.#database.all('SELECT body FROM past_warnings WHERE household = ? ORDER BY opened, id', household);
    return rows.map(([stored]) => warningOf(stored));
  }
}

const ALWAYS: Condition = { sql: 'TRUE', values: [] };

function equals(column: 'status' | 'grade' | 'family', value: string | undefined): Condition {
  return value === undefined ? ALWAYS : { sql: `${column} = ?`, values: [value] };
}

/** The order of the list of warnings. */
const ORDER = { rank: 'number', urgency: 'number', opened: 'string', id: 'string' } as const;

function standingOf(stored: Columns[number] | undefined): Standing {
  return body<Standing>(stored, ['household', 'family', 'version']);
}

function warningOf(stored: Columns[number] | undefined): Warning {
  return body<Warning>(stored, ['id', 'household', 'status']);
}
