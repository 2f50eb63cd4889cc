import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FrameError, unpackFrames } from '../../audit/archive-frames.ts';
import { dayFolder, dayOfFolder, dayOfRootFile, firstOfEventsFile, ROOTS_FOLDER, rootFile } from '../../audit/archive-layout.ts';
import { rootOf, rootText } from '../../audit/daily-root.ts';
import type { PlainDate } from '../../calendar/plain-date.ts';
import type { ChainHead } from '../../ports/event-log.ts';

/** A file of the archive with bytes that its end, as the database knows it, does not count. */
export interface BeyondFile {
  /** Below the archive's folder. */
  readonly name: string;
  /** The first byte beyond. */
  readonly from: number;
}

/**
 * What lies in the archive's folder beyond its end; `sizeIn` tells how much of a file counts, undefined for all of it. The root
 * that a process wrote which died before it opened the next day is none: it is written again.
 */
export function filesBeyond(
  folder: string,
  { head, sizeIn }: { readonly head: ChainHead; readonly sizeIn: (day: PlainDate, name: string) => number | undefined },
): readonly BeyondFile[] {
  const { open } = head;
  if (open === undefined) return [];
  const beyond: BeyondFile[] = [];
  for (const name of namesIn(folder)) {
    const day = dayOfFolder(name);
    if (day === undefined || day < open.day) continue;
    for (const file of namesIn(join(folder, name))) {
      const from = firstOfEventsFile(file) === undefined ? undefined : sizeIn(day, file);
      if (from === undefined || statSync(join(folder, name, file)).size <= from) continue;
      beyond.push({ name: `${dayFolder(day)}/${file}`, from });
    }
  }
  for (const name of namesIn(join(folder, ROOTS_FOLDER))) {
    const day = dayOfRootFile(name);
    if (day === undefined || day < open.day) continue;
    const stored = readFileSync(join(folder, ROOTS_FOLDER, name), 'utf8');
    const own = rootOf(head);
    if (own !== undefined && name === rootFile(own.day) && stored === rootText(own)) continue;
    beyond.push({ name: `${ROOTS_FOLDER}/${name}`, from: 0 });
  }
  return beyond;
}

/** The ids of the events that lie beyond the end, as far as they can be read: a process may have died while it wrote. */
export async function eventsBeyond(folder: string, files: readonly BeyondFile[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const { name, from } of files) {
    if (name.startsWith(ROOTS_FOLDER)) continue;
    try {
      for await (const text of unpackFrames(createReadStream(join(folder, name), { start: from }))) {
        for (const line of text.toString('utf8').split('\n')) if (line !== '') ids.push(idIn(line));
      }
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
    }
  }
  return ids;
}

function idIn(line: string): string {
  const { event } = JSON.parse(line) as { readonly event?: { readonly id?: string } };
  return event?.id ?? '';
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
