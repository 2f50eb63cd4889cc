/*
 * What Athena's functions do, in DuckDB's words: no Trino runs in a test, so the statements for it run here, over the same
 * lines. The table is what Trino's documentation says of each; the grammar itself is held to Trino's by another test.
 */

/** Functions that stand in Athena's statements only, each as a DuckDB macro. */
const MACROS: Readonly<Record<string, string>> = {
  json_extract_scalar: '(json, path) AS json_extract_string(json, path)',
  json_format: '(json) AS CAST(json AS VARCHAR)',
  from_iso8601_timestamp: '(text) AS CAST(text AS TIMESTAMP)',
  date_format: "(moment, form) AS strftime(moment, replace(form, '%i', '%M'))",
  regexp_like: '(text, pattern) AS regexp_matches(text, pattern)',
  last_day_of_month: '(day) AS last_day(day)',
  array_join: '(list, sign) AS array_to_string(list, sign)',
  split: '(text, sign) AS string_split(text, sign)',
  to_utf8: '(text) AS encode(text)',
  sha256: '(bytes) AS unhex(sha256(bytes))',
  to_hex: '(bytes) AS hex(bytes)',
};

/** Statements that define them. */
export const TRINO_MACROS = Object.entries(MACROS).map(([name, body]) => `CREATE MACRO trino_${name}${body}`);

/** A statement of Athena as DuckDB takes it. */
export function inDuckDb(statement: string): string {
  const named = statement.replace(/\b([a-z0-9_]+)\(/g, (call, name: string) => (name in MACROS ? `trino_${name}(` : call));
  return named
    .replaceAll('array(json)', 'JSON[]')
    .replaceAll('transform(', 'list_transform(')
    .replace(/(\w+) -> /g, 'lambda $1: ');
}
