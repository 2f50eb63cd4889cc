import { type Case, type CaseId, type Light, lights, type Stage, type UserId } from '../../casework/case.ts';
import { ordinalOf, placeOf } from '../../casework/worklist.ts';
import type { CaseChange, CaseCounts, CaseQuery, CaseStore } from '../../ports/case-store.ts';
import type { HouseholdId } from '../../registry/household.ts';
import { areaCondition, type Condition, outermost } from './area-condition.ts';
import { body, type Columns, type EmbeddedDatabase, integer, text } from './database.ts';
import { cursorAt, placesAfter } from './place-cursor.ts';
import type { SqliteQueue } from './queue.ts';

/** Up to so many cases of an area are sorted at once; beyond it the index in the order of the list is walked. */
const SORT_LIMIT = 5_000;

/** Cases in SQLite: a row per case with what worklists need beside its JSON, and counts kept ready. */
export class SqliteCaseStore implements CaseStore {
  readonly #database: EmbeddedDatabase;
  readonly #queue: Pick<SqliteQueue, 'enter'>;
  constructor(database: EmbeddedDatabase, queue: Pick<SqliteQueue, 'enter'>) {
    this.#database = database;
    this.#queue = queue;
  }

  async get(id: CaseId): Promise<Case | undefined> {
    const row = this.#database.get('SELECT body FROM cases WHERE id = ?', id);
    return row === undefined ? undefined : caseOf(row[0]);
  }

  async current(households: readonly HouseholdId[]): Promise<ReadonlyMap<HouseholdId, Case>> {
    const rows = this.#database.all(
      `SELECT body FROM json_each(?) AS asked CROSS JOIN cases ON cases.household = asked.value
        WHERE NOT EXISTS (SELECT 1 FROM cases AS later WHERE later.household = cases.household AND later.ordinal > cases.ordinal)`,
      JSON.stringify([...new Set(households)]),
    );
    return new Map(rows.map(([stored]) => caseOf(stored)).map((one) => [one.household, one]));
  }

  async ofHousehold(household: HouseholdId): Promise<readonly Case[]> {
    const rows = this.#database.all('SELECT body FROM cases WHERE household = ? ORDER BY ordinal', household);
    return rows.map(([stored]) => caseOf(stored));
  }

  async save(changes: readonly CaseChange[]): Promise<readonly CaseChange[]> {
    if (changes.length === 0) return [];
    const texts = changes.map((change) => JSON.stringify(change.case));
    return this.#database.write(() => changes.filter((change, index) => !this.#keep(change, texts[index] ?? '')));
  }

  #keep(change: CaseChange, stored: string): boolean {
    const { id, version } = change.case;
    // Without the body: reading it as a case costs more than all else here.
    const held = this.#database.get('SELECT row, version, area, stage, light, assignee FROM cases WHERE id = ?', id);
    if (held === undefined) {
      if (version !== 1 || !this.#mayOpen(change)) return false;
      this.#insert(change.case, stored);
      this.#recount(undefined, countedAs(change.case));
    } else {
      const [row, before, area, stage, light, assignee] = held;
      if (integer(before) !== version - 1) return false;
      this.#update(integer(row), change.case, stored);
      this.#recount([text(area), text(stage), integer(light), text(assignee ?? '')], countedAs(change.case));
    }
    for (const event of change.events) this.#database.emit(event);
    for (const { queue, message } of change.messages) this.#queue.enter(queue, message);
    return true;
  }

  /** A household's next case follows the one the writer has seen, and that one is closed. */
  #mayOpen({ case: { household }, past }: CaseChange): boolean {
    const last = this.#database.get(
      'SELECT id, version, open FROM cases WHERE household = ? ORDER BY ordinal DESC LIMIT 1',
      household,
    );
    if (last === undefined) return past === undefined;
    return past !== undefined && text(last[0]) === past.id && integer(last[1]) === past.version && integer(last[2]) === 0;
  }

  #insert(one: Case, stored: string): void {
    const { open, rank, dueAt, light, assignee, departments } = placeOf(one);
    this.#database.run(
      `INSERT INTO cases (id, household, ordinal, version, open, area, stage, assignee, rank, due, light, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      one.id,
      one.household,
      ordinalOf(one.id),
      one.version,
      open ? 1 : 0,
      one.area,
      one.stage,
      assignee ?? null,
      rank,
      dueAt,
      lights.indexOf(light),
      stored,
    );
    this.#enterInboxes(this.#database.lastId(), departments);
  }

  #update(row: number, one: Case, stored: string): void {
    const { open, rank, dueAt, light, assignee, departments } = placeOf(one);
    this.#database.run(
      `UPDATE cases SET version = ?, open = ?, area = ?, stage = ?, assignee = ?, rank = ?, due = ?, light = ?, body = ?
        WHERE row = ?`,
      one.version,
      open ? 1 : 0,
      one.area,
      one.stage,
      assignee ?? null,
      rank,
      dueAt,
      lights.indexOf(light),
      stored,
      row,
    );
    const inboxes = this.#database.all('SELECT department FROM case_inboxes WHERE case_row = ? ORDER BY department', row);
    if (inboxes.join() === departments.join()) return;
    this.#database.run('DELETE FROM case_inboxes WHERE case_row = ?', row);
    this.#enterInboxes(row, departments);
  }

  #enterInboxes(row: number, departments: readonly string[]): void {
    for (const department of departments) {
      this.#database.run('INSERT INTO case_inboxes (department, case_row) VALUES (?, ?)', department, row);
    }
  }

  #recount(before: Counted | undefined, now: Counted): void {
    if (before?.join() === now.join()) return;
    if (before !== undefined) this.#count(before, -1);
    this.#count(now, 1);
  }

  /** Counted twice: by area, and by county for whoever asks for a county or more. */
  #count([area, ...rest]: Counted, by: 1 | -1): void {
    for (const counted of new Set([area, area.slice(0, COUNTY_DIGITS)])) {
      this.#database.run(
        `INSERT INTO case_counts (broad, area, stage, light, assignee, count) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET count = count + excluded.count`,
        counted.length <= COUNTY_DIGITS ? 1 : 0,
        counted,
        ...rest,
        by,
      );
    }
  }

  async list(query: CaseQuery): Promise<{ readonly cases: readonly Case[]; readonly next?: string }> {
    if (query.areas.length === 0) return { cases: [] };
    const areas = areaCondition(query.areas);
    const order = query.order === 'urgent' ? 'rank, due, id' : 'due, id';
    const filters = [areas, stageCondition(query.stages), ...restOf(query), after(query)];
    const from = this.#source(query, areas);
    // Found and sorted by the narrow columns alone; bodies are fetched for the page only.
    const rows = this.#database.all(
      `SELECT cases.rank, cases.due, cases.id, cases.body
         FROM (SELECT row FROM cases ${from} WHERE ${filters.map(({ sql }) => sql).join(' AND ')} ORDER BY ${order} LIMIT ?) AS page
         JOIN cases ON cases.row = page.row
        ORDER BY ${query.order === 'urgent' ? 'cases.rank, ' : ''}cases.due, cases.id`,
      ...filters.flatMap(({ values }) => values),
      query.limit,
    );
    const last = rows.at(-1);
    const cases = rows.map((row) => caseOf(row[3]));
    return rows.length < query.limit || last === undefined ? { cases } : { cases, next: cursorOf(last, query.order) };
  }

  /** The index that reads least: a worker's or department's own cases, a small area, else the order of the list. */
  #source({ assignee, department, order }: CaseQuery, areas: Condition): string {
    if (assignee !== undefined) return 'INDEXED BY cases_by_assignee';
    if (department !== undefined) return 'NOT INDEXED';
    if (this.#isNarrow(areas)) return 'INDEXED BY cases_by_area';
    return order === 'urgent' ? 'INDEXED BY cases_by_urgency' : 'INDEXED BY cases_by_due';
  }

  #isNarrow(areas: Condition): boolean {
    if (areas.values.length === 0) return false;
    const row = this.#database.get(
      `SELECT count(*) FROM (SELECT 1 FROM cases INDEXED BY cases_by_area WHERE ${areas.sql} LIMIT ?)`,
      ...areas.values,
      SORT_LIMIT,
    );
    return integer(row?.[0]) < SORT_LIMIT;
  }

  #countsOf(areas: readonly string[]): readonly Columns[] {
    const prefixes = outermost(areas);
    return [1, 0].flatMap((broad) => {
      // Of a wide area its counties are read; of less than a county its own areas.
      const asked = prefixes.filter((prefix) => (prefix.length <= COUNTY_DIGITS ? 1 : 0) === broad);
      if (asked.length === 0) return [];
      const { sql, values } = areaCondition(asked);
      return this.#database.all(
        `SELECT stage, light, assignee, sum(count) FROM case_counts WHERE broad = ? AND ${sql} GROUP BY 1, 2, 3 HAVING sum(count) > 0`,
        broad,
        ...values,
      );
    });
  }

  async counts(areas: readonly string[]): Promise<CaseCounts> {
    const byStage: Partial<Record<Stage, number>> = {};
    const byLight: Partial<Record<Light, number>> = {};
    const byAssignee: Record<UserId, number> = {};
    if (areas.length === 0) return { byStage, byLight, byAssignee };
    for (const row of this.#countsOf(areas)) {
      const stage = text(row[0]) as Stage;
      const count = integer(row[3]);
      byStage[stage] = (byStage[stage] ?? 0) + count;
      if (stage === 'closed') continue;
      const light = lights[integer(row[1])] ?? 'green';
      byLight[light] = (byLight[light] ?? 0) + count;
      const assignee = text(row[2]);
      if (assignee !== '') byAssignee[assignee] = (byAssignee[assignee] ?? 0) + count;
    }
    return { byStage, byLight, byAssignee };
  }

  async openCounties(areas: readonly string[]): Promise<readonly string[]> {
    if (areas.length === 0) return [];
    const { sql, values } = areaCondition(areas);
    const rows = this.#database.all(
      `SELECT DISTINCT substr(area, 1, ?) FROM case_counts
        WHERE ${sql} AND length(area) >= ? AND stage <> 'closed' AND count > 0 ORDER BY 1`,
      COUNTY_DIGITS,
      ...values,
      COUNTY_DIGITS,
    );
    return rows.map(([county]) => text(county));
  }
}

/** Where a case is counted; who has it is an empty text for nobody. */
type Counted = readonly [area: string, stage: string, light: number, assignee: string];

function countedAs(one: Case): Counted {
  const { light, assignee } = placeOf(one);
  return [one.area, one.stage, lights.indexOf(light), assignee ?? ''];
}

/** GB/T 2260 names counties by six digits. */
const COUNTY_DIGITS = 6;

/** Open stages unless some are asked for: a worklist shows what is to be done. */
function stageCondition(stages: readonly Stage[] | undefined): Condition {
  if (stages === undefined) return { sql: 'open = 1', values: [] };
  return { sql: 'stage IN (SELECT value FROM json_each(?))', values: [JSON.stringify(stages)] };
}

function restOf({ assignee, unassigned, light, department }: CaseQuery): readonly Condition[] {
  const rest: Condition[] = [];
  if (assignee !== undefined) rest.push({ sql: 'assignee = ?', values: [assignee] });
  if (unassigned === true) rest.push({ sql: 'assignee IS NULL', values: [] });
  if (light !== undefined) rest.push({ sql: 'light >= ?', values: [lights.indexOf(light)] });
  if (department !== undefined)
    rest.push({ sql: 'row IN (SELECT case_row FROM case_inboxes WHERE department = ?)', values: [department] });
  return rest;
}

function cursorOf([rank, due, id]: Columns, order: CaseQuery['order']): string {
  return cursorAt(order === 'urgent' ? [rank, due, id] : [due, id]);
}

function after({ after: cursor, order }: CaseQuery): Condition {
  const place = { due: 'string', id: 'string' } as const;
  return placesAfter(cursor, order === 'urgent' ? { rank: 'number', ...place } : place);
}

function caseOf(stored: Columns[number] | undefined): Case {
  return body<Case>(stored, ['id', 'household', 'stage', 'version']);
}
