import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Case, CaseClock, CaseId } from '../../../shared/casework/case.ts';
import { runStep } from '../../../shared/casework/run-step.ts';
import { closeCase, moveTo } from '../../../shared/casework/stage-moves.ts';
import { type TendDeps, tendCases } from '../../../shared/casework/tend-cases.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { RetryLaterError } from '../../../shared/ports/errors.ts';
import { CaseOffice } from '../../builders/case-office.ts';
import { plainClocks, testRules } from '../../builders/case-rules.ts';
import { aCase, caseId, increment, referral, visitClock } from '../../builders/cases.ts';
import { instant } from '../../builders/facts.ts';
import { householdId } from '../../builders/standings.ts';

describe('tending cases', () => {
  let office: CaseOffice;
  /** Cases whose run is under way. */
  let alive: Set<CaseId>;
  beforeEach(() => {
    office = new CaseOffice();
    alive = new Set();
  });
  afterEach(() => office.close());

  const deps = (changes: Partial<TendDeps> = {}): TendDeps => ({
    ...office.deps,
    queue: office.embedded.queue,
    facts: office.embedded.facts,
    catalog,
    workflow: { alive: async ({ case: id }) => alive.has(id), wake: office.runs.wake },
    ...changes,
  });
  /** Messages sent so far, without the one that has the closed cases tended after the open ones. */
  const waiting = async () =>
    (await office.embedded.queue.receive('cases', 1_000, 60))
      .map(({ body }) => JSON.parse(body))
      .filter(({ kind, closed }) => kind !== 'tend-cases' || closed !== true);

  it('gives a case whose run was lost another, with a message that starts it, once', async () => {
    await office.has(aCase(1), aCase(2));
    alive.add(caseId(2));
    await tendCases(deps(), {});
    expect(await waiting()).toEqual([{ v: 1, kind: 'start-run', case: caseId(1), run: 2 }]);
    expect(await office.deps.cases.get(caseId(1))).toMatchObject({ version: 2, workflow: { run: 2 }, stage: 'visit' });
    expect(await office.deps.cases.get(caseId(2))).toMatchObject({ version: 1 });
    alive.add(caseId(1));
    await tendCases(deps(), {});
    expect(await waiting()).toEqual([]);
  });

  it('lets closed cases be whose run has ended, and those that will any moment', async () => {
    const closed = closeCase(aCase(1), 'not-in-need', 'caseworker-1', instant());
    await office.has({ ...closed, workflow: aCase(1).workflow }, { ...closed, ...ofHousehold(2) });
    alive.add(caseId(2));
    await tendCases(deps(), {});
    await tendCases(deps(), { closed: true });
    expect(await office.deps.cases.get(caseId(1))).toMatchObject({ version: 1 });
    expect(await office.deps.cases.get(caseId(2))).toMatchObject({ version: 1 });
  });

  it('gives a closed case whose last step failed another run, which does what closing asks for', async () => {
    await office.hasWarning(1);
    const opened = aCase(1, { increments: [increment(1)] });
    await office.has(closeCase(opened, 'not-in-need', 'caseworker-1', instant()));
    const unable = { ...office.deps, standings: { load: failing, save: failing } };
    await expect(runStep(unable, { case: caseId(1), run: 1, step: 'close' })).rejects.toThrow('not now');

    await tendCases(deps(), { closed: true });
    expect(await waiting()).toEqual([{ v: 1, kind: 'start-run', case: caseId(1), run: 2 }]);
    for (let twice = 0; twice < 2; twice += 1) await runStep(office.deps, { case: caseId(1), run: 2, step: 'close' });
    const [standing] = (await office.embedded.standings.load([opened.household])).get(opened.household) ?? [];
    expect(standing).toMatchObject({ version: 2, warning: { status: 'handled' } });
    const ended = await office.deps.cases.get(caseId(1));
    expect(ended).toMatchObject({ stage: 'closed', version: 3, workflow: { run: 2 } });
    await tendCases(deps(), { closed: true });
    expect(await office.deps.cases.get(caseId(1))).toEqual(ended);
  });

  it('gives a closed case another run when the one there was never woken', async () => {
    await office.has(closeCase(aCase(1), 'not-in-need', 'caseworker-1', instant()));
    alive.add(caseId(1));
    office.now = instant(59);
    await tendCases(deps(), { closed: true });
    expect(await waiting()).toEqual([]);
    office.now = instant(61);
    await tendCases(deps(), { closed: true });
    expect(await waiting()).toMatchObject([{ kind: 'start-run', run: 2 }]);
  });

  it('goes through closed cases only as far as runs have not ended', async () => {
    const closed = (n: number) => ({ ...closeCase(aCase(n), 'moved', 'u', instant()), ...ofHousehold(n) });
    const ending = Array.from({ length: 250 }, (_, n) => closed(n + 1));
    const ended = Array.from({ length: 450 }, (_, n) => ({ ...closed(n + 300), workflow: aCase(1).workflow }));
    await office.has(...ending, ...ended);
    await tendCases(deps(), { closed: true });
    const [first, ...restarts] = (await office.embedded.queue.receive('cases', 1_000, 60))
      .map(({ body }) => JSON.parse(body))
      .reverse();
    expect(restarts).toHaveLength(200);
    expect(first).toMatchObject({ kind: 'tend-cases', closed: true, after: expect.any(String) });
    await tendCases(deps(), first);
    const rest = (await office.embedded.queue.receive('cases', 1_000, 60)).map(({ body }) => JSON.parse(body).kind);
    expect(rest).toEqual(Array(50).fill('start-run'));
  });

  it('asks for the closed cases once the open ones are through', async () => {
    await tendCases(deps(), {});
    const messages = (await office.embedded.queue.receive('cases', 10, 60)).map(({ body }) => JSON.parse(body));
    expect(messages).toEqual([{ v: 1, kind: 'tend-cases', closed: true }]);
  });

  describe('when a wait was slept through', () => {
    const yellowAt = instant(7 * 1440);
    const visited = () => aCase(1, { clocks: [plainClocks.start('visit', aCase(1), instant())], waits: { visit: 'token' } });
    beforeEach(() => alive.add(caseId(1)));

    it('lets an hour pass, for the engine is on its way', async () => {
      await office.has(visited());
      office.now = instant(7 * 1440 + 60);
      await tendCases(deps(), {});
      expect(office.runs.woken).toEqual([]);
      expect(await office.deps.cases.get(caseId(1))).toMatchObject({ version: 1, clocks: [{ yellowAt, light: 'green' }] });
    });

    it('wakes it and raises the light that its time would have raised, once', async () => {
      await office.has(visited());
      office.now = instant(7 * 1440 + 61);
      await tendCases(deps(), {});
      expect(office.runs.woken).toEqual([['token', 'visit', false]]);
      const found = await office.deps.cases.get(caseId(1));
      expect(found).toMatchObject({ version: 2, clocks: [{ light: 'yellow' }], workflow: { run: 1 } });
      expect(found?.history.map(({ what }) => what)).toEqual(['raise-light']);
      await tendCases(deps(), {});
      expect(office.runs.woken).toHaveLength(1);
      expect(await office.deps.cases.get(caseId(1))).toEqual(found);
    });

    it('raises it only once when the engine awakes in the same moment', async () => {
      await office.has(visited());
      office.now = instant(7 * 1440 + 61);
      const late = { case: caseId(1), run: 1, step: 'raise-light', wait: 'visit' } as const;
      office.beforeSave = async () => void (await runStep(office.deps, late));
      await tendCases(deps(), {});
      const found = await office.deps.cases.get(caseId(1));
      expect(found?.history.map(({ what }) => what)).toEqual(['raise-light']);
    });

    it('begins another run when its token leads nowhere, or none is known', async () => {
      const unknown: readonly Case['waits'][] = [{ visit: 'lost' }, {}];
      for (const waits of unknown) {
        const one = { ...visited(), waits };
        const [stored] = (await office.embedded.cases.current([one.household])).values();
        const version = (stored?.version ?? 0) + 1;
        await office.embedded.cases.save([{ case: { ...one, version }, events: [], messages: [] }]);
        office.now = instant(7 * 1440 + 61);
        await tendCases(deps({ workflow: { alive: async () => true, wake: async () => 'gone' } }), {});
        expect(await waiting()).toContainEqual({ v: 1, kind: 'start-run', case: caseId(1), run: 2 });
        const found = await office.deps.cases.get(caseId(1));
        expect(found).toMatchObject({ workflow: { run: 2 }, clocks: [{ light: 'yellow' }], waits: {} });
      }
    });

    it('looks at the household again when that was slept through', async () => {
      const helped = moveTo(aCase(1), 'follow-up', { now: instant(), rules: testRules });
      await office.has({ ...helped, waits: { 'follow-up': 'token' } });
      office.now = instant(11 * 1440);
      await tendCases(deps(), {});
      expect(office.runs.woken).toEqual([['token', 'follow-up', false]]);
      expect(await office.deps.cases.get(caseId(1))).toMatchObject({ followUp: { outcome: 'not-in-need' }, stage: 'follow-up' });
    });

    it('tells the county of a department that was silent, and lets the other branches wait', async () => {
      const clockOf = (id: string, at: number) => plainClocks.start('referral-answer', aCase(1), instant(at), { referral: id });
      await office.has(
        aCase(1, {
          stage: 'referral',
          referrals: [referral('R1', 'education'), referral('R2', 'housing')],
          clocks: [clockOf('R1', 0), clockOf('R2', 8 * 1440)],
          waits: { 'referral:R1': 'token-1', 'referral:R2': 'token-2' },
        }),
      );
      office.now = instant(11 * 1440);
      await tendCases(deps(), {});
      expect(office.runs.woken).toEqual([['token-1', 'referral', true]]);
      const found = await office.deps.cases.get(caseId(1));
      expect(found?.referrals.map(({ escalatedFor }) => escalatedFor)).toEqual(['silence', undefined]);
      expect(found?.waits).toMatchObject({ 'referral:R2': 'token-2' });
    });

    it('lets a paused clock stand', async () => {
      const [clock] = visited().clocks;
      const paused = { at: instant(60), reason: 'papers-awaited' } as const;
      await office.has({ ...visited(), clocks: clock === undefined ? [] : [{ ...clock, paused }] });
      office.now = instant(20 * 1440);
      await tendCases(deps(), {});
      expect(await office.deps.cases.get(caseId(1))).toMatchObject({ version: 1 });
    });
  });

  it('does not restart a case that somebody gave another run meanwhile', async () => {
    await office.has(aCase(1));
    const other = { ...aCase(1), version: 2, workflow: { definition: 'test', run: 2 } };
    const workflow: TendDeps['workflow'] = {
      wake: office.runs.wake,
      async alive() {
        await office.embedded.cases.save([{ case: other, events: [], messages: [] }]);
        return false;
      },
    };
    await tendCases(deps({ workflow }), {});
    expect(await office.deps.cases.get(caseId(1))).toMatchObject({ version: 2, workflow: { run: 2 } });
  });

  it('plans clocks again when the calendar has changed, and wakes the waits that count by them', async () => {
    await office.has(aCase(1, { clocks: [visitClock('2024-05-01T00:00:00.000Z')], waits: { visit: 'token' } }));
    alive.add(caseId(1));
    const later = '2024-05-03T00:00:00.000Z' as CaseClock['redAt'];
    const rules = { ...testRules, clocks: { ...plainClocks, replan: (clock: CaseClock) => ({ ...clock, redAt: later }) } };
    await tendCases(deps({ rules }), {});
    expect(await office.deps.cases.get(caseId(1))).toMatchObject({ clocks: [{ redAt: later }], workflow: { run: 1 }, waits: {} });
    expect(await waiting()).toMatchObject([{ kind: 'wake-run', token: 'token' }]);
  });

  it('looks after all others of a page, and sends for the next, when one case fails for good', async () => {
    await office.has(...Array.from({ length: 250 }, (_, n) => aCase(n + 1)));
    const spoilt = caseId(3);
    const aliveBut = async ({ case: id }: { readonly case: CaseId }) => {
      if (id === spoilt) throw new RangeError('a date beyond the calendar');
      return false;
    };
    const workflow = { ...deps().workflow, alive: aliveBut };
    expect(await tendCases(deps({ workflow }), {})).toEqual([`${spoilt} (RangeError)`]);
    const messages = await waiting();
    expect(messages.filter(({ kind }) => kind === 'start-run')).toHaveLength(199);
    expect(messages.filter(({ kind }) => kind === 'tend-cases')).toHaveLength(1);
  });

  it('throws what may pass, so that the page comes again', async () => {
    await office.has(aCase(1), aCase(2));
    const throttled = async () => {
      throw new RetryLaterError('throttled');
    };
    const workflow = { ...deps().workflow, alive: throttled };
    await expect(tendCases(deps({ workflow }), {})).rejects.toThrow('throttled');
  });

  it('goes through all open cases page by page, each page asking for the next', async () => {
    await office.has(...Array.from({ length: 450 }, (_, n) => aCase(n + 1)));
    let pages = 0;
    let restarted = 0;
    for (let next: { readonly after?: string } | undefined = {}; next !== undefined; pages += 1) {
      await tendCases(deps(), next);
      const messages = await waiting();
      restarted += messages.filter((message) => message.kind === 'start-run').length;
      next = messages.find((message) => message.kind === 'tend-cases');
    }
    expect({ pages, restarted }).toEqual({ pages: 3, restarted: 450 });
  });
});

const ofHousehold = (n: number) => ({ id: caseId(n), household: householdId(n) });

async function failing(): Promise<never> {
  throw new Error('not now');
}
