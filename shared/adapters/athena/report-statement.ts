import type { CountedDay, EventScope, ReportQuery } from '../../ports/report-engine.ts';
import { countedEvents, literal, parametersRow, workDayRows } from '../../reports/event-sql.ts';
import { tablesNamed } from '../../reports/event-tables.ts';
import { archivedEvents, athenaTable } from './event-tables.ts';

/**
 * A report's query as one statement of Athena: its tables over the archive's lines, its parameters and its days stand before the
 * query, which runs as it is. The figures are the report's own as it computes them: nothing of them is suppressed.
 */
export function athenaStatement({ sql, reads, parameters, days }: Omit<ReportQuery, 'columns'>, scope: EventScope): string {
  const tables = [...tablesNamed([sql])].map(([name, columns]) => [name, athenaTable(name, columns).select] as const);
  const named = (name: string) => new RegExp(`\\b${name}\\b`).test(sql);
  const before: readonly (readonly [string, string])[] = [
    ['archived', archivedEvents('lines').select],
    [
      'events',
      `SELECT * FROM archived\nWHERE type IN (${reads.map(literal).join(', ')}) AND (${countedEvents(scope, parameters.to)})`,
    ],
    ...(named('params') ? [['params', parametersRow(parameters)] as const] : []),
    ...(named('work_days') ? [['work_days', workDays(days)] as const] : []),
    ...tables,
  ];
  const query = withDigests(sql.replace(/--.*$/gm, '').trim());
  const rest = /^WITH\s+([\s\S]*)$/i.exec(query)?.[1];
  const ours = before.map(([name, select]) => `${name} AS (\n${select}\n)`).join(', ');
  return `WITH ${ours}${rest === undefined ? `\n${query}` : `, ${rest}`}`;
}

function workDays(days: readonly CountedDay[]): string {
  return `SELECT day, working, CAST(total AS bigint) AS total FROM (VALUES ${workDayRows(days)}) AS d (day, working, total)`;
}

const DIGEST = 'text_sha256(';

/** The queries' one function of our own, in Athena's words. */
function withDigests(sql: string): string {
  const at = sql.indexOf(DIGEST);
  if (at < 0) return sql;
  const begin = at + DIGEST.length;
  const end = closingOf(sql, begin);
  return `${sql.slice(0, at)}lower(to_hex(sha256(to_utf8(${withDigests(sql.slice(begin, end))}))))${withDigests(sql.slice(end + 1))}`;
}

/** Where the parenthesis closes whose content begins here; texts are passed over. */
function closingOf(sql: string, begin: number): number {
  let depth = 1;
  let quoted = false;
  for (let at = begin; at < sql.length; at += 1) {
    const sign = sql[at];
    if (sign === "'") quoted = !quoted;
    if (quoted) continue;
    if (sign === '(') depth += 1;
    if (sign === ')') depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error('a parenthesis of a query is not closed');
}
