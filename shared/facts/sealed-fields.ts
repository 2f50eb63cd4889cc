import type { FactRow } from './fact.ts';

/** The sealed fields of rows, in their order. */
export function sealedIn(rows: readonly FactRow[]): readonly string[] {
  return rows.flatMap(({ sealed }) => (sealed === undefined ? [] : [sealed]));
}

/** The rows with these texts, one after the other, in place of their sealed fields. */
export function withSealed(rows: readonly FactRow[], texts: readonly string[]): readonly FactRow[] {
  const left = texts.values();
  return rows.map((row) => (row.sealed === undefined ? row : { ...row, sealed: left.next().value ?? row.sealed }));
}
