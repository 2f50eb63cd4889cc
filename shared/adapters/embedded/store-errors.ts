import { NoRoomError, RetryLaterError } from '../../ports/errors.ts';

/** SQLITE_BUSY and SQLITE_LOCKED. */
const BUSY = new Set([5, 6]);
const FULL_DATABASE = 13;
/** The system's answers to a write for which the disk, or the owner's share of it, has no room. */
const FULL_DISK = new Set(['ENOSPC', 'EDQUOT']);

/** What whoever runs the machine reads. */
export const NO_ROOM_WORDS =
  '磁盘空间不足，写不进去；已写入的完好，腾出空间后即从中断处继续 / the disk is full and nothing can be written: what is written is whole; make room, and the work goes on from there';

/** SQLite's primary result code; undefined for what is no error of SQLite. */
export function databaseCode(error: unknown): number | undefined {
  // What is beyond the low byte says more exactly what happened.
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

/** What a caller must do about an error of the database or the file system; one that is not understood comes back as it is. */
export function storeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = databaseCode(error);
  if (code === FULL_DATABASE) return noRoom(error);
  if (code !== undefined && BUSY.has(code)) {
    return new RetryLaterError(
      '数据库正被另一进程占用，请稍后重试 / the database is in use by another process: try again later',
      {
        cause: error,
      },
    );
  }
  if ('code' in error && typeof error.code === 'string' && FULL_DISK.has(error.code)) return noRoom(error);
  return error;
}

function noRoom(cause: Error): NoRoomError {
  return new NoRoomError(NO_ROOM_WORDS, { cause });
}
