import type { SourceRecord } from './source-record.ts';
import { type CutPiece, SpannedRow } from './spanned-row.ts';

/** A record longer than this is not held: it is refused and reading goes on at the next line. In UTF-16 units. */
const RECORD_LIMIT = 1 << 20;
/** Of a row that could not be cut into cells, so much is kept to show to the sender. */
const SHOWN = 2_000;
const NEVER = Number.POSITIVE_INFINITY;
/** Units of text are copied as they lie in memory. */
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
const NEWLINE = 10;
const RETURN = 13;

type Quoted =
  | { readonly kind: 'record'; readonly cells: string[]; readonly next: number }
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'malformed' };

/**
 * Cuts delimited text (RFC 4180) into records as the pieces of text arrive; any cutting of the same text gives the same
 * records. A quote that is never closed costs its own line only. Holds at most one record and one piece.
 */
export class DelimitedText {
  readonly #delimiter: string;
  readonly #oldMac: boolean;
  readonly #code: number;
  #text = '';
  #row = 0;
  readonly #piece: CutPiece = { text: '', units: new Uint16Array(0), bounds: new Int32Array(0) };
  #bytes = Buffer.alloc(0);
  /** How many of the piece's bounds are taken. */
  #bounds = 0;
  /** Inside a line already refused as too long. */
  #skipping = false;

  /** `oldMac`: lines end in a lone carriage return. */
  constructor(delimiter: string, oldMac = false) {
    this.#delimiter = delimiter;
    this.#code = delimiter.charCodeAt(0);
    this.#oldMac = oldMac;
  }

  /** Records finished by this piece. */
  push(piece: string): SourceRecord[] {
    this.#text += this.#oldMac ? piece.replaceAll('\r', '\n') : piece;
    return this.#scan(false, false);
  }

  /** The same records as from `push`, good until the next call only; plain lines among them are `SpannedRow`s. */
  pushSpanned(piece: string): SourceRecord[] {
    this.#text += this.#oldMac ? piece.replaceAll('\r', '\n') : piece;
    return this.#scan(false, LITTLE_ENDIAN);
  }

  /** The last record, when the text does not end in a line break. */
  end(): SourceRecord[] {
    return this.#scan(true, false);
  }

  /** Makes the units of the text readable one by one, which in a string takes several times as long. */
  #layOut(): void {
    const { length } = this.#text;
    if (this.#piece.units.length < length) {
      const room = length + (length >> 2);
      const units = new Uint16Array(room);
      this.#piece.units = units;
      this.#piece.bounds = new Int32Array(2 * room + 2);
      this.#bytes = Buffer.from(units.buffer);
    }
    this.#bytes.write(this.#text, 0, 'utf16le');
    this.#piece.text = this.#text;
    this.#bounds = 0;
  }

  /** Cuts the line at `at` if it ends before `limit`; where the line break is, or -1. */
  #span(at: number, limit: number): number {
    const { units, bounds } = this.#piece;
    const delimiter = this.#code;
    let n = this.#bounds;
    bounds[n++] = at - 1;
    for (let i = at; i < limit; i++) {
      const unit = units[i];
      if (unit === delimiter) bounds[n++] = i;
      else if (unit === NEWLINE) {
        bounds[n++] = i > at && units[i - 1] === RETURN ? i - 1 : i;
        this.#bounds = n;
        return i;
      }
    }
    return -1;
  }

  #scan(final: boolean, spanned: boolean): SourceRecord[] {
    if (spanned) this.#layOut();
    const text = this.#text;
    const records: SourceRecord[] = [];
    const delimiter = this.#delimiter;
    let at = 0;
    let quote = text.indexOf('"');
    if (quote < 0) quote = NEVER;
    let damage = text.indexOf('\ufffd');
    if (damage < 0) damage = NEVER;
    while (at < text.length) {
      if (spanned && !this.#skipping) {
        const first = this.#bounds;
        const newline = this.#span(at, Math.min(quote, damage, text.length, at + RECORD_LIMIT));
        if (newline >= 0) {
          this.#row += 1;
          records.push(new SpannedRow(this.#row, this.#piece, first, this.#bounds - first - 1));
          at = newline + 1;
          continue;
        }
      }
      const found = text.indexOf('\n', at);
      if (this.#skipping) {
        at = found < 0 ? text.length : found + 1;
        if (found >= 0) this.#skipping = false;
        continue;
      }
      if (quote < at) {
        quote = text.indexOf('"', at);
        if (quote < 0) quote = NEVER;
      }
      const lineEnd = found < 0 ? text.length : found;
      let next = lineEnd + 1;
      let cells: string[] | undefined;
      let broken: SourceRecord['broken'];
      if (quote >= lineEnd) {
        if (found < 0 && text.length - at > RECORD_LIMIT) {
          broken = 'ROW_TOO_LONG';
          this.#skipping = true;
        } else if (found < 0 && !final) break;
        else if (lineEnd - at > RECORD_LIMIT) broken = 'ROW_TOO_LONG';
        else cells = this.#line(at, lineEnd).split(delimiter);
      } else {
        const quoted = this.#quoted(at, final);
        if (quoted.kind === 'record' && quoted.next - at <= RECORD_LIMIT) {
          cells = quoted.cells;
          next = quoted.next;
        } else {
          const waiting = quoted.kind === 'unfinished' || (found < 0 && !final);
          if (waiting && text.length - at <= RECORD_LIMIT) break;
          broken = lineEnd - at > RECORD_LIMIT ? 'ROW_TOO_LONG' : 'UNCLOSED_QUOTE';
          this.#skipping = found < 0 && !final;
        }
      }
      this.#row += 1;
      if (damage < at) {
        damage = text.indexOf('\ufffd', at);
        if (damage < 0) damage = NEVER;
      }
      if (cells !== undefined) {
        const record: SourceRecord = { row: this.#row, cells };
        records.push(damage < next ? { ...record, damaged: true } : record);
      } else if (broken !== undefined) {
        records.push({ row: this.#row, cells: this.#line(at, Math.min(lineEnd, at + SHOWN)).split(delimiter), broken });
      }
      at = next;
    }
    this.#text = at >= text.length ? '' : text.slice(at);
    return records;
  }

  #line(from: number, to: number): string {
    const end = to > from && this.#text.charCodeAt(to - 1) === 13 ? to - 1 : to;
    return this.#text.slice(from, end);
  }

  #quoted(start: number, final: boolean): Quoted {
    const text = this.#text;
    const cells: string[] = [];
    let at = start;
    for (;;) {
      if (text.charCodeAt(at) === 34) {
        let value = '';
        let from = at + 1;
        for (;;) {
          const close = text.indexOf('"', from);
          if (close < 0) return final ? { kind: 'malformed' } : { kind: 'unfinished' };
          if (close + 1 >= text.length && !final) return { kind: 'unfinished' };
          value += text.slice(from, close);
          if (text.charCodeAt(close + 1) !== 34) {
            at = close + 1;
            break;
          }
          value += '"';
          from = close + 2;
        }
        cells.push(value);
        while (text.charCodeAt(at) === 32) at += 1;
      } else {
        const newline = text.indexOf('\n', at);
        const end = newline < 0 ? text.length : newline;
        let delimiter = text.indexOf(this.#delimiter, at);
        if (delimiter < 0 || delimiter > end) delimiter = end;
        if (delimiter === text.length && !final) return { kind: 'unfinished' };
        cells.push(delimiter === end ? this.#line(at, end) : text.slice(at, delimiter));
        at = delimiter;
      }
      if (at >= text.length) return final ? { kind: 'record', cells, next: at } : { kind: 'unfinished' };
      const c = text.charCodeAt(at);
      if (c === 10) return { kind: 'record', cells, next: at + 1 };
      if (c === 13) {
        if (at + 1 >= text.length) return final ? { kind: 'record', cells, next: at + 1 } : { kind: 'unfinished' };
        return text.charCodeAt(at + 1) === 10 ? { kind: 'record', cells, next: at + 2 } : { kind: 'malformed' };
      }
      if (!text.startsWith(this.#delimiter, at)) return { kind: 'malformed' };
      at += this.#delimiter.length;
      if (at >= text.length) {
        if (!final) return { kind: 'unfinished' };
        cells.push('');
        return { kind: 'record', cells, next: at };
      }
    }
  }
}
