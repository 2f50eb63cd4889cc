import { describe, expect, it } from 'vitest';
import {
  type DeadLetterBox,
  MESSAGE_BYTES,
  type QueueName,
  type QueueReceiver,
  type QueueSender,
  type ReceivedMessage,
} from '../../shared/ports/queue.ts';
import { type SubjectMaker, settle, withSubject } from './subject.ts';

/** All sides of a set of queues. */
export interface Queues {
  readonly sender: QueueSender;
  readonly receiver: QueueReceiver;
  readonly deadLetters: DeadLetterBox;
}

/** What differs between queues, beside how one is made. */
export interface QueueContractOptions extends SubjectMaker<Queues> {
  /** Lets this many seconds pass for the queue: by its clock, or by waiting. */
  pass(seconds: number): Promise<void>;
  /** Deliveries after which a message that is never removed becomes a dead letter. */
  readonly maxAttempts: number;
  /** False for a queue that cannot tell that a message under the same key still waits. */
  readonly coalesces: boolean;
}

const HIDDEN_SECONDS = 30;

/** What every set of queues promises. */
export function queueContract(name: string, options: QueueContractOptions): void {
  const eventually = settle(options);
  const bodies = (messages: readonly { readonly body: string }[]) => messages.map((message) => message.body).sort();

  /** Receives until `count` messages are in hand: a queue may give fewer than asked for although more wait. */
  async function take(
    receiver: QueueReceiver,
    queue: QueueName,
    count: number,
    seconds = HIDDEN_SECONDS,
  ): Promise<ReceivedMessage[]> {
    const taken: ReceivedMessage[] = [];
    await eventually(async () => {
      let more = count;
      while (taken.length < count && more > 0) {
        const hand = await receiver.receive(queue, Math.min(10, count - taken.length), seconds);
        taken.push(...hand);
        more = hand.length;
      }
      expect(taken).toHaveLength(count);
    });
    return taken;
  }

  describe(`queues: ${name}`, () => {
    it('delivers a message as it was sent, on its own queue, on first attempt', () =>
      withSubject(options, async ({ sender, receiver }) => {
        const body = JSON.stringify({ v: 1, kind: 'sweep', 备注: '第一行\n𠮷 "引号"' });
        await sender.send('updates', [{ body }]);
        expect(await receiver.receive('files', 10, HIDDEN_SECONDS)).toEqual([]);
        const [message] = await take(receiver, 'updates', 1);
        // The same JSON: a queue may have to write rare characters as escapes.
        expect(JSON.parse(message?.body ?? '')).toEqual(JSON.parse(body));
        expect(message?.attempt).toBe(1);
      }));

    it('hides a message in hand from others, and counts it until it is removed', () =>
      withSubject(options, async ({ sender, receiver }) => {
        await sender.send('files', [{ body: 'one' }]);
        const [message] = await take(receiver, 'files', 1);
        expect(await receiver.receive('files', 10, HIDDEN_SECONDS)).toEqual([]);
        await eventually(async () => expect(await receiver.depth('files')).toBe(1));
        await receiver.remove('files', [message?.id ?? '']);
        await eventually(async () => expect(await receiver.depth('files')).toBe(0));
      }));

    it('delivers a message again when its time has passed, counting the attempts', () =>
      withSubject(options, async ({ sender, receiver }) => {
        await sender.send('files', [{ body: 'one' }]);
        await take(receiver, 'files', 1, 1);
        await options.pass(2);
        expect(await take(receiver, 'files', 1)).toMatchObject([{ body: 'one', attempt: 2 }]);
      }));

    it('never delivers a removed message again', () =>
      withSubject(options, async ({ sender, receiver }) => {
        await sender.send('files', [{ body: 'one' }, { body: 'two' }]);
        const messages = await take(receiver, 'files', 2, 1);
        const gone = messages.find((message) => message.body === 'one');
        await receiver.remove('files', [gone?.id ?? '']);
        await options.pass(2);
        expect(bodies(await take(receiver, 'files', 1))).toEqual(['two']);
        expect(await receiver.receive('files', 10, HIDDEN_SECONDS)).toEqual([]);
      }));

    it('gives simultaneous receivers different messages', () =>
      withSubject(options, async ({ sender, receiver }) => {
        const sent = Array.from({ length: 20 }, (_, n) => `message ${n}`);
        await sender.send(
          'files',
          sent.map((body) => ({ body })),
        );
        const taken: ReceivedMessage[] = [];
        await eventually(async () => {
          const hands = await Promise.all([1, 2, 3, 4].map(() => receiver.receive('files', 5, HIDDEN_SECONDS)));
          taken.push(...hands.flat());
          expect(bodies(taken)).toEqual([...sent].sort());
        });
      }));

    it('takes more messages, and larger ones, than one batch of any queue holds', () =>
      withSubject(options, async ({ sender, receiver }) => {
        const large = Array.from({ length: 5 }, (_, n) => `${n}${'户'.repeat((MESSAGE_BYTES - 10) / 3)}`);
        const small = Array.from({ length: 30 }, (_, n) => `small ${n}`);
        await sender.send(
          'updates',
          [...large, ...small].map((body) => ({ body })),
        );
        const taken = await take(receiver, 'updates', 35);
        expect(bodies(taken)).toEqual([...large, ...small].sort());
        await receiver.remove(
          'updates',
          taken.map((message) => message.id),
        );
        await eventually(async () => expect(await receiver.depth('updates')).toBe(0));
      }));

    it('refuses a message over the size limit and sends nothing of the call', () =>
      withSubject(options, async ({ sender, receiver }) => {
        const send = sender.send('updates', [{ body: 'small' }, { body: '户'.repeat(MESSAGE_BYTES / 3 + 1) }]);
        await expect(send).rejects.toMatchObject({ name: 'PermanentError' });
        expect(await receiver.receive('updates', 10, HIDDEN_SECONDS)).toEqual([]);
      }));

    it('takes empty lists', () =>
      withSubject(options, async ({ sender, receiver, deadLetters }) => {
        await sender.send('files', []);
        await receiver.remove('files', []);
        expect(await receiver.depth('files')).toBe(0);
        expect(await deadLetters.list('files', 10)).toEqual([]);
        expect(await deadLetters.putBack('files')).toBe(0);
      }));

    it('delivers messages under different keys, or none, all', () =>
      withSubject(options, async ({ sender, receiver }) => {
        await sender.send('assessments', [{ body: 'a', key: 'a' }, { body: 'b', key: 'b' }, { body: 'c' }, { body: 'd' }]);
        expect(bodies(await take(receiver, 'assessments', 4))).toEqual(['a', 'b', 'c', 'd']);
      }));

    it('delivers a message under a key whose earlier message is already in hand', () =>
      withSubject(options, async ({ sender, receiver }) => {
        await sender.send('assessments', [{ body: 'first', key: 'household' }]);
        const [first] = await take(receiver, 'assessments', 1);
        await sender.send('assessments', [{ body: 'second', key: 'household' }]);
        expect(bodies(await take(receiver, 'assessments', 1))).toEqual(['second']);
        await receiver.remove('assessments', [first?.id ?? '']);
      }));

    if (options.coalesces) {
      it('drops a message while another under the same key of the same queue waits', () =>
        withSubject(options, async ({ sender, receiver }) => {
          await sender.send('assessments', [
            { body: 'one', key: 'k' },
            { body: 'two', key: 'k' },
          ]);
          await sender.send('assessments', [{ body: 'three', key: 'k' }]);
          await sender.send('updates', [{ body: 'elsewhere', key: 'k' }]);
          expect(bodies(await receiver.receive('assessments', 10, HIDDEN_SECONDS))).toEqual(['one']);
          expect(bodies(await receiver.receive('updates', 10, HIDDEN_SECONDS))).toEqual(['elsewhere']);
        }));
    }

    it('makes a dead letter of a message that is never removed', () =>
      withSubject(options, async ({ sender, receiver, deadLetters }) => {
        await sender.send('updates', [{ body: 'poison' }]);
        for (let attempt = 1; attempt <= options.maxAttempts; attempt += 1) {
          expect(await take(receiver, 'updates', 1, 1)).toMatchObject([{ attempt }]);
          await options.pass(2);
        }
        expect(await receiver.receive('updates', 10, HIDDEN_SECONDS)).toEqual([]);
        await eventually(async () => {
          const letters = await deadLetters.list('updates', 10);
          expect(letters).toMatchObject([{ queue: 'updates', body: 'poison' }]);
          expect(letters[0]?.reason).not.toBe('');
          expect(await receiver.depth('updates')).toBe(0);
        });
      }));

    it('keeps a buried message with its reason, per queue', () =>
      withSubject(options, async ({ receiver, deadLetters }) => {
        await deadLetters.bury('updates', 'not JSON 不是', 'AW9001_MESSAGE_BURIED: 报文格式不符 / body fits no message');
        await deadLetters.bury('files', 'other', 'reason');
        await eventually(async () => {
          expect(await deadLetters.list('updates', 10)).toMatchObject([
            { queue: 'updates', body: 'not JSON 不是', reason: 'AW9001_MESSAGE_BURIED: 报文格式不符 / body fits no message' },
          ]);
        });
        expect(await receiver.receive('updates', 10, HIDDEN_SECONDS)).toEqual([]);
      }));

    it('puts all dead letters of a queue back, leaving those of others', () =>
      withSubject(options, async ({ receiver, deadLetters }) => {
        const buried = Array.from({ length: 23 }, (_, n) => `letter ${n}`);
        for (const body of buried) await deadLetters.bury('updates', body, 'reason');
        await deadLetters.bury('files', 'stays', 'reason');
        let back = 0;
        await eventually(async () => {
          back += await deadLetters.putBack('updates');
          expect(back).toBe(23);
        });
        const taken = await take(receiver, 'updates', 23);
        expect(bodies(taken)).toEqual([...buried].sort());
        expect(taken.map((message) => message.attempt)).toEqual(buried.map(() => 1));
        expect(await deadLetters.putBack('updates')).toBe(0);
        await eventually(async () => expect(bodies(await deadLetters.list('files', 10))).toEqual(['stays']));
      }));

    it('lists at most as many dead letters as asked for', () =>
      withSubject(options, async ({ deadLetters }) => {
        for (const body of ['a', 'b', 'c']) await deadLetters.bury('files', body, 'reason');
        await eventually(async () => expect(await deadLetters.list('files', 2)).toHaveLength(2));
      }));
  });
}
