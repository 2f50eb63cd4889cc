import { randomUUID } from 'node:crypto';
import { makeEvent } from '../../../shared/audit/make-event.ts';
import { QUEUE_NAMES, type QueueName } from '../../../shared/ports/queue.ts';
import type { Command } from '../command.ts';
import type { CommonOptions } from '../options.ts';
import type { Platform } from '../platform.ts';
import { print } from '../print.ts';
import { operatorName } from '../reading.ts';

const SHOWN = 100;

/** The command `dead-letters`. */
export const DEAD_LETTERS: Command = {
  usage: 'dead-letters',
  purpose: '死信清单与放回 / messages that failed, and putting them back',
  options: {
    'put-back': { type: 'boolean', about: '放回队列重试 / put them back on their queues, once the cause is gone' },
  },
  run: deadLetters,
};

/**
 * Lists messages that could not be processed and runs of the case workflow that are stuck, with their reasons; with
 * `--put-back`, puts the messages back on their queues and tries the runs again from where they stopped.
 */
async function deadLetters(platform: Platform, options: CommonOptions): Promise<boolean> {
  if (options.own['put-back'] === true) {
    for (const queue of QUEUE_NAMES) await putBack(platform, options, queue);
    await restartRuns(platform, options);
    return true;
  }
  let found = 0;
  for (const queue of QUEUE_NAMES) found += await list(platform, options, queue);
  found += await listRuns(platform, options);
  if (found === 0 && !options.json) print('没有死信，也没有卡住的办件流程 / no dead letters, and no case run is stuck');
  return true;
}

/** Prints the runs that are stuck; how many. */
async function listRuns({ stores }: Platform, options: CommonOptions): Promise<number> {
  const runs = await stores.workflow.stuck(SHOWN);
  for (const { case: id, run, reason } of runs) {
    print(options.json ? JSON.stringify({ case: id, run, reason }) : `case-runs  ${id} ${run}  ${reason}`);
  }
  return runs.length;
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

/** Prints the dead letters of a queue; how many. */
async function list(platform: Platform, options: CommonOptions, queue: QueueName): Promise<number> {
  const letters = await platform.stores.queue.list(queue, SHOWN);
  for (const { id, reason } of letters) {
    print(options.json ? JSON.stringify({ id, queue, reason }) : `${queue}  ${id}  ${reason}`);
  }
  return letters.length;
}

async function putBack(platform: Platform, options: CommonOptions, queue: QueueName): Promise<void> {
  const count = await platform.stores.queue.putBack(queue);
  if (count > 0) await recordPutBack(platform, queue, count);
  print(options.json ? JSON.stringify({ queue, putBack: count }) : `${queue}  放回 ${count} 条 / put back ${count}`);
}
