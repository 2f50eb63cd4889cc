import { isBlank } from './cell-text.ts';
import { dayOfSerial } from './date-cell.ts';
import { HiddenCells } from './hidden-cells.ts';
import { MERGES_KEPT, type MergedCells } from './merged-cells.ts';
import type { SharedTexts } from './shared-texts.ts';
import { LARGEST_EXACT, shownNumber } from './shown-number.ts';
import type { CellProblem, SourceRecord } from './source-record.ts';
import type { Archive } from './spreadsheet-archive.ts';
import { TooLargeError, unescaped, XmlReader } from './spreadsheet-parts.ts';

/** Days between the two date systems of spreadsheets. */
const DAYS_1904 = 1_462;
const CELL_LIMIT = 1_000_000;
const COLUMNS = 16_384;
const ROWS = 1_048_576;
/**
 * Blank cells put in between those there are: so many in a sheet, and so many more for each row. A row with nothing but its last cell
 * takes 30 bytes, packed next to none, and stands for 16,383 blanks; tables of departments have some dozens of columns.
 */
const BLANKS_FREE = 100_000;
const BLANKS_A_ROW = 100;

/** What the cells of a workbook's sheets are read with. */
export interface Book {
  readonly archive: Archive;
  readonly texts: SharedTexts;
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

function isTrue(attribute: string | undefined): boolean {
  return attribute === '1' || attribute === 'true';
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
export class SheetRows {
  readonly #book: Book;
  /** Told of after the rows. */
  readonly merged: MergedCells[] = [];
  readonly hidden = new HiddenCells();
  #rowHidden = false;
  #done: SourceRecord[] = [];
  #row = 0;
  #rows = 0;
  #blanks = 0;
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
      if (this.#row > ROWS) throw new RangeError('a row lies outside the sheet');
      this.#rows += 1;
      this.#cells = [];
      this.#problems = undefined;
      this.#column = -1;
      this.#rowHidden = isTrue(attributes['hidden']);
    } else if (name === 'c') {
      const reference = attributes['r'];
      this.#column = reference === undefined ? this.#column + 1 : columnOf(reference);
      if (this.#column < 0 || this.#column >= COLUMNS) throw new RangeError('a cell lies outside the sheet');
      this.#type = attributes['t'] ?? 'n';
      this.#style = Number(attributes['s'] ?? '0');
      this.#formula = false;
      this.#value = undefined;
    } else if (name === 'col') {
      if (isTrue(attributes['hidden'])) this.hidden.addColumns(Number(attributes['min']), Number(attributes['max']));
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
      if (this.#rowHidden && !this.#cells.every(isBlank)) this.hidden.addRow(this.#row);
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
    this.#blanks += Math.max(0, this.#column - this.#cells.length);
    if (this.#blanks > BLANKS_FREE + BLANKS_A_ROW * this.#rows) throw new TooLargeError('next to nothing but blank cells');
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
        return this.#book.texts.at(Number(value));
      case 'b':
        return value === '1' ? '是' : '否';
      case 'e':
        this.#problem('cell-error');
        return value;
      case 'n':
        return this.#number(value);
      default:
        return unescaped(value);
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

/** The rows of a sheet as its XML arrives; throws when that is damaged, and TooLargeError. */
export async function* sheetRecords(
  book: Book,
  path: string,
  rows: SheetRows = new SheetRows(book),
): AsyncGenerator<readonly SourceRecord[]> {
  const reader = new XmlReader({
    open: (name, attributes) => rows.open(name, attributes),
    close: (name) => rows.close(name),
    text: (text) => rows.text(text),
  });
  for await (const part of book.archive.read(path)) {
    reader.write(part);
    yield rows.take();
  }
  reader.close();
  yield rows.take();
}
