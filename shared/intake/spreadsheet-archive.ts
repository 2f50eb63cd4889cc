import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import { Fault } from './fault.ts';

/** Limits against archives made to exhaust memory: unpacked bytes, entries, and unpacked to packed beyond 100 MB. */
const UNPACKED_LIMIT = 2 * 2 ** 30;
const ENTRY_LIMIT = 5_000;
const RATIO_LIMIT = 400;
const RATIO_FROM = 100 * 2 ** 20;
/** Workbooks are unpacked from memory. */
const PACKED_LIMIT = 200 * 2 ** 20;

/** The parts of a workbook by path. */
export interface Archive {
  has(path: string): boolean;
  /** Streams a part unpacked; throws when the part is damaged. */
  read(path: string): AsyncIterable<Uint8Array>;
}

/** The workbook is damaged or not one; found while reading. */
export function damagedWorkbook(): Fault {
  return new Fault(
    'NOT_XLSX',
    '文件不是完好的 .xlsx 工作簿（可能损坏或传输中断）；请用表格软件打开后重新另存为 .xlsx 或 CSV',
    'the file is no sound .xlsx workbook (damaged or cut off); open it in a spreadsheet and save it again as .xlsx or CSV',
  );
}

/** The workbook holds, or unpacks to, more than is taken. */
export function tooLarge(): Fault {
  return new Fault(
    'TOO_LARGE',
    '工作簿过大或解压后异常膨胀；请另存为 CSV（UTF-8）后报送，或拆分成几个文件',
    'the workbook is too large, or unpacks to far too much; save it as CSV (UTF-8) or split it',
  );
}

async function gather(bytes: AsyncIterable<Uint8Array>): Promise<Buffer | Fault> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of bytes) {
    size += part.length;
    if (size > PACKED_LIMIT) return tooLarge();
    parts.push(part.slice());
  }
  return Buffer.concat(parts);
}

function open(buffer: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(buffer, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, zip) => {
      if (error) reject(error);
      else resolve(zip);
    });
  });
}

function entriesOf(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>();
    zip.on('entry', (entry: Entry) => {
      entries.set(entry.fileName, entry);
      if (entries.size > ENTRY_LIMIT) reject(new RangeError('too many entries'));
      else zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', reject);
    zip.readEntry();
  });
}

async function* unpack(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  const stream = await new Promise<AsyncIterable<Uint8Array>>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => {
      if (error) reject(error);
      else resolve(opened);
    });
  });
  yield* stream;
}

/** What an archive is that holds no workbook of ours: other documents of office programs are archives too. */
function noWorkbook(entries: ReadonlyMap<string, Entry>): Fault {
  const saved = (kind: string, en: string): Fault =>
    new Fault(
      'NOT_XLSX',
      `文件实际是${kind}，只是改了扩展名；请用表格软件打开，另存为 .xlsx 或 CSV（UTF-8）后报送`,
      `the file is really ${en} under another name; open it in a spreadsheet, save it as .xlsx or CSV (UTF-8) and send that`,
    );
  if (entries.has('xl/workbook.bin')) return saved('二进制工作簿（.xlsb）', 'a binary workbook (.xlsb)');
  if (entries.has('content.xml')) return saved('OpenDocument 文件（.ods）', 'an OpenDocument file (.ods)');
  if (entries.has('word/document.xml')) {
    return new Fault(
      'NOT_XLSX',
      '文件实际是 Word 文档；请将其中的表格复制到表格软件中，保存为 .xlsx 后报送',
      'the file is really a Word document; copy its table into a spreadsheet, save that as .xlsx and send it',
    );
  }
  return archiveOfFiles();
}

/** Files packed together. */
export function archiveOfFiles(): Fault {
  return new Fault(
    'NOT_XLSX',
    '文件是压缩包而不是 .xlsx 工作簿；请解压后逐个报送其中的表格',
    'the file is an archive but no .xlsx workbook; unpack it and send the tables one by one',
  );
}

/** Opens the archive of a workbook, within limits; a fault when it is none, encrypted, damaged or too large. */
export async function openArchive(bytes: AsyncIterable<Uint8Array>): Promise<Archive | Fault> {
  const buffer = await gather(bytes);
  if (buffer instanceof Fault) return buffer;
  let zip: ZipFile;
  let entries: ReadonlyMap<string, Entry>;
  try {
    zip = await open(buffer);
    entries = await entriesOf(zip);
  } catch {
    return damagedWorkbook();
  }
  let unpacked = 0;
  for (const entry of entries.values()) {
    unpacked += entry.uncompressedSize;
    if ((entry.generalPurposeBitFlag & 1) === 1) {
      return new Fault('NOT_XLSX', '文件有密码；请去掉密码后重新报送', 'the file has a password; remove it and send again');
    }
  }
  if (unpacked > UNPACKED_LIMIT || (unpacked > RATIO_FROM && unpacked / buffer.length > RATIO_LIMIT)) return tooLarge();
  if (!entries.has('xl/workbook.xml')) {
    return noWorkbook(entries);
  }
  return {
    has: (path) => entries.has(path),
    read: (path) => {
      const entry = entries.get(path);
      if (entry === undefined) throw new RangeError('the workbook names a part it does not have');
      return unpack(zip, entry);
    },
  };
}
