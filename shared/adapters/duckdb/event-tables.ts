import type { EventType } from '../../audit/event.ts';

/** `text` in SQL, quoted. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Longest line of the archive, in bytes: events of many chunks have 15 KB. */
const LONGEST_LINE = 1024 * 1024;

/**
 * Loads what a report looks at into the table `archived`. `dated` is the day in China an event belongs to: a visit to the day
 * it took place, help to the day it was given, a file to the last day of its period, anything else to the day it was written.
 */
export function loadEvents(files: readonly string[], reads: readonly EventType[], upTo: number): string {
  return `
CREATE TEMP TABLE archived AS
WITH lines AS (
  SELECT number, event."type" AS type, event."at" AS moment, event.actor AS actor, event.subject AS subject, event."data" AS data
  FROM read_json([${files.map(literal).join(', ')}], format = 'newline_delimited', hive_partitioning = false, maximum_object_size = ${LONGEST_LINE},
    columns = {number: 'BIGINT', event: 'STRUCT(actor VARCHAR, "at" VARCHAR, "data" JSON, subject JSON, "type" VARCHAR)'})
  WHERE number <= ${upTo} AND event."type" IN (${reads.map(literal).join(', ')})
), timed AS (
  SELECT *, ${chinaTime('moment')} AS china FROM lines
)
SELECT number, type, moment, substr(china, 1, 10) AS day, substr(china, 12, 5) AS time, actor, subject, data,
  coalesce(CASE
    WHEN type = 'case.acted' THEN coalesce(substr(${chinaTime("json_extract_string(data, '$.visited')")}, 1, 10), json_extract_string(data, '$.given[0][5]'))
    WHEN starts_with(type, 'file.') AND regexp_matches(json_extract_string(data, '$.period'), '^\\d{4}-\\d{2}(-\\d{2})?$') THEN
      CASE WHEN length(json_extract_string(data, '$.period')) = 10 THEN json_extract_string(data, '$.period')
           ELSE strftime(last_day(TRY_CAST((json_extract_string(data, '$.period')) || '-01' AS DATE)), '%Y-%m-%d') END
  END, substr(china, 1, 10)) AS dated
FROM timed`;
}

function chinaTime(moment: string): string {
  return `strftime(CAST(${moment} AS TIMESTAMP) + INTERVAL 8 HOUR, '%Y-%m-%d %H:%M')`;
}

/** What the queries' own words stand for where DuckDB calls a thing otherwise than Trino (Athena). */
const MACROS = ['CREATE TEMP MACRO text_sha256(text) AS sha256(text)'];

const text = (name: string, as = name): string => `json_extract_string(data, '$.${name}') AS ${as}`;
const whole = (name: string, as = name): string => `TRY_CAST(json_extract_string(data, '$.${name}') AS BIGINT) AS ${as}`;
const yesNo = (name: string, as = name): string => `(json_extract_string(data, '$.${name}')) = 'true' AS ${as}`;
const about = (name: string, as = name): string => `json_extract_string(subject, '$.${name}') AS ${as}`;
const cell = (index: number, as: string): string => `json_extract_string(cell, '$[${index}]') AS ${as}`;
const wholeCell = (index: number, as: string): string => `TRY_CAST(json_extract_string(cell, '$[${index}]') AS BIGINT) AS ${as}`;
const inChina = (moment: string): string => `substr(${chinaTime(moment)}, 1, 10)`;

function ofTypes(...types: readonly string[]): string {
  return `FROM events WHERE ${types.map((type) => `starts_with(type, ${literal(type)})`).join(' OR ')}`;
}

/** A short table an event states, a row for each of its lines. */
function linesOf(table: string, columns: readonly string[], named: readonly string[]): string {
  return `SELECT ${[...named, ...columns].join(', ')}
    FROM (SELECT *, unnest(json_extract(data, '$.${table}[*]')) AS cell FROM events WHERE json_extract(data, '$.${table}') IS NOT NULL)`;
}

const EVENT = ['number', 'moment', 'day', 'time', 'dated', 'actor'];

/** The tables every query may read, each as one SELECT over `events`. docs/reports.md has them with their columns. */
const TABLES: Readonly<Record<string, string>> = {
  warning_events: `SELECT ${[
    ...EVENT,
    about('household'),
    about('warning'),
    `substr(type, 9) AS change`,
    text('family'),
    text('grade'),
    text('area'),
    text('category'),
    whole('low'),
    whole('high'),
    text('pack'),
    text('packVersion', 'pack_version'),
    text('reason'),
    text('outcome'),
    `coalesce(array_to_string(json_extract_string(data, '$.hits[*][0]'), ' '), '') AS indicators`,
  ].join(', ')} ${ofTypes('warning.')}`,
  warning_hits: linesOf(
    'hits',
    [cell(0, 'indicator'), wholeCell(1, 'value'), wholeCell(2, 'points'), cell(3, 'feeds')],
    ['number', 'day', 'dated', about('household'), about('warning'), text('area')],
  ),
  warning_feeds: `SELECT number, warning, indicator, unnest(string_split(CASE WHEN feeds = '' THEN '-' ELSE feeds END, ' ')) AS feed
    FROM warning_hits`,
  assessments: `SELECT ${[
    ...EVENT,
    about('household'),
    text('area'),
    text('family'),
    text('grade'),
    text('pack'),
    text('packVersion', 'pack_version'),
    text('asOf', 'as_of'),
    text('digest'),
  ].join(', ')} ${ofTypes('household.assessed')}`,
  case_events: `SELECT ${[
    ...EVENT,
    about('case', 'case_id'),
    about('household'),
    `substr(type, 6) AS kind`,
    text('action'),
    text('from', 'from_stage'),
    text('to', 'to_stage'),
    text('area'),
    text('category'),
    text('grade'),
    text('source'),
    text('outcome'),
    text('warning'),
    text('warnings'),
    text('visit'),
    text('means'),
    text('truth'),
    text('proposed'),
    text('needs'),
    yesNo('conflict'),
    yesNo('late'),
    `${inChina("json_extract_string(data, '$.visited')")} AS visited_on`,
    text('kind', 'said'),
    text('level'),
    text('actions'),
    text('proposal'),
    yesNo('accepted'),
    text('referral'),
    text('department'),
    text('measure'),
    text('code'),
    whole('fen'),
    text('rhythm'),
    text('due'),
    text('escalated'),
    text('step'),
    text('light'),
    whole('visits'),
    whole('referrals'),
  ].join(', ')} ${ofTypes('case.')}`,
  case_aids: linesOf(
    'given',
    [
      cell(0, 'aid'),
      cell(1, 'department'),
      cell(2, 'measure'),
      wholeCell(3, 'fen'),
      cell(4, 'rhythm'),
      cell(5, 'given_on'),
      `nullif(json_extract_string(cell, '$[6]'), '') AS referral`,
    ],
    [...EVENT, about('case', 'case_id'), about('household'), text('area'), text('category')],
  ),
  case_asked: linesOf(
    'asked',
    [cell(0, 'referral'), cell(1, 'department'), cell(2, 'measure')],
    [...EVENT, about('case', 'case_id'), about('household'), text('area')],
  ),
  case_clocks: linesOf(
    'stopped',
    [
      cell(0, 'step'),
      `nullif(json_extract_string(cell, '$[1]'), '') AS referral`,
      cell(2, 'started'),
      cell(3, 'due'),
      'moment AS stopped',
    ],
    [...EVENT, about('case', 'case_id'), about('household'), text('area'), text('grade')],
  ),
  file_events: `SELECT ${[
    ...EVENT,
    about('file'),
    `substr(type, 6) AS kind`,
    text('feed'),
    text('period'),
    text('status'),
    text('sha256'),
    whole('size'),
    whole('read', 'rows_read'),
    whole('accepted'),
    whole('duplicate'),
    whole('rejected'),
    text('areas'),
    text('due'),
  ].join(', ')} ${ofTypes('file.')}`,
  correction_events: `SELECT ${[
    ...EVENT,
    about('correction'),
    about('case', 'case_id'),
    about('household'),
    `substr(type, 12) AS kind`,
    text('area'),
    text('department'),
    text('feed'),
    text('field'),
    text('file'),
    whole('row', 'file_row'),
    text('found'),
    text('dueAt', 'due'),
    text('answer'),
    text('reason'),
    text('to', 'passed_to'),
    yesNo('late'),
  ].join(', ')} ${ofTypes('correction.')}`,
  read_events: `SELECT ${[
    ...EVENT,
    `substr(type, 6) AS kind`,
    text('action'),
    text('purpose'),
    whole('found'),
    about('case', 'case_id'),
    about('warning'),
    `coalesce(json_extract_string(subject, '$.household'), json_extract_string(subject, '$.households'), '') AS households`,
  ].join(', ')} ${ofTypes('data.')}`,
  read_households: `SELECT number, unnest(string_split(households, ' ')) AS household FROM read_events WHERE households <> ''`,
  household_places: `SELECT number, json_extract_string(subject, '$.household') AS household, json_extract_string(data, '$.area') AS area FROM events
    WHERE json_extract_string(subject, '$.household') IS NOT NULL AND json_extract_string(data, '$.area') IS NOT NULL`,
  report_events: `SELECT ${[
    ...EVENT,
    `substr(type, 8) AS kind`,
    text('report'),
    text('area'),
    text('purpose'),
    whole('rows', 'row_count'),
    text('refusal'),
    text('digest'),
  ].join(', ')} ${ofTypes('report.')}`,
};

/** The statements that put the tables of the queries over `archived`, `scope`, `params` and `work_days`. */
export function eventTables(): readonly string[] {
  return [
    ...MACROS,
    `CREATE TEMP VIEW events AS SELECT a.* FROM archived a CROSS JOIN scope s
     WHERE a.number <= s.up_to OR (a.number <= s.late_up_to AND a.dated <= s.to_day)`,
    ...Object.entries(TABLES).map(([name, select]) => `CREATE TEMP VIEW ${name} AS ${select}`),
  ];
}
