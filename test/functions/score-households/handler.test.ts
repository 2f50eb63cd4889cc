import { describe, expect, it } from 'vitest';
import { createHandler, type ScoreDeps } from '../../../functions/score-households/handler.ts';
import type { OutgoingMessage, QueueName } from '../../../shared/ports/queue.ts';

/** A host with two pages of households and no facts. */
function host() {
  const sent: { queue: QueueName; body: unknown }[] = [];
  const loaded: (readonly string[])[] = [];
  const buried: string[] = [];
  const silent = () => undefined;
  const deps = {
    catalog: new Map(),
    registry: {
      households: async ({ after }: { after?: string }) =>
        after === undefined ? { households: ['H1', 'H2'], next: 'H2' } : { households: ['H3'] },
      membersOf: async () => new Map(),
    },
    standings: {
      load: async (households: readonly string[]) => {
        loaded.push(households);
        return new Map();
      },
    },
    facts: { ofPersons: async () => new Map() },
    register: { deliveries: async () => [] },
    queue: {
      send: async (queue: QueueName, messages: readonly OutgoingMessage[]) =>
        void sent.push(...messages.map(({ body }) => ({ queue, body: JSON.parse(body) }))),
    },
    deadLetters: { bury: async (_queue: string, _body: string, reason: string) => void buried.push(reason) },
    queueOf: () => 'assessments',
    packsFor: () => [],
    householdsPerMessage: 50,
    pause: async () => undefined,
    clock: { now: () => '2024-04-01T00:00:00.000Z' },
    log: { info: silent, warn: silent, error: silent },
    metrics: { count: silent },
  } as unknown as ScoreDeps;
  return { sent, loaded, buried, handle: createHandler(deps) };
}

function sqs(...bodies: readonly object[]) {
  return {
    Records: bodies.map((body, index) => ({
      messageId: String(index),
      body: JSON.stringify(body),
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:assessments',
      attributes: { ApproximateReceiveCount: '1' },
    })),
  };
}

describe('score-households', () => {
  it('answers a sweep with assessments for a page of households and the next page of the sweep', async () => {
    const { sent, handle } = host();
    expect(await handle(sqs({ v: 1, kind: 'sweep' }))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([
      { queue: 'assessments', body: { v: 1, kind: 'assess-households', households: ['H1', 'H2'] } },
      { queue: 'assessments', body: { v: 1, kind: 'sweep', after: 'H2' } },
    ]);
  });

  it('ends the sweep with its last page', async () => {
    const { sent, handle } = host();
    await handle(sqs({ v: 1, kind: 'sweep', after: 'H2' }));
    expect(sent).toEqual([{ queue: 'assessments', body: { v: 1, kind: 'assess-households', households: ['H3'] } }]);
  });

  it('assesses the households of several messages together and each only once', async () => {
    const { loaded, handle } = host();
    await handle(
      sqs(
        { v: 1, kind: 'assess-households', households: ['H1', 'H2'] },
        { v: 1, kind: 'assess-households', households: ['H2', 'H3'] },
      ),
    );
    expect(loaded).toEqual([['H1', 'H2', 'H3']]);
  });

  it.each([
    ['no households', { v: 1, kind: 'assess-households', households: [] }],
    ['updates without rows', { v: 1, kind: 'household-updates', file: 'f', feed: 'a/b', seq: 's', recordedAt: 'r', updates: [] }],
    ['a drop', { v: 1, kind: 'file-dropped', key: 'inbox/x' }],
  ])('buries a message with %s', async (_, body) => {
    const { buried, handle } = host();
    expect(await handle(sqs(body))).toEqual({ batchItemFailures: [] });
    expect(buried).toEqual([expect.stringMatching(/^UNKNOWN_MESSAGE: /)]);
  });

  it('buries facts of a feed this version does not know, naming the feed', async () => {
    const { buried, handle } = host();
    const row = { row: 2, key: 'k', from: '2024-03-01', fields: {}, content: 'c' };
    const update = { person: 'p', birth: '1960-01-01', sex: 'female', rows: [row] };
    await handle(sqs({ v: 1, kind: 'household-updates', file: 'f', feed: 'a/b', seq: 's', recordedAt: 'r', updates: [update] }));
    expect(buried).toEqual(['UNKNOWN_FEED: no feed a/b in the catalog of this version']);
  });
});
