import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { NoRoomError, PermanentError, RetryLaterError } from '../../shared/ports/errors.ts';
import type { Metrics } from '../../shared/ports/log.ts';
import type { ClockSetting } from './clock.ts';
import { tell } from './print.ts';
import type { Level } from './stderr-log.ts';
import type { Task } from './work.ts';

/** What a thread is started with. */
export interface WorkerSettings {
  readonly dataDir: string;
  readonly clock: ClockSetting;
  readonly logFrom: Level;
  /** Of the WriteTurn all threads share. */
  readonly turn: SharedArrayBuffer;
}

/** What a thread answers to a task. */
export type Answer = ({ readonly done: number } | { readonly error: WrappedError }) & {
  /** What was counted meanwhile. */
  readonly counts: readonly (readonly [name: string, value: number])[];
};

/** An error on its way between threads, where its class would be lost. */
interface WrappedError {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
}

const ENTRY = join(import.meta.dirname, 'worker.ts');

/** A thread that does one task at a time over stores of its own. */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #metrics: Metrics;
  #waiting: { resolve(done: number): void; reject(error: Error): void } | undefined;
  #closed: (() => void) | undefined;

  constructor(settings: WorkerSettings, metrics: Metrics) {
    this.#metrics = metrics;
    this.#worker = new Worker(ENTRY, { workerData: settings });
    this.#worker.on('message', (answer: Answer) => this.#settle(answer));
    this.#worker.on('error', (error) => this.#died(error instanceof Error ? error.message : 'unknown error'));
    this.#worker.on('exit', (code) => {
      if (this.#closed === undefined) this.#died(`exit code ${code}`);
      else this.#closed();
    });
    this.#worker.unref();
  }

  /** Does a task; only when the one before has ended. */
  work(task: Task): Promise<number> {
    // A thread at rest must not keep the process running, one at work must.
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#worker.postMessage(task);
    });
  }

  /** Lets the thread close its stores and end. Only when nothing is in its hand. */
  close(): Promise<void> {
    this.#worker.ref();
    return new Promise((resolve) => {
      this.#closed = resolve;
      this.#worker.postMessage('close');
    });
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#worker.unref();
    for (const [name, value] of answer.counts) this.#metrics.count(name, value);
    if ('error' in answer) waiting?.reject(unwrapped(answer.error));
    else waiting?.resolve(answer.done);
  }

  /** It may have died in its turn to write, and then nobody ever writes again: only a new start helps, and loses nothing. */
  #died(reason: string): void {
    tell(
      `工作线程意外终止，程序退出；已接收的数据都已保存，请重新启动 / a worker thread ended unexpectedly (${reason}): the program stops; everything taken is kept, start it again`,
    );
    process.exit(1);
  }
}

/** What is known of an error, to be sent to another thread. */
export function wrapped(error: unknown): WrappedError {
  if (!(error instanceof Error)) return { name: 'Error', message: 'something other than an error was thrown' };
  const { name, message, stack } = error;
  return {
    name,
    message,
    ...(error instanceof PermanentError ? { code: error.code } : undefined),
    ...(stack === undefined ? undefined : { stack }),
  };
}

function unwrapped({ name, code, message, stack }: WrappedError): Error {
  if (code !== undefined) return new PermanentError(code, message);
  if (name === 'RetryLaterError') return new RetryLaterError(message);
  if (name === 'NoRoomError') return new NoRoomError(message);
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
