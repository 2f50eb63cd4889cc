import { Fault } from './fault.ts';

/** So many stretches of hidden rows are told apart; further ones are only counted. */
const STRETCHES_KEPT = 20;
/** And so many are named in a remark. */
const STRETCHES_NAMED = 8;

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Filled rows of a sheet that are not shown, mostly because a filter was left on, and columns that are not. */
export class HiddenCells {
  #rows = 0;
  readonly #stretches: Stretch[] = [];
  readonly #columns: Stretch[] = [];

  /** Rows come in order. */
  addRow(row: number): void {
    this.#rows += 1;
    const last = this.#stretches.at(-1);
    if (last !== undefined && last.to === row - 1) this.#stretches[this.#stretches.length - 1] = { from: last.from, to: row };
    else if (this.#stretches.length < STRETCHES_KEPT) this.#stretches.push({ from: row, to: row });
  }

  /** Columns by their numbers, the first being 1. */
  addColumns(from: number, to: number): void {
    this.#columns.push({ from, to });
  }

  /** Whether the column of this index, from 0, is not shown. */
  hasColumn(index: number): boolean {
    return this.#columns.some(({ from, to }) => from <= index + 1 && index + 1 <= to);
  }

  /** The hidden rows below the header, the first and the remark on them all; undefined when every row is shown. */
  rowsBelow(headerRow: number): { readonly first: number; readonly fault: Fault } | undefined {
    const above = this.#stretches.filter(({ from }) => from <= headerRow);
    const below = this.#stretches.flatMap(({ from, to }) =>
      to > headerRow ? [{ from: Math.max(from, headerRow + 1), to }] : [],
    );
    const [first] = below;
    if (first === undefined) return undefined;
    const rows = this.#rows - above.reduce((sum, { from, to }) => sum + Math.min(to, headerRow) - from + 1, 0);
    return { first: first.from, fault: hiddenRows(rows, below) };
  }
}

function hiddenRows(rows: number, stretches: readonly Stretch[]): Fault {
  const named = stretches.slice(0, STRETCHES_NAMED);
  const zh = named.map(({ from, to }) => (from === to ? `第${from}行` : `第${from}至${to}行`)).join('、');
  const en = named.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
  const more = stretches.length > STRETCHES_NAMED;
  return new Fault(
    'HIDDEN_ROWS',
    `有${rows}行被筛选或隐藏（${zh}${more ? '等' : ''}），已与其他行一并读取；如本不应报送，请与管理单位联系更正`,
    `${rows} rows are hidden or filtered out (${en}${more ? ' and others' : ''}) and were read with the others; if they should not have been sent, ask for a correction`,
  );
}

/** The remark on a column that is read and not shown. */
export function hiddenColumn(): Fault {
  return new Fault(
    'HIDDEN_COLUMN',
    '本列在表中被隐藏，已照常读取；请核对内容是否为最新',
    'the column is hidden in the sheet and was read like the others; check that what it says is up to date',
  );
}
