import { SaxesParser } from 'saxes';
import type { FeedSpec } from '../catalog/feed.ts';
import { maskIdentityNumbers } from '../registry/identity-number.ts';
import { isBlank } from './cell-text.ts';
import { dayOfSerial } from './date-cell.ts';
import { Fault } from './fault.ts';
import { HEADER_ROWS, type Header, type HeaderFinder, type HeaderSearch } from './header.ts';
import { MERGES_KEPT, type MergedCells, MergedRows } from './merged-cells.ts';
import { LARGEST_EXACT, shownNumber } from './shown-number.ts';
import { isNoData } from './skipped-rows.ts';
import type { Source } from './source.ts';
import type { CellProblem, FileLayout, SourceRecord } from './source-record.ts';
import { type Archive, damagedWorkbook, openArchive } from './spreadsheet-archive.ts';
import { localName, readDateStyles, readSharedTexts, readWorkbook, type SheetPart } from './spreadsheet-parts.ts';

/** Days between the two date systems of spreadsheets. */
const DAYS_1904 = 1_462;
const CELL_LIMIT = 1_000_000;
const COLUMNS = 16_384;
/** A sheet smaller than this is held instead of being unpacked and read again: characters, and 20 for every cell. */
const HELD_LIMIT = 16_000_000;
const CELL_COST = 20;

interface Book {
  readonly archive: Archive;
  readonly texts: readonly string[];
  readonly dateStyles: readonly boolean[];
  readonly from1904: boolean;
}

function columnOf(reference: string): number {
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const c = reference.charCodeAt(i);
    if (c < 65 || c > 90) break;
    column = column * 26 + (c - 64);
  }
  return column - 1;
}

function dateText(serial: number, from1904: boolean): string | undefined {
  const shifted = from1904 ? serial + DAYS_1904 : serial;
  return dayOfSerial(shifted);
}

/** `A2:C4` as the columns of a merged range; nothing for what lies in one row or is no range. */
function mergedColumns(reference: string): readonly MergedCells[] {
  const match = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/.exec(reference);
  const [, left = '', top = '', , bottom = ''] = match ?? [];
  // A range over several columns keeps its words in the leftmost.
  return match === null || top === bottom ? [] : [{ column: columnOf(left), top: Number(top), bottom: Number(bottom) }];
}

/** Collects cells into rows while the XML of a sheet passes by. */
class SheetRows {
  readonly #book: Book;
  /** Told of after the rows. */
  readonly merged: MergedCells[] = [];
  #done: SourceRecord[] = [];
  #row = 0;
  #cells: string[] = [];
  #problems: Map<number, CellProblem> | undefined;
  #column = -1;
  #type = 'n';
  #style = 0;
  #formula = false;
  #value: string | undefined;
  #inValue = false;
  #phonetic = 0;

  constructor(book: Book) {
    this.#book = book;
  }

  take(): SourceRecord[] {
    const done = this.#done;
    this.#done = [];
    return done;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') {
      const stated = Number(attributes['r']);
      this.#row = Number.isInteger(stated) && stated > this.#row ? stated : this.#row + 1;
      this.#cells = [];
      this.#problems = undefined;
      this.#column = -1;
    } else if (name === 'c') {
      const reference = attributes['r'];
      this.#column = reference === undefined ? this.#column + 1 : columnOf(reference);
      if (this.#column < 0 || this.#column >= COLUMNS) throw new RangeError('a cell lies outside the sheet');
      this.#type = attributes['t'] ?? 'n';
      this.#style = Number(attributes['s'] ?? '0');
      this.#formula = false;
      this.#value = undefined;
    } else if (name === 'mergeCell') {
      if (this.merged.length < MERGES_KEPT) this.merged.push(...mergedColumns(attributes['ref'] ?? ''));
    } else if (name === 'f') this.#formula = true;
    else if (name === 'rPh') this.#phonetic += 1;
    else if (name === 'v' || (name === 't' && this.#phonetic === 0)) {
      this.#inValue = true;
      this.#value ??= '';
    }
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#inValue = false;
    else if (name === 'rPh') this.#phonetic -= 1;
    else if (name === 'c') this.#finishCell();
    else if (name === 'row') {
      const record: SourceRecord = { row: this.#row, cells: this.#cells };
      this.#done.push(this.#problems === undefined ? record : { ...record, problems: this.#problems });
    }
  }

  text(text: string): void {
    if (this.#inValue && (this.#value?.length ?? 0) < CELL_LIMIT) this.#value = (this.#value ?? '') + text;
  }

  #problem(problem: CellProblem): void {
    this.#problems ??= new Map();
    this.#problems.set(this.#column, problem);
  }

  #finishCell(): void {
    while (this.#cells.length < this.#column) this.#cells.push('');
    this.#cells[this.#column] = this.#shown();
  }

  #shown(): string {
    const value = this.#value;
    if (value === undefined || (value === '' && this.#type !== 'str')) {
      if (!this.#formula) return '';
      this.#problem('formula-without-value');
      return '=';
    }
    switch (this.#type) {
      case 's':
        return this.#book.texts[Number(value)] ?? '';
      case 'b':
        return value === '1' ? '是' : '否';
      case 'e':
        this.#problem('cell-error');
        return value;
      case 'n':
        return this.#number(value);
      default:
        return value;
    }
  }

  #number(value: string): string {
    const number = Number(value);
    if (!Number.isFinite(number)) return value;
    if (Math.abs(number) >= LARGEST_EXACT) this.#problem('number-too-long');
    else if (this.#book.dateStyles[this.#style] === true) {
      const date = dateText(number, this.#book.from1904);
      if (date !== undefined) return date;
    }
    return shownNumber(number);
  }
}

async function* sheetRecords(
  book: Book,
  path: string,
  rows: SheetRows = new SheetRows(book),
): AsyncGenerator<readonly SourceRecord[]> {
  const parser = new SaxesParser();
  const decoder = new TextDecoder();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => rows.open(localName(tag.name), tag.attributes));
  parser.on('closetag', (tag) => rows.close(localName(tag.name)));
  parser.on('text', (text) => rows.text(text));
  for await (const part of book.archive.read(path)) {
    parser.write(decoder.decode(part, { stream: true }));
    yield rows.take();
  }
  parser.write(decoder.decode()).close();
  yield rows.take();
}

/** A sheet that was read to its end. */
interface ReadSheet {
  readonly first: readonly SourceRecord[];
  /** All of its rows, unless they are too many to be held. */
  readonly all: readonly (readonly SourceRecord[])[] | undefined;
  readonly merged: readonly MergedCells[];
}

/** Reads the whole sheet once, so that damage far down is known before any row is handed on. */
async function readSheet(book: Book, path: string): Promise<ReadSheet> {
  const first: SourceRecord[] = [];
  let all: (readonly SourceRecord[])[] | undefined = [];
  let held = 0;
  const rows = new SheetRows(book);
  for await (const records of sheetRecords(book, path, rows)) {
    if (first.length <= HEADER_ROWS) first.push(...records.slice(0, HEADER_ROWS + 1 - first.length));
    for (const record of records) for (const cell of record.cells) held += CELL_COST + cell.length;
    if (held > HELD_LIMIT) all = undefined;
    all?.push(records);
  }
  return { first, all, merged: rows.merged };
}

async function* below(
  groups: Iterable<readonly SourceRecord[]> | AsyncIterable<readonly SourceRecord[]>,
  headerRow: number,
  merged: MergedRows | undefined,
): AsyncGenerator<readonly SourceRecord[]> {
  for await (const records of groups) {
    const rows = records[0] && records[0].row <= headerRow ? records.filter((record) => record.row > headerRow) : records;
    yield merged === undefined ? rows : rows.map((record) => merged.fill(record));
  }
}

/** A visible sheet under whose header there may be rows of people. */
interface Table {
  readonly name: string;
  readonly source: Extract<Source, { readonly found: true }>;
}

function tableOf(book: Book, { name, path }: SheetPart, finder: HeaderFinder, sheet: ReadSheet, header: Header): Table {
  const { first, all } = sheet;
  const moneys = new Set(header.columns.filter(({ field }) => field.type.kind === 'money').map(({ index }) => index));
  const headerRow = first[header.index]?.row ?? 1;
  const merged = sheet.merged.filter(({ bottom }) => bottom > headerRow);
  const mergedRows = (): MergedRows | undefined =>
    merged.length === 0 ? undefined : new MergedRows(merged, (column) => moneys.has(column));
  const layout: FileLayout = {
    encoding: 'xlsx',
    byteOrderMark: true,
    delimiter: ',',
    newline: '\r\n',
    leading: first.slice(0, header.index + 1).map((record) => record.cells),
    headerIndex: header.index,
    added: header.added,
  };
  return {
    name,
    source: {
      found: true,
      header,
      finder,
      layout,
      records: () => below(all ?? sheetRecords(book, path), headerRow, mergedRows()),
    },
  };
}

/** Whether a row below the header is more than a title, a total or a note: an empty form has none. */
async function hasData({ source: { header, finder, records } }: Table, subject: string): Promise<boolean> {
  const identityAt = header.columns.find(({ field }) => field.name === subject)?.index ?? 0;
  for await (const group of records()) {
    for (const { cells } of group) if (!isNoData(cells, cells[identityAt] ?? '', header, finder)) return true;
  }
  return false;
}

/**
 * Opens a workbook: the one visible sheet that holds rows below a header. When several do, none is passed over in silence: the
 * workbook is refused, for a row is known by its file and number. Formula cells count with the result stored in the file; without one
 * the cell is refused.
 */
export async function openSpreadsheet(
  feed: FeedSpec,
  finder: HeaderFinder,
  read: () => AsyncIterable<Uint8Array>,
): Promise<Source> {
  const archive = await openArchive(read());
  if (archive instanceof Fault) return unreadable(archive);
  try {
    const { sheets, allHidden, from1904 } = await readWorkbook(archive);
    if (allHidden) return unreadable(onlyHiddenSheets());
    const book: Book = {
      archive,
      texts: await readSharedTexts(archive),
      dateStyles: await readDateStyles(archive),
      from1904,
    };
    let closest: (HeaderSearch & { readonly found: false }) | undefined;
    let empty = true;
    const tables: Table[] = [];
    const filled: Table[] = [];
    for (const part of sheets) {
      const sheet = await readSheet(book, part.path);
      if (sheet.first.some(({ cells }) => !cells.every(isBlank))) empty = false;
      const search = finder.find(sheet.first);
      if (search.found) {
        const table = tableOf(book, part, finder, sheet, search.header);
        tables.push(table);
        if (await hasData(table, feed.subject.identity)) filled.push(table);
      } else if (closest === undefined || search.mapped > closest.mapped) closest = search;
    }
    const meant = filled.filter(({ name }) => !EXAMPLE.test(name));
    if (meant.length > 1) return { found: false, fault: severalTables(meant), encoding: 'xlsx' };
    const table = meant[0] ?? filled[0] ?? tables[0];
    if (table !== undefined) return table.source;
    if (closest === undefined) return unreadable(damagedWorkbook());
    return { found: false, fault: empty ? emptyWorkbook() : closest.fault, encoding: 'xlsx' };
  } catch {
    return unreadable(damagedWorkbook());
  }
}

/** Sheets of a form that show how it is filled in; what stands there is nobody's. */
const EXAMPLE = /示例|样例|范例|样表|模板|填表说明|填写说明/;

function severalTables(tables: readonly Table[]): Fault {
  const names = tables.map(({ name }) => maskIdentityNumbers(name).slice(0, 31));
  return new Fault(
    'SEVERAL_TABLES',
    `工作簿里有${tables.length}个工作表都有数据：${names.map((name) => `“${name}”`).join('、')}。每个文件只读一个工作表；请合并到一个工作表，或每个工作表另存为一个文件，再重新报送`,
    `${tables.length} sheets of the workbook hold data: ${names.map((name) => `"${name}"`).join(', ')}. One sheet a file is read: put the rows into one sheet, or save each sheet as a file of its own, and send again`,
  );
}

function onlyHiddenSheets(): Fault {
  return new Fault(
    'NOT_XLSX',
    '工作簿的工作表都是隐藏的；隐藏的工作表不读取，请取消隐藏后重新报送',
    'all sheets of the workbook are hidden, and hidden sheets are not read; show the sheet and send again',
  );
}

function emptyWorkbook(): Fault {
  return new Fault('EMPTY_FILE', '工作簿里没有内容；请重新导出后报送', 'the workbook holds nothing; export it again and send it');
}

function unreadable(fault: Fault): Source {
  return { found: false, fault, encoding: null };
}
