import { encodeGb18030 } from '../../../shared/intake/gb18030-encoder.ts';
import { oldIdentityNumber, withWrongCheckDigit } from './identity.ts';
import type { Random } from './random.ts';

/** One file of the county: the path below the inbox and its bytes. */
export interface CountyFile {
  /** `<department>/<category>/<period>/<name>`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Rows as a department's system exports them. */
export interface Table {
  readonly headers: readonly string[];
  readonly rows: string[][];
}

/** How the file is dressed: what stands above and below the table, and in which bytes. */
export interface CsvStyle {
  readonly encoding: 'gb18030' | 'utf-8' | 'utf-8-bom';
  readonly separator?: ',' | '\t';
  readonly newline?: '\n' | '\r\n';
  readonly titles?: readonly string[];
  /** Column numbers summed in a 合计 row at the end. */
  readonly totals?: readonly number[];
  readonly notes?: readonly string[];
}

function quoted(cell: string, separator: string): string {
  return cell.includes(separator) || cell.includes('"') || cell.includes('\n') ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** The 合计 row of a table: sums of the columns asked for, with the decimals their cells have. */
export function totalsRow(table: Table, columns: readonly number[]): string[] {
  const row = table.headers.map(() => '');
  row[0] = '合计';
  for (const column of columns) {
    const sum = table.rows.reduce((total, cells) => total + (Number(cells[column]) || 0), 0);
    row[column] = sum.toFixed(2);
  }
  return row;
}

/** A CSV file as its department sends it. */
export function csvBytes(table: Table, style: CsvStyle): Uint8Array {
  const separator = style.separator ?? ',';
  const newline = style.newline ?? '\r\n';
  const lines = (style.titles ?? []).map((title) => title + separator.repeat(table.headers.length - 1));
  const all = [table.headers, ...table.rows, ...(style.totals ? [totalsRow(table, style.totals)] : [])];
  for (const cells of all) {
    let line = quoted(cells[0] ?? '', separator);
    for (let column = 1; column < cells.length; column++) line += separator + quoted(cells[column] ?? '', separator);
    lines.push(line);
  }
  lines.push(...(style.notes ?? []));
  const text = lines.join(newline) + newline;
  if (style.encoding === 'gb18030') return encodeGb18030(text);
  return Buffer.from(style.encoding === 'utf-8-bom' ? `\ufeff${text}` : text, 'utf-8');
}

/** Fen as yuan with two decimals, the way most exports write money. */
export function yuan(fen: number): string {
  return (fen / 100).toFixed(2);
}

/** Fen as ten thousands of yuan, all six decimals, so that nothing is lost. */
export function wanYuan(fen: number): string {
  return (fen / 1_000_000).toFixed(6);
}

const FULL_WIDTH = '０１２３４５６７８９';

/** Other ways of writing the same valid number that departments' files are full of. */
function disguised(number: string, random: Random): string {
  switch (random.int(0, 5)) {
    case 0:
      return `'${number}`;
    case 1:
      return number.toLowerCase();
    case 2:
      return number.replaceAll(/\d/g, (digit) => FULL_WIDTH[Number(digit)] ?? digit).replace('X', 'Ｘ');
    case 3:
      return `\t${number}`;
    case 4:
      return ` ${number.slice(0, 6)} ${number.slice(6, 14)} ${number.slice(14)}`;
    default:
      return oldIdentityNumber(number) ?? number;
  }
}

/** Which columns can be dirtied. */
export interface Roles {
  readonly identity: number;
  readonly date?: number;
  readonly money?: number;
}

const KINDS_OF_DAMAGE = 7;

/** Breaks one cell of the row so that no reader can take it for what it was. */
function spoil(row: readonly string[], roles: Roles, kind: number): string[] {
  const broken = [...row];
  const number = row[roles.identity] ?? '';
  if (kind === 0 && roles.date !== undefined) broken[roles.date] = '2024-13-05';
  else if (kind === 1 && roles.money !== undefined) broken[roles.money] = '12a4.5O';
  else if (kind === 2) broken[roles.identity] = `${number[0]}.${number.slice(1, 6)}E+17`;
  else if (kind === 3) broken[roles.identity] = `${number.slice(0, 15)}000`;
  else if (kind === 4) broken[roles.identity] = `${number.slice(0, 4)}**********${number.slice(14)}`;
  else if (kind === 5) broken[roles.identity] = '';
  else broken[roles.identity] = withWrongCheckDigit(number);
  return broken;
}

/** How dirty a department's rows are, as shares of its rows. */
export interface Dirt {
  readonly bad: number;
  readonly repeated: number;
  readonly disguised: number;
}

/**
 * The rows with dirt: numbers written in other ways, whole rows repeated, and broken rows. A broken row stands beside the
 * good one half of the time (typed again) and in its place otherwise. Rows in `spared` are left alone.
 */
export function dirty(
  rows: readonly string[][],
  roles: Roles,
  dirt: Dirt,
  random: Random,
  spared?: ReadonlySet<string[]>,
): string[][] {
  const out: string[][] = [];
  let turn = random.int(0, KINDS_OF_DAMAGE - 1);
  for (const row of rows) {
    if (spared?.has(row)) {
      out.push(row);
      continue;
    }
    if (random.chance(dirt.bad)) {
      out.push(spoil(row, roles, turn++ % KINDS_OF_DAMAGE));
      if (random.chance(0.5)) out.push(row);
    } else if (random.chance(dirt.disguised)) {
      out.push(row.with(roles.identity, disguised(row[roles.identity] ?? '', random)));
    } else out.push(row);
    if (random.chance(dirt.repeated)) out.push(row);
  }
  return out;
}
