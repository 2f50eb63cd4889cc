import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DATABASE_FILE } from './database.ts';

/** What the folding thread is started with. */
export interface FoldingSettings {
  /** The database file. */
  readonly path: string;
  /** By how much the log grows between two foldings, bytes. */
  readonly every: number;
}

const ENTRY = join(import.meta.dirname, 'log-folding-thread.ts');
/** 256 MB: a folding takes some tenths of a second, and a page written again and again is copied once in it. At 64 MB it took 4 % more processor time. */
const EVERY_BYTES = 256 * 1024 * 1024;

/**
 * A thread that copies the database's log into the database file while others go on writing. Left to SQLite, whoever commits
 * when the log has grown long copies all of it in its turn to write, up to a second in which nobody else can.
 */
export class LogFolding {
  readonly #thread: Worker;
  readonly #ended: Promise<void>;

  /** The database in `dataDir` must be there already. */
  constructor(dataDir: string, every: number = EVERY_BYTES) {
    const settings: FoldingSettings = { path: join(dataDir, DATABASE_FILE), every };
    this.#thread = new Worker(ENTRY, { workerData: settings });
    // Without it the log is folded by those who write, as SQLite does of itself: slower, and nothing is lost.
    this.#thread.on('error', () => undefined);
    this.#ended = new Promise((resolve) => this.#thread.on('exit', () => resolve()));
    this.#thread.unref();
  }

  /** Lets the folding under way end. */
  async close(): Promise<void> {
    this.#thread.ref();
    this.#thread.postMessage('close');
    await this.#ended;
  }
}
