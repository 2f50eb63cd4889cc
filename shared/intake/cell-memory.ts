import type { FactValue } from '../facts/fact.ts';
import { ValueDigest } from './content-hash.ts';
import type { Fault } from './fault.ts';

/** Longer cells are not remembered. UTF-16 units. */
const LONGEST = 32;
const ENTRIES = 4_096;
const SLOTS = 2 * ENTRIES;
/** After so many cells it is judged whether remembering pays. */
const TRIAL = 2 * ENTRIES;

/** What came of a cell. */
export class Remembered {
  /** As read: undefined when the cell states nothing. */
  readonly value: FactValue | Fault | undefined;
  /** As it may go on: masked, or a pseudonym. */
  readonly kept: FactValue | undefined;
  /** Of `kept`, when that is text. */
  readonly digest: ValueDigest | undefined;
  /** `kept` as JSON. */
  readonly json: string;

  constructor(value: FactValue | Fault | undefined, kept: FactValue | undefined) {
    this.value = value;
    this.kept = kept;
    this.json = kept === undefined ? '' : JSON.stringify(kept);
    this.digest = typeof kept === 'string' ? new ValueDigest(kept) : undefined;
  }
}

/**
 * Remembers what came of the cells of one column, for dates, areas, codes, hospitals and diagnoses repeat. The first 4,096
 * different short cells are kept; a column in which most cells are new is given up. Never decides what a cell means.
 */
export class CellMemory {
  #units = new Uint16Array(ENTRIES * LONGEST);
  #hashes = new Int32Array(ENTRIES);
  #lengths = new Uint8Array(ENTRIES);
  /** Number of the entry plus one; 0 marks a free place. */
  #slots = new Uint16Array(SLOTS);
  #entries: Remembered[] = [];
  #closed = false;
  #asked = 0;
  #missed = 0;

  /** What came of the same cell before; undefined when that is not known. */
  find(units: Uint16Array, start: number, end: number): Remembered | undefined {
    const length = end - start;
    if (this.#closed || length > LONGEST) return undefined;
    if (++this.#asked > TRIAL) this.#judge();
    let hash = length;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (units[i] ?? 0)) | 0;
    hash ^= hash >>> 15;
    for (let at = hash & (SLOTS - 1); ; at = (at + 1) & (SLOTS - 1)) {
      const entry = (this.#slots[at] ?? 0) - 1;
      if (entry < 0) break;
      if (this.#hashes[entry] === hash && this.#lengths[entry] === length && this.#same(entry, units, start, length)) {
        return this.#entries[entry];
      }
    }
    this.#missed += 1;
    return undefined;
  }

  /** Whether another cell of this length would be remembered. */
  takes(length: number): boolean {
    return !this.#closed && length <= LONGEST && this.#entries.length < ENTRIES;
  }

  /** Remembers what came of a cell that was not found. `text` must not be part of the piece: it would keep all of it alive. */
  keep(units: Uint16Array, start: number, end: number, remembered: Remembered): void {
    const length = end - start;
    if (!this.takes(length)) return;
    const entry = this.#entries.length;
    let hash = length;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (units[i] ?? 0)) | 0;
    hash ^= hash >>> 15;
    this.#units.set(units.subarray(start, end), entry * LONGEST);
    this.#hashes[entry] = hash;
    this.#lengths[entry] = length;
    this.#entries.push(remembered);
    let at = hash & (SLOTS - 1);
    while (this.#slots[at] !== 0) at = (at + 1) & (SLOTS - 1);
    this.#slots[at] = entry + 1;
  }

  #same(entry: number, units: Uint16Array, start: number, length: number): boolean {
    const own = this.#units;
    for (let i = 0, at = entry * LONGEST; i < length; i++, at++) if (own[at] !== units[start + i]) return false;
    return true;
  }

  #judge(): void {
    if (this.#missed * 2 > this.#asked) {
      this.#closed = true;
      this.#entries = [];
      this.#units = new Uint16Array(0);
      this.#hashes = new Int32Array(0);
      this.#lengths = new Uint8Array(0);
      this.#slots = new Uint16Array(0);
    }
    this.#asked = 0;
    this.#missed = 0;
  }
}
