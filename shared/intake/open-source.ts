import type { FeedSpec } from '../catalog/feed.ts';
import { fold } from './cell-text.ts';
import { DelimitedText } from './delimited-text.ts';
import { decodeHead, decodeText, HEAD_SIZE, type Look, lookAtBytes, type TextEncoding } from './encoding.ts';
import { Fault } from './fault.ts';
import { extensionOf } from './file-kinds.ts';
import { HEADER_ROWS, HeaderFinder, type HeaderSearch } from './header.ts';
import { looksLikeJsonLines, openJsonLines } from './json-lines.ts';
import { type Source, unreadable } from './source.ts';
import type { FileLayout, SourceRecord } from './source-record.ts';
import { openSpreadsheet } from './spreadsheet.ts';
import { archiveOfFiles } from './spreadsheet-archive.ts';

/** The beginning is cut in pieces of so many characters, for its first rows seldom need more than one. */
const FIRST_PIECE = 8_192;
const DELIMITERS = [',', '\t', ';', '，', '|'];

/** Looks at the bytes, decides what the file is and finds its header. */
export async function openSource(feed: FeedSpec, fileName: string, read: () => AsyncIterable<Uint8Array>): Promise<Source> {
  const finder = new HeaderFinder(feed);
  const named = /\.(xlsx|xls)$/i.test(fileName);
  const look = await lookAtBytes(read());
  if (look.kind === 'zip') return openSpreadsheet(feed, finder, read);
  if (look.kind !== 'text' && look.kind !== 'unclear') return notText(look.kind, named);
  if (!named && isJsonLines(look, fileName)) return openJson(finder, look, read);
  const refused = notTable(look.head, named);
  if (refused === undefined) return openText(finder, look, read);
  if (look.kind === 'unclear') await look.stop();
  return refused;
}

function isJsonLines(look: TextLook, fileName: string): boolean {
  if (extensionOf(fileName) === 'jsonl') return true;
  return look.kind === 'text' && looksLikeJsonLines(decodeHead(look.head, look.encoding, look.byteOrderMark));
}

/** JSON is UTF-8 by its standard; what is not is taken for GB18030. */
async function openJson(finder: HeaderFinder, look: TextLook, read: () => AsyncIterable<Uint8Array>): Promise<Source> {
  if (look.kind === 'unclear') await look.stop();
  return openJsonLines(finder, read, look.kind === 'text' ? look.encoding : 'gb18030', look.byteOrderMark);
}

function notText(kind: Exclude<Look['kind'], 'text' | 'unclear' | 'zip'>, named: boolean): Source {
  if (kind === 'empty') return noTable('文件是空的，请重新导出', 'the file is empty, export it again', 'EMPTY_FILE');
  if (kind === 'archive') return unreadable(archiveOfFiles());
  if (kind === 'sealed') {
    return notSpreadsheet(
      '工作簿加了打开密码；请去掉密码，另存为 .xlsx 或 CSV（UTF-8）后报送',
      'the workbook is locked with a password; remove it and save as .xlsx or CSV (UTF-8)',
    );
  }
  if (kind === 'ole') {
    return notSpreadsheet(
      '文件是旧版工作簿（.xls、.et）或加了密码；请去掉密码，另存为 .xlsx 或 CSV（UTF-8）后报送',
      'the file is an old workbook (.xls, .et) or has a password; remove the password and save as .xlsx or CSV (UTF-8)',
    );
  }
  return named
    ? notSpreadsheet(
        '文件不是 Excel 工作簿，可能已损坏；请从原系统重新导出',
        'the file is no workbook, perhaps damaged; export it again',
      )
    : noTable(
        '文件不是文本表格（含有二进制内容）；请导出为 CSV 或 .xlsx',
        'the file is no text table (it holds binary data); export it as CSV or .xlsx',
      );
}

/** Text that is no delimited table: a web page, or text named as a workbook. */
function notTable(head: Uint8Array, named: boolean): Source | undefined {
  const start = Buffer.from(head.subarray(0, 300))
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '');
  if (/^\s*<(!doctype|html|table|meta|\?xml)/i.test(start)) {
    const zh = '文件实际是网页（HTML/XML），只是改了扩展名；请用表格软件打开后另存为 .xlsx 或 CSV';
    const en = 'the file is really a web page (HTML/XML) under another name; open it in a spreadsheet and save as .xlsx or CSV';
    return named ? notSpreadsheet(zh, en) : noTable(zh, en);
  }
  if (!named) return undefined;
  return notSpreadsheet(
    '文件扩展名是 Excel，内容却是文本；请改扩展名为 .csv 或另存为真正的 .xlsx',
    'the file is named as a workbook but holds text; name it .csv or save it as a real .xlsx',
  );
}

type TextLook = Extract<Look, { kind: 'text' | 'unclear' }>;

interface Reading {
  readonly encoding: TextEncoding;
  readonly byteOrderMark: boolean;
  readonly head: string;
  readonly delimiter: string;
  readonly oldMac: boolean;
  readonly records: readonly SourceRecord[];
  readonly search: HeaderSearch;
}

/** Reads the head with every delimiter and keeps the reading in which most columns are known. */
function readHead(finder: HeaderFinder, look: TextLook, encoding: TextEncoding, byteOrderMark: boolean): Reading {
  const head = decodeHead(look.head, encoding, byteOrderMark);
  const whole = look.head.length < HEAD_SIZE;
  const oldMac = endsLinesInReturns(head);
  let best: Reading | undefined;
  for (const delimiter of DELIMITERS) {
    if (!head.includes(delimiter)) continue;
    const records = firstRecords(head, delimiter, oldMac, whole);
    const search = finder.find(records);
    const better =
      best === undefined ||
      (search.found && !best.search.found) ||
      (search.found === best.search.found && search.mapped > best.search.mapped);
    if (better) best = { encoding, byteOrderMark, head, delimiter, oldMac, records, search };
  }
  if (best) return best;
  const records = firstRecords(head, ',', oldMac, whole);
  return { encoding, byteOrderMark, head, delimiter: ',', oldMac, records, search: finder.find(records) };
}

/**
 * Whether lines end in a lone carriage return, as spreadsheet programs of old Macs saved them and those of today do on request. A line
 * feed inside quotes is a break within a cell.
 */
function endsLinesInReturns(head: string): boolean {
  const last = head.lastIndexOf('\r');
  if (last < 0 || head.includes('\r\n')) return false;
  return !head
    .slice(0, last)
    .replace(/"[^"]*"/g, '')
    .includes('\n');
}

/** The first rows of a text, in which the header is looked for. `whole`: the text is all of the file. */
function firstRecords(head: string, delimiter: string, oldMac: boolean, whole: boolean): readonly SourceRecord[] {
  const text = new DelimitedText(delimiter, oldMac);
  const records: SourceRecord[] = [];
  for (let at = 0; at < head.length && records.length <= HEADER_ROWS; at += FIRST_PIECE) {
    records.push(...text.push(head.slice(at, at + FIRST_PIECE)));
  }
  if (whole && records.length <= HEADER_ROWS) records.push(...text.end());
  return records.slice(0, HEADER_ROWS + 1);
}

async function chooseReading(finder: HeaderFinder, look: TextLook): Promise<Reading> {
  if (look.kind === 'text') return readHead(finder, look, look.encoding, look.byteOrderMark);
  const utf8 = readHead(finder, look, 'utf-8', look.byteOrderMark);
  const gb18030 = readHead(finder, look, 'gb18030', look.byteOrderMark);
  if (gb18030.search.mapped !== utf8.search.mapped) {
    await look.stop();
    return gb18030.search.mapped > utf8.search.mapped ? gb18030 : utf8;
  }
  const faults = await look.faults();
  if (faults.utf8SeenBefore) return utf8;
  return faults.utf8 < faults.gb18030 ? utf8 : gb18030;
}

async function openText(finder: HeaderFinder, look: TextLook, read: () => AsyncIterable<Uint8Array>): Promise<Source> {
  const reading = await chooseReading(finder, look);
  const { head, search, encoding, records } = reading;
  if (fold(head) === '') return noTable('文件只有空白', 'the file holds nothing but blanks', 'EMPTY_FILE');
  if (!search.found) {
    if (search.mapped === 0 && looksBinary(head)) {
      return noTable(
        '文件不是文本表格（内容无法识别）；请导出为 CSV 或 .xlsx',
        'the file is no text table (its content makes no sense); export it as CSV or .xlsx',
      );
    }
    if (records.length === 0 || records.every((record) => record.broken !== undefined)) {
      return noTable(
        '文件开头没有可分列的行（一行过长或引号不配对）；请检查换行和分隔符后重新导出',
        'the file begins with no row that can be cut into cells (a line is too long or a quote has no partner); export it again',
      );
    }
    return unreadable(search.fault, encoding);
  }
  const { header } = search;
  const layout: FileLayout = {
    encoding,
    byteOrderMark: reading.byteOrderMark,
    delimiter: reading.delimiter,
    newline: head.includes('\r\n') ? '\r\n' : '\n',
    leading: records.slice(0, header.index + 1).map((record) => record.cells),
    headerIndex: header.named,
    added: header.added,
  };
  const lastHeaderRow = records[header.index]?.row ?? 1;
  const below = (): AsyncIterable<readonly SourceRecord[]> => textRecords(read(), reading, lastHeaderRow, header.width);
  return { found: true, tables: [{ header, finder, layout, records: below }] };
}

async function* textRecords(
  bytes: AsyncIterable<Uint8Array>,
  reading: Reading,
  lastHeaderRow: number,
  width: number,
): AsyncGenerator<readonly SourceRecord[]> {
  const text = new DelimitedText(reading.delimiter, reading.oldMac);
  const below = (records: readonly SourceRecord[]): readonly SourceRecord[] =>
    records[0] && records[0].row <= lastHeaderRow ? records.filter((record) => record.row > lastHeaderRow) : records;
  for await (const piece of decodeText(bytes, reading.encoding, reading.byteOrderMark)) yield below(text.pushSpanned(piece));
  // A last line without a line break and with cells missing was cut off; one with all its cells merely lacks the break.
  yield below(text.end()).map((record) =>
    record.broken === undefined && record.cells.length < width ? { ...record, broken: 'ROW_CUT_OFF' as const } : record,
  );
}

/** Control characters and undecodable bytes make up more than a twentieth of the head. */
function looksBinary(head: string): boolean {
  let strange = 0;
  for (let i = 0; i < head.length; i++) {
    const c = head.charCodeAt(i);
    if (c < 9 || (c > 13 && c < 32) || c === 0xfffd) strange += 1;
  }
  return strange * 20 > head.length;
}

function notSpreadsheet(zh: string, en: string): Source {
  return unreadable(new Fault('NOT_XLSX', zh, en));
}

function noTable(zh: string, en: string, code: 'NOT_A_TABLE' | 'EMPTY_FILE' = 'NOT_A_TABLE'): Source {
  return unreadable(new Fault(code, zh, en));
}
