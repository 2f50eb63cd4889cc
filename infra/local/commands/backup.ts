import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, stat, utimes } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { DATABASE_FILE } from '../../../shared/adapters/embedded/database.ts';
import { ARCHIVE_FOLDER } from '../../../shared/adapters/embedded/folder-event-archive.ts';
import { PermanentError } from '../../../shared/ports/errors.ts';
import type { Command } from '../command.ts';
import { KEY_FILE } from '../data-directory.ts';
import { makeFolder } from '../make-folder.ts';
import { type CommonOptions, UsageError } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';

/** Of a data directory, what is copied in a way of its own, or belongs to the processes that have it open. */
const NOT_AS_FILES = new RegExp(`^(?:${DATABASE_FILE}(?:-wal|-shm)?|${ARCHIVE_FOLDER}|${KEY_FILE}.*|owner\\.lock.*|\\..*)$`);

/** The command `backup`. */
export const BACKUP = {
  usage: 'backup <folder>',
  purpose: '运行中备份整个数据目录 / a copy of the whole data directory, made while the host works',
  options: {},
  words: 1,
  run: backup,
} as const satisfies Command;

/**
 * `backup <folder>`: a copy of the data directory that fits together, made while the host works on. The folder must be new or
 * empty; put in place of a data directory, or named as one, it is the county at that moment.
 */
async function backup(platform: Platform, options: CommonOptions): Promise<boolean> {
  const [to] = options.args;
  if (to === undefined) throw new UsageError('备份到哪里？ / back up into which folder? aidwatch backup <folder>');
  const [from, into] = [platform.dataDir, resolve(to)];
  if (`${into}${sep}`.startsWith(`${from}${sep}`)) {
    throw new UsageError(
      `${into}：备份不能放在数据目录里，请放到另一块磁盘 / a backup cannot lie in the data directory: name a folder elsewhere, best on another disk`,
    );
  }
  makeFolder(into, 0o700);
  if (readdirSync(into).length > 0) {
    throw new UsageError(`${into}：目录不是空的，请另指定一个 / the folder is not empty: name another`);
  }
  const keys = readFileSync(join(from, KEY_FILE));
  await platform.stores.copyInto(into);
  const files = await copyFiles(from, into, (name) => !NOT_AS_FILES.test(name));
  if (!keys.equals(readFileSync(join(from, KEY_FILE)))) {
    throw new PermanentError(
      'keys-changed-meanwhile',
      '备份期间更换了密钥，这份备份不能用；请删除后重做 / the keys were changed while the backup was made: delete it and make another',
    );
  }
  writeFileSync(join(into, KEY_FILE), keys, { mode: 0o600 });
  if (options.json) print(JSON.stringify({ folder: into, files }));
  else {
    print(`已备份到 ${into}；其中有密钥，须像数据一样保管，最好与数据分开存放`);
    print(`backed up into ${into}; it holds the keys: guard it like the data, and best keep them apart`);
  }
  return true;
}

/** Copies the files below a folder with their times, by which those read already are known; answers how many. */
async function copyFiles(from: string, into: string, wanted: (name: string) => boolean): Promise<number> {
  let files = 0;
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (!wanted(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(into, entry.name)];
    if (entry.isDirectory()) {
      await mkdir(target, { mode: 0o700 });
      files += await copyFiles(source, target, () => true);
    } else if (entry.isFile() && (await copyOne(source, target))) files += 1;
  }
  return files;
}

/** False for a file that somebody took away meanwhile. */
async function copyOne(source: string, target: string): Promise<boolean> {
  try {
    const { atime, mtime } = await stat(source);
    await copyFile(source, target);
    await utimes(target, atime, mtime);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
