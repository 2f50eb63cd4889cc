const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function eight(n: number): string {
  return `${BYTES[n >>> 24]}${BYTES[(n >>> 16) & 255]}${BYTES[(n >>> 8) & 255]}${BYTES[n & 255]}`;
}

/** 64 bits of one text, which may be worked out once and added to many rows. */
export class ValueDigest {
  readonly a: number;
  readonly b: number;

  constructor(text: string) {
    let a = 0x9e37_79b1 | 0;
    let b = 0x1656_67b1 ^ text.length;
    // Two units at a time; of an odd number the last stands alone, which the length told above.
    const even = text.length & ~1;
    for (let i = 0; i < even; i += 2) {
      const pair = text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16);
      a = Math.imul(a ^ pair, 0x85eb_ca77);
      a ^= a >>> 15;
      b = Math.imul(b ^ pair, 0xc2b2_ae3d);
      b ^= b >>> 13;
    }
    if (even < text.length) {
      const unit = text.charCodeAt(even);
      a = Math.imul(a ^ unit, 0x85eb_ca77);
      b = Math.imul(b ^ unit, 0xc2b2_ae3d);
      b ^= b >>> 13;
    }
    this.a = a;
    this.b = b;
  }
}

/**
 * Short hash of what a row states, to tell a repeat from a correction: 64 bits, 16 hex digits. It covers only what the fact
 * holds anyway (sensitive fields as sealed, people as pseudonyms), so it needs no key and tells nothing more.
 */
export class ContentHash {
  #a = 0x9dc5_811c | 0;
  #b = 0x85eb_ca6b | 0;

  /** Begins the next row. */
  reset(): void {
    this.#a = 0x9dc5_811c | 0;
    this.#b = 0x85eb_ca6b | 0;
  }

  /** Adds one stated value; `place` tells the same value in one field from that in another. */
  add(place: number, value: string | number | boolean): void {
    if (typeof value === 'string') {
      this.addText(place, new ValueDigest(value));
      return;
    }
    const number = Number(value);
    const low = number | 0;
    this.#mix(place, low, low === number ? 0 : Math.trunc(number / 0x1_0000_0000) | 0);
  }

  /** Adds a text that was digested before: the same as adding the text. */
  addText(place: number, digest: ValueDigest): void {
    this.#mix(place, digest.a, digest.b);
  }

  #mix(place: number, low: number, high: number): void {
    let a = this.#a ^ Math.imul(place + 1, 0x27d4_eb2f);
    let b = this.#b ^ Math.imul(place + 1, 0x1656_67b1);
    a = Math.imul(a ^ low, 0x85eb_ca77) ^ high;
    b = Math.imul(b ^ high, 0xc2b2_ae3d) ^ low;
    a = Math.imul(a ^ (a >>> 15), 0x2c1b_3c6d);
    b = Math.imul(b ^ (b >>> 16), 0x297a_2d39);
    this.#a = a ^ (b >>> 17);
    this.#b = b ^ (a >>> 14);
  }

  /** The hash of everything added since `reset`. */
  hex(): string {
    const a = Math.imul(this.#a ^ (this.#b >>> 16), 0x85eb_ca6b) >>> 0;
    const b = Math.imul(this.#b ^ (this.#a >>> 13), 0xc2b2_ae35) >>> 0;
    return eight(a) + eight(b);
  }
}
