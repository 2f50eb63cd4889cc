/**
 * GB18030 text as departments' spreadsheets read it. Node decodes GB18030 but has no encoder, so the table is the
 * decoder's, turned round: both directions agree by construction.
 */

const UNMAPPABLE = 0x3f;

/** The four-byte forms of the basic plane lie below 0x84318130; those of the planes above begin at 0x90308130. */
const BASIC_PLANE_POINTERS = 39_420;
const UPPER_PLANES_POINTER = 189_000;

/** UTF-16 code unit → two-byte code, or four-byte pointer + 0x10000; 0 where there is none. */
let table: Uint32Array | undefined;

function fourBytes(pointer: number): [number, number, number, number] {
  return [
    0x81 + Math.floor(pointer / 12_600),
    0x30 + (Math.floor(pointer / 1260) % 10),
    0x81 + (Math.floor(pointer / 10) % 126),
    0x30 + (pointer % 10),
  ];
}

function buildTable(): Uint32Array {
  const made = new Uint32Array(0x10000);
  const decoder = new TextDecoder('gb18030');
  const learn = (code: number, bytes: Uint8Array): void => {
    const text = decoder.decode(bytes);
    const unit = text.charCodeAt(0);
    if (text.length === 1 && unit >= 0x80 && unit !== 0xfffd && made[unit] === 0) made[unit] = code;
  };
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      if (trail !== 0x7f) learn((lead << 8) | trail, Uint8Array.of(lead, trail));
    }
  }
  for (let pointer = 0; pointer < BASIC_PLANE_POINTERS; pointer++) {
    learn(0x10000 + pointer, Uint8Array.from(fourBytes(pointer)));
  }
  return made;
}

/** Encodes text as GB18030 bytes: one, two or four per character. What has no form (a lone surrogate) becomes `?`. */
export function encodeGb18030(text: string): Uint8Array {
  table ??= buildTable();
  const bytes = Buffer.allocUnsafe(text.length * 4);
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) {
      bytes[at++] = unit;
      continue;
    }
    const code = table[unit] ?? 0;
    if (code === 0) {
      const point = text.codePointAt(index) ?? 0;
      if (point < 0x10000) {
        bytes[at++] = UNMAPPABLE;
        continue;
      }
      index++;
      for (const byte of fourBytes(UPPER_PLANES_POINTER + point - 0x10000)) bytes[at++] = byte;
    } else if (code < 0x10000) {
      bytes[at++] = code >> 8;
      bytes[at++] = code & 0xff;
    } else {
      for (const byte of fourBytes(code - 0x10000)) bytes[at++] = byte;
    }
  }
  return bytes.subarray(0, at);
}
