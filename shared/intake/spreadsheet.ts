import type { FeedSpec } from '../catalog/feed.ts';
import { rowNumber } from '../facts/row-number.ts';
import { maskIdentityNumbers, parseIdentityNumber } from '../registry/identity-number.ts';
import { isBlank } from './cell-text.ts';
import { Fault } from './fault.ts';
import { HEADER_ROWS, type Header, type HeaderFinder, type HeaderSearch } from './header.ts';
import type { HiddenCells } from './hidden-cells.ts';
import { type MergedCells, MergedRows } from './merged-cells.ts';
import type { SheetNote, SheetUse } from './receipt.ts';
import { type Book, SheetRows, sheetRecords } from './sheet-rows.ts';
import { isNoData } from './skipped-rows.ts';
import { type SheetPlace, type Source, type Table, type UnfitSheet, unreadable } from './source.ts';
import type { FileLayout, SourceRecord } from './source-record.ts';
import { damagedWorkbook, openArchive, tooLarge } from './spreadsheet-archive.ts';
import { readDateStyles, readSharedTexts, readWorkbook, type SheetPart, TooLargeError } from './spreadsheet-parts.ts';

/** Sheets smaller than this together are held instead of being unpacked and read again: characters, and 20 for every cell. */
const HELD_LIMIT = 16_000_000;
const CELL_COST = 20;
/** The last sheet that may hold rows: more than a city has townships. */
const LAST_SHEET = 200;
/** Sheets of a form that show how it is filled in; what stands there is nobody's. */
const EXAMPLE = /示例|样例|范例|样表|模板|填表说明|填写说明/;

type Groups = Iterable<readonly SourceRecord[]> | AsyncIterable<readonly SourceRecord[]>;

/** A sheet that was read to its end. */
interface ReadSheet {
  readonly place: SheetPlace;
  readonly first: readonly SourceRecord[];
  readonly merged: readonly MergedCells[];
  readonly hidden: HiddenCells;
  /** All of its rows, as often as they are wanted. */
  readonly rows: () => Groups;
}

/** What can still be held of the sheets of a workbook. */
class Room {
  #left = HELD_LIMIT;

  /** Takes room for these rows; false once it has run out. */
  take(records: readonly SourceRecord[]): boolean {
    for (const { cells } of records) for (const cell of cells) this.#left -= CELL_COST + cell.length;
    return this.#left >= 0;
  }
}

/** Reads the whole sheet once, so that damage far down is known before any row is handed on. */
async function readSheet(book: Book, part: SheetPart, number: number, room: Room): Promise<ReadSheet> {
  const first: SourceRecord[] = [];
  let held: (readonly SourceRecord[])[] | undefined = [];
  const collected = new SheetRows(book);
  for await (const records of sheetRecords(book, part.path, collected)) {
    if (first.length <= HEADER_ROWS) first.push(...records.slice(0, HEADER_ROWS + 1 - first.length));
    if (held !== undefined && !room.take(records)) held = undefined;
    held?.push(records);
  }
  const all = held;
  return {
    place: { name: maskIdentityNumbers(part.name).slice(0, 31), number },
    first,
    merged: collected.merged,
    hidden: collected.hidden,
    rows: () => all ?? sheetRecords(book, part.path),
  };
}

/** The rows below the header; `among`: of one sheet among several with rows, from whose rows its own are told. */
async function* below(
  sheet: ReadSheet,
  headerRow: number,
  merged: MergedRows | undefined,
  among: boolean,
): AsyncGenerator<readonly SourceRecord[]> {
  for await (const records of sheet.rows()) {
    const rows = records[0] && records[0].row <= headerRow ? records.filter((record) => record.row > headerRow) : records;
    const filled = merged === undefined ? rows : rows.map((record) => merged.fill(record));
    yield among ? filled.map((record) => ({ ...record, row: rowNumber(sheet.place.number, record.row) })) : filled;
  }
}

function layoutOf(
  leading: readonly (readonly string[])[],
  added: readonly number[],
  sheet: string | undefined,
  headerIndex = leading.length - 1,
): FileLayout {
  const layout: FileLayout = {
    encoding: 'xlsx',
    byteOrderMark: true,
    delimiter: ',',
    newline: '\r\n',
    leading,
    headerIndex,
    added,
  };
  return sheet === undefined ? layout : { ...layout, sheet };
}

function tableOf(sheet: ReadSheet, header: Header, finder: HeaderFinder, among = false): Table {
  const { first, place } = sheet;
  const moneys = new Set(header.columns.filter(({ field }) => field.type.kind === 'money').map(({ index }) => index));
  const headerRow = first[header.index]?.row ?? 1;
  const merged = sheet.merged.filter(({ bottom }) => bottom > headerRow);
  const mergedRows = (): MergedRows | undefined =>
    merged.length === 0 ? undefined : new MergedRows(merged, (column) => moneys.has(column));
  const leading = first.slice(0, header.index + 1).map((record) => record.cells);
  const table: Table = {
    header,
    finder,
    layout: layoutOf(leading, header.added, among ? place.name : undefined, header.named),
    hidden: { cells: sheet.hidden, headerRow },
    records: () => below(sheet, headerRow, mergedRows(), among),
  };
  return among ? { ...table, sheet: place } : table;
}

type Unfound = Extract<HeaderSearch, { found: false }>;

/** A sheet whose rows come back: without anything like a header under an empty row, into which one can be put. */
function unfitOf(sheet: ReadSheet, { nearest, fault }: Unfound): UnfitSheet {
  const { first, place } = sheet;
  const end = nearest === undefined ? 0 : nearest.index + 1;
  const width = Math.max(0, ...first.map(({ cells }) => cells.length));
  const room = Array.from({ length: width }, () => '');
  const leading = end === 0 ? [room] : first.slice(0, end).map(({ cells }) => cells);
  return {
    fault,
    sheet: place,
    layout: layoutOf(leading, [], place.name),
    records: () => below(sheet, first[end - 1]?.row ?? 0, undefined, true),
  };
}

/** Whether a row below the header is more than a title, a total or a note: an empty form has none. */
async function hasRows({ header, finder, records }: Table, subject: string): Promise<boolean> {
  const identityAt = header.columns.find(({ field }) => field.name === subject)?.index ?? 0;
  for await (const group of records()) {
    for (const { cells } of group) if (!isNoData(cells, cells[identityAt] ?? '', header, finder)) return true;
  }
  return false;
}

/** A sheet without the header lists people when it has rows under the columns of a person, or anywhere an identity number. */
async function listsPeople(sheet: ReadSheet, { nearest }: Unfound, subject: FeedSpec['subject']): Promise<boolean> {
  const headed =
    nearest !== undefined && nearest.fields.size > 1 && Object.values(subject).some((one) => nearest.fields.has(one));
  const headerRow = headed ? (sheet.first[nearest.index]?.row ?? 0) : Number.POSITIVE_INFINITY;
  for await (const group of sheet.rows()) {
    for (const { row, cells } of group) {
      if (row > headerRow && !cells.every(isBlank)) return true;
      if (cells.some((cell) => cell.length >= 18 && parseIdentityNumber(cell).ok)) return true;
    }
  }
  return false;
}

/** A sheet that is shown, and what it holds. */
interface Seen {
  readonly sheet: ReadSheet;
  readonly search: HeaderSearch;
  readonly use: SheetUse;
}

async function lookAt(sheet: ReadSheet, finder: HeaderFinder, subject: FeedSpec['subject']): Promise<Seen> {
  const search = finder.find(sheet.first);
  const filled = search.found
    ? await hasRows(tableOf(sheet, search.header, finder), subject.identity)
    : await listsPeople(sheet, search, subject);
  return { sheet, search, use: useOf(sheet.place.name, search.found, filled) };
}

function useOf(name: string, found: boolean, filled: boolean): SheetUse {
  if (!filled) return found ? 'empty' : 'other';
  if (EXAMPLE.test(name)) return 'example';
  return found ? 'read' : 'unfit';
}

/**
 * Opens a workbook: every visible sheet that holds rows below a header, and those that list people under one that does not
 * fit, which come back. Formula cells count with the result stored in the file; without one the cell is refused.
 */
export async function openSpreadsheet(
  feed: FeedSpec,
  finder: HeaderFinder,
  read: () => AsyncIterable<Uint8Array>,
): Promise<Source> {
  const archive = await openArchive(read());
  if (archive instanceof Fault) return unreadable(archive);
  try {
    const { sheets, hidden, from1904 } = await readWorkbook(archive);
    if (sheets.length === 0 && hidden.length > 0) return unreadable(onlyHiddenSheets());
    const book: Book = {
      archive,
      texts: await readSharedTexts(archive),
      dateStyles: await readDateStyles(archive),
      from1904,
    };
    const room = new Room();
    const seen: Seen[] = [];
    for (const [at, part] of sheets.entries()) {
      seen.push(await lookAt(await readSheet(book, part, at + 1, room), finder, feed.subject));
    }
    return sourceOf(seen, hidden, finder);
  } catch (error) {
    return unreadable(error instanceof TooLargeError ? tooLarge() : damagedWorkbook());
  }
}

function sourceOf(seen: readonly Seen[], hidden: readonly string[], finder: HeaderFinder): Source {
  const lists = seen.filter(({ use }) => use === 'read' || use === 'unfit');
  // Without rows anywhere else an example is taken for what it says, and empty forms for a zero report.
  const taken = lists.length > 0 ? lists : (oneOf(seen, 'example') ?? seen.filter(({ use }) => use === 'empty'));
  if (!taken.some(({ search }) => search.found)) return { found: false, encoding: 'xlsx', faults: faultsOf(seen, taken) };
  if (taken.some(({ sheet }) => sheet.place.number > LAST_SHEET)) return unreadable(tooManySheets(), 'xlsx');
  const tables = taken.map(({ sheet, search }) =>
    search.found ? tableOf(sheet, search.header, finder, taken.length > 1) : unfitOf(sheet, search),
  );
  if (seen.length + hidden.length === 1) return { found: true, tables };
  const shown = seen.map((one): SheetNote => {
    const use = one.use === 'example' && taken.includes(one) ? 'read' : one.use;
    return { name: one.sheet.place.name, use };
  });
  return {
    found: true,
    tables,
    sheets: [...shown, ...hidden.map((name): SheetNote => ({ name: maskIdentityNumbers(name), use: 'hidden' }))],
  };
}

function oneOf(seen: readonly Seen[], wanted: SheetUse): readonly Seen[] | undefined {
  const found = seen.find(({ use, search }) => use === wanted && search.found);
  return found === undefined ? undefined : [found];
}

/** Why no sheet can be read: what is wrong with each that lists people, or with the one that comes closest to a list. */
function faultsOf(seen: readonly Seen[], lists: readonly Seen[]) {
  if (seen.length === 0) return [{ fault: damagedWorkbook() }];
  if (seen.every(({ sheet }) => sheet.first.every(({ cells }) => cells.every(isBlank)))) return [{ fault: emptyWorkbook() }];
  const closest = seen.reduce((best, one) => (one.search.mapped > best.search.mapped ? one : best));
  return (lists.length > 0 ? lists : [closest]).flatMap(({ sheet, search }) => {
    if (search.found) return [];
    return seen.length === 1 ? [{ fault: search.fault }] : [{ fault: search.fault, sheet: sheet.place.name }];
  });
}

function tooManySheets(): Fault {
  return new Fault(
    'TOO_MANY_SHEETS',
    `工作簿里有数据的工作表排在第${LAST_SHEET}个之后；请拆分成几个文件后报送`,
    `the workbook has rows in sheets beyond the ${LAST_SHEET}th; split it into several files`,
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
