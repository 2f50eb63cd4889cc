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

/** Numbers of one entry: two of the key, one of the content, the row. Side by side, for a look into memory costs most. */
const WIDTH = 4;

/**
 * The keys of a file's rows so far, 16 bytes each: a million rows take 32 MB at most. Person and key are uniformly random
 * hex, of which 64 bits are kept; among a million rows two people's keys meet with a chance of 1 in 40 million, and among
 * a person's own thousand rows two with 1 in 8,000.
 */
export class KeySet {
  #capacity = START;
  #size = 0;
  /** Row 0 marks a free place: rows count from 1. */
  #entries = new Uint32Array(START * WIDTH);

  /** Enters a row unless its person and key (and reversal mark) are there; then tells whether it states the same. */
  add(person: string, key: string, reversal: boolean, content: string, row: number): KeyOutcome {
    const high = (hex(person, 0) ^ (reversal ? REVERSAL : 0)) >>> 0;
    const low = (hex(person, 8) ^ hex(key, 0)) >>> 0;
    const stated = hex(content, 0);
    const at = this.#place(high, low);
    const first = this.#entries[at + 3] ?? 0;
    if (first !== 0) return { kind: this.#entries[at + 2] === stated ? 'same' : 'different', row: first };
    this.#enter(at, high, low, stated, row);
    this.#size += 1;
    if (this.#size * 2 > this.#capacity) this.#grow();
    return NEW;
  }

  /** Where the key stands or would stand. */
  #place(high: number, low: number): number {
    const entries = this.#entries;
    const mask = this.#capacity * WIDTH - 1;
    let at = (low * WIDTH) & mask;
    while (entries[at + 3] !== 0 && (entries[at] !== high || entries[at + 1] !== low)) at = (at + WIDTH) & mask;
    return at;
  }

  #enter(at: number, high: number, low: number, content: number, row: number): void {
    const entries = this.#entries;
    entries[at] = high;
    entries[at + 1] = low;
    entries[at + 2] = content;
    entries[at + 3] = row;
  }

  #grow(): void {
    const before = this.#entries;
    this.#capacity *= 2;
    this.#entries = new Uint32Array(this.#capacity * WIDTH);
    for (let at = 0; at < before.length; at += WIDTH) {
      const row = before[at + 3] ?? 0;
      if (row === 0) continue;
      const high = before[at] ?? 0;
      const low = before[at + 1] ?? 0;
      this.#enter(this.#place(high, low), high, low, before[at + 2] ?? 0, row);
    }
  }
}
