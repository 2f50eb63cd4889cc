import type { FeedSpec, FieldSpec } from '../catalog/feed.ts';
import { maskIdentityNumbers } from '../registry/identity-number.ts';
import { fold, isBlank, trimCell } from './cell-text.ts';
import {
  BY_GROUP,
  type Candidate,
  type ColumnName,
  columnsOf,
  foldName,
  type Heading,
  IN_NUMBER,
  namesOf,
} from './column-name.ts';
import { numbersColumns } from './column-numbers.ts';
import {
  isUnitRow,
  statesUnit,
  UNIT_COLUMN,
  unitInColumn,
  unitOfGroup,
  unitOfLines,
  unknownUnit,
  withoutUnit,
} from './column-unit.ts';
import { type CompoundColumn, fieldsIn } from './compound-column.ts';
import { Fault } from './fault.ts';
import type { MoneyScale } from './money.ts';
import type { SourceRecord } from './source-record.ts';
import { attributeNumbers, unclearPerson } from './whose-number.ts';

/** The header is looked for in so many first rows. */
export const HEADER_ROWS = 50;
/** More columns than any department sends: the file is something else. */
const COLUMN_LIMIT = 500;
/** Columns the fix-it file adds; a corrected copy comes back with them. */
export const ADDED_COLUMNS: readonly string[] = ['行号', '退回原因'];

/** One column of the file that a field of the feed was found in. */
export interface MappedColumn {
  readonly index: number;
  /** As the sender wrote it. */
  readonly header: string;
  readonly field: FieldSpec;
  /** Money only: what a bare number means here, when header or unit line says so. */
  readonly scale?: MoneyScale;
  /** Columns of the field's other parts, whose amounts are added. */
  readonly plus?: readonly MappedColumn[];
}

/** The header, found. */
export interface Header {
  /** Index of its last row among the first rows. */
  readonly index: number;
  /** Index of the last row with names of columns: a row of units may follow. */
  readonly named: number;
  readonly columns: readonly MappedColumn[];
  /** A number that holds several fields, when the table has it. */
  readonly compound?: CompoundColumn;
  readonly ignored: readonly string[];
  readonly added: readonly number[];
  /** Width of the table: a row may not have more filled cells. */
  readonly width: number;
  /** Folded texts of the rows down to the header's last, to know them again on the next printed page. */
  readonly titles: ReadonlySet<string>;
}

/** The rows that came closest to a header. */
export interface NearHeader {
  /** Index of its last row among the first rows. */
  readonly index: number;
  /** Names of the fields that were found in it. */
  readonly fields: ReadonlySet<string>;
}

/** Either the header or how close the rows came to one. */
export type HeaderSearch =
  | { readonly found: true; readonly header: Header; readonly mapped: number }
  | { readonly found: false; readonly fault: Fault; readonly mapped: number; readonly nearest?: NearHeader };

/** The header may be written in so many rows, merged cells over groups of columns. */
const MERGED_ROWS = 3;

/** Finds columns of one feed in rows of cells. Made once per file. */
export class HeaderFinder {
  readonly #feed: FeedSpec;
  readonly #names: ReadonlyMap<string, ColumnName>;
  readonly #numberNames: ReadonlySet<string>;
  /** The fields a compound number holds. */
  readonly #inNumber: readonly FieldSpec[];

  constructor(feed: FeedSpec) {
    this.#feed = feed;
    this.#names = namesOf(feed);
    const { compound } = feed;
    this.#numberNames = new Set(compound === undefined ? [] : [compound.title.zh, ...compound.aliases].map(foldName));
    const inNumber = compound === undefined ? [] : fieldsIn(compound);
    this.#inNumber = feed.fields.filter(({ name }) => inNumber.includes(name));
  }

  /** Looks for the header in the first rows: one row with every required column, or two rows of a merged header. */
  find(records: readonly SourceRecord[]): HeaderSearch {
    const rows = records.slice(0, HEADER_ROWS).map((record) => record.cells);
    const wide = rows.find(
      (cells) => cells.length > COLUMN_LIMIT && cells.filter((cell) => !isBlank(cell)).length > COLUMN_LIMIT,
    );
    if (wide) return { found: false, mapped: 0, fault: tooManyColumns(wide.length) };
    let best: readonly Candidate[] = [];
    let bestRow: readonly string[] = [];
    let bestAt = 0;
    for (let index = 0; index < rows.length; index++) {
      const cells = rows[index] ?? [];
      const single = this.#map(cells.map((text) => ({ text })));
      const two = this.#merged(rows.slice(index, index + 2), single);
      const three = this.#merged(rows.slice(index, index + MERGED_ROWS), two?.candidates ?? single);
      if (two && this.#complete(two.candidates)) return this.#settle(two.candidates, two.cells, index + 1, rows, index);
      if (this.#complete(single)) return this.#settle(single, cells, index, rows, index);
      if (three && this.#complete(three.candidates)) return this.#settle(three.candidates, three.cells, index + 2, rows, index);
      [{ candidates: single, cells }, two, three].forEach((reading, more) => {
        if (reading === undefined || reading.candidates.length <= best.length) return;
        best = reading.candidates;
        bestRow = reading.cells;
        bestAt = index + more;
      });
    }
    return unfit(best, bestAt, this.#missing(best, bestRow));
  }

  /** True when the row is this feed's header again, as on the next printed page. */
  isHeaderRow(cells: readonly string[]): boolean {
    return this.#map(cells.map((text) => ({ text }))).length >= 2;
  }

  /** Whether a cell has one of the names of this feed's columns. */
  isName(cell: string): boolean {
    return this.#names.has(withoutUnit(foldName(cell)).plain);
  }

  #map(headings: readonly Heading[]): readonly Candidate[] {
    const candidates: Candidate[] = [];
    headings.forEach(({ text: cell, group }, index) => {
      if (cell === '' || cell.length > 60) return;
      const name = foldName(cell);
      const header = trimCell(cell).replace(/\s+/g, ' ');
      const direct = this.#names.get(name);
      const { plain, scale, unknown } = withoutUnit(name);
      const over = group === undefined ? '' : groupName(group);
      const grouped = over === '' ? undefined : this.#names.get(over + plain);
      const known = grouped === undefined ? (direct ?? this.#names.get(plain)) : { ...grouped, rank: BY_GROUP };
      if (known === undefined) {
        if (!this.#numberNames.has(plain)) return;
        candidates.push(...this.#inNumber.map((field) => ({ field, rank: IN_NUMBER, index, header, inNumber: true as const })));
        return;
      }
      candidates.push({
        ...known,
        index,
        header,
        ...(scale === undefined ? {} : { scale }),
        ...(unknown === undefined ? {} : { unknownUnit: unknown }),
      });
    });
    return attributeNumbers(candidates, headings, this.#feed.subject, this.#names);
  }

  /**
   * The rows read as one header, when the last of them adds columns to those the rows above have (`known`), or the groups in a
   * row above tell apart what they have. A title above a header is none of its rows.
   */
  #merged(
    rows: readonly (readonly string[])[],
    known: readonly Candidate[],
  ): { readonly candidates: readonly Candidate[]; readonly cells: readonly string[] } | undefined {
    const [upper, lower] = [rows[0] ?? [], rows.at(-1) ?? []];
    if (rows.length < 2 || !this.#knows(lower)) return undefined;
    const headings = mergedHeadings(rows);
    const candidates = this.#map(headings);
    const more = this.#knows(upper) && candidates.length > known.length;
    const grouped = rows.length === 2 && candidates.some(({ rank }) => rank === BY_GROUP);
    return more || grouped ? { candidates, cells: headings.map(({ text }) => text) } : undefined;
  }

  #knows(cells: readonly string[]): boolean {
    return this.#map(cells.map((text) => ({ text }))).length > 0;
  }

  #complete(candidates: readonly Candidate[]): boolean {
    const fields = new Set(candidates.filter(({ beside }) => beside === undefined).map(({ field }) => field.name));
    return this.#feed.fields.every((field) => !field.required || fields.has(field.name));
  }

  #settle(
    candidates: readonly Candidate[],
    cells: readonly string[],
    index: number,
    rows: readonly (readonly string[])[],
    firstHeaderRow: number,
  ): HeaderSearch {
    const above = rows.slice(0, firstHeaderRow);
    const unitLine = unitOfLines(above);
    // Some forms number their columns between the names and the units.
    const below = numbersColumns(rows[index + 1] ?? []) ? index + 2 : index + 1;
    const next = rows[below] ?? [];
    const unitBelow = ({ field, index: at }: Candidate): boolean => field.type.kind === 'money' && statesUnit(next[at] ?? '');
    const units = isUnitRow(next) || candidates.some(unitBelow) ? [next] : [];
    const groups = [...units, ...rows.slice(Math.max(0, Math.min(firstHeaderRow, index - 1)), index).reverse()];
    const lastRow = units.length === 0 ? index : below;
    const unitColumn = cells.find((cell) => UNIT_COLUMN.test(foldName(cell)));
    const columns: MappedColumn[] = [];
    for (const field of this.#feed.fields) {
      const own = candidates.filter((candidate) => candidate.field === field && candidate.beside === undefined);
      const mapped: MappedColumn[] = [];
      for (const [chosen, second] of columnsOf(field, own)) {
        if (chosen === undefined) continue;
        if (second !== undefined) return unfit(candidates, index, duplicateColumn(chosen, second));
        const column: MappedColumn = { index: chosen.index, header: chosen.header, field };
        if (field.type.kind !== 'money') {
          mapped.push(column);
          continue;
        }
        const group = unitOfGroup(groups, chosen.index);
        const unknown = chosen.unknownUnit ?? (chosen.scale === undefined ? group.unknown : undefined);
        if (unknown !== undefined) return unfit(candidates, index, unknownUnit(chosen.header));
        const scale = chosen.scale ?? group.scale ?? unitLine;
        if (scale === undefined && unitColumn !== undefined) {
          return unfit(candidates, index, unitInColumn(chosen.header, trimCell(unitColumn)));
        }
        mapped.push(scale === undefined ? column : { ...column, scale });
      }
      const [first, ...plus] = mapped;
      if (first !== undefined) columns.push(plus.length === 0 ? first : { ...first, plus });
    }
    const number = candidates.find(({ inNumber }) => inNumber);
    const used = new Set(columns.flatMap((column) => [column, ...(column.plus ?? [])]).map((column) => column.index));
    if (number !== undefined) used.add(number.index);
    const added = cells.flatMap((cell, at) => (ADDED_COLUMNS.includes(fold(cell)) ? [at] : []));
    const ignored = cells.flatMap((cell, at) =>
      isBlank(cell) || used.has(at) || added.includes(at) ? [] : [maskIdentityNumbers(trimCell(cell)).slice(0, 60)],
    );
    const titles = new Set(
      rows
        .slice(0, lastRow + 1)
        .map((row) => fold(row.join('')))
        .filter((text) => text !== ''),
    );
    return {
      found: true,
      mapped: candidates.length,
      header: {
        index: lastRow,
        named: index,
        columns,
        ...(number === undefined || this.#feed.compound === undefined
          ? {}
          : { compound: { index: number.index, header: number.header, number: this.#feed.compound } }),
        ignored,
        added,
        width: cells.length,
        titles,
      },
    };
  }

  #missing(best: readonly Candidate[], row: readonly string[]): Fault {
    const unclear = best.find((candidate) => candidate.beside !== undefined);
    const rest = best.map(({ beside: _, ...candidate }) => candidate);
    if (unclear !== undefined && this.#complete(rest)) return unclearPerson(unclear);
    const found = new Set(best.map((candidate) => candidate.field.name));
    const missing = this.#feed.fields.filter((field) => field.required && !found.has(field.name));
    // A row in which no name was known may be data: its cells are not repeated.
    const seen = best.length === 0 ? [] : row.map((cell) => trimCell(cell)).filter((cell) => cell !== '' && !/\d{4}/.test(cell));
    const shown = seen.slice(0, 30).join('、');
    return new Fault(
      'MISSING_COLUMNS',
      `前${HEADER_ROWS}行内没有找到完整的表头。缺少必填列：${missing.map((field) => field.title.zh).join('、')}。` +
        `${shown === '' ? '没有认出任何列名' : `找到的列：${shown}`}。应有的列：${this.#feed.fields.map((field) => field.title.zh).join('、')}。请补齐列名后重新报送，并核对是否放错了文件夹`,
      `no complete header within the first ${HEADER_ROWS} rows; missing required columns: ${missing.map((field) => `${field.title.zh} (${field.title.en})`).join(', ')}; ` +
        `${shown === '' ? 'no column name was recognised' : `found: ${shown}`}; expected: ${this.#feed.fields.map((field) => field.title.zh).join(', ')}. Add the columns and send again, and check the folder`,
    );
  }
}

function unfit(candidates: readonly Candidate[], index: number, fault: Fault): HeaderSearch {
  const fields = new Set(candidates.map(({ field }) => field.name));
  return { found: false, mapped: candidates.length, fault, ...(fields.size === 0 ? {} : { nearest: { index, fields } }) };
}

/** `家庭成员基本信息` over 身份证号 says 家庭成员. */
function groupName(group: string): string {
  return withoutUnit(foldName(group)).plain.replace(/(基本|个人)?(信息|情况|资料)$/, '');
}

/** Rows of a header as one: of each column its lowest words, and the group directly above when these are not its own. */
function mergedHeadings(rows: readonly (readonly string[])[]): readonly Heading[] {
  const width = Math.max(...rows.map((cells) => cells.length));
  return Array.from({ length: width }, (_, at) => {
    const lowest = rows.findLastIndex((cells) => !isBlank(cells[at] ?? ''));
    const text = rows[lowest]?.[at] ?? '';
    const group = lowest > 0 ? groupOver(rows, lowest, at) : undefined;
    return group === undefined ? { text } : { text, group };
  });
}

/** A cell merged downwards, with nothing below it, is a column of its own and no group of the columns right of it. */
function groupOver(rows: readonly (readonly string[])[], row: number, column: number): string | undefined {
  const groups = rows[row - 1] ?? [];
  for (let at = column; at >= 0; at -= 1) {
    if (isBlank(groups[at] ?? '')) continue;
    return isBlank(rows[row]?.[at] ?? '') ? undefined : groups[at];
  }
  return undefined;
}

function tooManyColumns(count: number): Fault {
  return new Fault(
    'TOO_MANY_COLUMNS',
    `表格有${count}列，超过${COLUMN_LIMIT}列的上限；请只保留需要的列后重新报送`,
    `the table has ${count} columns, more than the limit of ${COLUMN_LIMIT}; keep only the columns asked for and send again`,
  );
}

function duplicateColumn(first: Candidate, second: Candidate): Fault {
  const ofPeople = first.field.type.kind === 'identity' || first.field.type.kind === 'name';
  return new Fault(
    'DUPLICATE_COLUMN',
    `第${first.index + 1}列“${first.header}”与第${second.index + 1}列“${second.header}”是同一项（${first.field.title.zh}），无法判断用哪一列；请删除其中一列${ofPeople ? '，或在列名中写明各是谁的（如“户主身份证号”“成员身份证号”）' : ''}后重新报送`,
    `column ${first.index + 1} "${first.header}" and column ${second.index + 1} "${second.header}" are the same field (${first.field.title.en}); delete one of them${ofPeople ? ', or say in their names whose they are,' : ''} and send again`,
  );
}
