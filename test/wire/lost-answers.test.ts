import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoAuditFindingStore } from '../../shared/adapters/aws/audit-finding-store.ts';
import { dynamoCaseStore } from '../../shared/adapters/aws/case-store.ts';
import { dynamoCorrectionStore } from '../../shared/adapters/aws/correction-store.ts';
import { dynamoFileRegister } from '../../shared/adapters/aws/file-register.ts';
import { dynamoHouseholdRegistry } from '../../shared/adapters/aws/household-registry.ts';
import { dynamoKeptRun } from '../../shared/adapters/aws/kept-run.ts';
import { dynamoPeriodStore } from '../../shared/adapters/aws/period-store.ts';
import { dynamoReportJobStore } from '../../shared/adapters/aws/report-job-store.ts';
import { dynamoStandingStore } from '../../shared/adapters/aws/standing-store.ts';
import { ABSENT, type Table } from '../../shared/adapters/aws/table.ts';
import { auditFinding, auditFindingChange } from '../builders/audit-findings.ts';
import { aCase, caseChange } from '../builders/cases.ts';
import { correctionAnswer, correctionChange, notice } from '../builders/corrections.ts';
import { instant } from '../builders/facts.ts';
import { arrival } from '../builders/files.ts';
import { periodRecord } from '../builders/periods.ts';
import { membership, registration } from '../builders/registrations.ts';
import { reportJob, reportJobChange, reportPull } from '../builders/report-jobs.ts';
import { standingChange, warning } from '../builders/standings.ts';
import { startTableServer, type TableServer, type WireTable } from './local-services.ts';

let server: TableServer;
beforeAll(async () => {
  server = await startTableServer();
});
afterAll(() => server.stop());

const lost = () => Object.assign(new Error('connection lost'), { name: 'TimeoutError' });

/**
 * Loses what goes over the wire for each write's first try: its answer, after the server has done it, or already the request.
 * Below the SDK's own tries, which then send it again.
 */
function losing({ client }: WireTable, what: 'answer' | 'request'): { readonly count: () => number } {
  const tried = new WeakSet<object>();
  let count = 0;
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const writes = /^(Put|Update|Delete)Item/.test(commandName);
        if (!writes || tried.has(args.input)) return next(args);
        tried.add(args.input);
        count += 1;
        if (what === 'answer') await next(args);
        throw lost();
      },
    { step: 'deserialize', name: 'losing' },
  );
  return { count: () => count };
}

const big = 'x'.repeat(3_000);

/** Changes of every store that is told whether its change was the one that counted; each answers whether it was. */
const changes: Readonly<Record<string, (table: Table) => Promise<boolean>>> = {
  'of a month to be closed': (table) =>
    dynamoPeriodStore(table).save({ record: periodRecord('2024-03', ''), events: [], messages: [] }),
  'of a report job': (table) =>
    dynamoReportJobStore(table).save({ ...reportJobChange(reportJob(1, { pulls: [reportPull(1)] })) }),
  'of a finding of audit': (table) => dynamoAuditFindingStore(table).save(auditFindingChange(auditFinding(1))),
  'of a correction notice': async (table) =>
    (await dynamoCorrectionStore(table).save([correctionChange(notice(1))])).length === 0,
  'of a case': async (table) => (await dynamoCaseStore(table).save([caseChange(aCase(1))])).length === 0,
  'of a standing with its warning': async (table) =>
    (await dynamoStandingStore(table).save([standingChange(1, 1, { warning: warning(1) })])).length === 0,
  'of a run of what a person started': async (table) => {
    await dynamoKeptRun<{ readonly state: string }>(table, 'DELETION').save({ state: big });
    return true;
  },
  'that claims a file': async (table) => (await dynamoFileRegister(table).claim(arrival(1))).outcome === 'take',
  'of an item with lists, bytes, numbers and what is left out': (table) =>
    table.put(
      { pk: 'a', sk: 'b', list: [{ n: 1, gone: undefined, nothing: null }], bytes: Buffer.from(big), yes: true, gone: undefined },
      ABSENT,
    ),
  'that takes an item away': async (table) => {
    await table.put({ pk: 'a', sk: 'b', n: 1 });
    return table.delete({ pk: 'a', sk: 'b' }, { expression: 'n = :n', values: { ':n': 1 } });
  },
};

describe('a change whose answer is lost', () => {
  it.each(Object.entries(changes))('is known to be one’s own: %s', async (_, change) => {
    const wire = await server.newTable();
    const { count } = losing(wire, 'answer');
    expect(await change(wire.table)).toBe(true);
    expect(count()).toBeGreaterThan(0);
    wire.client.destroy();
  });

  it('is known to be one’s own when it follows others: the answer to a correction notice', async () => {
    const wire = await server.newTable();
    const corrections = dynamoCorrectionStore(wire.table);
    await corrections.save([correctionChange(notice(1))]);
    losing(wire, 'answer');
    const answered = notice(1, { version: 2, answers: [correctionAnswer()] });
    expect(await corrections.save([correctionChange(answered)])).toEqual([]);
    wire.client.destroy();
  });

  it('makes no second version of a person’s registration', async () => {
    const wire = await server.newTable();
    losing(wire, 'answer');
    await dynamoHouseholdRegistry(wire.table).register([registration(1, 1, [membership(1)])], instant());
    const held = await dynamoHouseholdRegistry(wire.table).ofPersons([registration(1, 1, []).person]);
    expect([...held.values()]).toEqual([registration(1, 1, [membership(1)])]);
    wire.client.destroy();
  });
});

describe('a change that somebody else was faster with', () => {
  const others: Readonly<Record<string, readonly [(table: Table) => Promise<unknown>, (table: Table) => Promise<boolean>]>> = {
    'of a month to be closed': [
      (table) =>
        dynamoPeriodStore(table).save({ record: periodRecord('2024-03', '', { askedBy: 'user-2' }), events: [], messages: [] }),
      (table) => dynamoPeriodStore(table).save({ record: periodRecord('2024-03', ''), events: [], messages: [] }),
    ],
    'of a case': [
      (table) => dynamoCaseStore(table).save([caseChange(aCase(1, { area: '410103' }))]),
      async (table) => (await dynamoCaseStore(table).save([caseChange(aCase(1))])).length === 0,
    ],
    'that takes an item away which has changed': [
      (table) => table.put({ pk: 'a', sk: 'b', n: 2 }),
      (table) => table.delete({ pk: 'a', sk: 'b' }, { expression: 'n = :n', values: { ':n': 1 } }),
    ],
  };

  it.each(Object.entries(others))('stays theirs, also when it was sent twice: %s', async (_, [theirs, ours]) => {
    const wire = await server.newTable();
    await theirs(wire.table);
    const { count } = losing(wire, 'request');
    expect(await ours(wire.table)).toBe(false);
    expect(count()).toBeGreaterThan(0);
    wire.client.destroy();
  });

  it('costs no second look when it was sent once', async () => {
    const wire = await server.newTable();
    await wire.table.put({ pk: 'a', sk: 'b', n: 2 });
    const asked: string[] = [];
    wire.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => {
          asked.push(commandName);
          return next(args);
        },
      { step: 'initialize', name: 'asked' },
    );
    expect(await wire.table.put({ pk: 'a', sk: 'b', n: 1 }, ABSENT)).toBe(false);
    expect(asked).toEqual(['PutItemCommand']);
    wire.client.destroy();
  });
});
