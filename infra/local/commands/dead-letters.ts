import { randomUUID } from 'node:crypto';
import { makeEvent } from '../../../shared/audit/make-event.ts';
import { QUEUE_NAMES, type QueueName } from '../../../shared/ports/queue.ts';
import type { CommonOptions } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { operatorName } from '../reading.ts';

const SHOWN = 100;

export const DEAD_LETTER_OPTIONS = { 'put-back': { type: 'boolean' } } as const;

/**
 * Lists messages that could not be processed and runs of the case workflow that are stuck, with their reasons; with
 * `--put-back`, puts the messages back on their queues and tries the runs again from where they stopped.
 */
export async function deadLetters(platform: Platform, options: CommonOptions): Promise<boolean> {
  for (const queue of QUEUE_NAMES) {
    if (options.own['put-back'] === true) await putBack(platform, options, queue);
    else await list(platform, options, queue);
  }
  if (options.own['put-back'] === true) await restartRuns(platform, options);
  else await listRuns(platform, options);
  return true;
}

async function listRuns({ stores }: Platform, options: CommonOptions): Promise<void> {
  for (const { case: id, run, reason } of await stores.workflow.stuck(SHOWN)) {
    print(options.json ? JSON.stringify({ case: id, run, reason }) : `case-runs  ${id} ${run}  ${reason}`);
  }
}

async function restartRuns(platform: Platform, options: CommonOptions): Promise<void> {
  const count = await platform.stores.workflow.restartStuck();
  if (count === 0) return;
  await recordPutBack(platform, 'case-runs', count);
  print(options.json ? JSON.stringify({ restarted: count }) : `case-runs  重新运行 ${count} 个 / ${count} runs restarted`);
}

async function recordPutBack({ clock, stores }: Platform, queue: string, count: number): Promise<void> {
  const event = makeEvent('message.put-back', clock.now(), { queue }, { count }, randomUUID(), operatorName());
  await stores.eventLog.append([event]);
}

async function list(platform: Platform, options: CommonOptions, queue: QueueName): Promise<void> {
  for (const { id, reason } of await platform.stores.queue.list(queue, SHOWN)) {
    print(options.json ? JSON.stringify({ id, queue, reason }) : `${queue}  ${id}  ${reason}`);
  }
}

async function putBack(platform: Platform, options: CommonOptions, queue: QueueName): Promise<void> {
  const count = await platform.stores.queue.putBack(queue);
  if (count > 0) await recordPutBack(platform, queue, count);
  print(options.json ? JSON.stringify({ queue, putBack: count }) : `${queue}  放回 ${count} 条 / put back ${count}`);
}
