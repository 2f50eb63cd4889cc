import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/relay-messages/handler.ts';
import type { StreamRecord, StreamValue } from '../../../shared/adapters/aws/stream-events.ts';
import { asToldByStream, messagesAttribute, messagesOfStreamRecord } from '../../../shared/adapters/aws/stream-messages.ts';
import { PermanentError, RetryLaterError } from '../../../shared/ports/errors.ts';
import type { OutboxMessage } from '../../../shared/ports/outbox.ts';
import { MESSAGE_BYTES } from '../../../shared/ports/queue.ts';

const toCases = (body: string): OutboxMessage => ({ queue: 'cases', message: { body } });

/** A write as the stream tells of it. */
function written(sequence: string, messages: string | undefined, eventName: StreamRecord['eventName'] = 'MODIFY'): StreamRecord {
  const held: Record<string, StreamValue> = messages === undefined ? {} : { messages: { S: messages } };
  return { eventName, dynamodb: { SequenceNumber: sequence, NewImage: { pk: { S: 'H#1' }, sk: { S: 'CASE' }, ...held } } };
}

const sending = (sequence: string, ...bodies: string[]) => written(sequence, messagesAttribute(bodies.map(toCases)));

/** A relay whose queue refuses some bodies. */
function relay(refusals: Readonly<Record<string, Error>> = {}) {
  const sent: string[] = [];
  const buried: { readonly body: string; readonly reason: string }[] = [];
  const silent = () => undefined;
  const handle = createHandler<StreamRecord>({
    messagesOf: messagesOfStreamRecord,
    asTold: asToldByStream,
    placeOf: (record) => record.dynamodb?.SequenceNumber ?? '',
    queue: {
      async send(queue, messages) {
        for (const { body } of messages) {
          const refusal = refusals[body];
          if (refusal !== undefined) throw refusal;
        }
        sent.push(...messages.map(({ body }) => `${queue} ${body}`));
      },
    },
    deadLetters: {
      bury: async (_, body, reason) => void buried.push({ body, reason }),
      list: async () => [],
      putBack: async () => 0,
    },
    log: { info: silent, warn: silent, error: silent },
    metrics: { count: silent },
  });
  return { sent, buried, handle: (...Records: StreamRecord[]) => handle({ Records }) };
}

describe('sending on what was saved with a change', () => {
  it('sends every message of every write', async () => {
    const { sent, handle } = relay();
    expect(await handle(sending('1', 'a', 'b'), written('2', undefined), sending('3', 'c'))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual(['cases a', 'cases b', 'cases c']);
  });

  it('sends nothing for an item that was taken away', async () => {
    const { sent, handle } = relay();
    await handle(written('1', messagesAttribute([toCases('a')]), 'REMOVE'));
    expect(sent).toEqual([]);
  });

  it('lets the whole batch come again when the queue is not to be reached', async () => {
    const { buried, handle } = relay({ b: new RetryLaterError('throttled') });
    expect(await handle(sending('1', 'a'), sending('2', 'b'))).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect(buried).toEqual([]);
  });

  it('buries what can never be sent and sends the others', async () => {
    const { sent, buried, handle } = relay({ b: new PermanentError('MESSAGE_TOO_LARGE', 'split it') });
    expect(await handle(sending('1', 'a'), sending('2', 'b'), sending('3', 'c'))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual(['cases a', 'cases c']);
    expect(buried).toEqual([{ body: 'b', reason: 'MESSAGE_TOO_LARGE: split it' }]);
  });

  it('keeps the beginning of what is too large for the dead letters too, and goes on', async () => {
    const { sent, buried, handle } = relay();
    const rubbish = `H#2 ${'户'.repeat(120_000)}`;
    expect(await handle(written('7', rubbish), sending('8', 'a'))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual(['cases a']);
    expect(Buffer.byteLength(buried[0]?.body ?? '')).toBeLessThan(MESSAGE_BYTES);
    expect(buried[0]?.body).toContain('H#1 CASE');
  });

  it.each(['no JSON', '[{"queue":"nowhere","body":"x"}]'])('buries what it cannot read as it came: %s', async (text) => {
    const { sent, buried, handle } = relay();
    expect(await handle(written('7', text), sending('8', 'a'))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual(['cases a']);
    expect(buried.map(({ body }) => JSON.parse(body))).toEqual([{ streamRecord: '7', item: 'H#1 CASE', messages: text }]);
    expect(buried[0]?.reason).toMatch(/^STORED_ITEM_SHAPE: /);
  });
});

describe('the attribute of messages', () => {
  it('is not there when there are none, so that the filter of the stream leaves the write out', () => {
    expect(messagesAttribute([])).toBeUndefined();
  });
});
