import type { EventType } from '../../audit/event.ts';
import type { EventScope } from '../../ports/report-engine.ts';
import { CHANGE, countedEvents, literal, READ, wordsOf } from '../../reports/event-sql.ts';
import {
  type CellSource,
  type EventField,
  type EventTable,
  eventTables,
  type ReadAs,
  type ValueSource,
  type WantedTables,
  type WordTable,
} from '../../reports/event-tables.ts';

/** Longest line of the archive, in bytes: events of many chunks have 15 KB. */
const LONGEST_LINE = 1024 * 1024;

/** A column of the table `loaded`: how it is had from an event, and of which kinds; of others it stays empty. */
interface LoadedColumn {
  readonly sql: string;
  readonly types: Set<EventType>;
}

/**
 * The statements that load what a query looks at, in one pass over the files, and put the tables it reads over it. Only events
 * of the kinds it `reads` and only the columns wanted of each table are kept, as plain columns, so that they pack well and can
 * leave memory; nothing is kept as JSON. Which events count is set by `countEvents`.
 */
export function loadTables(
  files: readonly string[],
  { wanted, reads, upTo }: { readonly wanted: WantedTables; readonly reads: readonly EventType[]; readonly upTo: number },
): readonly string[] {
  const loading = new Loading(reads);
  const views = [...wanted].map(([name, columns]) => viewOf(name, columns, loading));
  return [
    `CREATE TABLE loaded AS SELECT ${loading.columns().join(',\n  ')}
FROM (SELECT number, event, event."type" AS type, CAST(event."at" AS TIMESTAMP) + INTERVAL 8 HOUR AS china
  FROM ${loading.lines(files)}
  WHERE number <= ${upTo} AND event."type" IN (${reads.map(literal).join(', ')}))`,
    countEvents({ upTo }, ''),
    ...views,
  ];
}

/** The statement that says which of the events loaded count. */
export function countEvents(scope: EventScope, toDay: string): string {
  return `CREATE OR REPLACE VIEW events AS SELECT * FROM loaded WHERE ${countedEvents(scope, toDay)}`;
}

/** What the queries' own words stand for where DuckDB calls a thing otherwise than Trino (Athena). */
export const MACROS = ['CREATE MACRO text_sha256(text) AS sha256(text)'];

/** Collects the columns to load while the tables over them are drawn up. */
class Loading {
  readonly #reads: readonly EventType[];
  readonly #columns = new Map<string, LoadedColumn>();
  /** Names read of an event's data and subject, and of its data those that are lists. */
  readonly #data = new Set<string>();
  readonly #lists = new Set<string>();
  readonly #subject = new Set<string>();
  /** Cells read of the lines of a list, by name. */
  readonly #cells = new Map<string, Map<string, string>>();

  constructor(reads: readonly EventType[]) {
    this.#reads = reads;
    for (const field of ['number', 'type'] as const) this.#keep(field, field, reads);
    this.#keep('dated', this.#dated(), reads);
  }

  /** The columns of `loaded`, as they are selected. */
  columns(): readonly string[] {
    const columns = [...this.#columns].map(([name, { sql, types }]) => {
      if (this.#reads.every((type) => types.has(type))) return `${sql} AS ${quoted(name)}`;
      return `CASE WHEN type IN (${[...types].map(literal).join(', ')}) THEN ${sql} END AS ${quoted(name)}`;
    });
    const lists = [...this.#cells].map(([list, cells]) => {
      const struct = [...cells].map(([name, sql]) => `${name} := ${sql}`).join(', ');
      const lines = `json_extract(${this.#listOf(list)}, '$[*]')`;
      return `list_transform(${lines}, lambda cell: struct_pack(${struct})) AS lines_${list}`;
    });
    return [...columns, ...lists];
  }

  /** The archive's lines, read as far as a column needs them; the rest of a line is passed over. */
  lines(files: readonly string[]): string {
    const data = [...typed(this.#data, 'VARCHAR'), ...typed(this.#lists, 'JSON')];
    const subject = typed(this.#subject, 'VARCHAR');
    const fields = ['actor VARCHAR', '"at" VARCHAR', '"type" VARCHAR'];
    if (data.length > 0) fields.push(`"data" STRUCT(${data.join(', ')})`);
    if (subject.length > 0) fields.push(`subject STRUCT(${subject.join(', ')})`);
    const event = `STRUCT(${fields.join(', ')})`;
    if (files.length === 0) return `(SELECT NULL::BIGINT AS number, NULL::${event} AS event WHERE FALSE)`;
    return `read_json([${files.map(literal).join(', ')}], format = 'newline_delimited', hive_partitioning = false,
    maximum_object_size = ${LONGEST_LINE}, columns = {number: 'BIGINT', event: ${literal(event)}})`;
  }

  /** The column of `loaded` in which a value of events of some kinds stands. */
  column(source: ValueSource, types: readonly EventType[] = this.#reads): string {
    switch (source.kind) {
      case 'event':
        return this.#keep(source.field, this.#eventField(source.field), types);
      case 'change':
        return CHANGE;
      case 'subject':
        return this.#keep(`subject_${source.name}`, this.#subjectOf(source.name), types);
      case 'subjects': {
        const found = source.names.map((name) => this.#subjectOf(name));
        return this.#keep(`subject_${source.names.join('_or_')}`, `coalesce(${[...found, "''"].join(', ')})`, types);
      }
      case 'first-cells': {
        const first = `json_extract_string(${this.#listOf(source.list)}, '$[*][0]')`;
        return this.#keep(`first_cells_${source.list}`, `coalesce(array_to_string(${first}, ' '), '')`, types);
      }
      case 'data':
        return this.#keep(`data_${source.name}_${source.as}`, READING[source.as](this.#dataOf(source.name)), types);
    }
  }

  /** The cell of a line of a list, in the struct `line`. */
  cell(list: string, { index, as, emptyIsNull }: CellSource): string {
    const cells = this.#cells.get(list) ?? new Map<string, string>();
    this.#cells.set(list, cells);
    const name = `${emptyIsNull === true ? 'filled' : as}_${index}`;
    const read = READ[as](`json_extract_string(cell, '$[${index}]')`);
    cells.set(name, emptyIsNull === true ? `nullif(${read}, '')` : read);
    return `line.${name}`;
  }

  /** The column of `loaded` with the lines of a list, each a struct of the cells asked for. */
  linesOf(list: string): string {
    // Lines are counted even where no cell of them is asked.
    if (!this.#cells.has(list)) this.cell(list, { kind: 'cell', index: 0, as: 'text' });
    return `lines_${list}`;
  }

  #keep(name: string, sql: string, types: readonly EventType[]): string {
    const there = this.#columns.get(name)?.types ?? [];
    this.#columns.set(name, { sql, types: new Set([...there, ...types]) });
    return quoted(name);
  }

  #dataOf(name: string): string {
    this.#data.add(name);
    return `event."data".${quoted(name)}`;
  }

  #listOf(name: string): string {
    this.#lists.add(name);
    return `event."data".${quoted(name)}`;
  }

  #subjectOf(name: string): string {
    this.#subject.add(name);
    return `event.subject.${quoted(name)}`;
  }

  #eventField(field: EventField): string {
    switch (field) {
      case 'number':
        return field;
      case 'moment':
        return 'event."at"';
      case 'actor':
        return 'event.actor';
      case 'day':
        return DAY;
      case 'time':
        return `strftime(china, '%H:%M')`;
      case 'dated':
        return this.#dated();
    }
  }

  /**
   * The day an event belongs to: a visit to the day it took place, help to the day it was given, a file to the last day of its
   * period, anything else to the day it was written.
   */
  #dated(): string {
    const cases: string[] = [];
    if (this.#reads.includes('case.acted')) {
      const given = `json_extract_string(${this.#listOf('given')}, '$[0][5]')`;
      cases.push(`WHEN type = 'case.acted' THEN coalesce(${dayInChina(this.#dataOf('visited'))}, ${given})`);
    }
    if (this.#reads.some((type) => type.startsWith('file.'))) {
      const period = this.#dataOf('period');
      cases.push(`WHEN starts_with(type, 'file.') AND regexp_matches(${period}, '^\\d{4}-\\d{2}(-\\d{2})?$') THEN
      CASE WHEN length(${period}) = 10 THEN ${period} ELSE strftime(last_day(TRY_CAST(${period} || '-01' AS DATE)), '%Y-%m-%d') END`);
    }
    return cases.length === 0 ? DAY : `coalesce(CASE ${cases.join(' ')} END, ${DAY})`;
  }
}

const DAY = `strftime(china, '%Y-%m-%d')`;

function dayInChina(moment: string): string {
  return `strftime(TRY_CAST(${moment} AS TIMESTAMP) + INTERVAL 8 HOUR, '%Y-%m-%d')`;
}

const READING: Readonly<Record<ReadAs, (value: string) => string>> = { ...READ, 'day-in-china': dayInChina };

function typed(names: ReadonlySet<string>, type: string): string[] {
  return [...names].map((name) => `${quoted(name)} ${type}`);
}

function quoted(name: string): string {
  return `"${name}"`;
}

function viewOf(name: string, wanted: ReadonlySet<string>, loading: Loading): string {
  const table = eventTables[name];
  if (table === undefined) throw new Error(`there is no table ${name}`);
  return `CREATE VIEW ${name} AS ${table.kind === 'words' ? wordRowsOf(table, wanted) : rowsOf(table, wanted, loading)}`;
}

function rowsOf({ types, having = [], lines, columns }: EventTable, wanted: ReadonlySet<string>, loading: Loading): string {
  const conditions = having.map((source) => `${loading.column(source, types)} IS NOT NULL`);
  if (types !== undefined) conditions.push(`type IN (${types.map(literal).join(', ')})`);
  // Rows are counted even where nothing of them is asked.
  const selected = wanted.size === 0 ? ['number'] : [];
  for (const [name, source] of Object.entries(columns)) {
    if (!wanted.has(name)) continue;
    if (source.kind !== 'cell') selected.push(`${loading.column(source, types)} AS ${name}`);
    else if (lines !== undefined) selected.push(`${loading.cell(lines, source)} AS ${name}`);
  }
  const rows = `FROM events${conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`}`;
  if (lines === undefined) return `SELECT ${selected.join(', ')} ${rows}`;
  return `SELECT ${selected.join(', ')} FROM (SELECT *, unnest(${loading.linesOf(lines)}) AS line ${rows})`;
}

function wordRowsOf(table: WordTable, wanted: ReadonlySet<string>): string {
  const { words, condition } = wordsOf(table);
  const kept = table.keep.filter((name) => wanted.has(name));
  const selected = [...kept, `unnest(string_split(${words}, ' ')) AS ${table.as}`].join(', ');
  return `SELECT ${selected} FROM ${table.of}${condition === undefined ? '' : ` WHERE ${condition}`}`;
}
