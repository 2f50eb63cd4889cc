import type { FeedSpec } from '../catalog/feed.ts';
import { maskIdentityNumbers } from '../registry/identity-number.ts';
import { isBlank } from './cell-text.ts';
import { Fault } from './fault.ts';
import { HEADER_ROWS, type Header, type HeaderFinder, type HeaderSearch } from './header.ts';
import { type MergedCells, MergedRows } from './merged-cells.ts';
import { type Book, SheetRows, sheetRecords } from './sheet-rows.ts';
import { isNoData } from './skipped-rows.ts';
import type { Source } from './source.ts';
import type { FileLayout, SourceRecord } from './source-record.ts';
import { damagedWorkbook, openArchive } from './spreadsheet-archive.ts';
import { readDateStyles, readSharedTexts, readWorkbook, type SheetPart } from './spreadsheet-parts.ts';

/** A sheet smaller than this is held instead of being unpacked and read again: characters, and 20 for every cell. */
const HELD_LIMIT = 16_000_000;
const CELL_COST = 20;

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
