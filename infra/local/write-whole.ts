import { renameSync, writeFileSync } from 'node:fs';

/** Writes a small file so that it is there whole or not at all, also when the process is killed while writing. */
export function writeWhole(path: string, text: string): void {
  const unfinished = `${path}.${process.pid}.part`;
  writeFileSync(unfinished, text, { mode: 0o600 });
  renameSync(unfinished, path);
}
