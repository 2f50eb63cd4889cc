import { hash } from 'node:crypto';

const LINE_END = 0x0a;
const PREFIX = Buffer.from('{"event":');
const HASH_MARK = Buffer.from(',"hash":"');
const HASH_DIGITS = 64;

/** Where a chain has been followed to. */
export interface ChainEnd {
  readonly number: number;
  readonly hash: string;
}

/** Numbers that may stand in a day. */
export interface Bounds {
  readonly first: number;
  readonly last: number;
}

/**
 * Follows the chain over the bytes of stored lines. The hash covers the text of the event as it stands in the line and
 * everything else of a line is given by number and hash, so nothing is parsed: that takes a third of the time.
 */
export class LineFollower {
  #scratch: Buffer = Buffer.alloc(64 * 1024);
  #number: number;
  #hash: string;

  constructor({ number, hash: end }: ChainEnd) {
    this.#number = number;
    this.#hash = end;
  }

  get end(): ChainEnd {
    return { number: this.#number, hash: this.#hash };
  }

  /**
   * Goes on over whole lines as long as each is the next of the chain, unaltered, and within bounds. `lines` is how many
   * were; `at` is where the first that is not begins, undefined when all are.
   */
  follow(text: Buffer, bounds: Bounds | undefined): { readonly lines: number; readonly at: number | undefined } {
    let lines = 0;
    let start = 0;
    while (start < text.length) {
      const end = text.indexOf(LINE_END, start);
      if (end < 0) return { lines, at: start };
      if (bounds !== undefined && (this.#number + 1 > bounds.last || this.#number + 1 < bounds.first))
        return { lines, at: start };
      const next = this.#hashIfNext(text, start, end);
      if (next === undefined) return { lines, at: start };
      this.#number += 1;
      this.#hash = next;
      lines += 1;
      start = end + 1;
    }
    return { lines, at: undefined };
  }

  /** Whether this line is the next of the chain. */
  isNext(line: string): boolean {
    const bytes = Buffer.from(line, 'utf8');
    return this.#hashIfNext(bytes, 0, bytes.length) !== undefined;
  }

  /** The hash of the line, if it is the next of the chain and exactly as it was written. */
  #hashIfNext(text: Buffer, start: number, end: number): string | undefined {
    const tail = `","number":${this.#number + 1}}`;
    const hashEnd = end - tail.length;
    const hashStart = hashEnd - HASH_DIGITS;
    const eventStart = start + PREFIX.length;
    const eventEnd = hashStart - HASH_MARK.length;
    if (eventEnd <= eventStart || text.toString('latin1', hashEnd, end) !== tail) return undefined;
    if (text.compare(PREFIX, 0, PREFIX.length, start, eventStart) !== 0) return undefined;
    if (text.compare(HASH_MARK, 0, HASH_MARK.length, eventEnd, hashStart) !== 0) return undefined;
    const made = this.#link(text, eventStart, eventEnd);
    return made === text.toString('latin1', hashStart, hashEnd) ? made : undefined;
  }

  /** `link` of chain.ts over bytes. */
  #link(text: Buffer, start: number, end: number): string {
    const lead = `${this.#hash}\n${this.#number + 1}\n`;
    const size = lead.length + end - start;
    if (this.#scratch.length < size) this.#scratch = Buffer.alloc(size * 2);
    this.#scratch.write(lead, 0, 'latin1');
    text.copy(this.#scratch, lead.length, start, end);
    return hash('sha256', this.#scratch.subarray(0, size), 'hex');
  }
}
