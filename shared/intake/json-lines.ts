import { decodeText, type TextEncoding } from './encoding.ts';
import { Fault } from './fault.ts';
import type { HeaderFinder } from './header.ts';
import { LARGEST_EXACT, shownNumber } from './shown-number.ts';
import { type Source, unreadable } from './source.ts';
import type { CellProblem, FileLayout, SourceRecord } from './source-record.ts';

/** A longer line is not held: it is refused and reading goes on at the next. UTF-16 units. */
const LINE_LIMIT = 1 << 20;
/** Of a line that is no object, so much is kept to show to the sender. */
const SHOWN = 2_000;
/** More keys than any table has columns; the header says so. */
const KEY_LIMIT = 1_000;

interface Line {
  readonly row: number;
  readonly text: string;
  readonly fault?: 'ROW_TOO_LONG' | 'ROW_CUT_OFF';
}

/** Cuts text into lines as its pieces arrive. Holds at most one line and one piece. */
class Lines {
  #text = '';
  #row = 0;
  /** Inside a line already refused as too long. */
  #skipping = false;

  push(piece: string): Line[] {
    this.#text += piece;
    const lines: Line[] = [];
    let at = 0;
    for (let end = this.#text.indexOf('\n'); end >= 0; end = this.#text.indexOf('\n', at)) {
      if (this.#skipping) this.#skipping = false;
      else lines.push(this.#line(this.#text.slice(at, end)));
      at = end + 1;
    }
    this.#text = this.#text.slice(at);
    if (!this.#skipping && this.#text.length > LINE_LIMIT) {
      lines.push(this.#line(this.#text));
      this.#skipping = true;
    }
    if (this.#skipping) this.#text = '';
    return lines;
  }

  /** The last line, when no line break follows it; one that is no object was cut off on its way. */
  end(): Line[] {
    if (this.#skipping || this.#text === '') return [];
    const line = this.#line(this.#text);
    return [objectOf(line.text) === undefined && line.fault === undefined ? { ...line, fault: 'ROW_CUT_OFF' } : line];
  }

  #line(text: string): Line {
    this.#row += 1;
    return text.length > LINE_LIMIT
      ? { row: this.#row, text: text.slice(0, SHOWN), fault: 'ROW_TOO_LONG' }
      : { row: this.#row, text: text.trim() };
  }
}

/** The object a line states; undefined when it states none. */
export function objectOf(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

/** A value as the text of a cell, or what keeps it from being one. */
function cellOf(value: unknown): { readonly text: string; readonly problem?: CellProblem } {
  if (value === null) return { text: '' };
  if (typeof value === 'string') return { text: value };
  if (typeof value === 'boolean') return { text: value ? '是' : '否' };
  if (typeof value !== 'number') return { text: JSON.stringify(value), problem: 'nested-value' };
  return Math.abs(value) < LARGEST_EXACT ? { text: shownNumber(value) } : { text: String(value), problem: 'number-too-long' };
}

function recordOf({ row, text, fault }: Line, keys: ReadonlyMap<string, number>): SourceRecord {
  if (text === '') return { row, cells: [] };
  const object = fault === undefined ? objectOf(text) : undefined;
  if (object === undefined) return { row, cells: [text.slice(0, SHOWN)], raw: text.slice(0, SHOWN), broken: fault ?? 'NOT_JSON' };
  const cells: string[] = Array.from({ length: keys.size }, () => '');
  const problems = new Map<number, CellProblem>();
  for (const [key, value] of Object.entries(object)) {
    const at = keys.get(key);
    if (at === undefined) continue;
    const { text: cell, problem } = cellOf(value);
    cells[at] = cell;
    if (problem !== undefined) problems.set(at, problem);
  }
  return { row, cells, raw: text, problems, ...(text.includes('\ufffd') ? { damaged: true as const } : {}) };
}

type Decode = () => AsyncIterable<string>;

async function* linesOf(decode: Decode): AsyncGenerator<Line[]> {
  const lines = new Lines();
  for await (const piece of decode()) yield lines.push(piece);
  yield lines.end();
}

/** Every key of the file in the order they first come, for one may be absent from the first objects. */
async function keysOf(decode: Decode): Promise<ReadonlyMap<string, number>> {
  const keys = new Map<string, number>();
  for await (const lines of linesOf(decode)) {
    for (const { text, fault } of lines) {
      if (fault !== undefined) continue;
      for (const key in objectOf(text)) if (!keys.has(key) && keys.size < KEY_LIMIT) keys.set(key, keys.size);
    }
  }
  return keys;
}

async function* records(decode: Decode, keys: ReadonlyMap<string, number>): AsyncGenerator<readonly SourceRecord[]> {
  for await (const lines of linesOf(decode)) yield lines.map((line) => recordOf(line, keys));
}

/** Whether the beginning of a text looks like JSON lines, whatever the file is called. */
export function looksLikeJsonLines(head: string): boolean {
  const [first = ''] = head.trimStart().split('\n', 1);
  return objectOf(first.trim()) !== undefined;
}

/**
 * Opens a file of JSON lines: one object a line, whose keys are named as columns are. Texts, numbers, booleans and null are
 * read like cells of a table; row numbers are line numbers.
 */
export async function openJsonLines(
  finder: HeaderFinder,
  read: () => AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  byteOrderMark: boolean,
): Promise<Source> {
  const decode = (): AsyncIterable<string> => decodeText(read(), encoding, byteOrderMark);
  const keys = await keysOf(decode);
  if (keys.size === 0) return unreadable(noObjects(), 'jsonl');
  const names = [...keys.keys()];
  const search = finder.find([{ row: 1, cells: names }]);
  if (!search.found) return unreadable(search.fault, 'jsonl');
  const { header } = search;
  const layout: FileLayout = {
    encoding: 'jsonl',
    byteOrderMark: false,
    delimiter: ',',
    newline: '\n',
    leading: [names],
    headerIndex: 0,
    added: header.added,
  };
  return { found: true, tables: [{ header, finder, layout, records: () => records(decode, keys) }] };
}

function noObjects(): Fault {
  return new Fault(
    'NOT_JSONL',
    '文件里没有可读的 JSON 行；应每行一个对象，如 {"姓名":"…","身份证号码":"…"}，不要整体写成数组',
    'the file holds no JSON lines; expected one object a line, such as {"姓名":"…","身份证号码":"…"}, and no array around them',
  );
}
