import type { CountedDay, EventScope, QueryParameters } from '../ports/report-engine.ts';
import type { ReadAs, WordTable } from './event-tables.ts';

/*
 * SQL that DuckDB and Athena (Trino) read alike: what the tables of reports are made of in both, so that the two cannot come to
 * differ in it. What each calls otherwise stands in its own adapter.
 */

/** `text` in SQL, quoted. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Which events count: up to a number and, beyond it up to another, those that belong to days up to `toDay`. */
export function countedEvents({ upTo, lateUpTo }: EventScope, toDay: string): string {
  const late = lateUpTo === undefined ? '' : ` OR (number <= ${lateUpTo} AND dated <= ${literal(toDay)})`;
  return `number <= ${upTo}${late}`;
}

/** The one row of the table `params`. */
export function parametersRow({ from, to, area, seed, sample }: QueryParameters): string {
  return `SELECT ${literal(from)} AS from_day, ${literal(to)} AS to_day, ${literal(area)} AS area, ${literal(seed)} AS seed, CAST(${sample} AS bigint) AS sample`;
}

/** The rows of the table `work_days`: day, whether it is a working day, how many there were with it. */
export function workDayRows(days: readonly CountedDay[]): string {
  return days.map(({ day, working, total }) => `(${literal(day)}, ${working}, ${total})`).join(', ');
}

/** The kind of event, without what stands before its point. */
export const CHANGE = `substr(type, strpos(type, '.') + 1)`;

/** How a value, held as text, is read; what is not of its kind is null. Days of moments are each engine's own. */
export const READ: Readonly<Record<Exclude<ReadAs, 'day-in-china'>, (value: string) => string>> = {
  text: (value) => value,
  whole: (value) => `TRY_CAST(${value} AS bigint)`,
  'yes-no': (value) => `(${value} = 'true')`,
};

/** The text in whose words a table of words has its rows, and the condition for there being any. */
export function wordsOf({ column, none }: WordTable): { readonly words: string; readonly condition?: string } {
  if (none === undefined) return { words: column, condition: `${column} <> ''` };
  return { words: `CASE WHEN ${column} = '' THEN ${literal(none)} ELSE ${column} END` };
}
