import { randomUUID } from 'node:crypto';
import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Instant, instantOf } from '../../calendar/plain-date.ts';
import { NotFoundError, PermanentError } from '../../ports/errors.ts';
import type { ObjectInfo, ObjectStore } from '../../ports/object-store.ts';
import { storeError } from './store-errors.ts';

/** Half-written files live here until they are whole; not part of the listing. */
const UNFINISHED = '.unfinished';
const ABANDONED_MS = 10 * 60_000;
const READ_BYTES = 256 * 1024;
/** The system's answers that mean there is no such object: also a key that runs through a file, or is too long to exist. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ELOOP']);

/** Objects as files below a folder; the key is the path. Links and other special files are not objects. */
export class FolderObjectStore implements ObjectStore {
  readonly #root: string;
  readonly #folders: ReadonlySet<string> | undefined;
  /** With `folders`, only keys in these top folders are objects: what else lies in the root stays out of reach. */
  constructor(root: string, folders?: readonly string[]) {
    this.#root = root;
    this.#folders = folders === undefined ? undefined : new Set(folders);
  }

  async info(key: string): Promise<ObjectInfo | undefined> {
    return this.#info(key);
  }

  async #info(key: string): Promise<ObjectInfo | undefined> {
    const stats = await unlessAbsent(lstat(this.#path(key), { bigint: true }));
    return stats?.isFile() ? infoOf(key, stats) : undefined;
  }

  async *read(key: string): AsyncIterable<Uint8Array> {
    const path = this.#path(key);
    const file = (await this.#info(key)) === undefined ? undefined : await unlessAbsent(open(path, 'r'));
    if (file === undefined) throw new NotFoundError('没有这个文件 / there is no such object');
    try {
      for (;;) {
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }

  async write(key: string, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    const path = this.#path(key);
    const unfinished = join(this.#root, UNFINISHED, randomUUID());
    await mkdir(dirname(unfinished), { recursive: true });
    try {
      const file = await open(unfinished, 'wx', 0o600);
      try {
        if (body instanceof Uint8Array) await file.writeFile(body);
        else for await (const part of body) await file.writeFile(part);
        await file.sync();
      } finally {
        await file.close();
      }
      await mkdir(dirname(path), { recursive: true });
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw storeError(error);
    }
    await syncFolder(dirname(path));
  }

  /** Deletes an object; false when it was not there. */
  async remove(key: string): Promise<boolean> {
    if ((await this.#info(key)) === undefined) return false;
    await rm(this.#path(key), { force: true });
    return true;
  }

  /** Removes what writers that died left unfinished; what somebody wrote to in the last ten minutes stays. */
  async clearUnfinished(): Promise<void> {
    const folder = join(this.#root, UNFINISHED);
    for (const name of (await unlessAbsent(readdir(folder))) ?? []) {
      const stats = await unlessAbsent(lstat(join(folder, name)));
      if (stats !== undefined && Date.now() - stats.mtimeMs > ABANDONED_MS) await rm(join(folder, name), { force: true });
    }
  }

  async *list(prefix: string): AsyncIterable<ObjectInfo> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    if (folder !== '') this.#path(`${folder}any`);
    yield* this.#walk(folder, prefix);
  }

  async *#walk(folder: string, prefix: string): AsyncGenerator<ObjectInfo> {
    const entries = (await unlessAbsent(readdir(join(this.#root, folder), { withFileTypes: true }))) ?? [];
    const keys = entries.filter((entry) => entry.isDirectory() || entry.isFile()).map((entry) => folder + nameOf(entry));
    // A folder sorts as its objects' keys do, by its name with the slash.
    for (const key of keys.sort(byBytes)) {
      if (folder === '' && !this.#isOpen(key.endsWith('/') ? key.slice(0, -1) : '')) continue;
      if (!(key.startsWith(prefix) || (key.endsWith('/') && prefix.startsWith(key)))) continue;
      if (key.endsWith('/')) {
        yield* this.#walk(key, prefix);
      } else {
        const info = await this.#info(key);
        if (info !== undefined) yield info;
      }
    }
  }

  /** Whether objects may lie in a top folder; the empty name stands for the root itself. */
  #isOpen(folder: string): boolean {
    return this.#folders === undefined ? folder !== UNFINISHED : this.#folders.has(folder);
  }

  /** Throws PermanentError for a key that could lead out of the root or names no file. */
  #path(key: string): string {
    const parts = key.split('/');
    const folder = parts.length > 1 ? (parts[0] ?? '') : '';
    if (key.includes('\0') || !this.#isOpen(folder) || parts.some((part) => part === '' || part === '.' || part === '..')) {
      throw new PermanentError(
        'unsafe-key',
        '文件路径不合规：不得以“/”开头，不得含“..”、“.”或空的目录名，并应位于交换目录内 / the object key is not allowed: no leading slash, no "..", "." or empty folder names, and only in the exchange folders',
      );
    }
    return join(this.#root, ...parts);
  }
}

function nameOf(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name;
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

function infoOf(key: string, stats: BigIntStats): ObjectInfo {
  const lastModified: Instant = instantOf(Number(stats.mtimeMs));
  // The inode tells apart two versions of one size written within the file system's clock tick.
  return { key, size: Number(stats.size), version: `${stats.size}-${stats.mtimeNs}-${stats.ino}`, lastModified };
}

async function unlessAbsent<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string' && ABSENT.has(error.code)) return undefined;
    throw error;
  }
}

/** A rename survives a power cut only once the folder that names the file is on disk too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
