import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CaseClock, CaseId } from '../../../shared/casework/case.ts';
import { closeCase } from '../../../shared/casework/stage-moves.ts';
import { type TendDeps, tendCases } from '../../../shared/casework/tend-cases.ts';
import { catalog } from '../../../shared/catalog/index.ts';
import { CaseOffice } from '../../builders/case-office.ts';
import { plainClocks, testRules } from '../../builders/case-rules.ts';
import { aCase, caseId, visitClock } from '../../builders/cases.ts';
import { instant } from '../../builders/facts.ts';

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
    workflow: { alive: async ({ case: id }) => alive.has(id) },
    ...changes,
  });
  const waiting = async () => (await office.embedded.queue.receive('cases', 1_000, 60)).map(({ body }) => JSON.parse(body));

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

  it('lets closed cases be', async () => {
    await office.has(closeCase(aCase(1), 'not-in-need', 'caseworker-1', instant()));
    await tendCases(deps(), {});
    expect(await office.deps.cases.get(caseId(1))).toMatchObject({ version: 1 });
  });

  it('does not restart a case that somebody gave another run meanwhile', async () => {
    await office.has(aCase(1));
    const other = { ...aCase(1), version: 2, workflow: { definition: 'test', run: 2 } };
    const workflow: TendDeps['workflow'] = {
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
