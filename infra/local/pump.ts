import type { BatchAnswer, QueueEvent } from '../../functions/process-batch.ts';
import { QUEUE_NAMES, type QueueName, type QueueReceiver, type ReceivedMessage } from '../../shared/ports/queue.ts';

type Handler = (event: QueueEvent) => Promise<BatchAnswer>;

/** What the pump drives. */
export interface PumpParts {
  readonly queue: QueueReceiver & { retry(ids: readonly string[], seconds: number, reason: string): Promise<void> };
  readonly handlers: Readonly<Record<QueueName, Handler>>;
  /**
   * Assesses one page of all households, from the first or after a cursor: a feed may have become fresh, a day may have
   * passed. Answers the cursor of the next page and how many households there were.
   */
  readonly sweep: (after: string | undefined) => Promise<{ readonly next?: string; readonly households: number }>;
  /** Moves events waiting in the outbox to the archive; answers how many. */
  readonly archive: () => Promise<number>;
}

/** Messages taken at once. A file stands alone; facts and households gain from being written together. Up to 31 MB of facts. */
const BATCH: Readonly<Record<QueueName, number>> = { files: 1, updates: 128, assessments: 1_000 };
/** Longest a batch may take before its messages are given to somebody else, seconds. */
const VISIBILITY = 900;
/** Up to so many waiting households are assessed before a sweep adds all others, so that a small file shows at once. */
const BEFORE_SWEEP = 2_000;

/**
 * Works the queues of one machine in the order that does least: files first, then their facts, then each household
 * touched once. Between two batches the process is free to answer requests. Nothing here needs to survive a crash: what
 * was in hand comes again.
 */
export class Pump {
  readonly #parts: PumpParts;
  #sweepDue = true;
  /** The cursor of the sweep under way; every start begins with a sweep, so it need not be kept. */
  #sweep: { readonly after: string | undefined } | undefined;
  #stopping = false;
  /** Called after every batch with the queue it came from. */
  onBatch: (queue: QueueName, messages: number) => void = () => {};

  constructor(parts: PumpParts) {
    this.#parts = parts;
  }

  /** Makes the next pause a time to look at every household again. */
  requestSweep(): void {
    this.#sweepDue = true;
  }

  /** Lets the batch in hand end and takes no other. */
  stop(): void {
    this.#stopping = true;
  }

  /** Works until nothing is left to do, retries included. */
  async drain(): Promise<void> {
    while (!this.#stopping) {
      if (await this.step()) continue;
      if ((await this.#waiting()) === 0) break;
      await pause(100);
    }
    while ((await this.#parts.archive()) > 0);
  }

  /** One batch of the most upstream queue that has any; false when there was nothing to do. */
  async step(): Promise<boolean> {
    if (this.#stopping) return false;
    if ((await this.#batch('files')) > 0) {
      this.#sweepDue = true;
      return true;
    }
    if ((await this.#batch('updates')) > 0) return true;
    // One more call for everybody waits for the sweep under way, or the last households would never have their turn.
    if (this.#sweepDue && this.#sweep === undefined && (await this.#mayNowSweep())) {
      this.#sweepDue = false;
      this.#sweep = { after: undefined };
    }
    if ((await this.#batch('assessments')) > 0) return true;
    if (this.#sweep !== undefined) {
      await this.#sweepOn(this.#sweep.after);
      return true;
    }
    return (await this.#parts.archive()) > 0;
  }

  /**
   * Whether a sweep is certain to look at everybody anyway, once what is in hand is done, so that asking for these
   * households besides is only double work. A few are asked for all the same: they have their turn before all others.
   */
  async sweepCovers(households: number): Promise<boolean> {
    return this.#sweepDue && (await this.#parts.queue.depth('assessments')) + households > BEFORE_SWEEP;
  }

  async #sweepOn(after: string | undefined): Promise<void> {
    const { next, households } = await this.#parts.sweep(after);
    this.#sweep = next === undefined ? undefined : { after: next };
    this.onBatch('assessments', households);
    await letOthersIn();
  }

  async #mayNowSweep(): Promise<boolean> {
    const waiting = await this.#parts.queue.depth('assessments');
    return waiting === 0 || waiting > BEFORE_SWEEP;
  }

  async #waiting(): Promise<number> {
    const depths = await Promise.all(QUEUE_NAMES.map((name) => this.#parts.queue.depth(name)));
    return depths.reduce((sum, depth) => sum + depth, 0);
  }

  async #batch(name: QueueName): Promise<number> {
    const messages = await this.#parts.queue.receive(name, BATCH[name], VISIBILITY);
    if (messages.length === 0) return 0;
    const answer = await this.#parts.handlers[name](eventOf(name, messages));
    const again = new Set(answer.batchItemFailures.map((failure) => failure.itemIdentifier));
    const done = messages.map((message) => message.id).filter((id) => !again.has(id));
    await this.#parts.queue.remove(name, done);
    if (again.size > 0) await this.#parts.queue.retry([...again], RETRY_SECONDS, 'AW9002_MESSAGE_RETRIED');
    this.onBatch(name, done.length);
    await letOthersIn();
    return messages.length;
  }
}

/** How long a message that failed waits before it comes again. */
const RETRY_SECONDS = 2;

/** The queue event as the cloud would make it. */
function eventOf(name: QueueName, messages: readonly ReceivedMessage[]): QueueEvent {
  return {
    Records: messages.map(({ id, body, attempt }) => ({
      messageId: id,
      body,
      eventSourceARN: `embedded:${name}`,
      attributes: { ApproximateReceiveCount: String(attempt) },
    })),
  };
}

/** Lets requests and timers through: the store works in this thread. */
function letOthersIn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
