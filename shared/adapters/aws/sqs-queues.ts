import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { PermanentError } from '../../ports/errors.ts';
import {
  type DeadLetter,
  type DeadLetterBox,
  MESSAGE_BYTES,
  type OutgoingMessage,
  type QueueName,
  type QueueReceiver,
  type QueueSender,
} from '../../ports/queue.ts';
import { type Backoff, realBackoff, sendUntilDone } from './backoff.ts';
import { inParallel, partsOf } from './bounded-parallel.ts';
import { ATTEMPTS, answersSoon } from './client-limits.ts';
import { atEdge } from './service-errors.ts';

/** SQS takes ten messages and 256 KiB in one call. */
const BATCH = 10;
const BATCH_BYTES = 262_144;
const WIDTH = 8;
/** Long enough to read a page of dead letters, short enough that one left in hand by a crash is soon seen again. */
const LISTING_SECONDS = 30;
const REASON_LENGTH = 1_000;
const TOO_OFTEN =
  '处理多次未成功，已移入死信队列；原因见当时的日志。 / not processed after several attempts; the log of that time says why.';

export interface SqsSettings {
  /** Only the queues this user of them is given. */
  readonly urls: Readonly<Partial<Record<QueueName, string>>>;
  readonly deadLetterUrls?: Readonly<Partial<Record<QueueName, string>>>;
  readonly client?: SQSClient;
  readonly backoff?: Backoff;
  /** How long a receive waits for messages; at 0 it may miss some that are there. */
  readonly waitSeconds?: number;
}

function waitOf({ waitSeconds = 1 }: SqsSettings): number {
  return waitSeconds;
}

function clientOf(settings: SqsSettings): SQSClient {
  // The host in a queue's address is how its maker reached it; the endpoint of this environment is how we do.
  const requestHandler = answersSoon(waitOf(settings) * 1_000);
  return settings.client ?? new SQSClient({ maxAttempts: ATTEMPTS, requestHandler, useQueueUrlAsEndpoint: false });
}

function queueUrl(urls: SqsSettings['urls'] | undefined, queue: QueueName): string {
  const url = urls?.[queue];
  if (url !== undefined) return url;
  throw new PermanentError('SETTING_MISSING', `没有配置 ${queue} 队列的地址。 / no address of the queue ${queue} is set.`);
}

/**
 * SQS refuses U+FFFE, U+FFFF and most control characters, and some servers of its kind everything above U+FFFF. Bodies
 * are JSON, where such a character and its escape mean the same.
 */
function escaped(body: string, rare: RegExp): string {
  return body.replace(rare, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const REFUSED_SOMEWHERE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g;
/** With `u`, a pair of halves is one character and only lone halves are matched. */
const REFUSED_BY_SQS = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** A body as it is sent. Escapes of what only other servers refuse are three times as long: left out where they do not fit. */
function asSent(body: string): string {
  const careful = escaped(body, REFUSED_SOMEWHERE);
  return Buffer.byteLength(careful) <= BATCH_BYTES ? careful : escaped(body, REFUSED_BY_SQS);
}

/** Messages in calls of at most ten and 256 KiB. */
function batchesOf(messages: readonly OutgoingMessage[]): OutgoingMessage[][] {
  const batches: OutgoingMessage[][] = [];
  let batch: OutgoingMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = Buffer.byteLength(message.body);
    if (batch.length === BATCH || (batch.length > 0 && bytes + size > BATCH_BYTES)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** Of messages under one key in one call the first is enough. */
function withoutSuperfluous(messages: readonly OutgoingMessage[]): OutgoingMessage[] {
  const keys = new Set<string>();
  return messages.filter(({ key }) => {
    if (key === undefined) return true;
    if (keys.has(key)) return false;
    keys.add(key);
    return true;
  });
}

function refuseLarger(messages: readonly OutgoingMessage[], limit: number): void {
  const size = messages.reduce((largest, { body }) => Math.max(largest, Buffer.byteLength(body)), 0);
  if (size <= limit) return;
  throw new PermanentError(
    'MESSAGE_TOO_LARGE',
    `消息有 ${size} 字节，上限为 ${limit}，请拆分后发送。 / a message has ${size} bytes, the limit is ${limit}; split it.`,
  );
}

/** Sends to SQS. A message over MESSAGE_BYTES throws PermanentError and nothing of the call is sent. */
export function sqsSender(settings: SqsSettings): QueueSender {
  const client = clientOf(settings);
  const backoff = settings.backoff ?? realBackoff;

  async function sendBatch(QueueUrl: string, batch: readonly OutgoingMessage[]): Promise<void> {
    await sendUntilDone('SQS SendMessageBatch', backoff, batch, async (left) => {
      const Entries = left.map(({ body }, index) => ({ Id: String(index), MessageBody: body }));
      const { Failed = [] } = await atEdge('SQS SendMessageBatch', () =>
        client.send(new SendMessageBatchCommand({ QueueUrl, Entries })),
      );
      const refused = Failed.find((failure) => failure.SenderFault && !/thrott/i.test(failure.Code ?? ''));
      if (refused !== undefined) {
        throw new PermanentError(
          'AWS_REFUSED',
          `SQS 拒收消息（${refused.Code}），请检查消息内容。 / SQS refused a message (${refused.Code}); check its content.`,
        );
      }
      return Failed.flatMap((failure) => left[Number(failure.Id)] ?? []);
    });
  }

  return {
    async send(queue, messages) {
      const bodies = withoutSuperfluous(messages).map(({ body }) => ({ body: asSent(body) }));
      refuseLarger(messages, MESSAGE_BYTES);
      // Escapes are longer: the service measures what it is sent, and refuses a whole call for one message.
      refuseLarger(bodies, BATCH_BYTES);
      await inParallel(WIDTH, batchesOf(bodies), (batch) => sendBatch(queueUrl(settings.urls, queue), batch));
    },
  };
}

async function receiveSome(
  client: SQSClient,
  url: string,
  max: number,
  seconds: number,
  waitSeconds: number,
): Promise<readonly Message[]> {
  const { Messages } = await atEdge('SQS ReceiveMessage', () =>
    client.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: Math.min(BATCH, max),
        VisibilityTimeout: seconds,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        MessageAttributeNames: ['reason'],
      }),
    ),
  );
  return Messages ?? [];
}

/** Receives until `max` are there or the queue gives no more. */
async function receiveUpTo(
  client: SQSClient,
  url: string,
  max: number,
  seconds: number,
  waitSeconds: number,
): Promise<Message[]> {
  const taken: Message[] = [];
  while (taken.length < max) {
    const some = await receiveSome(client, url, max - taken.length, seconds, waitSeconds);
    if (some.length === 0) break;
    taken.push(...some);
  }
  return taken;
}

async function removeAll(client: SQSClient, backoff: Backoff, QueueUrl: string, handles: readonly string[]): Promise<void> {
  await inParallel(WIDTH, partsOf(handles, BATCH), (part) =>
    sendUntilDone('SQS DeleteMessageBatch', backoff, part, async (left) => {
      const Entries = left.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
      const { Failed = [] } = await atEdge('SQS DeleteMessageBatch', () =>
        client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries })),
      );
      // A handle that is no longer valid belongs to a message removed or delivered again meanwhile: nothing to finish.
      return Failed.filter((failure) => !failure.SenderFault).flatMap((failure) => left[Number(failure.Id)] ?? []);
    }),
  );
}

/** Receives from SQS: for commands and tests; in the cloud Lambda does it. A message's id is its receipt handle. */
export function sqsReceiver(settings: SqsSettings): QueueReceiver {
  const client = clientOf(settings);
  const backoff = settings.backoff ?? realBackoff;
  return {
    async receive(queue, max, seconds) {
      const messages = await receiveUpTo(client, queueUrl(settings.urls, queue), max, seconds, waitOf(settings));
      return messages.map((message) => ({
        id: message.ReceiptHandle ?? '',
        body: message.Body ?? '',
        attempt: Number(message.Attributes?.ApproximateReceiveCount ?? '1'),
      }));
    },
    remove: (queue, ids) => removeAll(client, backoff, queueUrl(settings.urls, queue), ids),
    async depth(queue) {
      const { Attributes } = await atEdge('SQS GetQueueAttributes', () =>
        client.send(
          new GetQueueAttributesCommand({
            QueueUrl: queueUrl(settings.urls, queue),
            AttributeNames: [
              'ApproximateNumberOfMessages',
              'ApproximateNumberOfMessagesNotVisible',
              'ApproximateNumberOfMessagesDelayed',
            ],
          }),
        ),
      );
      return Object.values(Attributes ?? {}).reduce((sum, count) => sum + Number(count), 0);
    },
  };
}

/**
 * Dead-letter queues with the reason as a message attribute; messages SQS moved there by itself have none and get a
 * general one. Needs `deadLetterUrls`.
 */
export function sqsDeadLetterBox(settings: SqsSettings): DeadLetterBox {
  const client = clientOf(settings);
  const backoff = settings.backoff ?? realBackoff;
  const sender = sqsSender({ ...settings, client });
  const waitSeconds = waitOf(settings);

  function urlOf(queue: QueueName): string {
    const url = settings.deadLetterUrls?.[queue];
    if (url !== undefined) return url;
    throw new PermanentError(
      'SETTING_MISSING',
      `没有配置 ${queue} 队列的死信队列地址。 / no address of the dead-letter queue of ${queue} is set.`,
    );
  }

  return {
    async bury(queue, body, reason) {
      const StringValue = (reason || TOO_OFTEN).slice(0, REASON_LENGTH);
      await atEdge('SQS SendMessage', () =>
        client.send(
          new SendMessageCommand({
            QueueUrl: urlOf(queue),
            MessageBody: escaped(body, REFUSED_BY_SQS),
            MessageAttributes: { reason: { DataType: 'String', StringValue } },
          }),
        ),
      );
    },
    async list(queue, limit) {
      const url = urlOf(queue);
      const messages = await receiveUpTo(client, url, limit, LISTING_SECONDS, waitSeconds);
      await inParallel(WIDTH, partsOf(messages, BATCH), (part) =>
        atEdge('SQS ChangeMessageVisibilityBatch', () =>
          client.send(
            new ChangeMessageVisibilityBatchCommand({
              QueueUrl: url,
              Entries: part.map((message, index) => ({
                Id: String(index),
                ReceiptHandle: message.ReceiptHandle,
                VisibilityTimeout: 0,
              })),
            }),
          ),
        ),
      );
      return messages.map(
        (message): DeadLetter => ({
          id: message.MessageId ?? '',
          queue,
          body: message.Body ?? '',
          reason: message.MessageAttributes?.['reason']?.StringValue ?? TOO_OFTEN,
        }),
      );
    },
    async putBack(queue) {
      const url = urlOf(queue);
      let count = 0;
      for (;;) {
        const messages = await receiveSome(client, url, BATCH, LISTING_SECONDS, waitSeconds);
        if (messages.length === 0) return count;
        // Sent before removed: a crash in between delivers twice and loses none.
        await sender.send(
          queue,
          messages.map((message) => ({ body: message.Body ?? '' })),
        );
        await removeAll(
          client,
          backoff,
          url,
          messages.flatMap((message) => message.ReceiptHandle ?? []),
        );
        count += messages.length;
      }
    },
  };
}
