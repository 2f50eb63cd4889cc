import type { OutgoingMessage, QueueName } from './queue.ts';

/** A message that must go out if and only if the change was saved (transactional outbox). It may go out twice. */
export interface OutboxMessage {
  readonly queue: QueueName;
  readonly message: OutgoingMessage;
}
