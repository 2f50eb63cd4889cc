import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, describe, expect, inject, it, vi } from 'vitest';
import { dynamoCaseStore } from '../../shared/adapters/aws/case-store.ts';
import { stepFunctionsWorkflow } from '../../shared/adapters/aws/case-workflow.ts';
import { dynamoCorrectionStore } from '../../shared/adapters/aws/correction-store.ts';
import { dynamoHouseholdRegistry } from '../../shared/adapters/aws/household-registry.ts';
import { sqsDeadLetterBox, sqsSender } from '../../shared/adapters/aws/sqs-queues.ts';
import { openTable } from '../../shared/adapters/aws/table.ts';
import { SYSTEM } from '../../shared/audit/make-event.ts';
import { dateInChina, instantOf, type PlainDate } from '../../shared/calendar/plain-date.ts';
import type { Case, CaseId, Stage } from '../../shared/casework/case.ts';
import { settle, settleOpened } from '../../shared/casework/settle.ts';
import { closeCase } from '../../shared/casework/stage-moves.ts';
import { caseWorkflow, definitionVersion, PARTITION, WORK_CASES } from '../../shared/casework/workflow-definition.ts';
import { aCase, caseId, referral, visitClock } from '../builders/cases.ts';
import { factChunk, factRow, feedId, fileId, fileSequence, personKey } from '../builders/facts.ts';
import { clientsOf, queuesOf } from './clients.ts';

const cloud = inject('cloud');
const clients = clientsOf(cloud.endpoint);
const table = openTable({ tableName: cloud.TableName, client: clients.dynamo() });
const cases = dynamoCaseStore(table);
const corrections = dynamoCorrectionStore(table);
const registry = dynamoHouseholdRegistry(table);
const queues = queuesOf(cloud, clients.sqs);
const queue = sqsSender(queues);
const clock = { now: () => instantOf(Date.now()) };
const workflow = stepFunctionsWorkflow({ stateMachineArn: cloud.StateMachineArn, clock, client: clients.sfn });
const deadLetters = sqsDeadLetterBox(queues);

/** Households of these tests, far from those of other files. */
const FIRST = 700_000;
const MANY = 300;

function deed(what: string) {
  return { what, by: SYSTEM, now: clock.now() };
}

/** An application was taken in: what the use-case of lodging saves. */
function opened(n: number, changes: Partial<Case> = {}) {
  const one = aCase(n, {
    stage: 'opened',
    source: 'application',
    warnings: [],
    workflow: { definition: definitionVersion, run: 1 },
    ...changes,
  });
  return settleOpened(one, undefined, deed('lodge'));
}

async function stored(id: CaseId): Promise<Case> {
  const found = await cases.get(id);
  if (found === undefined) throw new Error(`no case ${id}`);
  return found;
}

/** Moves a case as a person would; the messages that wake its waits are saved with it. */
async function move(id: CaseId, to: (found: Case) => Case): Promise<void> {
  await vi.waitFor(async () => {
    const found = await stored(id);
    expect(await cases.save([settle(found, to(found), deed('test-move'))])).toEqual([]);
  });
}

function eventually(check: () => Promise<void>): Promise<void> {
  return vi.waitFor(check, { timeout: 200_000, interval: 300 });
}

async function waitsAt(id: CaseId, stage: Stage): Promise<string> {
  await eventually(async () => {
    const found = await stored(id);
    expect({ stage: found.stage, waits: Object.keys(found.waits) }).toEqual({ stage, waits: [stage] });
  });
  return (await stored(id)).waits[stage] ?? '';
}

const executionArn = (id: CaseId, run = 1) =>
  `${cloud.StateMachineArn.replace(':stateMachine:', ':execution:')}:${id}-run-${run}`;

async function statusOf(arn: string): Promise<string | undefined> {
  return (await clients.sfn.send(new DescribeExecutionCommand({ executionArn: arn }))).status;
}

afterAll(() => {
  for (const client of [clients.sfn, clients.sqs]) client.destroy();
});

describe('the deployed case workflow', () => {
  it('starts with the case, waits for people, is woken by their moves and ends with the case', async () => {
    const id = caseId(FIRST);
    await cases.save([opened(FIRST)]);
    const visit = await waitsAt(id, 'visit');
    expect(await workflow.alive({ case: id, run: 1 })).toBe(true);

    await move(id, (found) => ({ ...found, stage: 'review' }));
    await waitsAt(id, 'review');
    expect(await workflow.wake(visit, { stage: 'review', referrals: [], seconds: 60, goesOn: false })).toBe('gone');

    await move(id, (found) => closeCase(found, 'not-in-need', SYSTEM, clock.now()));
    await eventually(async () => expect(await statusOf(executionArn(id))).toBe('SUCCEEDED'));
    expect(await workflow.alive({ case: id, run: 1 })).toBe(false);
  });

  it('starts a run once, however often it is asked', async () => {
    const id = caseId(FIRST);
    await workflow.start({ case: id, run: 1 });
    expect(await statusOf(executionArn(id))).toBe('SUCCEEDED');
  });

  it('raises the light when a clock runs out, and waits again', async () => {
    const id = caseId(FIRST + 1);
    const yesterday = instantOf(Date.now() - 24 * 3600 * 1000);
    const late = visitClock(yesterday, { startedAt: instantOf(Date.now() - 10 * 24 * 3600 * 1000) });
    // Without the message that would start it: this case is followed by the machine below.
    await cases.save([{ ...opened(FIRST + 1, { stage: 'visit', clocks: [late] }), messages: [] }]);
    const execution = await startOn(await hurriedMachine(), id);
    await eventually(async () => expect((await stored(id)).clocks[0]?.light).toBe('county'));
    const first = await waitsAt(id, 'visit');
    await eventually(async () => expect(await waitsAt(id, 'visit')).not.toBe(first));
    await move(id, (found) => closeCase(found, 'moved', SYSTEM, clock.now()));
    await eventually(async () => expect(await statusOf(execution)).toBe('SUCCEEDED'));
  });

  it('tells the department of a row that a case calls wrong, once', async () => {
    const n = FIRST + 2;
    const id = caseId(n);
    await cases.save([opened(n)]);
    await waitsAt(id, 'visit');
    const { feed, file, person } = factChunk();
    const row = { file, row: 4, feed, person, found: 'amount-wrong' as const };
    const at = clock.now();
    const decision = { at, by: 'caseworker-1', level: 'township' as const, kind: 'data-wrong' as const, actions: [] };
    await move(id, (found) =>
      closeCase({ ...found, decisions: [{ ...decision, wrongRows: [row] }] }, 'data-wrong', SYSTEM, clock.now()),
    );
    await eventually(async () => expect(await corrections.ofCase(id)).toHaveLength(1));
    const message = { v: 1, kind: 'send-corrections', case: id };
    await queue.send('cases', [{ body: JSON.stringify(message) }, { body: JSON.stringify({ v: 1, kind: 'tend-corrections' }) }]);
    await eventually(async () => expect(await statusOf(executionArn(id))).toBe('SUCCEEDED'));
    expect(await corrections.ofCase(id)).toMatchObject([{ department: 'medical-insurance', version: 1, sentAt: at }]);
  });

  it(`starts ${MANY} cases that open at once, none lost and none twice`, async () => {
    const changes = Array.from({ length: MANY }, (_, n) => opened(FIRST + 100 + n));
    await cases.save(changes);
    const households = changes.map((change) => change.case.household);
    await eventually(async () => {
      const current = [...(await cases.current(households)).values()];
      expect(current.filter((one) => one.waits['visit'] !== undefined)).toHaveLength(MANY);
    });
    const wanted = new Set(changes.map((change) => `${change.case.id}-run-1`));
    expect((await executions()).filter((name) => wanted.has(name)).sort()).toEqual([...wanted].sort());
  });

  it('takes a department’s answer from its file as soon as the file’s facts are kept', async () => {
    const person = personKey(FIRST);
    const tell = (day: string, n: number) => {
      const rows = [factRow({ key: `aid-${n}`, from: day as PlainDate, fields: { amount: 260_000, aidNumber: `JZ${n}` } })];
      const updates = [{ person, birth: '1956-08-19' as PlainDate, sex: 'female' as const, rows }];
      const recordedAt = clock.now();
      const feed = feedId('medical-insurance/medical-aid-payment');
      const message = { v: 1, kind: 'household-updates', file: fileId(n), feed, seq: fileSequence(n), recordedAt, updates };
      return queue.send('updates', [{ body: JSON.stringify(message) }]);
    };
    await tell('2024-03-01', 1);
    const household = await vi.waitFor(
      async () => {
        const memberships = (await registry.ofPersons([person])).get(person)?.memberships ?? [];
        if (memberships[0] === undefined) throw new Error('not registered yet');
        return memberships[0].household;
      },
      { timeout: 60_000, interval: 300 },
    );
    const id = `C-${household}-1` as CaseId;
    const sentAt = clock.now();
    const asked = opened(FIRST + 2, {
      id,
      household,
      stage: 'referral',
      referrals: [referral('R1', 'medical-insurance', { sentAt })],
    });
    await cases.save([{ ...asked, messages: [] }]);
    await tell(dateInChina(clock.now()), 2);
    await eventually(async () =>
      expect(await stored(id)).toMatchObject({
        stage: 'follow-up',
        referrals: [{ status: 'done', answers: [{ by: 'system', amount: 260_000, from: { file: fileId(2) } }] }],
      }),
    );
  });

  it('leaves no dead letters', async () => {
    expect(await deadLetters.list('cases', 10)).toEqual([]);
  });
});

/** The names of all executions. */
async function executions(): Promise<string[]> {
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await clients.sfn.send(
      new ListExecutionsCommand({
        stateMachineArn: cloud.StateMachineArn,
        maxResults: 1_000,
        ...(nextToken ? { nextToken } : {}),
      }),
    );
    names.push(...(page.executions ?? []).map((one) => one.name ?? ''));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return names;
}

/**
 * The same definition with three seconds for every wait: the emulator knows no TimeoutSecondsPath and would wait a day for
 * the clock of the case.
 */
async function hurriedMachine(): Promise<string> {
  const definition = JSON.stringify(caseWorkflow)
    .replaceAll(PARTITION, 'aws')
    .replaceAll(WORK_CASES, cloud.WorkCasesArn)
    .replaceAll('"TimeoutSecondsPath":"$.at.seconds"', '"TimeoutSeconds":3');
  const roleArn = 'arn:aws:iam::000000000000:role/hurried';
  const made = await clients.sfn.send(new CreateStateMachineCommand({ name: 'Hurried-Cases', definition, roleArn }));
  return made.stateMachineArn ?? '';
}

async function startOn(stateMachineArn: string, id: CaseId): Promise<string> {
  const input = JSON.stringify({ case: id, run: 1 });
  const started = await clients.sfn.send(new StartExecutionCommand({ stateMachineArn, name: `${id}-run-1`, input }));
  return started.executionArn ?? '';
}
