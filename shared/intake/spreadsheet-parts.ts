import { SaxesParser } from 'saxes';
import { SharedTexts } from './shared-texts.ts';
import type { Archive } from './spreadsheet-archive.ts';

/** A visible sheet. */
export interface SheetPart {
  /** As its tab says. */
  readonly name: string;
  /** Where it lies in the archive. */
  readonly path: string;
}

/** What a workbook says of itself. */
export interface Workbook {
  readonly sheets: readonly SheetPart[];
  /** What the tabs of the sheets that are not shown say. */
  readonly hidden: readonly string[];
  /** The workbook counts days from 1904 (old Mac). */
  readonly from1904: boolean;
}

/** Texts together longer than this would not fit beside the rest. UTF-16 units. */
const TEXT_LIMIT = 100_000_000;
/** Longest stretch without a tag, bytes; a cell has at most 32,767 characters. */
const STRETCH_LIMIT = 4_000_000;

/** The workbook is sound and holds more than is taken. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** Name without a namespace prefix, which some writers put before every element. */
export function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

/** Characters that XML cannot hold stand as `_x000D_` (ECMA-376 part 1, 22.9.2.19); those that are no text are left out. */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, digits: string) => {
    const code = Number.parseInt(digits, 16);
    return code < 32 && code !== 9 && code !== 10 && code !== 13 ? '' : String.fromCharCode(code);
  });
}

type Attributes = Readonly<Record<string, string>>;

/** What is told of as XML passes by. */
interface XmlHandlers {
  readonly open: (name: string, attributes: Attributes) => void;
  readonly close?: (name: string) => void;
  readonly text?: (text: string) => void;
}

/**
 * Tells of XML as its bytes come. The parser holds a text, a tag or a comment until it ends; a few kilobytes of an archive may
 * stand for gigabytes of one, so a stretch beyond all measure is given up.
 */
export class XmlReader {
  readonly #parser = new SaxesParser();
  readonly #decoder = new TextDecoder();
  #stretch = 0;

  constructor(on: XmlHandlers) {
    const parser = this.#parser;
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('opentag', (tag) => {
      this.#stretch = 0;
      on.open(localName(tag.name), tag.attributes);
    });
    parser.on('closetag', (tag) => {
      this.#stretch = 0;
      on.close?.(localName(tag.name));
    });
    if (on.text) parser.on('text', on.text);
  }

  /** Throws on malformed XML, and TooLargeError. */
  write(bytes: Uint8Array): void {
    this.#stretch += bytes.length;
    this.#parser.write(this.#decoder.decode(bytes, { stream: true }));
    if (this.#stretch > STRETCH_LIMIT) throw new TooLargeError('a text, tag or comment is beyond all measure');
  }

  /** Throws where the XML ends before it is whole. */
  close(): void {
    this.#parser.write(this.#decoder.decode()).close();
  }
}

async function readXml(bytes: AsyncIterable<Uint8Array>, on: XmlHandlers): Promise<void> {
  const reader = new XmlReader(on);
  for await (const part of bytes) reader.write(part);
  reader.close();
}

function resolvePart(target: string): string {
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

/** Reads which sheets there are. */
export async function readWorkbook(archive: Archive): Promise<Workbook> {
  const named: { readonly id: string; readonly name: string }[] = [];
  const hidden: string[] = [];
  let from1904 = false;
  await readXml(archive.read('xl/workbook.xml'), {
    open: (name, attributes) => {
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      if (name !== 'sheet') return;
      if ((attributes['state'] ?? 'visible') !== 'visible') {
        hidden.push(attributes['name'] ?? '');
        return;
      }
      const id = Object.entries(attributes).find(([key]) => key !== 'id' && localName(key) === 'id')?.[1];
      if (id !== undefined) named.push({ id, name: attributes['name'] ?? '' });
    },
  });
  const targets = new Map<string, string>();
  await readXml(archive.read('xl/_rels/workbook.xml.rels'), {
    open: (name, attributes) => {
      if (name === 'Relationship') targets.set(attributes['Id'] ?? '', resolvePart(attributes['Target'] ?? ''));
    },
  });
  const sheets = new Map<string, SheetPart>();
  for (const { id, name } of named) {
    const path = targets.get(id);
    // A part that is named again and again is one sheet: reading it each time would take hours.
    if (path !== undefined && archive.has(path) && !sheets.has(path)) sheets.set(path, { name, path });
  }
  return { sheets: [...sheets.values()], hidden, from1904 };
}

/** The shared texts, without phonetic guides. */
export async function readSharedTexts(archive: Archive): Promise<SharedTexts> {
  const texts = new SharedTexts();
  if (!archive.has('xl/sharedStrings.xml')) return texts;
  let current = '';
  let inText = false;
  let phonetic = 0;
  let total = 0;
  await readXml(archive.read('xl/sharedStrings.xml'), {
    open: (name) => {
      if (name === 'si') current = '';
      else if (name === 'rPh') phonetic += 1;
      else if (name === 't') inText = phonetic === 0;
    },
    close: (name) => {
      if (name === 't') inText = false;
      else if (name === 'rPh') phonetic -= 1;
      else if (name === 'si') {
        texts.add(unescaped(current));
        total += current.length;
      }
    },
    text: (text) => {
      if (inText) current += text;
      if (total + current.length > TEXT_LIMIT) throw new TooLargeError('shared texts exceed the limit');
    },
  });
  return texts;
}

/** Number formats that come with every spreadsheet and show dates (ECMA-376 §18.8.30, with the East Asian ones). */
function isBuiltInDate(id: number): boolean {
  return (
    (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 54) || id === 57 || id === 58
  );
}

/** A format code shows a date when year or day letters stand outside quotes, colours and locale marks. */
function showsDate(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '').toLowerCase();
  return /y|d/.test(bare) && !/general/.test(bare);
}

/** For each cell style: whether its number is a date. */
export async function readDateStyles(archive: Archive): Promise<readonly boolean[]> {
  if (!archive.has('xl/styles.xml')) return [];
  const custom = new Map<number, boolean>();
  const styles: boolean[] = [];
  let inCellFormats = false;
  await readXml(archive.read('xl/styles.xml'), {
    open: (name, attributes) => {
      if (name === 'numFmt') custom.set(Number(attributes['numFmtId']), showsDate(attributes['formatCode'] ?? ''));
      else if (name === 'cellXfs') inCellFormats = true;
      else if (name === 'xf' && inCellFormats) {
        const id = Number(attributes['numFmtId'] ?? '0');
        styles.push(custom.get(id) ?? isBuiltInDate(id));
      }
    },
    close: (name) => {
      if (name === 'cellXfs') inCellFormats = false;
    },
  });
  return styles;
}
