import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE } from '../../shared/adapters/embedded/database.ts';
import { ARCHIVE_FOLDER } from '../../shared/adapters/embedded/folder-event-archive.ts';
import { EXCHANGE_FOLDERS } from '../../shared/adapters/embedded/open-embedded.ts';
import { dateInChina } from '../../shared/calendar/plain-date.ts';
import { KEY_FILE } from './data-directory.ts';
import type { Platform } from './platform.ts';

/** One thing looked at, in words that say what to do when it is not well. */
export interface Check {
  readonly check: string;
  readonly ok: boolean;
  readonly zh: string;
  readonly en: string;
}

/** With less a day's work may not fit. */
const LITTLE_ROOM_BYTES = 256 * 1024 * 1024;
const FEW_FILES = 1_000;
const MB = 1024 * 1024;

/** What the machine may have done to the data directory: its files, its disk, its clock. */
export async function dataChecks(platform: Platform): Promise<readonly Check[]> {
  return [keyFile(platform), database(platform), folders(platform), room(platform), await clock(platform)];
}

function keyFile(platform: Platform): Check {
  const mode = statSync(join(platform.dataDir, KEY_FILE)).mode & 0o777;
  return {
    check: 'keys',
    ok: (mode & 0o077) === 0,
    zh: `密钥文件权限 ${mode.toString(8)}（请另行备份）`,
    en: `key file mode ${mode.toString(8)}; keep a backup of it elsewhere`,
  };
}

function database({ dataDir, stores }: Platform): Check {
  const damage = stores.damage();
  const size = Math.ceil(statSync(join(dataDir, DATABASE_FILE)).size / MB);
  if (damage === undefined)
    return { check: 'database', ok: true, zh: `数据库完好，${size} MB`, en: `the database is whole, ${size} MB` };
  return {
    check: 'database',
    ok: false,
    zh: `数据库已损坏：请停止使用，先把数据目录另存一份，再从备份恢复，见 docs/runbook.md（${damage}）`,
    en: `the database is damaged: stop using it, put a copy of the data directory aside and restore a backup, see docs/runbook.md (${damage})`,
  };
}

/** A folder that somebody else owns, or a file in its place, keeps files from being read or answered. */
function folders({ dataDir }: Platform): Check {
  const shut = [...EXCHANGE_FOLDERS, ARCHIVE_FOLDER].filter(
    (name) => existsSync(join(dataDir, name)) && !usable(join(dataDir, name)),
  );
  if (shut.length === 0) {
    return {
      check: 'folders',
      ok: true,
      zh: '数据目录下的文件夹均可读写',
      en: 'the folders of the data directory can be read and written',
    };
  }
  return {
    check: 'folders',
    ok: false,
    zh: `${shut.join('、')} 不是可读写的文件夹：请检查所有者和权限（应属于运行本平台的账户），如是文件请移走`,
    en: `${shut.join(', ')} cannot be read and written as folders: check who owns them (it should be the account that runs this) and their permissions; move a file of that name away`,
  };
}

function usable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function room({ dataDir }: Platform): Check {
  const { bavail, bsize, files, ffree } = statfsSync(dataDir);
  const free = bavail * bsize;
  // Some file systems set no limit to the number of files, and say 0.
  const few = files > 0 && ffree < FEW_FILES;
  const ok = free >= LITTLE_ROOM_BYTES && !few;
  const [zh, en] = [`磁盘余量 ${Math.floor(free / MB)} MB`, `${Math.floor(free / MB)} MB free on the disk`];
  if (ok) return { check: 'room', ok, zh, en };
  return {
    check: 'room',
    ok,
    zh: `${zh}${few ? `，还能建 ${ffree} 个文件` : ''}：请尽快腾出空间，写满后停止接收文件和一切办理`,
    en: `${en}${few ? `, room for ${ffree} files` : ''}: make room soon; a full disk stops the reading of files and all changes`,
  };
}

/** A clock behind what is on record makes files come too early and limits run late. */
async function clock({ clock: now, stores }: Platform): Promise<Check> {
  const today = dateInChina(now.now());
  const last = (await stores.archive.head()).open?.day;
  if (last === undefined || today >= last) {
    return { check: 'clock', ok: true, zh: `系统日期 ${today}`, en: `the date here is ${today}` };
  }
  return {
    check: 'clock',
    ok: false,
    zh: `系统日期 ${today} 早于已有记录的 ${last}：请校准本机时钟（或去掉 --now），否则新文件会被当作日期未到，时限也会算错`,
    en: `the date here, ${today}, is before ${last}, which is on record: put the clock of this machine right (or leave --now out), or new files count as come too early and limits as not yet due`,
  };
}
