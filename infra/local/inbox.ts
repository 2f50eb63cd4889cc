import { watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileIdOf, INBOX } from '../../shared/intake/normalize-file.ts';
import type { FileRegister } from '../../shared/ports/file-register.ts';
import { type Log, LogCode } from '../../shared/ports/log.ts';
import type { ObjectInfo, ObjectStore } from '../../shared/ports/object-store.ts';
import type { QueueSender } from '../../shared/ports/queue.ts';
import type { FileDropped } from '../../shared/ports/queue-messages.ts';
import { nameInUtf8 } from './file-names.ts';
import { isStray } from './stray-files.ts';

interface InboxParts {
  readonly exchange: ObjectStore;
  readonly register: FileRegister;
  readonly queue: QueueSender;
  readonly log: Log;
}

/** Announces drops to the queue `files`; a drop that waits already is not announced twice. */
export async function announce(queue: QueueSender, keys: readonly string[]): Promise<void> {
  const messages = keys.map((key) => {
    const message: FileDropped = { v: 1, kind: 'file-dropped', key };
    return { body: JSON.stringify(message), key };
  });
  if (messages.length > 0) await queue.send('files', messages);
}

/** Looks a file must hold still for, and one that was seen to change: a copy over a network may pause. */
const STILL_LOOKS = 2;
const STILL_LOOKS_GROWING = 8;
/** Looks between two when nothing was announced: some file systems (network shares) announce nothing. */
const QUIET_LOOKS = 20;

/** A file as seen at the last look. */
interface Sighting {
  readonly version: string;
  readonly still: number;
  readonly growing: boolean;
}

/**
 * Watches the inbox folder. A file is announced once its size and time have held still for two looks, or eight when it was
 * seen to grow, so that one being copied is not read half. A name that is not in UTF-8 is mended first. Files dealt with before are known by path and version and left
 * alone.
 */
export class InboxWatch {
  readonly #parts: InboxParts;
  readonly #lookMs: number;
  #announced = new Map<string, string>();
  #seen = new Map<string, Sighting>();
  #stop: () => void = () => {};
  #folder: string | undefined;
  #looking: Promise<unknown> = Promise.resolve();

  constructor(parts: InboxParts, lookMs = 250) {
    this.#parts = parts;
    this.#lookMs = lookMs;
  }

  /** Starts watching; looks once at once for what was dropped while nobody watched. */
  async start(dataDir: string): Promise<void> {
    const folder = join(dataDir, INBOX);
    await mkdir(folder, { recursive: true });
    this.#folder = folder;
    let dirty = true;
    const stopWatching = watchFolder(folder, () => {
      dirty = true;
    });
    let looks = 0;
    const timer = setInterval(() => {
      looks += 1;
      if (!dirty && looks % QUIET_LOOKS !== 0) return;
      dirty = false;
      this.#looking = this.#looking.then(async () => {
        if (!(await this.#lookSafely())) dirty = true;
      });
    }, this.#lookMs);
    this.#stop = () => {
      stopWatching();
      clearInterval(timer);
    };
    await this.#lookSafely();
  }

  async stop(): Promise<void> {
    this.#stop();
    await this.#looking;
  }

  /** A look that failed (database held by another program, folder taken away) is made again. */
  async #lookSafely(): Promise<boolean> {
    try {
      const named = this.#folder === undefined || (await nameInUtf8(this.#folder, STILL_LOOKS_GROWING * this.#lookMs));
      return (await this.look()) && named;
    } catch (error) {
      this.#parts.log.warn(LogCode.MessageRetried, { error: error instanceof Error ? error.name : 'unknown' });
      return false;
    }
  }

  /** One look; false while some file is not yet known to be whole. */
  async look(): Promise<boolean> {
    const seen = new Map<string, Sighting>();
    const announced = new Map<string, string>();
    const whole: ObjectInfo[] = [];
    let settled = true;
    for await (const info of this.#parts.exchange.list(INBOX)) {
      if (isStray(info.key)) continue;
      if (this.#announced.get(info.key) === info.version) {
        announced.set(info.key, info.version);
        continue;
      }
      const now = sightingOf(info, this.#seen.get(info.key));
      seen.set(info.key, now);
      if (now.still >= (now.growing ? STILL_LOOKS_GROWING : STILL_LOOKS)) whole.push(info);
      else settled = false;
    }
    const idOf = (info: ObjectInfo) => fileIdOf(info.key.slice(INBOX.length), info.version);
    const known = await this.#parts.register.getMany(whole.map(idOf));
    const fresh = whole.filter((info) => known.get(idOf(info))?.receipt === undefined);
    await announce(
      this.#parts.queue,
      fresh.map((info) => info.key),
    );
    for (const info of whole) announced.set(info.key, info.version);
    this.#seen = seen;
    this.#announced = announced;
    return settled;
  }
}

function sightingOf({ version }: ObjectInfo, before: Sighting | undefined): Sighting {
  if (before === undefined) return { version, still: 0, growing: false };
  if (before.version === version) return { ...before, still: before.still + 1 };
  return { version, still: 0, growing: true };
}

/** Tells of changes below a folder where the system can; without that the regular look finds them. */
function watchFolder(folder: string, changed: () => void): () => void {
  try {
    const watcher = watch(folder, { recursive: true }, changed);
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch {
    return () => {};
  }
}
