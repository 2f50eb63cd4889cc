import { randomBytes, randomUUID } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import { PermanentError } from '../../ports/errors.ts';

/** The three secrets of a county on one machine, 32 bytes each. */
export interface Keys {
  /** For pseudonyms. Lost, no later file can be matched with what is stored. */
  readonly pseudonymKey: Uint8Array;
  /** For the identity vault. Lost, no name can be shown again. */
  readonly dataKey: Uint8Array;
  /** For sign-in tokens. Lost, everybody signs in again. */
  readonly tokenSecret: Uint8Array;
}

const KEY_BYTES = 32;
const Key = z.base64().refine((text) => Buffer.from(text, 'base64').length === KEY_BYTES);
/** Stops a cut-off or hand-edited file from becoming a short, guessable key. */
const KeyFile = z.object({ v: z.literal(1), pseudonymKey: Key, dataKey: Key, tokenSecret: Key });

/**
 * Reads the keys, or makes the file with fresh random keys and mode 0600 when there is none; of two processes that make it
 * at once both get the same keys. Throws PermanentError when others may read the file, or when it is not a key file: it is
 * never replaced, because data made under lost keys cannot be read again.
 */
export function loadOrCreateKeys(path: string): Keys {
  return read(path) ?? create(path);
}

function read(path: string): Keys | undefined {
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

function parse(content: string, path: string): Keys {
  const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
  const keys = KeyFile.safeParse(jsonOf(content));
  if (!keys.success) {
    throw new PermanentError(
      'key-file-damaged',
      `密钥文件内容不符，应为含三个 32 字节密钥的 JSON；请从备份恢复，不要删除：${path} / the key file is not what it should be, JSON with three keys of 32 bytes: restore it from a backup, do not delete it: ${path}`,
    );
  }
  const { pseudonymKey, dataKey, tokenSecret } = keys.data;
  return { pseudonymKey: bytes(pseudonymKey), dataKey: bytes(dataKey), tokenSecret: bytes(tokenSecret) };
}

function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function create(path: string): Keys {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const key = () => randomBytes(KEY_BYTES).toString('base64');
  const unfinished = `${path}.${randomUUID()}`;
  const file = openSync(unfinished, 'wx', 0o600);
  try {
    writeFileSync(file, `${JSON.stringify({ v: 1, pseudonymKey: key(), dataKey: key(), tokenSecret: key() }, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
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
