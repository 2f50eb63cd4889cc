import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileIdOf, INBOX } from '../../shared/intake/normalize-file.ts';
import { NotFoundError } from '../../shared/ports/errors.ts';
import type { FileRegister } from '../../shared/ports/file-register.ts';
import type { ObjectStore } from '../../shared/ports/object-store.ts';
import { isStray } from './stray-files.ts';

/** A file to take in and the path it gets below the inbox. */
export interface FileToDrop {
  readonly source: string;
  readonly path: string;
}

/** Folders of the drop path: department, category, period, name. */
const LAYOUT = 4;

/**
 * Finds the files of the arguments in a fixed order, and the folders among them that cannot be looked into; by-products of editors and systems in folders are passed over. A folder is searched for `<department>/<category>/<period>/<name>`;
 * where it is itself one of the lower folders, or a single file, the missing parts are taken from its own path.
 * @throws NotFoundError for an argument that does not exist
 */
export async function filesToDrop(args: readonly string[]): Promise<FileToDrop[]> {
  const files: FileToDrop[] = [];
  for (const arg of args) {
    const root = resolve(arg);
    const info = await stat(root).catch(() => undefined);
    if (info === undefined) throw new NotFoundError(`${arg}: 没有这个文件或目录 / no such file or folder`);
    const found = info.isDirectory() ? await below(root) : { files: [root], shut: [] };
    for (const source of found.files) {
      const inside = info.isDirectory() ? relative(root, source).split(sep) : [];
      const parts =
        inside.length >= LAYOUT
          ? inside
          : source
              .split(sep)
              .filter((part) => part !== '')
              .slice(-LAYOUT);
      files.push({ source, path: parts.join('/') });
    }
    for (const source of found.shut) files.push({ source, path: relative(root, source).split(sep).join('/') || source });
  }
  return files.sort((a, b) => order(a.path, b.path));
}

/**
 * Copies a file into the inbox and answers its key there. Another file of the same name but other content keeps its place;
 * the same content that lies there unfinished stays as it is, so that an interrupted run goes on where it was.
 */
export async function dropFile(exchange: ObjectStore, register: FileRegister, file: FileToDrop): Promise<string> {
  for (let copy = 1; ; copy += 1) {
    const key = INBOX + (copy === 1 ? file.path : numbered(file.path, copy));
    const there = await exchange.info(key);
    if (there !== undefined && !(await sameBytes(exchange.read(key), createReadStream(file.source)))) continue;
    if (there !== undefined) {
      const record = await register.get(fileIdOf(key.slice(INBOX.length), there.version));
      if (record?.receipt === undefined) return key;
    }
    await exchange.write(key, createReadStream(file.source));
    return key;
  }
}

/** Earlier periods first, so that a run over a folder learns things in the order they happened. */
function order(a: string, b: string): number {
  const period = (path: string) => path.split('/')[2] ?? '';
  const keys = [`${period(a)}\n${a}`, `${period(b)}\n${b}`] as const;
  return keys[0] < keys[1] ? -1 : keys[0] > keys[1] ? 1 : 0;
}

/** What lies below a folder. */
interface Below {
  readonly files: readonly string[];
  /** Folders that may not be looked into: each is answered as a file that cannot be read, and its neighbours are taken. */
  readonly shut: readonly string[];
}

async function below(folder: string): Promise<Below> {
  const files: string[] = [];
  const shut: string[] = [];
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const entries = await readdir(next, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) shut.push(next);
    for (const entry of entries ?? []) {
      const path = join(entry.parentPath, entry.name);
      if (isStray(relative(folder, path).split(sep).join('/'))) continue;
      // A link to a file counts as one; a link to nothing does too, so that it is answered and not passed over.
      const linked = entry.isSymbolicLink() && (await stat(path).catch(() => undefined))?.isDirectory() !== true;
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile() || linked) files.push(path);
    }
  }
  return { files: files.sort(), shut };
}

/**
 * Whether the first bytes of a file can be read: access, a damaged disk or a broken link may stand against it. Nothing but a file is:
 * a pipe would be waited for, and a device copied, without end.
 */
export async function isReadable(source: string): Promise<boolean> {
  try {
    if (!(await stat(source)).isFile()) return false;
    const file = await open(source, 'r');
    try {
      await file.read(Buffer.alloc(1), 0, 1);
    } finally {
      await file.close();
    }
    return true;
  } catch {
    return false;
  }
}

function numbered(path: string, copy: number): string {
  const dot = path.lastIndexOf('.');
  const slash = path.lastIndexOf('/');
  return dot > slash ? `${path.slice(0, dot)}~${copy}${path.slice(dot)}` : `${path}~${copy}`;
}

async function sameBytes(a: AsyncIterable<Uint8Array>, b: AsyncIterable<Uint8Array>): Promise<boolean> {
  const [left, right] = await Promise.all([digest(a), digest(b)]);
  return left === right;
}

async function digest(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of bytes) hash.update(part);
  return hash.digest('hex');
}
