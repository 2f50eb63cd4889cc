import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CaseOffice } from '../../infra/local/case-stories/case-office.ts';
import { verifyArchive } from '../../shared/audit/verify-archive.ts';
import type { Case } from '../../shared/casework/case.ts';
import type { HouseholdId } from '../../shared/registry/household.ts';
import { archiveLines } from '../builders/archive.ts';
import { silentLog } from './silent-log.ts';
import { employAll, finishAll, openCases, spread, troubledFiles } from './waiting-county.ts';

const CASES = 500;
const BEGINS = '2024-04-20 09:00';
/** Deeds after which a process is killed, one process after the other. */
const KILLED_AFTER = [3, 60, 7, 150, 220, 1, 90] as const;

let root = '';
let byStage: Record<string, number> = {};
let ended: readonly Case[] = [];
let left: {
  readonly waiting: number;
  readonly due: number;
  readonly stuck: number;
  readonly queued: number;
  readonly dead: number;
};
let eventsOf: (type: string) => readonly string[] = () => [];
let kills = 0;

/** Runs the finishing process and kills it a moment after its n-th deed; true when it was still at it. */
function finishKilledAfter(dataDir: string, deeds: number, threads: number): Promise<boolean> {
  const finish = [join(import.meta.dirname, 'finish-cases.ts'), dataDir, '2024-04-20T01:00:00.000Z', String(threads)];
  const child = spawn(process.execPath, finish, { stdio: ['ignore', 'pipe', 'inherit'] });
  let seen = 0;
  child.stdout.on('data', (text: Buffer) => {
    seen += text.toString().split('\n').length - 1;
    if (seen >= deeds) setTimeout(() => child.kill('SIGKILL'), deeds % 5);
  });
  return new Promise((resolve) => child.once('close', (code) => resolve(code === null)));
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'aidwatch-case-kill-'));
  const dataDir = join(root, 'data');
  const office = await CaseOffice.open(dataDir, BEGINS, silentLog);
  await employAll(office);
  await office.drop(troubledFiles(CASES));
  await spread(office.platform);
  byStage = {};
  for (const { stage } of await openCases(office.platform)) byStage[stage] = (byStage[stage] ?? 0) + 1;
  await office.close();

  // In turn with all work in one thread, and with casework in a thread of its own, which keeps many changes together.
  for (const [index, deeds] of KILLED_AFTER.entries()) if (await finishKilledAfter(dataDir, deeds, index % 2)) kills += 1;

  const after = await CaseOffice.open(dataDir, BEGINS, silentLog);
  const { stores } = after.platform;
  await stores.queue.takeBackAll();
  await finishAll(after.platform);
  const households: HouseholdId[] = [];
  for (let from: HouseholdId | undefined; ; ) {
    const page = await stores.households.households({ limit: 1_000, ...(from && { after: from }) });
    households.push(...page.households);
    from = page.next as HouseholdId | undefined;
    if (from === undefined) break;
  }
  const all = await Promise.all(households.map((household) => stores.cases.ofHousehold(household)));
  ended = all.flat();
  const dead = (await stores.queue.list('cases', 100)).length;
  left = { ...(await stores.workflow.counts()), queued: await stores.queue.depth('cases'), dead };
  const events: { readonly type: string; readonly about: string }[] = [];
  expect(await verifyArchive(stores.archive, { head: await stores.archive.head() })).toMatchObject({ ok: true });
  for await (const line of archiveLines(stores.archive)) {
    const { event } = JSON.parse(line) as { event: { type: string; subject: { case?: string } } };
    events.push({ type: event.type, about: event.subject.case ?? '' });
  }
  eventsOf = (type) => events.filter((one) => one.type === type).map(({ about }) => about);
  await after.close();
}, 600_000);

afterAll(() => rm(root, { recursive: true, force: true }));

describe(`${CASES} cases that wait, and a process that is killed again and again`, () => {
  it('waited in every stage a case can wait in', () => {
    expect(Object.values(byStage).reduce((sum, count) => sum + count, 0)).toBe(CASES);
    for (const stage of ['desk-check', 'visit', 'review', 'conference', 'papers', 'referral', 'follow-up']) {
      expect([stage, (byStage[stage] ?? 0) >= 50]).toEqual([stage, true]);
    }
    expect(kills).toBeGreaterThanOrEqual(5);
  });

  it('every case has ended, and no household has a second one', () => {
    expect(ended).toHaveLength(CASES);
    expect(new Set(ended.map(({ household }) => household)).size).toBe(CASES);
    expect(ended.filter(({ stage, outcome }) => stage !== 'closed' || outcome === undefined)).toEqual([]);
  });

  it('nothing was done twice', () => {
    for (const { id, history, visits, decisions, referrals, aids } of ended) {
      const requests = history.flatMap(({ request }) => request ?? []);
      expect([id, new Set(requests).size]).toEqual([id, requests.length]);
      expect([id, new Set(visits.map((visit) => visit.id)).size]).toEqual([id, visits.length]);
      expect([id, decisions.length <= 2, aids.length <= 1, referrals.length <= 1]).toEqual([id, true, true, true]);
      for (const { answers } of referrals) expect([id, answers.length]).toEqual([id, 1]);
    }
  });

  it('every case was opened once and closed once in the archive', () => {
    const opened = eventsOf('case.opened');
    const closed = eventsOf('case.closed');
    expect([opened.length, new Set(opened).size]).toEqual([CASES, CASES]);
    expect([closed.length, new Set(closed).size]).toEqual([CASES, CASES]);
  });

  it('no run, message or dead letter is left behind', () => {
    expect(left).toEqual({ waiting: 0, due: 0, stuck: 0, queued: 0, dead: 0 });
  });
});
