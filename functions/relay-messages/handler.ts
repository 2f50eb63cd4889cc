import { PermanentError } from '../../shared/ports/errors.ts';
import { type Log, LogCode, type Metrics } from '../../shared/ports/log.ts';
import {
  type DeadLetterBox,
  MESSAGE_BYTES,
  type OutgoingMessage,
  type QueueName,
  type QueueSender,
} from '../../shared/ports/queue.ts';
import type { BatchAnswer } from '../process-batch.ts';

/** A message as it was saved with a change. */
type SavedMessage = OutgoingMessage & { readonly queue: QueueName };

/** What the function needs. `messagesOf` unwraps a record of the stream, PermanentError when it cannot; `asTold` is what of it to keep then. */
export interface RelayDeps<Record> {
  readonly messagesOf: (record: Record) => readonly SavedMessage[];
  readonly asTold: (record: Record) => object;
  readonly placeOf: (record: Record) => string;
  readonly queue: QueueSender;
  readonly deadLetters: DeadLetterBox;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * The handler of the table's stream that sends saved messages on. What cannot be sent now makes the batch come again, from
 * its first record on: a message may be sent twice, none is left out. What can never be sent goes to the dead letters, so
 * that it does not hold up the others.
 */
export function createHandler<Record>(
  deps: RelayDeps<Record>,
): (event: { readonly Records: readonly Record[] }) => Promise<BatchAnswer> {
  return async ({ Records }) => {
    const [first] = Records;
    if (first === undefined) return { batchItemFailures: [] };
    try {
      const messages = [];
      for (const record of Records) messages.push(...(await readable(deps, record)));
      await sendAll(deps, messages);
      deps.metrics.count('MessagesRelayed', messages.length);
      return { batchItemFailures: [] };
    } catch (error) {
      deps.log.warn(LogCode.MessageRetried, { queue: 'stream', reason: error instanceof Error ? error.name : 'UnknownError' });
      deps.metrics.count('MessagesRetried', 1);
      return { batchItemFailures: [{ itemIdentifier: deps.placeOf(first) }] };
    }
  };
}

/** Characters kept of what is too large: at most four bytes each, twice as much with escapes. */
const BEGINNING = 20_000;

async function readable<Record>(deps: RelayDeps<Record>, record: Record): Promise<readonly SavedMessage[]> {
  try {
    return deps.messagesOf(record);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    await bury(deps, { streamRecord: deps.placeOf(record), ...deps.asTold(record) }, error);
    return [];
  }
}

async function sendAll<Record>(deps: RelayDeps<Record>, messages: readonly SavedMessage[]): Promise<void> {
  for (const [queue, ofQueue] of Map.groupBy(messages, (message) => message.queue)) {
    try {
      await deps.queue.send(queue, ofQueue);
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      for (const message of ofQueue) await sendOne(deps, queue, message);
    }
  }
}

async function sendOne<Record>(deps: RelayDeps<Record>, queue: QueueName, message: SavedMessage): Promise<void> {
  try {
    await deps.queue.send(queue, [message]);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    await bury(deps, message.body, error);
  }
}

/** With the dead letters of the casework, whose messages nearly all of them are. */
async function bury<Record>(deps: RelayDeps<Record>, what: string | object, error: PermanentError): Promise<void> {
  const body = typeof what === 'string' ? what : JSON.stringify(what);
  // What is too large for a queue is too large for its dead letters too, and must not stop the stream: its beginning says whose it is.
  const kept = Buffer.byteLength(body) <= MESSAGE_BYTES ? body : JSON.stringify({ tooLarge: body.slice(0, BEGINNING) });
  await deps.deadLetters.bury('cases', kept, `${error.code}: ${error.message}`);
  deps.log.error(LogCode.MessageBuried, { queue: 'cases', reason: error.code });
  deps.metrics.count('MessagesBuried', 1);
}
