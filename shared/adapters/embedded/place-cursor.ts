import { PermanentError } from '../../ports/errors.ts';
import type { Condition } from './area-condition.ts';

/** A cursor that says after which place of an ordered list the next page begins. */
export function cursorAt(place: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(place), 'utf8').toString('base64url');
}

/**
 * The rows that come after a cursor in the order of `columns`, or that order backwards; all of them without one.
 * @throws PermanentError for anything that is no place in that order
 */
export function placesAfter(
  cursor: string | undefined,
  columns: Readonly<Record<string, 'number' | 'string'>>,
  direction: 'forwards' | 'backwards' = 'forwards',
): Condition {
  if (cursor === undefined) return { sql: 'TRUE', values: [] };
  const names = Object.keys(columns);
  const place = placeOf(cursor);
  if (place.length !== names.length || !names.every((name, index) => typeof place[index] === columns[name])) {
    throw new PermanentError(
      'bad-cursor',
      '分页标记无效，请从第一页重新开始 / the page cursor is not valid: begin again from the first page',
    );
  }
  const marks = names.map(() => '?').join(', ');
  const beyond = direction === 'forwards' ? '>' : '<';
  return { sql: `(${names.join(', ')}) ${beyond} (${marks})`, values: place as (string | number)[] };
}

function placeOf(cursor: string): readonly unknown[] {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(place) ? place : [];
  } catch {
    return [];
  }
}
