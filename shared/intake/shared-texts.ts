/** Texts last asked for that are kept as strings; hospitals, codes and flags come again and again. */
const RECENT = 4_096;

/**
 * The shared texts of a workbook by their numbers, packed: as a string each costs some hundred bytes, and a sheet of a million
 * people has millions that occur once. Made into strings when asked for.
 */
export class SharedTexts {
  #bytes = Buffer.allocUnsafe(1 << 16);
  /** Where each text ends; it begins where the one before does. */
  #ends = new Uint32Array(1 << 10);
  #count = 0;
  readonly #recentNumbers = new Int32Array(RECENT).fill(-1);
  readonly #recentTexts: string[] = new Array<string>(RECENT).fill('');

  add(text: string): void {
    const start = this.#end(this.#count - 1);
    const end = start + Buffer.byteLength(text);
    if (end > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes.subarray(0, start)], Math.max(end, start * 2));
    this.#bytes.write(text, start);
    if (this.#count === this.#ends.length) {
      const ends = new Uint32Array(this.#count * 2);
      ends.set(this.#ends);
      this.#ends = ends;
    }
    this.#ends[this.#count] = end;
    this.#count += 1;
  }

  /** The n-th text; empty when there is none. */
  at(n: number): string {
    if (!Number.isInteger(n) || n < 0 || n >= this.#count) return '';
    const slot = n % RECENT;
    if (this.#recentNumbers[slot] !== n) {
      this.#recentNumbers[slot] = n;
      this.#recentTexts[slot] = this.#bytes.toString('utf8', this.#end(n - 1), this.#end(n));
    }
    return this.#recentTexts[slot] ?? '';
  }

  #end(n: number): number {
    return n < 0 ? 0 : (this.#ends[n] ?? 0);
  }
}
