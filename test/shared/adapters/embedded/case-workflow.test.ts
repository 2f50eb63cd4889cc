import { describe, expect, it } from 'vitest';
import { SqliteCaseWorkflow, type WorkflowSettings } from '../../../../shared/adapters/embedded/case-workflow.ts';
import { EmbeddedDatabase } from '../../../../shared/adapters/embedded/database.ts';
import type { CaseTasks } from '../../../../shared/adapters/embedded/run-passage.ts';
import { instantOf } from '../../../../shared/calendar/plain-date.ts';
import { MOST_OPEN_REFERRALS } from '../../../../shared/casework/act/referral.ts';
import { caseWorkflow, type StateMachine } from '../../../../shared/casework/workflow-definition.ts';
import { PermanentError, RetryLaterError } from '../../../../shared/ports/errors.ts';
import { WalkingCase } from '../../../builders/walking-case.ts';
import { withFolder } from './data-folder.ts';

const DAY_MS = 24 * 3600 * 1000;

/** One machine with its cases; `restart` is what a new process finds. */
class Office {
  /** Time of the data and real time, ms. */
  now = Date.parse('2026-03-02T01:00:00Z');
  real = 0;
  workflow: SqliteCaseWorkflow;
  readonly cases = new Map<string, WalkingCase>();
  readonly #folder: string;
  #database: EmbeddedDatabase;
  tasks: CaseTasks = async (call) => this.caseOf(call.case).task(call);

  constructor(folder: string) {
    this.#folder = folder;
    this.#database = new EmbeddedDatabase(folder);
    this.workflow = this.#open();
  }

  #open(definition?: WorkflowSettings['definition']): SqliteCaseWorkflow {
    return new SqliteCaseWorkflow(this.#database, {
      clock: { now: () => instantOf(this.now) },
      nowMs: () => this.real,
      ...(definition === undefined ? {} : { definition }),
    });
  }

  restart(definition?: WorkflowSettings['definition']): void {
    this.close();
    this.#database = new EmbeddedDatabase(this.#folder);
    this.workflow = this.#open(definition);
  }

  close(): void {
    this.#database.close();
  }

  caseOf(id: string): WalkingCase {
    const found = this.cases.get(id);
    if (found === undefined) throw new Error(`no case ${id}`);
    return found;
  }

  /** Opens a case and starts its first run. */
  async open(id = 'C-H000000000000000000000001-1'): Promise<WalkingCase> {
    const one = new WalkingCase(id);
    this.cases.set(id, one);
    await this.workflow.start({ case: one.id, run: 1 });
    return one;
  }

  /** Works until nothing is due. */
  async settle(): Promise<void> {
    while ((await this.workflow.work(this.tasks, 100)) > 0);
  }

  async wake(one: WalkingCase, token: string | undefined): Promise<string> {
    return token === undefined ? 'no wait' : this.workflow.wake(token, one.answer());
  }

  /** Wakes the branch of a referral. */
  async wakeBranch(one: WalkingCase, referral: string, token: string | undefined): Promise<string> {
    return token === undefined ? 'no wait' : this.workflow.wake(token, one.answer(referral));
  }
}

function inOffice(test: (office: Office) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const office = new Office(folder);
    try {
      await test(office);
    } finally {
      office.close();
    }
  });
}

const count = (calls: readonly string[], call: string) => calls.filter((one) => one === call).length;

describe('the case workflow on one machine', () => {
  it('follows a case from opening to closing, each step once', () =>
    inOffice(async (office) => {
      const one = await office.open();
      await office.settle();
      await office.wake(one, one.moveTo('review'));
      await office.settle();
      await office.wake(one, one.moveTo('referral', ['R1']));
      await office.settle();
      await office.wakeBranch(one, 'R1', one.endReferral('R1'));
      await office.settle();
      await office.wake(one, one.moveTo('closed'));
      await office.settle();
      expect(one.calls).toEqual([
        'enter',
        'desk-check',
        'assign-visit',
        'await visit',
        'await review',
        'send-referral R1',
        'await referral R1',
        'enter',
        'await follow-up',
        'close',
      ]);
      expect(await office.workflow.alive({ case: one.id, run: 1 })).toBe(false);
      expect(await office.workflow.counts()).toEqual({ waiting: 0, due: 0, stuck: 0 });
    }));

  it('starts a run once, however often it is asked', () =>
    inOffice(async (office) => {
      const one = await office.open();
      await office.workflow.start({ case: one.id, run: 1 });
      await office.settle();
      await office.workflow.start({ case: one.id, run: 1 });
      await office.settle();
      expect(count(one.calls, 'enter')).toBe(1);
    }));

  it('goes on in another process exactly where it stopped', () =>
    inOffice(async (office) => {
      const one = await office.open();
      await office.settle();
      for (const move of ['review', 'papers', 'closed'] as const) {
        office.restart();
        await office.wake(one, one.moveTo(move));
        office.restart();
        await office.settle();
      }
      expect(one.calls).toEqual(['enter', 'desk-check', 'assign-visit', 'await visit', 'await review', 'await papers', 'close']);
    }));

  it('answers a wait woken twice, or after its time, as gone', () =>
    inOffice(async (office) => {
      const one = await office.open();
      await office.settle();
      const token = one.moveTo('review') ?? '';
      expect(await office.workflow.wake(token, one.answer())).toBe('woken');
      expect(await office.workflow.wake(token, one.answer())).toBe('gone');
      await office.settle();
      const second = one.waits.get('review') ?? '';
      office.now += DAY_MS;
      await office.settle();
      expect(await office.workflow.wake(second, one.answer())).toBe('gone');
      expect(await office.workflow.wake('no token of ours', one.answer())).toBe('gone');
      expect(await office.workflow.wake('999:AwaitVisit#1', one.answer())).toBe('gone');
    }));

  it('wakes a wait while it is being announced: the case had moved on already', () =>
    inOffice(async (office) => {
      const one = await office.open();
      const plain = office.tasks;
      office.tasks = async (call) => {
        const answer = await plain(call);
        if ('token' in call && call.wait === 'visit') {
          one.stage = 'closed';
          expect(await office.workflow.wake(call.token, one.answer())).toBe('woken');
        }
        return answer;
      };
      await office.settle();
      expect(one.calls.slice(-2)).toEqual(['await visit', 'close']);
    }));

  it('raises the light when the time of a wait is over, and waits again under a new token, beyond what a timer can hold', () =>
    inOffice(async (office) => {
      const one = await office.open();
      one.seconds = 40 * 24 * 3600;
      await office.settle();
      const first = one.waits.get('visit');
      office.now += 40 * DAY_MS - 1;
      expect(office.workflow.isDue()).toBe(false);
      await office.settle();
      expect(one.calls).not.toContain('raise-light');
      office.now += 1;
      expect(office.workflow.isDue()).toBe(true);
      office.restart();
      await office.settle();
      expect(one.calls.slice(-3)).toEqual(['raise-light', 'assign-visit', 'await visit']);
      expect(one.waits.get('visit')).not.toBe(first);
    }));

  it('waits for each department by itself and goes on when the last has answered', () =>
    inOffice(async (office) => {
      const one = await office.open();
      one.seconds = 100 * 24 * 3600;
      await office.settle();
      await office.wake(one, one.moveTo('review'));
      await office.settle();
      await office.wake(one, one.moveTo('referral', ['R1', 'R2', 'R3']));
      await office.settle();
      expect(await office.workflow.counts()).toMatchObject({ waiting: 1 });
      await office.wakeBranch(one, 'R2', one.endReferral('R2'));
      office.restart();
      await office.settle();
      expect(one.calls).not.toContain('await follow-up');
      await office.wakeBranch(one, 'R3', one.endReferral('R3'));
      await office.wakeBranch(one, 'R1', one.endReferral('R1'));
      await office.settle();
      expect(one.calls.at(-1)).toBe('await follow-up');
      for (const referral of ['R1', 'R2', 'R3']) {
        expect(count(one.calls, `send-referral ${referral}`)).toBe(1);
        expect(count(one.calls, `await referral ${referral}`)).toBe(1);
      }
    }));

  it('waits for as many departments at once as a case may ask', () =>
    inOffice(async (office) => {
      const one = await office.open();
      await office.settle();
      const referrals = Array.from({ length: MOST_OPEN_REFERRALS }, (_, n) => `R${n + 1}`);
      await office.wake(one, one.moveTo('referral', referrals));
      await office.settle();
      expect([...one.waits.keys()].sort()).toEqual(referrals.map((referral) => `referral ${referral}`).sort());
    }));

  it('raises the light of the silent department only', () =>
    inOffice(async (office) => {
      const one = await office.open();
      await office.settle();
      await office.wake(one, one.moveTo('review'));
      await office.settle();
      await office.wake(one, one.moveTo('referral', ['R1']));
      await office.settle();
      one.seconds = 10 * 3600;
      one.open.add('R2');
      await office.wakeBranch(one, 'none', one.waits.get('referral R1'));
      await office.settle();
      one.seconds = 1000 * 3600;
      office.now += 10 * 3600 * 1000;
      await office.wakeBranch(one, 'R1', one.waits.get('referral R1'));
      await office.settle();
      expect(one.calls).toContain('raise-light R2');
      expect(one.calls).not.toContain('raise-light R1');
    }));

  it('tries a failed step again after a pause that grows, and does what came before it only once', () =>
    inOffice(async (office) => {
      const one = await office.open();
      await office.settle();
      one.failures.push(new RetryLaterError('busy'), new RetryLaterError('busy'));
      await office.wake(one, one.moveTo('review'));
      await office.settle();
      expect(one.calls).not.toContain('await review');
      for (const [tooSoon, now] of [
        [1_999, 2_000],
        [5_999, 6_000],
      ] as const) {
        office.real = tooSoon;
        expect(office.workflow.isDue()).toBe(false);
        office.real = now;
        expect(office.workflow.isDue()).toBe(true);
        if (now === 2_000) await office.settle();
      }
      office.restart();
      await office.settle();
      expect(one.calls).toEqual(['enter', 'desk-check', 'assign-visit', 'await visit', 'await review']);
    }));

  it('goes on with what was begun under a clock that was ahead, once that is put right', () =>
    inOffice(async (office) => {
      office.real = 400 * DAY_MS;
      const one = await office.open();
      office.real = DAY_MS;
      await office.settle();
      expect(one.calls).toEqual([]);
      office.workflow.followClock();
      await office.settle();
      expect(one.calls).toContain('await visit');
    }));

  it('lets the other branches go on while one is tried again', () =>
    inOffice(async (office) => {
      const one = await office.open();
      await office.settle();
      await office.wake(one, one.moveTo('review'));
      await office.settle();
      one.failures.push(new RetryLaterError('busy'));
      await office.wake(one, one.moveTo('referral', ['R1', 'R2']));
      await office.settle();
      expect(one.calls.slice(-2)).toEqual(['send-referral R2', 'await referral R2']);
      office.real = 60_000;
      await office.settle();
      expect(one.calls.slice(-2)).toEqual(['send-referral R1', 'await referral R1']);
      expect(count(one.calls, 'await referral R2')).toBe(1);
    }));

  it('parks a run that fails for good with its reason, and goes on with it when told to', () =>
    inOffice(async (office) => {
      const one = await office.open();
      one.failures.push(new PermanentError('NO_SUCH_CASE', 'there is no such case'));
      await office.settle();
      expect(await office.workflow.stuck(10)).toEqual([
        { case: one.id, run: 1, reason: 'Enter#1: NO_SUCH_CASE there is no such case' },
      ]);
      expect(await office.workflow.alive({ case: one.id, run: 1 })).toBe(false);
      expect(await office.workflow.restartStuck()).toBe(1);
      await office.settle();
      expect(one.calls.at(-1)).toBe('await visit');
    }));

  it('parks a run whose step fails fifteen times in a row', () =>
    inOffice(async (office) => {
      const one = await office.open();
      one.failures.push(...Array.from({ length: 20 }, () => new TypeError('a fault')));
      let tries = 0;
      for (; (await office.workflow.counts()).stuck === 0; tries += 1) {
        await office.settle();
        office.real += 400_000;
      }
      expect(tries).toBe(15);
      expect(await office.workflow.stuck(10)).toMatchObject([{ reason: 'Enter#1: TypeError' }]);
    }));

  it('forgets a stuck run when the case has a later one', () =>
    inOffice(async (office) => {
      const one = await office.open();
      one.failures.push(new PermanentError('NO_SUCH_CASE', 'there is no such case'));
      await office.settle();
      await office.workflow.start({ case: one.id, run: 2 });
      await office.settle();
      expect(await office.workflow.counts()).toEqual({ waiting: 1, due: 0, stuck: 0 });
    }));

  it('parks a run whose definition has no way on', () =>
    inOffice(async (office) => {
      const one = await office.open();
      one.stage = 'referral';
      await office.settle();
      expect(await office.workflow.stuck(10)).toMatchObject([{ reason: 'NoWayOn' }]);
    }));

  it('keeps the definition a run began with after the program has another', () =>
    inOffice(async (office) => {
      const one = await office.open();
      await office.settle();
      office.restart({ version: 'the next', machine: withoutReview(caseWorkflow) });
      const other = await office.open('C-H000000000000000000000002-1');
      await office.settle();
      for (const each of [one, other]) {
        await office.wake(each, each.moveTo('review'));
        await office.settle();
      }
      expect(one.calls.at(-1)).toBe('await review');
      expect(other.calls.at(-1)).toBe('await visit');
      expect(await office.workflow.stuck(10)).toMatchObject([{ case: other.id, reason: 'NoWayOn' }]);
    }));

  it('does a task again whose process died before its result was kept, and nothing that was kept', () =>
    inOffice(async (office) => {
      const one = await office.open();
      await office.settle();
      await office.wake(one, one.moveTo('review'));
      await office.settle();
      const before = [...one.calls];
      await office.wake(one, one.moveTo('referral', ['R1']));
      // Dies after the department was written to: the write of the passage never happens.
      const plain = office.tasks;
      office.tasks = async (call) => {
        if ('token' in call) office.close();
        return plain(call);
      };
      await expect(office.settle()).rejects.toThrow();
      office.tasks = plain;
      office.restart();
      await office.settle();
      expect(one.calls.slice(before.length)).toEqual([
        'send-referral R1',
        'await referral R1',
        'send-referral R1',
        'await referral R1',
      ]);
      await office.wakeBranch(one, 'R1', one.endReferral('R1'));
      await office.settle();
      expect(one.calls.at(-1)).toBe('await follow-up');
    }));
});

function withoutReview(machine: StateMachine): StateMachine {
  const text = JSON.stringify(machine).replace('"StringEquals":"review"', '"StringEquals":"another name"');
  return JSON.parse(text) as StateMachine;
}
