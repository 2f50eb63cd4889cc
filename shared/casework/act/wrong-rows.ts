import { discloseText } from '../../access/masking.ts';
import type { LocatedRow, WrongRow } from '../../corrections/notice.ts';
import type { Codes } from '../case.ts';
import { refuse } from '../refusals.ts';
import type { ActContext, ActionOf, Move } from './move.ts';

/** The rows an action calls wrong, each known to be told of the household's people; or why it is not taken. */
export function wrongRowsOf(
  action: ActionOf<'decide'> | ActionOf<'answer-proposal'>,
  { rows }: ActContext,
): { readonly rows: readonly LocatedRow[] } | Extract<Move, { kind: 'refused' }> {
  const { wrongRows = [] } = action;
  if (wrongRows.length === 0) return { rows: [] };
  if (action.action === 'decide' ? action.kind !== 'data-wrong' : !action.accepted) return refuse('wrong-rows-unfit');
  const found: LocatedRow[] = [];
  for (const wrong of wrongRows) {
    const there = rows?.named.find(({ row }) => row.file === wrong.file && row.row === wrong.row);
    if (there === undefined) return refuse('no-such-row', wrong);
    if (!there.found) return refuse(there.lacking === 'row' ? 'no-such-row' : 'no-such-field', there.row);
    found.push(withoutNumbers(there.row));
  }
  return { rows: found };
}

/** What an event tells of them: which rows of which files, and what was found, in codes. */
export function codesOfRows(rows: readonly LocatedRow[]): Codes | undefined {
  if (rows.length === 0) return undefined;
  return { wrongRows: rows.map(({ file, row, found }: WrongRow) => `${file}:${row}:${found}`).join(' ') };
}

/** The department finds the person by file and row; a number somebody typed all the same is masked. */
function withoutNumbers(row: LocatedRow): LocatedRow {
  return row.note === undefined ? row : { ...row, note: discloseText(row.note) };
}
