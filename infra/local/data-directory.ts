import { accessSync, closeSync, constants, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE } from '../../shared/adapters/embedded/database.ts';
import { PermanentError } from '../../shared/ports/errors.ts';
import { makeFolder } from './make-folder.ts';

/** The file with the secrets of a data directory. */
export const KEY_FILE = 'keys.json';
/** What may lie in a data directory before its first start: put there by hand, by a restore, or by the file system. */
const PREPARED = new Set([KEY_FILE, 'settings.json', 'parameters.json', 'inbox', 'lost+found']);
/** What a first start that was killed may leave. */
const LEFTOVER = /^(keys|settings|demo)\.json\.|^owner\.lock/;
/** What only a county that has been at work leaves: beside it an empty or missing database is a lost one, not a new one. */
const AT_WORK = new Set(['archive', 'archive-beyond', 'receipts', 'rejects', 'attachments', 'reports']);
/** What is read from a data directory as a whole file. */
const OWN_FILES = [KEY_FILE, 'settings.json', 'parameters.json', DATABASE_FILE];
/** The database takes 512 bytes for a path, and reports have theirs in folders below; a Chinese character takes three. */
const PATH_BYTES = 400;
const SQLITE_HEADER = 'SQLite format 3\0';

/**
 * Makes the data directory when it is not there, and makes sure that it is one: writable, not somebody else's folder, and
 * with the keys its data were made under.
 * @throws PermanentError saying what is wrong and what to do
 */
export function prepareDataDirectory(dataDir: string): void {
  const bytes = Buffer.byteLength(dataDir);
  if (bytes > PATH_BYTES) {
    throw refused(
      dataDir,
      `路径长 ${bytes} 字节，数据库最多用 ${PATH_BYTES} 字节（一个汉字占三个）；请移到路径较短的地方`,
      `its path has ${bytes} bytes and the database takes ${PATH_BYTES}: move it to where the path is shorter`,
    );
  }
  // The engine of reports takes what follows for settings, and puts its files elsewhere.
  if (dataDir.includes('?')) throw refused(dataDir, '路径中不能有“?”；请改名', 'its path must not hold a "?": rename it');
  make(dataDir);
  const entries = readdirSync(dataDir).filter((name) => !name.startsWith('.'));
  for (const name of OWN_FILES) requireFile(dataDir, name);
  const hasData = entries.includes(DATABASE_FILE);
  if (hasData && !entries.includes(KEY_FILE)) {
    throw refused(
      dataDir,
      `有数据库而没有密钥文件 ${KEY_FILE}；请从备份恢复密钥文件，新密钥读不出已有数据`,
      `there is a database but no ${KEY_FILE}: restore it from a backup, since new keys cannot read what is stored`,
    );
  }
  if (entries.includes(KEY_FILE) && entries.some((name) => AT_WORK.has(name)) && databaseSize(dataDir) === 0) {
    throw refused(
      dataDir,
      `${DATABASE_FILE} ${hasData ? '是空的（多为断电所致）' : '不见了'}，而其他数据还在；请从备份恢复，不要在此新建，见 docs/runbook.md`,
      `${DATABASE_FILE} is ${hasData ? 'empty (a power cut may do that)' : 'gone'} while the other data are there: restore it from a backup and begin nothing new here, see docs/runbook.md`,
    );
  }
  if (!hasData && entries.some((name) => !PREPARED.has(name) && !LEFTOVER.test(name))) {
    throw refused(
      dataDir,
      '目录中已有其他文件，不是本平台的数据目录；请用 DATA_DIR 或 --data 指定空目录',
      'there are other files in it, so it is not a data directory of this platform: name an empty one with DATA_DIR or --data',
    );
  }
  if (hasData && !isDatabase(join(dataDir, DATABASE_FILE))) {
    throw refused(
      dataDir,
      `${DATABASE_FILE} 不是 SQLite 数据库，可能已损坏；请从备份恢复`,
      `${DATABASE_FILE} is not an SQLite database and may be damaged: restore it from a backup`,
    );
  }
}

/**
 * For commands that only read: a mistyped directory must not become a new, empty county that answers "nothing found".
 * @throws PermanentError when there is no county in the directory
 */
export function requireCounty(dataDir: string): void {
  try {
    accessSync(join(dataDir, DATABASE_FILE), constants.R_OK);
    return;
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM')) {
      throw refused(
        dataDir,
        `没有读取权限 (${error.code})；请用有权限的账户运行，或检查权限`,
        `it may not be read (${error.code}): run this as somebody who may, or check its permissions`,
      );
    }
  }
  throw refused(
    dataDir,
    '其中没有数据；请核对 --data 或 DATA_DIR，或先用 ingest、serve 建立',
    'there is no county in it: check --data or DATA_DIR, or make one with ingest or serve',
  );
}

function make(dataDir: string): void {
  if (existsSync(dataDir) && !statSync(dataDir).isDirectory()) {
    throw refused(
      dataDir,
      '应为目录，却是文件；请用 DATA_DIR 或 --data 指定目录',
      'expected a folder and found a file: name another',
    );
  }
  try {
    makeFolder(dataDir, 0o700);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw refused(
      dataDir,
      `不能创建或写入${code}；请检查权限，或用 DATA_DIR 或 --data 指定其他目录`,
      `it cannot be made or written to${code}: check its permissions, or name another with DATA_DIR or --data`,
    );
  }
}

/** A pipe would be waited for without end, and a folder or device read for what it is not. */
function requireFile(dataDir: string, name: string): void {
  if (statSync(join(dataDir, name), { throwIfNoEntry: false })?.isFile() ?? true) return;
  throw refused(
    dataDir,
    `${name} 应为文件，却是目录、管道或设备；请换成文件，或从备份恢复`,
    `${name} must be a file and is a folder, a pipe or a device: put the file there, or restore it from a backup`,
  );
}

/** Bytes; 0 for a database that is not there. */
function databaseSize(dataDir: string): number {
  return statSync(join(dataDir, DATABASE_FILE), { throwIfNoEntry: false })?.size ?? 0;
}

/** An empty file is one that a start made and did not get to fill. */
function isDatabase(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(SQLITE_HEADER.length);
    const length = readSync(file, header);
    return length === 0 || header.toString('latin1') === SQLITE_HEADER;
  } finally {
    closeSync(file);
  }
}

function refused(dataDir: string, zh: string, en: string): PermanentError {
  return new PermanentError('data-directory', `数据目录 ${dataDir}：${zh} / data directory ${dataDir}: ${en}`);
}
