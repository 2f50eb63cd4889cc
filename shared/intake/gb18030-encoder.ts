/** Bytes of every BMP character, big-endian in one number: one, two or four bytes. Built from the decoder when first needed. */
let table: Uint32Array | undefined;

const NEWLINE = 10;
const QUESTION_MARK = 63;

function buildTable(): Uint32Array {
  const built = new Uint32Array(0x10000);
  const decoder = new TextDecoder('gb18030');
  const enter = (codes: readonly number[], width: number): void => {
    const bytes = Buffer.alloc(codes.length * (width + 1), NEWLINE);
    codes.forEach((code, at) => {
      bytes.writeUIntBE(code, at * (width + 1), width);
    });
    decoder
      .decode(bytes)
      .split('\n')
      .forEach((text, at) => {
        const unit = text.charCodeAt(0);
        if (text.length === 1 && unit > 127 && unit !== 0xfffd && built[unit] === 0) built[unit] = codes[at] ?? 0;
      });
  };
  const twoBytes: number[] = [];
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) twoBytes.push(lead * 256 + trail);
  }
  const fourBytes: number[] = [];
  for (let a = 0x81; a <= 0x84; a++) {
    for (let b = 0x30; b <= 0x39; b++) {
      for (let c = 0x81; c <= 0xfe; c++) for (let d = 0x30; d <= 0x39; d++) fourBytes.push(((a * 256 + b) * 256 + c) * 256 + d);
    }
  }
  // Two bytes first: where a character has both forms, every other program writes the short one.
  enter(twoBytes, 2);
  enter(fourBytes, 4);
  return built;
}

/** Encodes text as GB18030, which Node can only decode. What has no code (half a surrogate pair) becomes `?`. */
export function encodeGb18030(text: string): Uint8Array {
  table ??= buildTable();
  const bytes = Buffer.allocUnsafe(text.length * 4);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 128) {
      bytes[at++] = unit;
      continue;
    }
    const code = table[unit] ?? 0;
    if (code > 0xffff) at = bytes.writeUInt32BE(code, at);
    else if (code > 0) at = bytes.writeUInt16BE(code, at);
    else {
      const point = text.codePointAt(i) ?? 0;
      if (point > 0xffff) {
        // Characters beyond the BMP stand in order from 0x90308130 on.
        const n = point - 0x10000;
        bytes[at++] = 0x90 + Math.floor(n / 12_600);
        bytes[at++] = 0x30 + (Math.floor(n / 1_260) % 10);
        bytes[at++] = 0x81 + (Math.floor(n / 10) % 126);
        bytes[at++] = 0x30 + (n % 10);
        i += 1;
      } else bytes[at++] = QUESTION_MARK;
    }
  }
  return bytes.subarray(0, at);
}
