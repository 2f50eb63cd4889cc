/** What is known of a key after offering it. `same` and `different` name the row that came first. */
export type KeyOutcome = { readonly kind: 'new' } | { readonly kind: 'same' | 'different'; readonly row: number };

const NEW: KeyOutcome = { kind: 'new' };
const START = 1 << 12;
/** Mixed into the key of a reversal, which stands beside its original and does not repeat it. */
const REVERSAL = 0x9e3779b9;

/** Eight lower-case hex digits as a number; digit by digit, for cutting a piece out costs more than reading it. */
function hex(text: string, from: number): number {
  let number = 0;
  for (let i = from; i < from + 8; i++) {
    const c = text.charCodeAt(i);
    number = (number << 4) | (c < 58 ? c - 48 : c - 87);
  }
  return number >>> 0;
}

/**
 * The keys of a file's rows so far, 16 bytes each: a million rows take 32 MB at most. Person and key are uniformly random
 * hex, of which 64 bits are kept; among a million rows two different keys meet with a chance of 1 in 40 million.
 */
export class KeySet {
  #capacity = START;
  #size = 0;
  #high = new Uint32Array(START);
  #low = new Uint32Array(START);
  #content = new Uint32Array(START);
  /** 0 marks a free place: rows count from 1. */
  #rows = new Uint32Array(START);

  /** Enters a row unless its person and key (and reversal mark) are there; then tells whether it states the same. */
  add(person: string, key: string, reversal: boolean, content: string, row: number): KeyOutcome {
    const high = (hex(person, 0) ^ hex(key, 0) ^ (reversal ? REVERSAL : 0)) >>> 0;
    const low = (hex(person, 8) ^ hex(key, 8)) >>> 0;
    const stated = hex(content, 0);
    const at = this.#place(high, low);
    const first = this.#rows[at] ?? 0;
    if (first !== 0) return { kind: this.#content[at] === stated ? 'same' : 'different', row: first };
    this.#enter(at, high, low, stated, row);
    this.#size += 1;
    if (this.#size * 2 > this.#capacity) this.#grow();
    return NEW;
  }

  #place(high: number, low: number): number {
    const mask = this.#capacity - 1;
    let at = low & mask;
    while (this.#rows[at] !== 0 && (this.#high[at] !== high || this.#low[at] !== low)) at = (at + 1) & mask;
    return at;
  }

  #enter(at: number, high: number, low: number, content: number, row: number): void {
    this.#high[at] = high;
    this.#low[at] = low;
    this.#content[at] = content;
    this.#rows[at] = row;
  }

  #grow(): void {
    const { 0: high, 1: low, 2: content, 3: rows } = [this.#high, this.#low, this.#content, this.#rows] as const;
    this.#capacity *= 2;
    this.#high = new Uint32Array(this.#capacity);
    this.#low = new Uint32Array(this.#capacity);
    this.#content = new Uint32Array(this.#capacity);
    this.#rows = new Uint32Array(this.#capacity);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? 0;
      if (row === 0) continue;
      const h = high[i] ?? 0;
      const l = low[i] ?? 0;
      this.#enter(this.#place(h, l), h, l, content[i] ?? 0, row);
    }
  }
}
