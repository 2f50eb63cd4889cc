const FREE = 0;
const TAKEN = 1;

/**
 * The turn to write, shared by the threads of one process: SQLite has one writer, and waiting for it by `busy_timeout`
 * sleeps for milliseconds where a transaction may take less. Other processes know nothing of it and wait as SQLite does.
 */
export class WriteTurn {
  /** What the other threads make their view of the turn from. */
  readonly shared: SharedArrayBuffer;
  readonly #state: Int32Array;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.shared = shared;
    this.#state = new Int32Array(shared);
  }

  /** Returns once it is this thread's turn; the thread sleeps until then. */
  take(): void {
    while (!this.takeIfFree()) Atomics.wait(this.#state, 0, TAKEN);
  }

  /** True when it is this thread's turn now. */
  takeIfFree(): boolean {
    return Atomics.compareExchange(this.#state, 0, FREE, TAKEN) === FREE;
  }

  /** Settles when the turn was given up by whoever had it; somebody else may have it by then. The thread does other things meanwhile. */
  async freed(): Promise<void> {
    await Atomics.waitAsync(this.#state, 0, TAKEN).value;
  }

  give(): void {
    Atomics.store(this.#state, 0, FREE);
    Atomics.notify(this.#state, 0, 1);
  }
}
