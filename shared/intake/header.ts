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
  /** Folded texts of the rows down to the header's last, to know them again on the next printed page. */
  readonly titles: ReadonlySet<string>;
}

/** Either the header or how close the rows came to one. */
export type HeaderSearch =
  | { readonly found: true; readonly header: Header; readonly mapped: number }
  | { readonly found: false; readonly fault: Fault; readonly mapped: number };

interface ColumnName {
  readonly field: FieldSpec;
  /** Place in the list of names: names preferred to the title, the title, then the aliases in their order of preference. */
  readonly rank: number;
}

interface Candidate extends ColumnName {
  readonly index: number;
  readonly header: string;
  readonly scale?: MoneyScale;
  readonly unknownUnit?: string;
  /** An identity number that stands beside the name of somebody else than the person the row is about: how that is headed. */
  readonly beside?: string;
}

/** What stands over a column, and the words of the group it stands under when the header has several rows. */
interface Heading {
  readonly text: string;
  readonly group?: string;
}

/** The header may be written in so many rows, merged cells over groups of columns. */
const MERGED_ROWS = 3;
/** A column found by its name together with its group is meant more exactly than by any name alone. */
const BY_GROUP = -1;

/** Whose number it is goes without saying only in names like these; `成员身份证号` says it. */
const BARE_NUMBER = /^(居民|公民|有效)?(身份|证件|证照)/;
/** People a row may name beside the one it is about. */
const OTHERS =
  /^(户主|户代表|监护人|法定监护人|家长|父亲|母亲|父母|配偶|申请人|申报人|代办人|代理人|委托人|经办人|联系人|负责人|收款人|开户人|领款人|班主任|法定代表人|村干部|协理员)$/;
/** Columns that may stand between a name and the number that belongs to it. */
const BETWEEN = /^(证件类型|证件种类|证件类别|性别|年龄)$/;
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
    [...(field.preferred ?? []), field.title.zh, ...field.aliases, field.name, field.title.en].forEach((name, rank) => {
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
    const word = inner.replace(/^(金额|计量)?(单位)?:?/, '');
    const scale = moneyScale(word);
    if (scale !== undefined) unit = { scale };
    else if (/(元|币|镑|USD|HKD)$/i.test(word)) unit = { unknown: word };
    else if (!HINT.test(word)) return whole;
    return '';
  });
  const tail = /[/:_-]?(?:(?:金额|计量)?单位:?)?(人民币)?(亿元|万元|千元|百元|元|角|分)$/.exec(plain);
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
      const single = this.#map(cells.map((text) => ({ text })));
      const two = this.#merged(rows.slice(index, index + 2), single);
      const three = this.#merged(rows.slice(index, index + MERGED_ROWS), two?.candidates ?? single);
      if (two && this.#complete(two.candidates)) return this.#settle(two.candidates, two.cells, index + 1, rows, index);
      if (this.#complete(single)) return this.#settle(single, cells, index, rows, index);
      if (three && this.#complete(three.candidates)) return this.#settle(three.candidates, three.cells, index + 2, rows, index);
      for (const reading of [{ candidates: single, cells }, two, three]) {
        if (reading === undefined || reading.candidates.length <= best.length) continue;
        best = reading.candidates;
        bestRow = reading.cells;
      }
    }
    return { found: false, mapped: best.length, fault: this.#missing(best, bestRow) };
  }

  /** True when the row is this feed's header again, as on the next printed page. */
  isHeaderRow(cells: readonly string[]): boolean {
    return this.#map(cells.map((text) => ({ text }))).length >= 2;
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
      const known = grouped === undefined ? (direct ?? this.#names.get(plain)) : { field: grouped.field, rank: BY_GROUP };
      if (known === undefined) return;
      candidates.push({
        ...known,
        index,
        header,
        ...(scale === undefined ? {} : { scale }),
        ...(unknown === undefined ? {} : { unknownUnit: unknown }),
      });
    });
    return this.#attributed(candidates, headings);
  }

  /**
   * Tells the number of the person from those of others: a bare 身份证号 right beside 户主姓名 is the head's, in a table that
   * names its people in a column of their own.
   */
  #attributed(candidates: readonly Candidate[], headings: readonly Heading[]): readonly Candidate[] {
    const { identity, name } = this.#feed.subject;
    if (!candidates.some((candidate) => candidate.field.name === name)) return candidates;
    return candidates.map((candidate) => {
      if (candidate.field.name !== identity || candidate.rank === BY_GROUP) return candidate;
      if (!BARE_NUMBER.test(foldName(candidate.header))) return candidate;
      const other = this.#otherPersonBefore(candidate.index, headings);
      if (other === undefined) return candidate;
      const theirs = this.#names.get(`${other.person}身份证号`);
      return theirs === undefined || theirs.field.name === identity
        ? { ...candidate, beside: other.header }
        : { ...candidate, ...theirs };
    });
  }

  /** The person named left of a column, when the feed knows that name as nobody the row is about. */
  #otherPersonBefore(column: number, headings: readonly Heading[]): { person: string; header: string } | undefined {
    for (let at = column - 1; at >= 0; at -= 1) {
      const header = headings[at]?.text ?? '';
      const name = foldName(header);
      if (BETWEEN.test(name)) continue;
      const person = name.replace(/(姓名|名字|名称)$/, '');
      return OTHERS.test(person) && !this.#names.has(name) ? { person, header: trimCell(header) } : undefined;
    }
    return undefined;
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
    const units = isUnitRow(rows[index + 1] ?? []) ? [rows[index + 1] ?? []] : [];
    const groups = [...units, ...rows.slice(Math.max(0, Math.min(firstHeaderRow, index - 1)), index).reverse()];
    const lastRow = index + units.length;
    const unitColumn = cells.find((cell) => UNIT_COLUMN.test(foldName(cell)));
    const columns: MappedColumn[] = [];
    for (const field of this.#feed.fields) {
      const same = candidates.filter((candidate) => candidate.field === field && candidate.beside === undefined);
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
      if (field.type.kind === 'money' && scale === undefined && unitColumn !== undefined) {
        return { found: false, mapped: candidates.length, fault: unitInColumn(chosen.header, trimCell(unitColumn)) };
      }
      columns.push({ index: chosen.index, header: chosen.header, field, ...(scale === undefined ? {} : { scale }) });
    }
    const used = new Set(columns.map((column) => column.index));
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
      header: { index: lastRow, columns, ignored, added, width: cells.length, titles },
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

/** The unit of a line such as `单位：万元` above the header. `填报单位：元氏县…` is no unit. */
function unitOfLines(rows: readonly (readonly string[])[]): MoneyScale | undefined {
  for (const row of rows) {
    const match = /单位:?\(?(?:人民币)?(亿元|万元|千元|百元|元|角|分)(?![\u4e00-\u9fff])/.exec(fold(row.join(' | ')));
    if (match) return moneyScale(match[1] ?? '');
  }
  return undefined;
}

/**
 * The unit of the groups a column stands under, such as `费用(万元)` merged over several columns of a row above. `rows` begin with
 * the nearest.
 */
function unitOfGroup(rows: readonly (readonly string[])[], column: number): Unit {
  for (const groups of rows) {
    const group = groupAt(groups, column);
    const unit: Unit = group === undefined ? {} : withoutUnit(foldName(group));
    if (unit.scale !== undefined || unit.unknown !== undefined) return unit;
  }
  return {};
}

/** The words of the merged cell a column lies under: they stand in its first column. */
function groupAt(groups: readonly string[], column: number): string | undefined {
  for (let at = column; at >= 0; at -= 1) {
    const group = groups[at] ?? '';
    if (!isBlank(group)) return group;
  }
  return undefined;
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

function unclearPerson({ index, header, beside = '' }: Candidate): Fault {
  return new Fault(
    'UNCLEAR_PERSON',
    `第${index + 1}列“${header}”紧跟在“${beside}”之后，无法判断是谁的号码；请在列名中写明，如“本人身份证号”“户主身份证号”“监护人身份证号”，本人的号码必填`,
    `column ${index + 1} "${header}" follows "${beside}", so it cannot be told whose number it is; say so in its name, such as 本人身份证号 (the person's own, which is required), 户主身份证号 or 监护人身份证号`,
  );
}

/** A cell that says, in brackets or bare, what the column above it is counted in. */
const UNIT_CELL =
  /^[([【]?(单位:?)?(人民币)?(亿元|万元|千元|百元|元|角|分|人|户|次|天|日|个月|月|年|岁|张|个|间|亩|平方米|m2|%|-|\/)[)\]】]?$/;

/** Whether the row right under a header belongs to it: nothing but units, and one of money among them. */
function isUnitRow(cells: readonly string[]): boolean {
  const filled = cells.map(fold).filter((cell) => cell !== '');
  return filled.every((cell) => UNIT_CELL.test(cell)) && filled.some((cell) => /[元角分]/.test(cell));
}

/** A column that states for each row what its amounts are counted in. */
const UNIT_COLUMN = /^(计量|金额|货币|数额)单位$/;

function unitInColumn(header: string, unitColumn: string): Fault {
  return new Fault(
    'UNKNOWN_UNIT',
    `列“${header}”的金额单位另写在“${unitColumn}”列中，不能逐行识别；请换算成同一单位，写入列名，如“${header}（元）”，并删去“${unitColumn}”列`,
    `the unit of column "${header}" is given row by row in column "${unitColumn}", which cannot be read; convert all to one unit, say it in the column name, such as "${header}（元）", and delete "${unitColumn}"`,
  );
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

function unknownUnit(header: string): Fault {
  return new Fault(
    'UNKNOWN_UNIT',
    `列“${header}”的金额单位无法识别；应为元、万元、千元、百元、角或分`,
    `the money unit of column "${header}" is not known; expected 元, 万元, 千元, 百元, 角 or 分`,
  );
}
