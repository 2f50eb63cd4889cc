import type { Instant } from '../calendar/plain-date.ts';
import type { Case, UserId } from '../casework/case.ts';
import type { LocatedRow } from './notice.ts';

/** A row that a case calls wrong, by whom and when. */
export interface RowOfCase {
  readonly row: LocatedRow;
  readonly at: Instant;
  readonly by: UserId;
}

/** Every row a case calls wrong, in decisions and in confirmed proposals; the first word on a row counts. */
export function wrongRowsOfCase({ decisions, proposals }: Pick<Case, 'decisions' | 'proposals'>): readonly RowOfCase[] {
  const said = [...proposals.flatMap(({ answer }) => answer ?? []), ...decisions];
  const rows = new Map<string, RowOfCase>();
  for (const { wrongRows = [], at, by } of said) {
    for (const row of wrongRows) {
      const name = `${row.file} ${row.row}`;
      if (!rows.has(name)) rows.set(name, { row, at, by });
    }
  }
  return [...rows.values()];
}
