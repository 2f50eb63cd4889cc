import { AccessError } from '../../shared/access/policy.ts';
import { databaseCode, NO_ROOM_WORDS } from '../../shared/adapters/embedded/store-errors.ts';
import { NoRoomError, NotFoundError, PermanentError } from '../../shared/ports/errors.ts';
import { UsageError } from './options.ts';

/** What the machine, not the software, could not do: said by its code. */
const SYSTEM: Readonly<Record<string, string>> = {
  EACCES: '没有权限，请检查读写权限 / no permission: check who may read and write it',
  EPERM: '没有权限，请检查读写权限 / no permission: check who may read and write it',
  EROFS: '磁盘是只读的，请换一个位置 / the disk is read-only: name another place',
  ENOSPC: '磁盘空间不足，请腾出空间后重试 / the disk is full: make room and try again',
  EDQUOT: '磁盘配额已满，请腾出空间后重试 / the quota of the disk is used up: make room and try again',
  ENOENT: '没有这个文件或目录 / no such file or folder',
  ENOTDIR: '路径中有一段是文件而不是目录 / a part of the path is a file, not a folder',
  EISDIR: '应为文件，却是目录 / expected a file and found a folder',
  EEXIST: '已有同名的文件 / there is a file of that name',
  ENAMETOOLONG: '路径或文件名过长 / the path or the name is too long',
  EMFILE: '打开的文件过多，请调高系统上限后重试 / too many open files: raise the limit of the system',
  EIO: '磁盘读写出错，请检查磁盘 / the disk failed to read or write: check it',
};

/** Primary result codes of SQLite. */
const DATABASE: Readonly<Record<number, string>> = {
  8: '数据库只读，请检查数据目录的权限 / the database is read-only: check the permissions of the data directory',
  10: '数据库读写出错，请检查磁盘是否已满、是否损坏 / the database cannot be read or written: check whether the disk is full or failing',
  11: '数据库已损坏，请停止使用并从备份恢复 / the database is damaged: stop using it and restore it from a backup',
  13: NO_ROOM_WORDS,
  14: '数据库打不开，请检查数据目录的权限，以及磁盘空间和文件数是否已用尽 / the database cannot be opened: check the permissions of the data directory, and whether the disk has room for data and for more files',
  26: '数据库文件不是 SQLite 数据库，请从备份恢复 / the database file is no SQLite database: restore it from a backup',
};

const CHINESE = /[\u4e00-\u9fff]/;

/** A failure that ends a command, in both languages; a stack only where nobody foresaw it, for those who mend it. */
export function failureInWords(error: unknown): string {
  if (!(error instanceof Error)) return '意外错误 / unexpected error';
  const expected = expectedInWords(error) ?? systemInWords(error);
  return (
    expected ??
    `意外错误，请将以下内容告知维护人员 / unexpected error, please tell whoever maintains this:\n${error.stack ?? error.message}`
  );
}

/** What the software said no to. Words that come from deeper down are in English alone and get their sense in Chinese before them. */
function expectedInWords(error: Error): string | undefined {
  const { message } = error;
  const sense =
    error instanceof NotFoundError
      ? '没有这项内容，或不在权限范围内，请核对编号'
      : error instanceof PermanentError
        ? '不能这样办理，请核对输入'
        : error instanceof AccessError
          ? '无权进行此操作'
          : undefined;
  if (error instanceof UsageError || error instanceof NoRoomError) return message;
  return sense === undefined || CHINESE.test(message) ? sense && message : `${sense} / ${message}`;
}

function systemInWords(error: Error): string | undefined {
  const result = databaseCode(error);
  if (result !== undefined) return DATABASE[result];
  const { code, path } = error as NodeJS.ErrnoException;
  const words = code === undefined ? undefined : SYSTEM[code];
  return words === undefined ? undefined : `${path === undefined ? '' : `${path}：`}${words} (${code})`;
}
