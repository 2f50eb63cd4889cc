import { randomBytes, randomUUID } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { PermanentError } from '../../ports/errors.ts';
import type { DataKeys } from '../../registry/sealing.ts';

/** The three secrets of a county on one machine, 32 bytes each. */
export interface Keys {
  /** For pseudonyms. Lost, no later file can be matched with what is stored. */
  readonly pseudonymKey: Uint8Array;
  /** For the identity vault and sensitive fields. Lost, no name can be shown again. */
  readonly dataKeys: DataKeys;
  /** For sign-in tokens. Lost, everybody signs in again. */
  readonly tokenSecret: Uint8Array;
}

const KEY_BYTES = 32;
const Key = z.base64().refine((text) => Buffer.from(text, 'base64').length === KEY_BYTES);
/** Stops a cut-off or hand-edited file from becoming a short, guessable key. */
const KeyFile = z.union([
  z
    .object({ v: z.literal(1), pseudonymKey: Key, dataKey: Key, tokenSecret: Key })
    .transform(({ dataKey, ...rest }): Stored => ({ ...rest, v: 2, dataKeys: { '1': dataKey }, current: 1 })),
  /** Since the data key was changed for the first time. */
  z
    .object({
      v: z.literal(2),
      pseudonymKey: Key,
      dataKeys: z.record(z.string().regex(/^[1-9]\d{0,5}$/), Key),
      current: z.int().min(1),
      tokenSecret: Key,
    })
    .refine(({ dataKeys, current }) => Object.hasOwn(dataKeys, current)),
]);

/** The file as it is kept; keys in base64, data keys by number. */
interface Stored {
  readonly v: 2;
  readonly pseudonymKey: string;
  readonly dataKeys: Readonly<Record<string, string>>;
  readonly current: number;
  readonly tokenSecret: string;
}

/**
 * Reads the keys, or makes the file with fresh random keys and mode 0600 when there is none; of two processes that make it
 * at once both get the same keys. Throws PermanentError when others may read the file, or when it is not a key file: it is
 * never replaced, because data made under lost keys cannot be read again.
 */
export function loadOrCreateKeys(path: string): Keys {
  const stored = read(path) ?? create(path);
  return {
    pseudonymKey: bytesOf(stored.pseudonymKey),
    dataKeys: new FileDataKeys(path, stored),
    tokenSecret: bytesOf(stored.tokenSecret),
  };
}

/** The data keys the file holds, by number, and which one seals. */
export function dataKeysIn(path: string): { readonly held: readonly number[]; readonly current: number } {
  const { dataKeys, current } = readOrThrow(path);
  return { held: Object.keys(dataKeys).map(Number), current };
}

/** Makes a fresh data key the one that seals, beside those held. Answers with its number. */
export function addDataKey(path: string): number {
  const stored = readOrThrow(path);
  const next = Math.max(...Object.keys(stored.dataKeys).map(Number)) + 1;
  replace(path, { ...stored, dataKeys: { ...stored.dataKeys, [next]: freshKey() }, current: next });
  return next;
}

/** Takes every data key but the current one out of the file. Only when nothing is sealed with them any more. */
export function retireOldDataKeys(path: string): void {
  const stored = readOrThrow(path);
  const { current, dataKeys } = stored;
  replace(path, { ...stored, dataKeys: { [current]: dataKeys[current] ?? '' } });
}

/** Processes that have a county open see another key within this time, milliseconds. */
export const KEYS_SEEN_MS = 1_000;

/** The data keys as the file has them now: it is looked at once a second, and whenever a key is asked for that is not known. */
class FileDataKeys implements DataKeys {
  readonly #path: string;
  #stored: Stored;
  readonly #keys = new Map<number, Uint8Array>();
  #lookedAt = performance.now();

  constructor(path: string, stored: Stored) {
    this.#path = path;
    this.#stored = stored;
  }

  current(): number {
    if (performance.now() - this.#lookedAt > KEYS_SEEN_MS) this.#look();
    return this.#stored.current;
  }

  keyOf(id: number): Uint8Array | undefined {
    if (this.#stored.dataKeys[id] === undefined) this.#look();
    const text = this.#stored.dataKeys[id];
    if (text === undefined) return undefined;
    const known = this.#keys.get(id) ?? bytesOf(text);
    this.#keys.set(id, known);
    return known;
  }

  #look(): void {
    this.#lookedAt = performance.now();
    this.#stored = readOrThrow(this.#path);
  }
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function freshKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

function readOrThrow(path: string): Stored {
  const stored = read(path);
  if (stored === undefined) {
    throw new PermanentError(
      'key-file-gone',
      `找不到密钥文件，请从备份恢复 / the key file is gone: restore it from a backup: ${path}`,
    );
  }
  return stored;
}

function read(path: string): Stored | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const mode = fstatSync(file).mode & 0o777;
    if ((mode & 0o077) !== 0) {
      throw new PermanentError(
        'key-file-open-to-others',
        `密钥文件权限为 ${mode.toString(8)}，其他用户可以读取；应为 600，请执行 chmod 600 后重试：${path} / the key file has mode ${mode.toString(8)}, so other users can read it; it must be 600: run chmod 600 on it and try again: ${path}`,
      );
    }
    return parse(readFileSync(file, 'utf8'), path);
  } finally {
    closeSync(file);
  }
}

function parse(content: string, path: string): Stored {
  const keys = KeyFile.safeParse(jsonOf(content));
  if (!keys.success) {
    throw new PermanentError(
      'key-file-damaged',
      `密钥文件内容不符，应为含三个 32 字节密钥的 JSON；请从备份恢复，不要删除：${path} / the key file is not what it should be, JSON with three keys of 32 bytes: restore it from a backup, do not delete it: ${path}`,
    );
  }
  return keys.data;
}

function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

/** Writes the text beside the file, for its owner only and sure to be on the disk; answers with where. */
function writeBeside(path: string, content: object): string {
  const unfinished = `${path}.${randomUUID()}`;
  const file = openSync(unfinished, 'wx', 0o600);
  try {
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return unfinished;
}

/** Who reads meanwhile sees the old keys or the new ones. */
function replace(path: string, stored: Stored): void {
  renameSync(writeBeside(path, stored), path);
}

function create(path: string): Stored {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const fresh = { v: 1, pseudonymKey: freshKey(), dataKey: freshKey(), tokenSecret: freshKey() };
  const unfinished = writeBeside(path, fresh);
  try {
    // A link, unlike a rename, fails when another process was first; then that one's keys count.
    linkSync(unfinished, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    unlinkSync(unfinished);
  }
  const keys = read(path);
  if (keys === undefined)
    throw new PermanentError('key-file-gone', `密钥文件写入后消失 / the key file vanished after it was written: ${path}`);
  return keys;
}
