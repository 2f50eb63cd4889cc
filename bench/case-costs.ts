/**
 * Counts what an ordinary case asks of the cloud: the story of a visit, one department that accepts and reports done, and a
 * follow-up is played over the embedded stores, and every call that has a price in the cloud is counted where it is made.
 * docs/case-costs.md holds the result with the prices.
 *
 * Run: node bench/case-costs.ts
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CaseOffice } from '../infra/local/case-stories/case-office.ts';
import { hinggan } from '../infra/local/case-stories/hinggan.ts';
import { onlyCase, visitOf } from '../infra/local/case-stories/story.ts';
import { caseFamilyFiles, printedLastMonth } from '../infra/local/demo-county/case-families.ts';
import type { CaseTasks } from '../shared/adapters/embedded/run-passage.ts';
import type { Case } from '../shared/casework/case.ts';
import type { CaseChange } from '../shared/ports/case-store.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };
/** US dollars, list prices of us-east-1 without free tiers. */
const PRICES = {
  transition: 0.025 / 1_000,
  invocation: 0.2 / 1e6,
  gigabyteSecond: 0.0000133334,
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  message: 0.4 / 1e6,
};
/** What an invocation is taken to last and to hold, for no emulator tells: 60 ms of 512 MB. */
const GB_SECONDS = 0.06 * 0.5;
/** Of an ordinary case, as test/shared/casework/workflow-definition.test.ts counts them. */
const TRANSITIONS = 24;

const counts = { steps: 0, waits: 0, saves: 0, writeUnits: 0, reads: 0, readUnits: 0, messages: 0 };

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function watch({ platform }: CaseOffice): void {
  const { cases, workflow } = platform.stores;
  const [save, get, work] = [cases.save.bind(cases), cases.get.bind(cases), workflow.work.bind(workflow)];
  Object.assign(cases, {
    async save(changes: readonly CaseChange[]) {
      for (const { case: one, events, messages } of changes) {
        counts.saves += 1;
        // Events and messages lie on the item until the stream has taken them.
        counts.writeUnits += Math.ceil((bytes(one) + bytes(events) + bytes(messages)) / 1_024);
        counts.messages += messages.length;
      }
      return save(changes);
    },
    async get(id: Case['id']) {
      const found = await get(id);
      counts.reads += 1;
      counts.readUnits += Math.ceil(bytes(found ?? null) / 4_096);
      return found;
    },
  });
  Object.assign(workflow, {
    work: (tasks: CaseTasks, limit: number) =>
      work((call) => {
        if ('token' in call) counts.waits += 1;
        else counts.steps += 1;
        return tasks(call);
      }, limit),
  });
}

const root = mkdtempSync(join(tmpdir(), 'aidwatch-costs-'));
try {
  const office = await CaseOffice.open(join(root, 'data'), hinggan.begins, log);
  await office.employ(
    { id: 'visitor', name: '甲', role: 'coordinator', area: '152201003004' },
    { id: 'township', name: '乙', role: 'caseworker', area: '152201003' },
    { id: 'handler', name: '丙', role: 'handler', area: '152201', departments: ['womens-federation'] },
  );
  watch(office);
  await office.drop(caseFamilyFiles('hinggan', printedLastMonth.hinggan));
  let found = await onlyCase(office);
  const { id } = found;
  const visitedAt = '2024-07-15 09:00';
  const visit = { id: 1, visitedAt, investigators: ['甲', '乙'] as const, truth: 'T1', proposed: ['A8'], notes: '属实' };
  await office.act('visitor', id, visitOf({ ...visit, baseVersion: found.version }));
  const referrals = [{ measure: 'two-cancer-aid', department: 'womens-federation', ask: '请办理' }];
  await office.act('township', id, { action: 'decide', kind: 'help', actions: ['A8'], referrals });
  await office.act('handler', id, { action: 'answer-referral', referral: 'R1', kind: 'accept' });
  await office.act('handler', id, { action: 'answer-referral', referral: 'R1', kind: 'done', amount: 10_000_00 });
  await office.until('2024-10-14 09:00');
  found = await office.act('township', id, { action: 'look-again', outcome: 'helped-new' });
  await office.close();

  const invocations = counts.steps + counts.waits + counts.messages;
  const dollars =
    TRANSITIONS * PRICES.transition +
    invocations * (PRICES.invocation + GB_SECONDS * PRICES.gigabyteSecond) +
    counts.writeUnits * PRICES.writeUnit +
    counts.readUnits * PRICES.readUnit +
    // Sent, received and removed.
    counts.messages * 3 * PRICES.message;
  const result = {
    outcome: found.outcome?.code,
    versions: found.version,
    caseBytes: bytes(found),
    transitions: TRANSITIONS,
    ...counts,
    invocations,
    dollarsPer1000: Number((dollars * 1_000).toFixed(3)),
    ofTransitions: Number((TRANSITIONS * PRICES.transition * 1_000).toFixed(3)),
    ofInvocations: Number((invocations * (PRICES.invocation + GB_SECONDS * PRICES.gigabyteSecond) * 1_000).toFixed(3)),
    ofStore: Number(((counts.writeUnits * PRICES.writeUnit + counts.readUnits * PRICES.readUnit) * 1_000).toFixed(3)),
    ofQueue: Number((counts.messages * 3 * PRICES.message * 1_000).toFixed(3)),
  };
  process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
