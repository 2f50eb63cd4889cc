/**
 * The five queues. `files`: a drop to read. `updates`: facts for people. `assessments`: households to look at again. `cases`:
 * warnings that changed, runs to start, waits to wake, answers that came by file. `reports`: reports to make, beside all that.
 */
export const QUEUE_NAMES = ['files', 'updates', 'assessments', 'cases', 'reports'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

export interface OutgoingMessage {
  /** Versioned JSON of queue-messages.ts, at most MESSAGE_BYTES. */
  readonly body: string;
  /**
   * A message that is still waiting under the same key makes this one superfluous. A store that cannot tell sends it
   * all the same: every message may come twice anyway.
   */
  readonly key?: string;
  /**
   * Which share of all people it is about, from 0. A store that can hands the shares out one after the other, each in the
   * order sent, so that a person's facts from many files are met together; nothing depends on it.
   */
  readonly share?: number;
}

/** Largest message body, bytes of UTF-8 (the limit of SQS, less room for attributes). */
export const MESSAGE_BYTES = 240_000;

export interface QueueSender {
  /** Returns when all are stored; part failures of a batch are retried inside. */
  send(queue: QueueName, messages: readonly OutgoingMessage[]): Promise<void>;
}

export interface ReceivedMessage {
  readonly id: string;
  readonly body: string;
  /** 1 on first delivery. */
  readonly attempt: number;
}

/** The receiving side: the embedded host's pump and the commands use it; in the cloud Lambda does. */
export interface QueueReceiver {
  /** Takes up to `max` messages, hidden from others for `seconds`. */
  receive(queue: QueueName, max: number, seconds: number): Promise<readonly ReceivedMessage[]>;
  /** Done with: never delivered again. */
  remove(queue: QueueName, ids: readonly string[]): Promise<void>;
  /** How many are waiting or in hand. */
  depth(queue: QueueName): Promise<number>;
}

export interface DeadLetter {
  readonly id: string;
  readonly queue: QueueName;
  readonly body: string;
  /** Log code and text of why it cannot be processed; no personal data. */
  readonly reason: string;
}

/** Messages that can never succeed, kept with their reason until someone puts them back. */
export interface DeadLetterBox {
  bury(queue: QueueName, body: string, reason: string): Promise<void>;
  list(queue: QueueName, limit: number): Promise<readonly DeadLetter[]>;
  /** Puts all dead letters of a queue back on it; answers how many. A crash in between may deliver one twice, never lose one. */
  putBack(queue: QueueName): Promise<number>;
}
