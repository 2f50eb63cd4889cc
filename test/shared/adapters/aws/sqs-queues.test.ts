import { DeleteMessageBatchCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { sqsDeadLetterBox, sqsReceiver, sqsSender } from '../../../../shared/adapters/aws/sqs-queues.ts';

const sqs = mockClient(SQSClient);
const backoff = { random: () => 0, sleep: async () => undefined };
const settings = { urls: { updates: 'https://queue.example/updates' }, backoff };

beforeEach(() => sqs.reset());

function bodiesSent(): (string | undefined)[][] {
  return sqs
    .commandCalls(SendMessageBatchCommand)
    .map((call) => call.args[0].input.Entries?.map((entry) => entry.MessageBody) ?? []);
}

const failed = (Id: string, SenderFault: boolean, Code: string) => ({ Id, SenderFault, Code });

describe('sending to SQS', () => {
  it('sends again the messages of a batch that failed, and only those', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({ Successful: [], Failed: [failed('1', false, 'InternalError')] })
      .resolves({ Successful: [], Failed: [] });
    await sqsSender(settings).send('updates', [{ body: 'one' }, { body: 'two' }, { body: 'three' }]);
    expect(bodiesSent()).toEqual([['one', 'two', 'three'], ['two']]);
  });

  it('does not try again what the service will never take', async () => {
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [failed('0', true, 'InvalidMessageContents')] });
    await expect(sqsSender(settings).send('updates', [{ body: 'one' }])).rejects.toMatchObject({ name: 'PermanentError' });
    expect(bodiesSent()).toHaveLength(1);
  });

  it('cuts at ten messages and at 256 KiB', async () => {
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
    await sqsSender(settings).send('updates', [
      { body: 'a'.repeat(200_000) },
      { body: 'b'.repeat(100_000) },
      ...Array.from({ length: 11 }, (_, n) => ({ body: `c${n}` })),
    ]);
    expect(bodiesSent().map((batch) => batch.length)).toEqual([1, 10, 2]);
  });

  it('writes characters SQS does not take as JSON escapes, which mean the same', async () => {
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
    const body = JSON.stringify({ hospital: '𠮷院\uffff' });
    await sqsSender(settings).send('updates', [{ body }]);
    const sent = bodiesSent()[0]?.[0] ?? '';
    expect(sent).toBe('{"hospital":"\\ud842\\udfb7院\\uffff"}');
    expect(JSON.parse(sent)).toEqual(JSON.parse(body));
  });

  it('leaves out the escapes that only other servers need where a message would grow past the limit by them', async () => {
    sqs.on(SendMessageBatchCommand).resolves({ Successful: [], Failed: [] });
    const body = JSON.stringify({ hospital: `${'𠮷'.repeat(50_000)}\uffff` });
    await sqsSender(settings).send('updates', [{ body }]);
    const sent = bodiesSent()[0]?.[0] ?? '';
    expect(Buffer.byteLength(sent)).toBeLessThanOrEqual(262_144);
    expect(sent).toContain('𠮷');
    expect(sent).not.toContain('\uffff');
    expect(JSON.parse(sent)).toEqual(JSON.parse(body));
  });

  it('refuses what is past the limit as it is sent, before anything is sent', async () => {
    const bodies = [{ body: 'small' }, { body: JSON.stringify({ hospital: '\uffff'.repeat(70_000) }) }];
    await expect(sqsSender(settings).send('updates', bodies)).rejects.toMatchObject({ code: 'MESSAGE_TOO_LARGE' });
    expect(bodiesSent()).toEqual([]);
  });

  it('says which queue has no address', async () => {
    await expect(sqsSender(settings).send('files', [{ body: 'x' }])).rejects.toThrow('files');
    await expect(sqsDeadLetterBox(settings).list('updates', 1)).rejects.toThrow('updates');
  });
});

describe('removing from SQS', () => {
  it('removes again what failed, but not what was no longer there', async () => {
    sqs
      .on(DeleteMessageBatchCommand)
      .resolvesOnce({
        Successful: [],
        Failed: [failed('0', true, 'ReceiptHandleIsInvalid'), failed('1', false, 'InternalError')],
      })
      .resolves({ Successful: [], Failed: [] });
    await sqsReceiver(settings).remove('updates', ['gone', 'late']);
    const handles = sqs
      .commandCalls(DeleteMessageBatchCommand)
      .map((call) => call.args[0].input.Entries?.map((entry) => entry.ReceiptHandle));
    expect(handles).toEqual([['gone', 'late'], ['late']]);
  });
});

describe('burying in SQS', () => {
  it('writes characters the service does not take as JSON escapes: what cannot be read must not stop the stream it came from', async () => {
    sqs.on(SendMessageCommand).resolves({});
    const box = sqsDeadLetterBox({ ...settings, deadLetterUrls: { cases: 'https://queue.example/dead' } });
    const told = { messages: 'none of ours: \ufffe\uffff𠮷' };
    await box.bury('cases', JSON.stringify(told), 'STORED_ITEM_SHAPE');
    const body = sqs.commandCalls(SendMessageCommand)[0]?.args[0].input.MessageBody ?? '';
    expect(body).not.toMatch(/[\ufffe\uffff]/);
    expect(JSON.parse(body)).toEqual(told);
  });
});
