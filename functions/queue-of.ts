import { PermanentError } from '../shared/ports/errors.ts';
import { QUEUE_NAMES, type QueueName } from '../shared/ports/queue.ts';

/** Tells which of the platform's queues a record came from: the ends of its ARN and of the queue's URL are the same name. */
export function queueFinder(urls: Partial<Readonly<Record<QueueName, string>>>): (eventSourceArn: string) => QueueName {
  const names = new Map<string, QueueName>();
  for (const queue of QUEUE_NAMES) {
    const url = urls[queue];
    if (url !== undefined) names.set(url.slice(url.lastIndexOf('/') + 1), queue);
  }
  return (arn) => {
    const queue = names.get(arn.slice(arn.lastIndexOf(':') + 1));
    if (queue === undefined) throw new PermanentError('UNKNOWN_QUEUE', 'a record came from a queue this function does not read');
    return queue;
  };
}
