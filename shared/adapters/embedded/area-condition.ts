/** Part of a WHERE with its values. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** Sorts after every character an area code may hold. */
const LAST_CHARACTER = '\u{10ffff}';

/** Ranges of the column `area`; a prefix that another one covers is left out, so the ranges never overlap. */
export function areaCondition(areas: readonly string[]): Condition {
  const prefixes = [...new Set(areas)].filter((area, _, all) => !all.some((other) => other !== area && area.startsWith(other)));
  if (prefixes.includes('')) return { sql: 'TRUE', values: [] };
  return {
    sql: `(${prefixes.map(() => '(area >= ? AND area < ?)').join(' OR ')})`,
    values: prefixes.flatMap((prefix) => [prefix, prefix + LAST_CHARACTER]),
  };
}
