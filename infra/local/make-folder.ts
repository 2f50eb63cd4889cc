import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { UsageError } from './options.ts';

/**
 * Makes a folder and those above it, one by one. The recursive way of the platform goes on for ever where a file system such as
 * /proc says "no such folder" to making one in a folder that is there. Throws what the file system says.
 */
export function makeFolder(folder: string, mode = 0o777): void {
  const path = resolve(folder);
  if (existsSync(path)) {
    if (statSync(path).isDirectory()) return;
    throw Object.assign(new Error(`${path} is no folder`), { code: 'ENOTDIR', path });
  }
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!existsSync(path)) throw error;
  }
}

/** Makes the folder that `--out` names. Throws UsageError in words when it cannot be made. */
export function makeOutFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new UsageError(
      `--out ${folder}：不能建立此目录${code}，请检查权限或换一个位置 / this folder cannot be made${code}: check its permissions or name another`,
    );
  }
}
