import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { queueFinder } from '../../../functions/queue-of.ts';
import { createHandler } from '../../../functions/work-cases/handler.ts';
import type { PlainDate } from '../../../shared/calendar/plain-date.ts';
import { RetryLaterError } from '../../../shared/ports/errors.ts';
import { CaseOffice } from '../../builders/case-office.ts';
import { aCase, caseId, referral } from '../../builders/cases.ts';
import { factChunk, factRow, feedId, instant, personKey } from '../../builders/facts.ts';
import { membership, registration } from '../../builders/registrations.ts';
import { householdId } from '../../builders/standings.ts';

describe('the function that works cases', () => {
  let office: CaseOffice;
  let handle: ReturnType<typeof createHandler>;
  beforeEach(() => {
    office = new CaseOffice();
    handle = createHandler({
      ...office.deps,
      workflow: { start: office.runs.start, wake: office.runs.wake, alive: async () => true },
      queue: office.embedded.queue,
      corrections: office.embedded.corrections,
      deadLetters: office.embedded.queue,
      queueOf: queueFinder({ cases: 'cases' }),
    });
  });
  afterEach(() => office.close());

  const records = (...bodies: string[]) => ({
    Records: bodies.map((body, index) => ({
      messageId: String(index),
      body,
      eventSourceARN: 'arn:aws:sqs:us-east-1:1:cases',
      attributes: { ApproximateReceiveCount: '1' },
    })),
  });
  const buried = async () => (await office.embedded.queue.list('cases', 10)).map(({ reason }) => reason);

  it('does the step the workflow asks for and answers where to go on', async () => {
    await office.has(aCase(1, { stage: 'opened' }));
    expect(await handle({ case: caseId(1), run: 1, step: 'desk-check' })).toMatchObject({ stage: 'visit', goesOn: false });
  });

  it('notes where a wait is to be answered and answers nothing', async () => {
    await office.has(aCase(1));
    expect(await handle({ case: caseId(1), run: 1, wait: 'visit', token: 'token' })).toBeUndefined();
    expect(await office.deps.cases.get(caseId(1))).toMatchObject({ waits: { visit: 'token' } });
  });

  it('takes the messages of the queue', async () => {
    await office.has(aCase(1));
    const start = JSON.stringify({ v: 1, kind: 'start-run', case: caseId(1), run: 1 });
    expect(await handle(records(start, JSON.stringify({ v: 1, kind: 'tend-cases' })))).toEqual({ batchItemFailures: [] });
    expect(office.runs.started).toEqual([{ case: caseId(1), run: 1 }]);
  });

  it('does the first page of tending once, even when the notices cannot be looked after', async () => {
    await office.has(aCase(1));
    const list = async () => {
      throw new RetryLaterError('throttled');
    };
    const corrections = { list, save: async () => [] };
    const { queue } = office.embedded;
    const deps = { ...office.deps, queue, corrections, deadLetters: queue, queueOf: queueFinder({ cases: 'cases' }) };
    const workflow = { start: office.runs.start, wake: office.runs.wake, alive: async () => true };
    const answer = await createHandler({ ...deps, workflow })(records(JSON.stringify({ v: 1, kind: 'tend-cases' })));
    expect(answer).toEqual({ batchItemFailures: [] });
    const sent = (await queue.receive('cases', 10, 60)).map(({ body }) => JSON.parse(body));
    expect(sent).toEqual([
      { v: 1, kind: 'tend-cases', closed: true },
      { v: 1, kind: 'tend-corrections' },
    ]);
  });

  it('names in the dead letters a case that cannot be tended, after all others and the notices were seen to', async () => {
    await office.has(aCase(1), aCase(2));
    const alive = async ({ case: id }: { readonly case: string }) => {
      if (id === caseId(1)) throw new RangeError('a date beyond the calendar');
      return false;
    };
    handle = createHandler({
      ...office.deps,
      workflow: { start: office.runs.start, wake: office.runs.wake, alive },
      queue: office.embedded.queue,
      corrections: office.embedded.corrections,
      deadLetters: office.embedded.queue,
      queueOf: queueFinder({ cases: 'cases' }),
    });
    expect(await handle(records(JSON.stringify({ v: 1, kind: 'tend-cases' })))).toEqual({ batchItemFailures: [] });
    expect(await buried()).toEqual([`CASES_NOT_TENDED: 1 cases could not be looked after, among them ${caseId(1)} (RangeError)`]);
    const sent = (await office.embedded.queue.receive('cases', 10, 60)).map(({ body }) => JSON.parse(body).kind);
    expect(sent.sort()).toEqual(['start-run', 'tend-cases', 'tend-corrections']);
  });

  it('takes an answer that came by file, once however often it is told', async () => {
    await office.embedded.households.register([registration(1, 1, [membership(1)])], instant());
    const sent = referral('R1', 'medical-insurance', { person: personKey(1), sentAt: instant(-60) });
    await office.has(aCase(1, { stage: 'referral', referrals: [sent] }), aCase(2));
    const paid = factRow({ from: '2024-04-01' as PlainDate, fields: { amount: 260_000, aidNumber: 'JZ77' } });
    await office.embedded.facts.append([factChunk({ feed: feedId('medical-insurance/medical-aid-payment'), rows: [paid] })]);
    const came = JSON.stringify({ v: 1, kind: 'answers-came', households: [1, 2, 3].map((n) => householdId(n)) });
    for (const _ of ['first', 'again']) expect(await handle(records(came, came))).toEqual({ batchItemFailures: [] });
    const answered = await office.deps.cases.get(caseId(1));
    expect(answered).toMatchObject({ version: 2, stage: 'follow-up', referrals: [{ answers: [{ amount: 260_000 }] }] });
    expect(await office.deps.cases.get(caseId(2))).toMatchObject({ version: 1 });
    expect(await buried()).toEqual([]);
  });

  it('buries messages that are none of the casework, and takes the others', async () => {
    await office.has(aCase(1));
    const start = JSON.stringify({ v: 1, kind: 'start-run', case: caseId(1), run: 1 });
    expect(await handle(records('no message', start, '{"v":1,"kind":"sweep"}'))).toEqual({ batchItemFailures: [] });
    expect(await buried()).toEqual([expect.stringMatching(/^NOT_JSON/), expect.stringMatching(/^UNKNOWN_MESSAGE/)]);
    expect(office.runs.started).toHaveLength(1);
  });

  it('tells the workflow that no retry will help when a case is not there', async () => {
    const call = { case: caseId(9), run: 1, step: 'enter' };
    await expect(handle(call)).rejects.toMatchObject({ name: 'PermanentError', code: 'NO_SUCH_CASE' });
  });

  it('refuses a call that is neither a step nor a wait', async () => {
    const refused = { name: 'PermanentError', code: 'UNKNOWN_CALL' };
    await expect(handle({ case: caseId(1), run: 1, step: 'something-new' })).rejects.toMatchObject(refused);
    await expect(handle({})).rejects.toMatchObject(refused);
  });
});
