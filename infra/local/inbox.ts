import { watch } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileIdOf, INBOX } from '../../shared/intake/normalize-file.ts';
import type { FileRegister } from '../../shared/ports/file-register.ts';
import type { ObjectInfo, ObjectStore } from '../../shared/ports/object-store.ts';
import type { QueueSender } from '../../shared/ports/queue.ts';
import type { FileDropped } from '../../shared/ports/queue-messages.ts';

interface InboxParts {
  readonly exchange: ObjectStore;
  readonly register: FileRegister;
  readonly queue: QueueSender;
}

/** Announces drops to the queue `files`; a drop that waits already is not announced twice. */
export async function announce(queue: QueueSender, keys: readonly string[]): Promise<void> {
  const messages = keys.map((key) => {
    const message: FileDropped = { v: 1, kind: 'file-dropped', key };
    return { body: JSON.stringify(message), key };
  });
  if (messages.length > 0) await queue.send('files', messages);
}

/** Names editors, copiers and systems give to what is not a finished file. */
const UNFINISHED = /(^|\/)(\.|~\$)|\.(part|partial|tmp|crdownload|swp)$/iu;

/**
 * Watches the inbox folder. A file is announced once its size and time have held still between two looks, so that one
 * being copied is not read half. Files dealt with before are known by path and version and left alone.
 */
export class InboxWatch {
  readonly #parts: InboxParts;
  readonly #lookMs: number;
  readonly #announced = new Map<string, string>();
  #seen = new Map<string, string>();
  #stop: () => void = () => {};
  #looking: Promise<unknown> = Promise.resolve();

  constructor(parts: InboxParts, lookMs = 250) {
    this.#parts = parts;
    this.#lookMs = lookMs;
  }

  /** Starts watching; looks once at once for what was dropped while nobody watched. */
  async start(dataDir: string): Promise<void> {
    const folder = join(dataDir, INBOX);
    await mkdir(folder, { recursive: true });
    let dirty = 2;
    const watcher = watch(folder, { recursive: true }, () => {
      dirty = 2;
    });
    // Some file systems (network shares) announce nothing: look anyway every few seconds.
    let looks = 0;
    const timer = setInterval(() => {
      looks += 1;
      if (dirty === 0 && looks % 20 !== 0) return;
      dirty = Math.max(0, dirty - 1);
      this.#looking = this.#looking
        .then(() => this.look())
        .then((settled) => {
          if (!settled) dirty = Math.max(dirty, 1);
        });
    }, this.#lookMs);
    this.#stop = () => {
      watcher.close();
      clearInterval(timer);
    };
    await this.look();
  }

  async stop(): Promise<void> {
    this.#stop();
    await this.#looking;
  }

  /** One look; false while some file is still changing. */
  async look(): Promise<boolean> {
    const now = new Map<string, string>();
    const still: ObjectInfo[] = [];
    let settled = true;
    for await (const info of this.#parts.exchange.list(INBOX)) {
      if (UNFINISHED.test(info.key)) continue;
      now.set(info.key, info.version);
      if (this.#announced.get(info.key) === info.version) continue;
      if (this.#seen.get(info.key) === info.version) still.push(info);
      else settled = false;
    }
    this.#seen = now;
    const ids = still.map((info) => fileIdOf(info.key.slice(INBOX.length), info.version));
    const known = await this.#parts.register.getMany(ids);
    const fresh = still.filter((_, index) => known.get(ids[index] ?? ids[0] ?? fileIdOf('', ''))?.receipt === undefined);
    await announce(
      this.#parts.queue,
      fresh.map((info) => info.key),
    );
    for (const info of still) this.#announced.set(info.key, info.version);
    return settled;
  }
}
