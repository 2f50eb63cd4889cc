import { vi } from 'vitest';
import { type SqsSettings, sqsReceiver } from '../../shared/adapters/aws/sqs-queues.ts';
import { QUEUE_NAMES } from '../../shared/ports/queue.ts';

/** How long is waited, and how often looked, in milliseconds. */
interface Patience {
  readonly timeout: number;
  readonly interval: number;
}

/** Answers when nothing was waiting or in hand three times in a row: work makes work until it is done. */
export async function quiet(queues: SqsSettings, patience: Patience): Promise<void> {
  const receiver = sqsReceiver(queues);
  const deployed = QUEUE_NAMES.filter((queue) => queues.urls[queue] !== undefined);
  let calm = 0;
  await vi.waitFor(async () => {
    const depths = await Promise.all(deployed.map((queue) => receiver.depth(queue)));
    calm = depths.every((depth) => depth === 0) ? calm + 1 : 0;
    if (calm < 3) throw new Error(`work is left: ${depths.join(' ')}`);
  }, patience);
}
