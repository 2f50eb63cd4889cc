import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LAST_ATTEMPT } from '../../../functions/last-attempt.ts';
import { createHandler, type ReportsDeps } from '../../../functions/make-reports/handler.ts';
import type { Period } from '../../../shared/calendar/period.ts';
import { RetryLaterError } from '../../../shared/ports/errors.ts';
import { askClosing } from '../../../shared/reports/close-period.ts';
import { ReportOffice } from '../../builders/report-office.ts';
import { done } from '../../builders/reporting.ts';

let office: ReportOffice;
let buried: string[];

beforeEach(() => {
  office = new ReportOffice();
  buried = [];
  office.reporting.archive(
    done('record-visit', '2024-03-06 16:00', 1, { means: 'home', truth: 'T1', visited: '2024-03-06T07:00:00.000Z' }),
  );
});
afterEach(() => office.close());

function handler(changes: Partial<ReportsDeps> = {}) {
  return createHandler({
    ...office.reporting.deps,
    ...office.making,
    retention: [],
    scheduled: [],
    queueOf: () => 'reports',
    deadLetters: { bury: async (_, body) => void buried.push(body), list: async () => [], putBack: async () => 0 },
    ...changes,
  });
}

function batch(bodies: readonly string[], attempt = 1) {
  const Records = bodies.map((body, index) => ({
    messageId: String(index),
    body,
    eventSourceARN: 'arn:aws:sqs:cn-north-1:1:reports',
    attributes: { ApproximateReceiveCount: String(attempt) },
  }));
  return { Records };
}

const sent = () => office.jobs.messages.splice(0).map(({ body }) => body);

describe('the queue of reports', () => {
  it('makes each report and closes each month of a batch; what fails comes again alone', async () => {
    const [march, broken] = [await office.ask(), await office.ask({ report: 'funnel' })];
    const asker = office.reporting.access('supervisor', ['41']);
    await askClosing(office.reporting.deps, asker, { period: '2024-03' as Period });
    const bodies = [...sent(), ...office.reporting.periods.messages.map(({ body }) => body)];
    const { engine } = office.making;
    const answer = await handler({
      engine: {
        open: (snapshot, query) =>
          query.sql === office.making.queries.get('funnel')
            ? Promise.reject(new RetryLaterError('busy'))
            : engine.open(snapshot, query),
      },
    })(batch(bodies));
    expect(answer.batchItemFailures).toEqual([{ itemIdentifier: '1' }]);
    expect((await office.see(march)).state).toBe('ready');
    expect((await office.see(broken)).state).toBe('making');
    expect(await office.reporting.periods.get('2024-03' as Period, '41')).toMatchObject({ state: 'closed' });
  });

  it('tells whoever waits when a message is buried', async () => {
    const asked = await office.ask();
    const asker = office.reporting.access('supervisor', ['41']);
    await askClosing(office.reporting.deps, asker, { period: '2024-03' as Period });
    const bodies = [...sent(), ...office.reporting.periods.messages.map(({ body }) => body), '{"kind":"make-report"}'];
    const failing = { snapshot: () => Promise.reject(new RetryLaterError('gone')), verify: office.making.archive.verify };
    expect(await handler({ archive: failing })(batch(bodies, LAST_ATTEMPT))).toEqual({ batchItemFailures: [] });
    expect(buried.length).toBe(3);
    expect(await office.see(asked)).toMatchObject({ state: 'failed', failure: { code: 'report-given-up' } });
    expect(await office.reporting.periods.get('2024-03' as Period, '41')).toMatchObject({ state: 'refused' });
  });

  it('asks for what is scheduled and clears what is past keeping when the day begins', async () => {
    const scheduled = [
      {
        report: 'visit-ledger',
        area: '',
        rhythm: 'monthly',
        day: 1,
        format: 'json',
        language: 'zh',
        encoding: 'utf-8',
        for: 'auditor-1',
        purpose: 'audit' as never,
      },
    ] as const;
    await handler({ scheduled })(batch(['{"v":1,"kind":"tend-reports"}']));
    expect(await handler({ scheduled })(batch(sent()))).toEqual({ batchItemFailures: [] });
    expect(office.stored.size).toBe(3);
    office.reporting.now = '2024-07-06T02:00:00.000Z' as never;
    await handler()(batch(['{"v":1,"kind":"tend-reports"}']));
    expect(office.stored.size).toBe(0);
  });
});
