import { CHANGE, literal, READ, wordsOf } from '../../reports/event-sql.ts';
import {
  type CellSource,
  type EventTable,
  eventTables,
  type ReadAs,
  type ValueSource,
  type WordTable,
} from '../../reports/event-tables.ts';

/*
 * The tables of reports as Athena (engine 3, Trino's SQL) has them, made from the same description as DuckDB's. Everything is
 * read from `lines`, the archive's lines as they are stored: names in JSON keep their case, which tables of the catalogue
 * would fold, and what a path finds is what the engine of reports finds there.
 */

/** Types of a column: as queries know them. */
export type AthenaType = 'varchar' | 'bigint' | 'boolean';

/** A table as one SELECT, with the columns it gives in their order. */
export interface AthenaTable {
  readonly select: string;
  readonly columns: readonly { readonly name: string; readonly type: AthenaType }[];
}

/** Every event, over `lines`: what all have, and subject and data as JSON. */
export function archivedEvents(lines: string): AthenaTable {
  return {
    select: `SELECT number, type, moment, substr(china, 1, 10) AS day, substr(china, 12, 5) AS time,
  coalesce(${DATED}, substr(china, 1, 10)) AS dated, actor, subject, data
FROM (
  SELECT *, ${inChina('moment')} AS china
  FROM (
    SELECT CAST(json_extract_scalar(line, '$.number') AS bigint) AS number,
      json_extract_scalar(line, '$.event.type') AS type,
      json_extract_scalar(line, '$.event.at') AS moment,
      json_extract_scalar(line, '$.event.actor') AS actor,
      json_format(json_extract(line, '$.event.subject')) AS subject,
      json_format(json_extract(line, '$.event.data')) AS data
    FROM ${lines}
  )
)`,
    columns: [
      { name: 'number', type: 'bigint' },
      ...['type', 'moment', 'day', 'time', 'dated', 'actor', 'subject', 'data'].map((name) => ({
        name,
        type: 'varchar' as const,
      })),
    ],
  };
}

/** A table of docs/reports.md over `events`, or over the table it is made of; `wanted` are its columns, else all. */
export function athenaTable(
  name: string,
  wanted?: ReadonlySet<string>,
  from: (table: string) => string = (table) => table,
): AthenaTable {
  const table = eventTables[name];
  if (table === undefined) throw new Error(`there is no table ${name}`);
  return table.kind === 'words' ? wordRowsOf(table, wanted, from) : rowsOf(table, wanted, from);
}

function rowsOf(
  { types, having = [], lines, columns }: EventTable,
  wanted: ReadonlySet<string> | undefined,
  from: (table: string) => string,
): AthenaTable {
  const conditions = having.map((source) => `${readOf(source)} IS NOT NULL`);
  if (types !== undefined) conditions.push(`type IN (${types.map(literal).join(', ')})`);
  const named = Object.entries(columns).filter(([name]) => wanted === undefined || wanted.has(name));
  // Rows are counted even where nothing of them is asked.
  if (named.length === 0) named.push(['number', { kind: 'event', field: 'number' }]);
  const selected = named.map(([name, source]) => `${readOf(source)} AS ${name}`);
  const unnested = lines === undefined ? '' : ` CROSS JOIN UNNEST(${listOf(lines)}) AS line_of (cell)`;
  return {
    select: `SELECT ${selected.join(', ')}\nFROM ${from('events')}${unnested}${conditions.length === 0 ? '' : `\nWHERE ${conditions.join(' AND ')}`}`,
    columns: named.map(([name, source]) => ({ name, type: typeOf(source) })),
  };
}

function wordRowsOf(table: WordTable, wanted: ReadonlySet<string> | undefined, from: (table: string) => string): AthenaTable {
  const { words, condition } = wordsOf(table);
  const { of, as } = table;
  const kept = table.keep.filter((name) => wanted === undefined || wanted.has(name));
  const types = new Map(athenaTable(of).columns.map((one) => [one.name, one.type]));
  return {
    select: `SELECT ${[...kept, `word AS ${as}`].join(', ')}
FROM ${from(of)} CROSS JOIN UNNEST(split(${words}, ' ')) AS word_of (word)${condition === undefined ? '' : `\nWHERE ${condition}`}`,
    columns: [...kept.map((name) => ({ name, type: types.get(name) ?? ('varchar' as const) })), { name: as, type: 'varchar' }],
  };
}

function readOf(source: ValueSource | CellSource): string {
  switch (source.kind) {
    case 'event':
      return source.field;
    case 'change':
      return CHANGE;
    case 'data':
      return READING[source.as](dataOf(source.name));
    case 'subject':
      return subjectOf(source.name);
    case 'subjects':
      return `coalesce(${source.names.map(subjectOf).join(', ')}, '')`;
    case 'cell': {
      const read = READING[source.as](`json_extract_scalar(cell, '$[${source.index}]')`);
      return source.emptyIsNull === true ? `nullif(${read}, '')` : read;
    }
    case 'first-cells':
      return `coalesce(array_join(transform(${listOf(source.list)}, one -> json_extract_scalar(one, '$[0]')), ' '), '')`;
  }
}

function typeOf(source: ValueSource | CellSource): AthenaType {
  if (source.kind === 'event') return source.field === 'number' ? 'bigint' : 'varchar';
  if (source.kind !== 'data' && source.kind !== 'cell') return 'varchar';
  return TYPES[source.as];
}

const TYPES: Readonly<Record<ReadAs, AthenaType>> = {
  text: 'varchar',
  whole: 'bigint',
  'yes-no': 'boolean',
  'day-in-china': 'varchar',
};

const READING: Readonly<Record<ReadAs, (value: string) => string>> = { ...READ, 'day-in-china': dayInChina };

function dataOf(name: string): string {
  return `json_extract_scalar(data, '$.${name}')`;
}

function subjectOf(name: string): string {
  return `json_extract_scalar(subject, '$.${name}')`;
}

/** A short table an event states: nothing where it states none. */
function listOf(name: string): string {
  return `CAST(json_extract(data, '$.${name}') AS array(json))`;
}

/** Moments are UTC, and there is no summer time in China. */
function inChina(moment: string): string {
  return `date_format(from_iso8601_timestamp(${moment}) + INTERVAL '8' HOUR, '%Y-%m-%d %H:%i')`;
}

function dayInChina(moment: string): string {
  return `substr(TRY(${inChina(moment)}), 1, 10)`;
}

/** A visit belongs to the day it took place, help to the day it was given, a file to the last day of its period. */
const PERIOD = dataOf('period');
const DATED = `CASE
    WHEN type = 'case.acted' THEN coalesce(${dayInChina(dataOf('visited'))}, json_extract_scalar(data, '$.given[0][5]'))
    WHEN starts_with(type, 'file.') AND regexp_like(${PERIOD}, '^\\d{4}-\\d{2}(-\\d{2})?$') THEN
      CASE WHEN length(${PERIOD}) = 10 THEN ${PERIOD} ELSE date_format(last_day_of_month(TRY_CAST(concat(${PERIOD}, '-01') AS date)), '%Y-%m-%d') END
  END`;
