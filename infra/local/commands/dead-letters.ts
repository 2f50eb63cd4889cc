import { randomUUID } from 'node:crypto';
import { makeEvent } from '../../../shared/audit/make-event.ts';
import { QUEUE_NAMES, type QueueName } from '../../../shared/ports/queue.ts';
import type { CommonOptions } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { operatorName } from '../reading.ts';

const SHOWN = 100;

export const DEAD_LETTER_OPTIONS = { 'put-back': { type: 'boolean' } } as const;

/** Lists messages that could not be processed, with their reasons; with `--put-back`, puts them back on their queues. */
export async function deadLetters(platform: Platform, options: CommonOptions): Promise<boolean> {
  for (const queue of QUEUE_NAMES) {
    if (options.own['put-back'] === true) await putBack(platform, options, queue);
    else await list(platform, options, queue);
  }
  return true;
}

async function list(platform: Platform, options: CommonOptions, queue: QueueName): Promise<void> {
  for (const { id, reason } of await platform.stores.queue.list(queue, SHOWN)) {
    print(options.json ? JSON.stringify({ id, queue, reason }) : `${queue}  ${id}  ${reason}`);
  }
}

async function putBack(platform: Platform, options: CommonOptions, queue: QueueName): Promise<void> {
  const count = await platform.stores.queue.putBack(queue);
  if (count > 0) {
    const event = makeEvent('message.put-back', platform.clock.now(), { queue }, { count }, randomUUID(), operatorName());
    await platform.stores.eventLog.append([event]);
  }
  print(options.json ? JSON.stringify({ queue, putBack: count }) : `${queue}  放回 ${count} 条 / put back ${count}`);
}
