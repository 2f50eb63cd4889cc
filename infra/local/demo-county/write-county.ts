import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CountyFile } from './table.ts';

/**
 * Writes files below a folder, each under its path, and answers how many and how many bytes. A file appears under its
 * name only when it is whole, so a watcher of the folder never sees half of one.
 */
export async function writeCounty(
  folder: string,
  files: Iterable<CountyFile>,
): Promise<{ readonly files: number; readonly bytes: number }> {
  let count = 0;
  let size = 0;
  for (const { path: place, bytes } of files) {
    const target = path.join(folder, ...place.split('/'));
    await mkdir(path.dirname(target), { recursive: true });
    const partial = path.join(path.dirname(target), `.${path.basename(target)}.part`);
    await writeFile(partial, bytes);
    await rename(partial, target);
    count++;
    size += bytes.length;
  }
  return { files: count, bytes: size };
}
