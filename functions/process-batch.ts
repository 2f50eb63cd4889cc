import { NoRoomError, PermanentError, RetryLaterError } from '../shared/ports/errors.ts';
import { type Log, LogCode, type Metrics } from '../shared/ports/log.ts';
import type { DeadLetterBox, QueueName } from '../shared/ports/queue.ts';
import { LAST_ATTEMPT } from './last-attempt.ts';

/** What a queue hands to a function: the shape of SQS, which the embedded host makes too. */
export interface QueueEvent {
  readonly Records: readonly QueueRecord[];
}

export interface QueueRecord {
  readonly messageId: string;
  readonly body: string;
  /** Ends with the name of the queue. */
  readonly eventSourceARN: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
}

/**
 * What the function answers: the messages to deliver again. Exactly this shape: another key or an unknown id makes the
 * service take the whole batch as failed.
 */
export interface BatchAnswer {
  readonly batchItemFailures: { readonly itemIdentifier: string }[];
}

/** What working through a batch needs. */
export interface BatchDeps {
  readonly deadLetters: DeadLetterBox;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Which of the platform's queues a record came from. */
  readonly queueOf: (eventSourceArn: string) => QueueName;
}

/** A record whose body was understood. */
interface Understood<Message> {
  readonly record: QueueRecord;
  readonly message: Message;
}

/**
 * Works through a batch. Messages that `parse` refuses, that fail for good, that fail for the last time, or with which the
 * function died each time, are buried with their reason and count as done; others that fail are delivered again. `groupOf` puts messages together that
 * `work` takes in one call; when a group fails its messages are tried one by one, so that one bad message does not hold
 * up its neighbours; not at once where a service is busy: then they come again later. Throws when the machine has no room: then the batch as a whole comes again, and no attempt is counted.
 */
export async function processBatch<Message>(
  event: QueueEvent,
  deps: BatchDeps,
  steps: {
    /** Throws PermanentError for a body that is none of ours. */
    readonly parse: (body: string) => Message;
    readonly groupOf: (message: Message) => string;
    readonly work: (messages: readonly [Message, ...Message[]]) => Promise<void>;
    /**
     * A message that sends for its own successor: taken after all others of the batch. A function that runs out of time gets
     * the whole batch again, and a chain whose page was done by then would go on as two.
     */
    readonly last?: (message: Message) => boolean;
    /** Told of a message that is buried: whoever waits for what it asked for must hear of it. */
    readonly buried?: (message: Message) => Promise<void>;
  },
): Promise<BatchAnswer> {
  const again: string[] = [];
  const settle = async (record: QueueRecord, error: unknown, message?: Message): Promise<void> => {
    if (!(await bury(deps, record, error))) again.push(record.messageId);
    else if (message !== undefined) await told(deps, record, steps.buried?.(message));
  };
  const groups = new Map<string, Understood<Message>[]>();
  for (const record of event.Records) {
    try {
      const message = steps.parse(record.body);
      if (attemptOf(record) > LAST_ATTEMPT) {
        await settle(record, OUTLASTED, message);
        continue;
      }
      const key = steps.groupOf(message);
      const group = groups.get(key) ?? [];
      groups.set(key, group);
      group.push({ record, message });
    } catch (error) {
      await settle(record, error);
    }
  }
  for (const group of inTurn([...groups.values()], steps.last)) {
    const failed = await tryTogether(group, steps.work);
    if (failed === undefined) continue;
    for (const one of group) {
      const asItIs = group.length === 1 || (isBusy(failed) && attemptOf(one.record) < LAST_ATTEMPT);
      const error = asItIs ? failed : await tryTogether([one], steps.work);
      if (error !== undefined) await settle(one.record, error, one.message);
    }
  }
  return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
}

function inTurn<Message>(
  groups: readonly (readonly Understood<Message>[])[],
  last: (message: Message) => boolean = () => false,
): readonly (readonly Understood<Message>[])[] {
  const waits = (group: readonly Understood<Message>[]) => group.some(({ message }) => last(message));
  return [...groups.filter((group) => !waits(group)), ...groups.filter(waits)];
}

/** Where a service is at its limit, ten calls for one would keep it there; before a message is given up for it, it is tried alone. */
function isBusy(error: Error): boolean {
  return error instanceof RetryLaterError && error.busy;
}

/** A function that dies with a message answers nothing; its deliveries are counted all the same. */
const OUTLASTED = new PermanentError(
  'OUTLASTED',
  'delivered more often than it is tried: the function died with it, or the dead letters could not be reached',
);

function attemptOf({ attributes }: QueueRecord): number {
  return Number(attributes.ApproximateReceiveCount);
}

/** The message is in the dead letters whether or not this works, so that it does not come again for it. */
async function told(deps: BatchDeps, record: QueueRecord, telling: Promise<void> | undefined): Promise<void> {
  try {
    await telling;
  } catch (error) {
    deps.log.error(LogCode.MessageBuried, { message: record.messageId, told: false, reason: reasonOf(error) });
  }
}

async function tryTogether<Message>(
  group: readonly Understood<Message>[],
  work: (messages: readonly [Message, ...Message[]]) => Promise<void>,
): Promise<Error | undefined> {
  const [first, ...rest] = group.map((one) => one.message);
  if (first === undefined) return undefined;
  try {
    await work([first, ...rest]);
    return undefined;
  } catch (error) {
    if (error instanceof NoRoomError) throw error;
    return error instanceof Error ? error : new Error('something other than an error was thrown');
  }
}

/** True when the message is in the dead letters and need not come again. */
async function bury(deps: BatchDeps, record: QueueRecord, error: unknown): Promise<boolean> {
  const queue = deps.queueOf(record.eventSourceARN);
  const attempt = attemptOf(record);
  const permanent = error instanceof PermanentError;
  const fields = { queue, message: record.messageId, attempt, reason: reasonOf(error) };
  if (!permanent && attempt < LAST_ATTEMPT) {
    deps.log.warn(LogCode.MessageRetried, fields);
    deps.metrics.count('MessagesRetried', 1);
    return false;
  }
  try {
    await deps.deadLetters.bury(queue, record.body, fields.reason);
  } catch {
    // The queue's own redrive is the net: the message stays until the dead letters take it.
    deps.log.error(LogCode.MessageRetried, { ...fields, deadLetters: 'unreachable' });
    return false;
  }
  deps.log.error(LogCode.MessageBuried, fields);
  deps.metrics.count('MessagesBuried', 1);
  return true;
}

/** Text of our own errors is free of personal data; of others only name and code are kept, their text may quote what they read. */
function reasonOf(error: unknown): string {
  if (error instanceof PermanentError) return `${error.code}: ${error.message}`;
  if (!(error instanceof Error)) return 'UnknownError';
  if (error.name === 'RetryLaterError') return `${error.name}: ${error.message}`;
  const code = 'code' in error && typeof error.code === 'string' && CODE.test(error.code) ? error.code : undefined;
  return code === undefined ? error.name : `${error.name}: ${code}`;
}

/** What systems call their failures, EACCES for one: it says what is to be done, and holds nothing that was read. */
const CODE = /^[A-Z][A-Z_]{2,40}$/;
