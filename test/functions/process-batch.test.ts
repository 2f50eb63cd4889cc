import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAST_ATTEMPT } from '../../functions/last-attempt.ts';
import { processBatch, type QueueRecord } from '../../functions/process-batch.ts';
import { NoRoomError, PermanentError, RetryLaterError } from '../../shared/ports/errors.ts';
import { LogCode, type LogFields } from '../../shared/ports/log.ts';
import type { QueueName } from '../../shared/ports/queue.ts';

interface Line {
  readonly code: LogCode;
  readonly fields: LogFields | undefined;
}

function host(options: { readonly deadLettersFail?: true } = {}) {
  const buried: { queue: QueueName; body: string; reason: string }[] = [];
  const lines: Line[] = [];
  const counts = new Map<string, number>();
  const say = (code: LogCode, fields?: LogFields) => void lines.push({ code, fields });
  return {
    buried,
    lines,
    counts,
    deps: {
      deadLetters: {
        bury: async (queue: QueueName, body: string, reason: string) => {
          if (options.deadLettersFail) throw new RetryLaterError('no way');
          buried.push({ queue, body, reason });
        },
        list: async () => [],
        putBack: async () => 0,
      },
      log: { info: say, warn: say, error: say },
      metrics: { count: (name: string, value: number) => void counts.set(name, (counts.get(name) ?? 0) + value) },
      queueOf: (): QueueName => 'updates',
    },
  };
}

function record(messageId: string, body: string, attempt = 1): QueueRecord {
  return {
    messageId,
    body,
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:updates',
    attributes: { ApproximateReceiveCount: String(attempt) },
  };
}

/** Bodies tell what happens to them. */
const steps = (seen: string[][] = []) => ({
  parse: (body: string) => {
    if (body === 'rubbish') throw new PermanentError('NOT_JSON', 'the message body is not JSON');
    return body;
  },
  groupOf: () => 'all',
  work: async (messages: readonly [string, ...string[]]) => {
    seen.push([...messages]);
    if (messages.includes('poison')) throw new PermanentError('UNKNOWN_FEED', 'no feed of that name');
    if (messages.includes('busy')) throw new RetryLaterError('throttled');
    if (messages.includes('throttled')) throw new RetryLaterError('the table is busy', { busy: true });
    if (messages.includes('large')) throw new NoRoomError('the disk is full');
    if (messages.includes('shut')) throw Object.assign(new Error('张三.csv may not be written'), { code: 'EACCES' });
    if (messages.includes('bug')) throw new TypeError('张三 411122199001011234 is not a function');
  },
});

describe('processing a batch', () => {
  it('works through a good batch in one go and asks for nothing again', async () => {
    const seen: string[][] = [];
    const { deps, buried } = host();
    const answer = await processBatch({ Records: [record('1', 'a'), record('2', 'b')] }, deps, steps(seen));
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual([['a', 'b']]);
    expect(buried).toEqual([]);
  });

  it('answers with the ids of messages to come again and with no other key', async () => {
    const { deps } = host();
    const answer = await processBatch({ Records: [record('1', 'a'), record('2', 'busy')] }, deps, steps());
    expect(JSON.stringify(answer)).toBe('{"batchItemFailures":[{"itemIdentifier":"2"}]}');
  });

  it('takes messages that send for their successor after all others, so that no other makes them be done twice', async () => {
    const seen: string[][] = [];
    const { deps } = host();
    const batch = { Records: ['page', 'a', 'b'].map((body) => record(body, body)) };
    const apart = { groupOf: (body: string) => body, last: (body: string) => body === 'page' };
    await processBatch(batch, deps, { ...steps(seen), ...apart });
    expect(seen).toEqual([['a'], ['b'], ['page']]);
  });

  it('lets the neighbours of a failing message through', async () => {
    const seen: string[][] = [];
    const { deps } = host();
    await processBatch({ Records: [record('1', 'a'), record('2', 'poison'), record('3', 'c')] }, deps, steps(seen));
    expect(seen).toEqual([['a', 'poison', 'c'], ['a'], ['poison'], ['c']]);
  });

  it('buries a message that can never succeed, with its reason, and counts it as done', async () => {
    const { deps, buried, counts, lines } = host();
    const answer = await processBatch({ Records: [record('1', 'rubbish'), record('2', 'poison')] }, deps, steps());
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(buried).toEqual([
      { queue: 'updates', body: 'rubbish', reason: 'NOT_JSON: the message body is not JSON' },
      { queue: 'updates', body: 'poison', reason: 'UNKNOWN_FEED: no feed of that name' },
    ]);
    expect(counts.get('MessagesBuried')).toBe(2);
    expect(lines.map((line) => line.code)).toEqual([LogCode.MessageBuried, LogCode.MessageBuried]);
  });

  it('buries a message that still fails at its last attempt instead of letting it go without a reason', async () => {
    const { deps, buried } = host();
    const before = await processBatch({ Records: [record('1', 'busy', LAST_ATTEMPT - 1)] }, deps, steps());
    expect(before.batchItemFailures).toEqual([{ itemIdentifier: '1' }]);
    const last = await processBatch({ Records: [record('1', 'busy', LAST_ATTEMPT)] }, deps, steps());
    expect(last.batchItemFailures).toEqual([]);
    expect(buried).toEqual([{ queue: 'updates', body: 'busy', reason: 'RetryLaterError: throttled' }]);
  });

  it('asks a busy service once for a group and not once more for each of it: all come again later', async () => {
    const seen: string[][] = [];
    const { deps, buried } = host();
    const records = [record('1', 'a'), record('2', 'throttled', LAST_ATTEMPT - 1), record('3', 'c', 2)];
    const answer = await processBatch({ Records: records }, deps, steps(seen));
    expect(seen).toEqual([['a', 'throttled', 'c']]);
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['1', '2', '3']);
    expect(buried).toEqual([]);
  });

  it('tries alone what would be given up for a busy service', async () => {
    const seen: string[][] = [];
    const { deps, buried } = host();
    const records = [record('1', 'a', LAST_ATTEMPT), record('2', 'throttled', LAST_ATTEMPT), record('3', 'c')];
    const answer = await processBatch({ Records: records }, deps, steps(seen));
    expect(seen).toEqual([['a', 'throttled', 'c'], ['a'], ['throttled']]);
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: '3' }]);
    expect(buried.map(({ body }) => body)).toEqual(['throttled']);
  });

  it('buries nothing and counts no attempt while the machine has no room: the whole batch comes again', async () => {
    const { deps, buried, counts } = host();
    const records = [record('1', 'a', LAST_ATTEMPT), record('2', 'large', LAST_ATTEMPT)];
    await expect(processBatch({ Records: records }, deps, steps())).rejects.toThrow(NoRoomError);
    expect(buried).toEqual([]);
    expect(counts.size).toBe(0);
  });

  it('tells of each message that was understood and buried, and buries it even where telling fails', async () => {
    const { deps, buried } = host();
    const told: string[] = [];
    const telling = {
      ...steps(),
      buried: async (message: string) => {
        told.push(message);
        throw new RetryLaterError('nobody there');
      },
    };
    const records = [record('1', 'rubbish'), record('2', 'poison'), record('3', 'busy', LAST_ATTEMPT), record('4', 'a')];
    expect(await processBatch({ Records: records }, deps, telling)).toEqual({ batchItemFailures: [] });
    expect(told).toEqual(['poison', 'busy']);
    expect(buried.map(({ body }) => body)).toEqual(['rubbish', 'poison', 'busy']);
  });

  it('does not try once more what the function died with each time, and tells whoever waits', async () => {
    const { deps, buried } = host();
    const [seen, told]: [string[][], string[]] = [[], []];
    const telling = { ...steps(seen), buried: async (message: string) => void told.push(message) };
    const records = [record('1', 'deadly', LAST_ATTEMPT + 1), record('2', 'a')];
    expect(await processBatch({ Records: records }, deps, telling)).toEqual({ batchItemFailures: [] });
    expect([seen, told]).toEqual([[['a']], ['deadly']]);
    expect(buried).toEqual([{ queue: 'updates', body: 'deadly', reason: expect.stringMatching(/^OUTLASTED: .*died/) }]);
  });

  it('asks for a message again when even the dead letters cannot be reached', async () => {
    const { deps } = host({ deadLettersFail: true });
    const answer = await processBatch({ Records: [record('1', 'poison')] }, deps, steps());
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: '1' }]);
  });

  it('never repeats the text of an error that is not ours, nor a body, in log or reason', async () => {
    const { deps, buried, lines } = host();
    await processBatch({ Records: [record('1', 'bug', LAST_ATTEMPT), record('2', 'bug')] }, deps, steps());
    expect(buried.map((one) => one.reason)).toEqual(['TypeError']);
    expect(JSON.stringify(lines)).not.toMatch(/张三|411122199001011234|"body"/);
  });

  it('tells by its code what the machine could not do: "Error" alone tells nobody what to mend', async () => {
    const { deps, buried, lines } = host();
    await processBatch({ Records: [record('1', 'shut', LAST_ATTEMPT)] }, deps, steps());
    expect(buried.map((one) => one.reason)).toEqual(['Error: EACCES']);
    expect(JSON.stringify(lines)).not.toContain('张三');
  });

  it('accounts for every message once: done, buried or to come again', async () => {
    const body = fc.constantFrom('a', 'rubbish', 'poison', 'busy', 'bug');
    const one = fc.record({ body, attempt: fc.integer({ min: 1, max: LAST_ATTEMPT + 1 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 10 }), async (batch) => {
        const { deps, buried } = host();
        const records = batch.map(({ body: text, attempt }, index) => record(String(index), text, attempt));
        const { batchItemFailures } = await processBatch({ Records: records }, deps, steps());
        const again = new Set(batchItemFailures.map((failure) => failure.itemIdentifier));
        expect(again.size).toBe(batchItemFailures.length);
        const fails = batch.filter((item) => item.body !== 'a' || item.attempt > LAST_ATTEMPT).length;
        expect(again.size + buried.length).toBe(fails);
        for (const id of again) expect(batch[Number(id)]?.body).toMatch(/busy|bug/);
      }),
    );
  });
});
