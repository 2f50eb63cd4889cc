import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { queueFinder } from '../../../functions/queue-of.ts';
import { createHandler, type ScoreDeps } from '../../../functions/score-households/handler.ts';
import type { OutgoingMessage, QueueName } from '../../../shared/ports/queue.ts';
import type { HouseholdUpdates } from '../../../shared/ports/queue-messages.ts';
import { pseudonymsOf } from '../../../shared/registry/pseudonym.ts';
import { CaseOffice } from '../../builders/case-office.ts';
import { aCase, referral } from '../../builders/cases.ts';
import { factRow, feedId, fileId, fileSequence, instant, personKey } from '../../builders/facts.ts';
import { membership, registration } from '../../builders/registrations.ts';
import { householdId, standing } from '../../builders/standings.ts';

/** A host with two pages of households and no facts. */
function host(changes: object = {}) {
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
    cases: { current: async () => new Map() },
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
    ...changes,
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

  it('assesses the others of a message when the data of one household stand in the way, and buries the message with its name', async () => {
    const looked: unknown[] = [];
    const broken = {
      get memberships(): never {
        throw new RangeError('a day beyond the calendar');
      },
    };
    const { buried, handle } = host({
      registry: { membersOf: async () => new Map([['H1', [broken]]]) },
      standings: { load: async () => new Map(['H1', 'H2'].map((id) => [id, [standing(1, 1)]])) },
      log: { info: () => undefined, error: () => undefined, warn: (_: string, about: object) => looked.push(about) },
    });
    const message = { v: 1, kind: 'assess-households', households: ['H1', 'H2'] };
    expect(await handle(sqs(message))).toEqual({ batchItemFailures: [] });
    expect(looked).toEqual([expect.objectContaining({ household: 'H2' })]);
    expect(buried).toEqual(['NOT_ASSESSED: households that could not be assessed: H1 (RangeError)']);
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

describe('people whom nobody can place', () => {
  it('do not hold up the others of their message, which is buried in the end', async () => {
    const office = new CaseOffice();
    const { embedded, deps } = office;
    const buried: string[] = [];
    const keys = pseudonymsOf(new Uint8Array(32));
    const household = (text: string) => {
      if (text.includes('D1')) throw new RangeError('a day beyond the calendar');
      return keys.household(text);
    };
    const handle = createHandler({
      ...deps,
      pseudonyms: { ...keys, household },
      registry: embedded.households,
      facts: embedded.facts,
      register: embedded.files,
      standings: embedded.standings,
      queue: embedded.queue,
      deadLetters: {
        list: async () => ({ letters: [] }),
        putBack: async () => undefined,
        bury: async (_queue: string, _body: string, reason: string) => void buried.push(reason),
      } as unknown as ScoreDeps['deadLetters'],
      queueOf: queueFinder({ updates: 'updates' }),
      packsFor: () => [],
      householdsPerMessage: 50,
    });
    const rowsOf = (number: string) => [
      factRow({ fields: { householdNumber: number, category: 'near-poor', relation: 'head' }, key: number }),
    ];
    const updates = ['D1', 'D2'].map((number, n) => ({
      person: personKey(n + 1),
      birth: '1956-08-19',
      sex: 'female',
      rows: rowsOf(number),
    }));
    const feed = feedId('civil-affairs/low-income-register');
    const about = { file: fileId(1), feed, seq: fileSequence(1), recordedAt: instant() };
    const [record] = sqs({ v: 1, kind: 'household-updates', ...about, updates }).Records;
    const Records = record === undefined ? [] : [{ ...record, eventSourceARN: 'arn:aws:sqs:us-east-1:1:updates' }];
    expect(await handle({ Records })).toEqual({ batchItemFailures: [] });
    expect(buried).toEqual(['NOT_PLACED: 1 of 2 people could not be placed: RangeError']);
    const placed = await embedded.households.ofPersons([personKey(1), personKey(2)]);
    expect([...placed.keys()]).toEqual([personKey(2)]);
    await office.close();
  });
});

describe('facts of a feed by which departments answer', () => {
  let office: CaseOffice;
  beforeEach(async () => {
    office = new CaseOffice();
    await office.embedded.households.register([registration(1, 9, [membership(1)])], instant());
    await office.has(aCase(1, { stage: 'referral', referrals: [referral('R1', 'medical-insurance')] }));
  });
  afterEach(() => office.close());

  /** The function over the embedded stores; sending to the casework fails so many times. */
  const scoring = (failures = 0) => {
    let failing = failures;
    const { embedded, deps } = office;
    return createHandler({
      ...deps,
      pseudonyms: pseudonymsOf(new Uint8Array(32)),
      registry: embedded.households,
      facts: embedded.facts,
      register: embedded.files,
      standings: embedded.standings,
      queue: {
        async send(queue: QueueName, messages: readonly OutgoingMessage[]) {
          if (queue === 'cases' && failing-- > 0) throw new Error('the queue does not answer');
          await embedded.queue.send(queue, messages);
        },
      },
      deadLetters: embedded.queue,
      queueOf: queueFinder({ updates: 'updates' }),
      packsFor: () => [],
      householdsPerMessage: 50,
    });
  };
  const paid = (feed = feedId('medical-insurance/medical-aid-payment')): HouseholdUpdates => ({
    v: 1,
    kind: 'household-updates',
    file: fileId(1),
    feed,
    seq: fileSequence(1),
    recordedAt: instant(),
    updates: [{ person: personKey(1), birth: '1956-08-19', sex: 'female', rows: [factRow()] }] as HouseholdUpdates['updates'],
  });
  const deliver = (message: HouseholdUpdates) => ({
    Records: [{ ...sqs(message).Records[0], eventSourceARN: 'arn:aws:sqs:us-east-1:1:updates' }] as ReturnType<
      typeof sqs
    >['Records'],
  });
  const came = { v: 1, kind: 'answers-came', households: [householdId(1)] };

  it('are kept, and the casework is told of the household that waits for them', async () => {
    expect(await scoring()(deliver(paid()))).toEqual({ batchItemFailures: [] });
    expect(await office.messages()).toEqual([came]);
  });

  it('are not done with before the casework is told: the delivery comes again and tells it', async () => {
    const handle = scoring(1);
    expect(await handle(deliver(paid()))).toEqual({ batchItemFailures: [{ itemIdentifier: '0' }] });
    expect(await office.messages()).toEqual([]);
    expect(await handle(deliver(paid()))).toEqual({ batchItemFailures: [] });
    expect(await office.messages()).toEqual([came]);
  });

  it('that come twice are told of twice: who takes the answer knows it by its row', async () => {
    for (const _ of ['first', 'killed before it could say that it is done']) await scoring()(deliver(paid()));
    expect(await office.messages()).toEqual([came, came]);
  });

  it('of any other feed the casework hears nothing', async () => {
    await scoring()(deliver(paid(feedId('medical-insurance/inpatient-settlement'))));
    expect(await office.messages()).toEqual([]);
  });
});
