import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import * as z from 'zod';
import { PermanentError } from '../../ports/errors.ts';

/** Capacity is charged by the kilobyte and traces repeat their words, so longer texts are worth the packing. */
const PLAIN_LIMIT = 2_048;

/**
 * Gzip looks back 32 KiB: of a warning whose every reason rests on the same thousand rows it finds none again. An item, which has
 * two such texts at most beside its events, must stay below 400 KiB, so what is longer than this is packed looking farther back.
 */
const NEAR_LIMIT = 100_000;
/** Sixteen megabytes back. */
const FAR = { params: { [constants.ZSTD_c_windowLog]: 24, [constants.ZSTD_c_enableLongDistanceMatching]: 1 } };
/** How Zstandard begins; gzip begins otherwise. */
const FAR_MAGIC = 0xfd2fb528;

/** JSON as it lies in an attribute: text when short, bytes of gzip when long, of Zstandard when very long. */
export type PackedJson = string | Uint8Array;

/** Packs a value for an attribute. */
export function packJson(value: unknown): PackedJson {
  const text = JSON.stringify(value);
  if (text.length <= PLAIN_LIMIT) return text;
  const near = gzipSync(text);
  return near.length <= NEAR_LIMIT ? near : zstdCompressSync(text, FAR);
}

function textOf(packed: Uint8Array): string {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const isFar = bytes.length >= 4 && bytes.readUInt32LE(0) === FAR_MAGIC;
  return (isFar ? zstdDecompressSync(bytes) : gunzipSync(bytes)).toString('utf8');
}

const packed = z.union([z.string(), z.instanceof(Uint8Array)]);

/** Reads a packed attribute through its schema; throws PermanentError when an item is not of this shape. */
export function unpackJson<T>(schema: z.ZodType<T>, attribute: unknown, what: string): T {
  const stored = parseStored(packed, attribute, what);
  const text = typeof stored === 'string' ? stored : textOf(stored);
  return parseStored(schema, JSON.parse(text), what);
}

/** Reads anything that comes out of the store through its schema; unknown keys are dropped. */
export function parseStored<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const where = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new PermanentError(
    'STORED_ITEM_SHAPE',
    `库中的 ${what} 形状不符（${where}），可能由更新版本的程序写入，请升级后重试。 / a stored ${what} has an unexpected shape at ${where}; it may have been written by a newer version: upgrade and try again.`,
  );
}

/** A branded text of the domain: any string on the way out of the store, since only the domain wrote it. */
export function branded<T extends string>(): z.ZodType<T> {
  return z.custom<T>((value) => typeof value === 'string');
}
