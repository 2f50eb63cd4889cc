import { QUEUE_NAMES } from '../../shared/ports/queue.ts';
import type { Assignment, QueueView, Schedule, Step } from './schedule.ts';
import type { Work } from './work.ts';

/** What the pump drives. */
export interface PumpParts {
  readonly queue: QueueView;
  readonly schedule: Schedule;
  /** Does a task in this thread. */
  readonly work: Work;
  /** What makes reports, one after the other, beside everything else; started with the first. */
  readonly reports: () => Work;
  /** Threads that take the work over, from the beginning or once much waits. */
  readonly threads?: { readonly atOnce: boolean; start(): readonly Work[] };
}

/** A task in somebody's hand. */
interface InHand {
  readonly assignment: Assignment;
  readonly hand: Work;
  /** Settles when the task has ended; never rejects. */
  readonly ended: Promise<{ readonly of: InHand; readonly done: number; readonly error?: unknown }>;
}

/**
 * Works the queues of one machine in the order of the schedule: in this thread, or by threads of their own, each with a task
 * at a time, when there is much to do. Between two tasks the process is free to answer requests. Nothing here needs to
 * survive a crash: what was in hand comes again.
 */
export class Pump {
  readonly #parts: PumpParts;
  #hands: readonly Work[];
  #threaded = false;
  readonly #inHand = new Set<InHand>();
  #reporter: Work | undefined;
  /** The report in hand: settles when it has ended, never rejects. */
  #report: Promise<void> | undefined;
  #reportError: unknown;
  #stopping = false;
  /** Called after every task with its step and how many messages, households or events it was about. */
  onBatch: (step: Step, done: number) => void = () => {};

  constructor(parts: PumpParts) {
    this.#parts = parts;
    this.#hands = [parts.work];
  }

  /** Makes the next pause a time to look at every household again. */
  requestSweep(): void {
    this.#parts.schedule.requestSweep();
  }

  /** Lets the tasks in hand end and takes no other. */
  stop(): void {
    this.#stopping = true;
  }

  /** Works until nothing is left to do, retries included; stopped, until nothing is in hand. */
  async drain(): Promise<void> {
    while (!this.#stopping) {
      if (await this.step()) continue;
      await this.#report;
      if ((await this.#waiting()) === 0) break;
      await pause(100);
    }
    await this.rest();
  }

  /**
   * Gives every free hand a task and waits until one has ended; false when there was nothing to do. A report is begun too and not
   * waited for: it may take a minute, in which a file that comes shall not wait.
   */
  async step(): Promise<boolean> {
    if (this.#stopping) return false;
    await this.#beginReport();
    await this.#fillHands();
    if (this.#inHand.size === 0) return false;
    await this.#oneEnds();
    return true;
  }

  /** Waits until nothing is in hand; throws what the first task that failed threw. */
  async rest(): Promise<void> {
    const failures: unknown[] = [];
    while (this.#inHand.size > 0) await this.#oneEnds().catch((error: unknown) => failures.push(error));
    await this.#report;
    if (this.#reportError !== undefined) failures.push(this.#reportError);
    if (failures.length > 0) throw failures[0];
  }

  async #beginReport(): Promise<void> {
    if (this.#reportError !== undefined) {
      const error = this.#reportError;
      this.#reportError = undefined;
      throw error;
    }
    if (this.#report !== undefined) return;
    const [first] = await this.#parts.queue.waiting('reports', 1);
    if (first === undefined) return;
    this.#reporter ??= this.#parts.reports();
    const begun = this.#reporter({ kind: 'reports', ids: [first.id] }).then(
      (done) => this.onBatch('reports', done),
      (error: unknown) => {
        this.#reportError = error;
      },
    );
    this.#report = begun.finally(() => {
      this.#report = undefined;
    });
  }

  async #fillHands(): Promise<void> {
    await this.#startThreads();
    const busy = new Set([...this.#inHand].map((one) => one.hand));
    for (const hand of this.#hands) {
      if (busy.has(hand)) continue;
      const assignment = await this.#parts.schedule.next(this.#hands.length);
      if (assignment === undefined) return;
      this.#inHand.add(begin(hand, assignment));
    }
  }

  async #startThreads(): Promise<void> {
    const { threads, schedule } = this.#parts;
    if (threads === undefined || this.#threaded) return;
    if (!threads.atOnce && !(await schedule.muchWaits())) return;
    this.#threaded = true;
    this.#hands = threads.start();
  }

  async #oneEnds(): Promise<void> {
    const { of, done, error } = await Promise.race([...this.#inHand].map((one) => one.ended));
    this.#inHand.delete(of);
    this.#parts.schedule.ended(of.assignment);
    if (error !== undefined) throw error;
    this.onBatch(of.assignment.step, done);
    await letOthersIn();
  }

  async #waiting(): Promise<number> {
    const depths = await Promise.all(QUEUE_NAMES.map((name) => this.#parts.queue.depth(name)));
    return depths.reduce((sum, depth) => sum + depth, 0);
  }
}

function begin(hand: Work, assignment: Assignment): InHand {
  const inHand: InHand = {
    assignment,
    hand,
    ended: hand(assignment.task).then(
      (done) => ({ of: inHand, done }),
      (error: unknown) => ({ of: inHand, done: 0, error }),
    ),
  };
  return inHand;
}

/** Lets requests and timers through: the store works in this thread. */
function letOthersIn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
