import type { BatchAnswer, QueueEvent } from '../../functions/process-batch.ts';
import type { QueueName, QueueReceiver, ReceivedMessage } from '../../shared/ports/queue.ts';

type Handler = (event: QueueEvent) => Promise<BatchAnswer>;

/** What the pump drives. */
export interface PumpParts {
  readonly queue: QueueReceiver & { retry(ids: readonly string[], seconds: number, reason: string): Promise<void> };
  readonly handlers: Readonly<Record<QueueName, Handler>>;
  /** Asks for every household to be assessed: a feed may have become fresh, a day may have passed. */
  readonly sweep: () => Promise<void>;
  /** Moves events waiting in the outbox to the archive; answers how many. */
  readonly archive: () => Promise<number>;
}

/** Messages taken at once. A file stands alone; facts and households gain from being written together. Up to 48 MB of facts. */
const BATCH: Readonly<Record<QueueName, number>> = { files: 1, updates: 200, assessments: 1_000 };
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
    if (this.#sweepDue && (await this.#mayNowSweep())) {
      this.#sweepDue = false;
      await this.#parts.sweep();
      return true;
    }
    if ((await this.#batch('assessments')) > 0) return true;
    return (await this.#parts.archive()) > 0;
  }

  async #mayNowSweep(): Promise<boolean> {
    const waiting = await this.#parts.queue.depth('assessments');
    return waiting === 0 || waiting > BEFORE_SWEEP;
  }

  async #waiting(): Promise<number> {
    const depths = await Promise.all((['files', 'updates', 'assessments'] as const).map((name) => this.#parts.queue.depth(name)));
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
    // Lets requests and timers through: the store works in this thread.
    await new Promise<void>((resolve) => setImmediate(resolve));
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

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
