/** Part of a WHERE with its values. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** Sorts after every character an area code may hold. */
const LAST_CHARACTER = '\u{10ffff}';

/** Prefixes without those that lie inside another of them. */
export function outermost(areas: readonly string[]): readonly string[] {
  return [...new Set(areas)].filter((area, _, all) => !all.some((other) => other !== area && area.startsWith(other)));
}

/** Ranges of the column `area` that never overlap. */
export function areaCondition(areas: readonly string[]): Condition {
  const prefixes = outermost(areas);
  if (prefixes.includes('')) return { sql: 'TRUE', values: [] };
  return {
    sql: `(${prefixes.map(() => '(area >= ? AND area < ?)').join(' OR ')})`,
    values: prefixes.flatMap((prefix) => [prefix, prefix + LAST_CHARACTER]),
  };
}
