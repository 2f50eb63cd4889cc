import type { FeedSpec, FieldSpec } from '../catalog/feed.ts';
import { maskIdentityNumbers } from '../registry/identity-number.ts';
import { fold, isBlank, trimCell } from './cell-text.ts';
import { Fault } from './fault.ts';
import { type MoneyScale, moneyScale } from './money.ts';
import type { SourceRecord } from './source-record.ts';

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
}

/** The header, found. */
export interface Header {
  /** Index of its last row among the first rows. */
  readonly index: number;
  readonly columns: readonly MappedColumn[];
  readonly ignored: readonly string[];
  readonly added: readonly number[];
  /** Width of the table: a row may not have more filled cells. */
  readonly width: number;
  /** Folded texts of the title rows above, to know them again on the next printed page. */
  readonly titles: ReadonlySet<string>;
}

/** Either the header or how close the rows came to one. */
export type HeaderSearch =
  | { readonly found: true; readonly header: Header; readonly mapped: number }
  | { readonly found: false; readonly fault: Fault; readonly mapped: number };

interface ColumnName {
  readonly field: FieldSpec;
  /** Place in the list of names: the title first, then the aliases in their order of preference. */
  readonly rank: number;
}

interface Candidate extends ColumnName {
  readonly index: number;
  readonly header: string;
  readonly scale?: MoneyScale;
  readonly unknownUnit?: string;
}

const BRACKETS = /[([【〔{<]([^)\]】〕}>]*)[)\]】〕}>]/g;
const HINT = /^(必填|选填|可空|非必填|格式.*|如.*|文本|[ymd年月日/.-]+|YYYY.*)$/i;

function foldName(text: string): string {
  return fold(text)
    .toLowerCase()
    .replace(/^[*★☆#]+|[*★☆:]+$/g, '');
}

function namesOf(feed: FeedSpec): ReadonlyMap<string, ColumnName> {
  const names = new Map<string, ColumnName>();
  for (const field of feed.fields) {
    [field.title.zh, ...field.aliases, field.name, field.title.en].forEach((name, rank) => {
      const key = foldName(name);
      if (!names.has(key)) names.set(key, { field, rank });
    });
  }
  return names;
}

interface Unit {
  readonly scale?: MoneyScale;
  readonly unknown?: string;
}

/** Takes unit and hint brackets off a folded column name: `个人自付(元)` → `个人自付` with the scale of yuan. */
function withoutUnit(name: string): { readonly plain: string } & Unit {
  let unit: Unit = {};
  const plain = name.replace(BRACKETS, (whole, inner: string) => {
    const word = inner.replace(/^(金额)?单位:?/, '');
    const scale = moneyScale(word);
    if (scale !== undefined) unit = { scale };
    else if (/(元|币|镑|USD|HKD)$/i.test(word)) unit = { unknown: word };
    else if (!HINT.test(word)) return whole;
    return '';
  });
  const tail = /[/:_-](人民币)?(亿元|万元|千元|百元|元|角|分)$/.exec(plain);
  if (tail)
    return {
      plain: plain.slice(0, tail.index),
      ...(moneyScale(tail[2] ?? '') === undefined ? {} : { scale: moneyScale(tail[2] ?? '') as MoneyScale }),
    };
  return { plain: foldName(plain), ...unit };
}

/** Finds columns of one feed in rows of cells. Made once per file. */
export class HeaderFinder {
  readonly #feed: FeedSpec;
  readonly #names: ReadonlyMap<string, ColumnName>;

  constructor(feed: FeedSpec) {
    this.#feed = feed;
    this.#names = namesOf(feed);
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
    for (let index = 0; index < rows.length; index++) {
      const cells = rows[index] ?? [];
      const single = this.#map(cells);
      const merged = this.#mergedWithNext(cells, rows[index + 1], single);
      if (merged && this.#complete(merged.candidates))
        return this.#settle(merged.candidates, merged.cells, index + 1, rows, index);
      if (this.#complete(single)) return this.#settle(single, cells, index, rows, index);
      if (single.length > best.length) {
        best = single;
        bestRow = cells;
      }
    }
    return { found: false, mapped: best.length, fault: this.#missing(best, bestRow) };
  }

  /** True when the row is this feed's header again, as on the next printed page. */
  isHeaderRow(cells: readonly string[]): boolean {
    return this.#map(cells).length >= 2;
  }

  #map(cells: readonly string[]): readonly Candidate[] {
    const candidates: Candidate[] = [];
    cells.forEach((cell, index) => {
      if (cell === '' || cell.length > 60) return;
      const name = foldName(cell);
      const direct = this.#names.get(name);
      const header = trimCell(cell).replace(/\s+/g, ' ');
      if (direct) candidates.push({ ...direct, index, header });
      else {
        const { plain, scale, unknown } = withoutUnit(name);
        const bare = this.#names.get(plain);
        if (bare) {
          candidates.push({
            ...bare,
            index,
            header,
            ...(scale === undefined ? {} : { scale }),
            ...(unknown === undefined ? {} : { unknownUnit: unknown }),
          });
        }
      }
    });
    return candidates;
  }

  #mergedWithNext(
    upper: readonly string[],
    lower: readonly string[] | undefined,
    single: readonly Candidate[],
  ): { readonly candidates: readonly Candidate[]; readonly cells: readonly string[] } | undefined {
    if (lower === undefined || single.length === 0 || this.#map(lower).length === 0) return undefined;
    const width = Math.max(upper.length, lower.length);
    const cells = Array.from({ length: width }, (_, at) => (isBlank(lower[at] ?? '') ? (upper[at] ?? '') : (lower[at] ?? '')));
    const candidates = this.#map(cells);
    return candidates.length > single.length ? { candidates, cells } : undefined;
  }

  #complete(candidates: readonly Candidate[]): boolean {
    const fields = new Set(candidates.map((candidate) => candidate.field.name));
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
    const groups = index > 0 ? (rows[index - 1] ?? []) : [];
    const columns: MappedColumn[] = [];
    for (const field of this.#feed.fields) {
      const same = candidates.filter((candidate) => candidate.field === field);
      const rank = Math.min(...same.map((candidate) => candidate.rank));
      const [chosen, second] = same.filter((candidate) => candidate.rank === rank);
      if (!chosen) continue;
      if (second) return { found: false, mapped: candidates.length, fault: duplicateColumn(chosen, second) };
      const group = field.type.kind === 'money' ? unitOfGroup(groups, chosen.index) : {};
      const unknown = chosen.unknownUnit ?? (chosen.scale === undefined ? group.unknown : undefined);
      if (field.type.kind === 'money' && unknown !== undefined) {
        return { found: false, mapped: candidates.length, fault: unknownUnit(chosen.header) };
      }
      const scale = field.type.kind === 'money' ? (chosen.scale ?? group.scale ?? unitLine) : undefined;
      columns.push({ index: chosen.index, header: chosen.header, field, ...(scale === undefined ? {} : { scale }) });
    }
    const used = new Set(columns.map((column) => column.index));
    const added = cells.flatMap((cell, at) => (ADDED_COLUMNS.includes(fold(cell)) ? [at] : []));
    const ignored = cells.flatMap((cell, at) =>
      isBlank(cell) || used.has(at) || added.includes(at) ? [] : [maskIdentityNumbers(trimCell(cell)).slice(0, 60)],
    );
    const titles = new Set(above.map((row) => fold(row.join(''))).filter((text) => text !== ''));
    return { found: true, mapped: candidates.length, header: { index, columns, ignored, added, width: cells.length, titles } };
  }

  #missing(best: readonly Candidate[], row: readonly string[]): Fault {
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

/** The unit of a line such as `单位：万元` above the header. `填报单位：元氏县…` is no unit. */
function unitOfLines(rows: readonly (readonly string[])[]): MoneyScale | undefined {
  for (const row of rows) {
    const match = /单位:?\(?(?:人民币)?(亿元|万元|千元|百元|元|角|分)(?![\u4e00-\u9fff])/.exec(fold(row.join(' | ')));
    if (match) return moneyScale(match[1] ?? '');
  }
  return undefined;
}

/** The unit of the group a column stands under, such as `费用(万元)` merged over several columns of the row above. */
function unitOfGroup(groups: readonly string[], column: number): Unit {
  for (let at = column; at >= 0; at -= 1) {
    const group = groups[at] ?? '';
    if (!isBlank(group)) return withoutUnit(foldName(group));
  }
  return {};
}

function tooManyColumns(count: number): Fault {
  return new Fault(
    'TOO_MANY_COLUMNS',
    `表格有${count}列，超过${COLUMN_LIMIT}列的上限；请只保留需要的列后重新报送`,
    `the table has ${count} columns, more than the limit of ${COLUMN_LIMIT}; keep only the columns asked for and send again`,
  );
}

function duplicateColumn(first: Candidate, second: Candidate): Fault {
  return new Fault(
    'DUPLICATE_COLUMN',
    `第${first.index + 1}列“${first.header}”与第${second.index + 1}列“${second.header}”是同一项（${first.field.title.zh}），无法判断用哪一列；请删除其中一列后重新报送`,
    `column ${first.index + 1} "${first.header}" and column ${second.index + 1} "${second.header}" are the same field (${first.field.title.en}); delete one of them and send again`,
  );
}

function unknownUnit(header: string): Fault {
  return new Fault(
    'UNKNOWN_UNIT',
    `列“${header}”的金额单位无法识别；应为元、万元、千元、百元、角或分`,
    `the money unit of column "${header}" is not known; expected 元, 万元, 千元, 百元, 角 or 分`,
  );
}
