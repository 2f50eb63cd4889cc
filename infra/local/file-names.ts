import { isUtf8 } from 'node:buffer';
import { lstat, readdir, rename } from 'node:fs/promises';

const SLASH = Buffer.from('/');

/**
 * Gives what lies below a folder under a name that is not in UTF-8 (packed on Windows and unpacked here, or copied by a program that
 * takes names as they come) the name that was meant: by any other it can neither be opened nor answered. What was
 * changed less than `stillMs` ago may be in the hands of whoever copies it and waits. True when nothing is left to wait for.
 */
export async function nameInUtf8(folder: string, stillMs: number): Promise<boolean> {
  return nameBelow(Buffer.from(folder), stillMs);
}

async function nameBelow(folder: Buffer, stillMs: number): Promise<boolean> {
  let done = true;
  // What cannot be listed, or went away meanwhile, is told of where it is read.
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' }).catch(() => []);
  for (const entry of entries) {
    const path = at(folder, entry.name);
    if (entry.isDirectory() && !(await nameBelow(path, stillMs))) done = false;
    if (!isUtf8(entry.name) && !(await renamed(folder, entry.name, stillMs))) done = false;
  }
  return done;
}

/** False when it has to wait. */
async function renamed(folder: Buffer, name: Buffer, stillMs: number): Promise<boolean> {
  const stats = await lstat(at(folder, name)).catch(() => undefined);
  if (stats === undefined) return true;
  if (Date.now() - stats.ctimeMs < stillMs) return false;
  // Where it may not be renamed it stays unread, and holds up no other.
  await rename(at(folder, name), await freeName(folder, meant(name))).catch(() => undefined);
  return true;
}

/** In another place than what is there already. */
async function freeName(folder: Buffer, name: string): Promise<Buffer> {
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let copy = 1; ; copy += 1) {
    const path = at(folder, Buffer.from(copy === 1 ? name : `${stem}~${copy}${ending}`));
    if ((await lstat(path).catch(() => undefined)) === undefined) return path;
  }
}

/** A name in GB18030, as Chinese Windows writes it; what is none of that keeps its bytes, spelled out. */
function meant(name: Buffer): string {
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(name);
  } catch {
    return [...name].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `%${byte.toString(16)}`)).join('');
  }
}

function at(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, SLASH, name]);
}
