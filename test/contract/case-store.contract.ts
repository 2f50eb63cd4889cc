import { describe, expect, it } from 'vitest';
import type { Instant } from '../../shared/calendar/plain-date.ts';
import type { Case } from '../../shared/casework/case.ts';
import type { CaseQuery, CaseStore } from '../../shared/ports/case-store.ts';
import type { OutboxMessage } from '../../shared/ports/outbox.ts';
import { aCase, caseChange, caseEvent, caseId, referral, visitClock } from '../builders/cases.ts';
import { householdId, URGENT } from '../builders/standings.ts';
import { type Subject, type SubjectMaker, settle, withSubject } from './subject.ts';

/** A subject that also shows which messages went out with changes. */
interface CaseStoreSubject extends Subject<CaseStore> {
  messages(): Promise<readonly { readonly queue: string; readonly body: string }[]>;
}

/** How the suite gets at a case store. */
interface CaseStoreMaker extends SubjectMaker<CaseStore> {
  make(): Promise<CaseStoreSubject>;
}

const ANYWHERE: Pick<CaseQuery, 'areas' | 'order' | 'limit'> = { areas: [''], order: 'due', limit: 100 };
const message: OutboxMessage = { queue: 'cases', message: { body: '{"v":1,"kind":"start-run"}' } };

async function pages(store: CaseStore, query: CaseQuery): Promise<string[]> {
  const seen: Case[] = [];
  let after: string | undefined;
  do {
    const page = await store.list({ ...query, ...(after === undefined ? {} : { after }) });
    seen.push(...page.cases);
    after = page.next;
  } while (after !== undefined);
  return seen.map((one) => one.id);
}

/** What every CaseStore promises. */
export function caseStoreContract(name: string, maker: CaseStoreMaker): void {
  const eventually = settle(maker);
  const withCases = (test: (store: CaseStore, subject: CaseStoreSubject) => Promise<void>) => {
    let made: CaseStoreSubject | undefined;
    const remembering = {
      make: async () => {
        made = await maker.make();
        return made;
      },
    };
    return withSubject(remembering, async (store) => {
      if (made !== undefined) await test(store, made);
    });
  };
  const save = async (store: CaseStore, cases: readonly Case[]) =>
    expect(await store.save(cases.map((one) => caseChange(one)))).toEqual([]);

  describe(`case store: ${name}`, () => {
    it('gives back a case exactly as it was saved, by id and by household', () =>
      withCases(async (store) => {
        const one = aCase(1, {
          clocks: [visitClock('2024-04-10T10:00:00.000Z')],
          referrals: [referral('R1', 'medical-insurance')],
          history: [
            {
              at: '2024-04-01T00:00:00.000Z' as Instant,
              by: 'system',
              what: 'opened',
              version: 1,
              stage: 'opened',
              note: '说明',
            },
          ],
          waits: { visit: 'token' },
        });
        await save(store, [one]);
        expect(await store.get(one.id)).toEqual(one);
        expect(await store.current([householdId(1), householdId(2)])).toEqual(new Map([[householdId(1), one]]));
        expect(await store.ofHousehold(householdId(1))).toEqual([one]);
      }));

    it('knows nothing of what was never saved, and takes empty lists', () =>
      withCases(async (store, subject) => {
        expect(await store.get(caseId(1))).toBeUndefined();
        expect(await store.current([])).toEqual(new Map());
        expect(await store.ofHousehold(householdId(1))).toEqual([]);
        expect(await store.save([])).toEqual([]);
        expect(await store.list(ANYWHERE)).toEqual({ cases: [] });
        expect(await store.list({ ...ANYWHERE, areas: [] })).toEqual({ cases: [] });
        expect(await store.counts([''])).toEqual({ byStage: {}, byLight: {}, byAssignee: {} });
        expect(await subject.messages()).toEqual([]);
      }));

    it('keeps events and messages of a saved change, and none of a refused one', () =>
      withCases(async (store, subject) => {
        const one = aCase(1);
        await store.save([caseChange(one, { messages: [message] })]);
        const stale = caseChange(aCase(1, { version: 3, stage: 'review' }), { messages: [message] });
        expect(await store.save([stale])).toEqual([stale]);
        await eventually(async () => {
          expect(await subject.events()).toEqual([caseEvent(one)]);
          expect(await subject.messages()).toEqual([{ queue: 'cases', body: message.message.body }]);
        });
      }));

    it('saves the next version and refuses one that was computed from an older or a newer state', () =>
      withCases(async (store) => {
        await save(store, [aCase(1)]);
        await save(store, [aCase(1, { version: 2, stage: 'review' })]);
        for (const version of [1, 2, 4]) {
          const stale = caseChange(aCase(1, { version, stage: 'closed' }));
          expect(await store.save([stale])).toEqual([stale]);
        }
        expect(await store.get(caseId(1))).toMatchObject({ version: 2, stage: 'review' });
      }));

    it('lets exactly one of simultaneous writers through', () =>
      withCases(async (store) => {
        await save(store, [aCase(1)]);
        const writers = Array.from({ length: 6 }, (_, n) => caseChange(aCase(1, { version: 2, area: `41010200100${n}` })));
        const conflicts = await Promise.all(writers.map((writer) => store.save([writer])));
        expect(conflicts.filter((list) => list.length === 0)).toHaveLength(1);
        const winner = conflicts.findIndex((list) => list.length === 0);
        expect(await store.get(caseId(1))).toMatchObject({ area: `41010200100${winner}` });
      }));

    it('opens no second case beside an open one, and the next one only after the closed one the writer has seen', () =>
      withCases(async (store) => {
        const first = aCase(1);
        await save(store, [first]);
        const second = aCase(1, { id: caseId(1, 2) });
        expect(await store.save([caseChange(second)])).toHaveLength(1);
        expect(await store.save([caseChange(second, { past: first })])).toHaveLength(1);
        const closed = aCase(1, { version: 2, stage: 'closed' });
        await save(store, [closed]);
        expect(await store.save([caseChange(second)])).toHaveLength(1);
        expect(await store.save([caseChange(second, { past: closed })])).toEqual([]);
        expect((await store.current([householdId(1)])).get(householdId(1))).toEqual(second);
      }));

    it('keeps every closed case of a household for good', () =>
      withCases(async (store) => {
        let past: Case | undefined;
        const all: Case[] = [];
        for (const ordinal of [1, 2, 3, 4]) {
          const opened = aCase(1, { id: caseId(1, ordinal) });
          expect(await store.save([caseChange(opened, past === undefined ? {} : { past })])).toEqual([]);
          past = { ...opened, version: 2, stage: 'closed' };
          await save(store, [past]);
          all.push(past);
        }
        expect(await store.ofHousehold(householdId(1))).toEqual(all);
        expect(await store.get(caseId(1, 2))).toEqual(all[1]);
      }));

    it('lists open cases with the nearest red light first, or the most urgent', () =>
      withCases(async (store) => {
        const late = aCase(1, { clocks: [visitClock('2024-04-01T10:00:00.000Z', { light: 'red' })] });
        const soon = aCase(2, { clocks: [visitClock('2024-04-09T10:00:00.000Z')] });
        const urgent = aCase(3, { grade: URGENT, clocks: [visitClock('2024-04-11T10:00:00.000Z')] });
        const timeless = aCase(4, { stage: 'opened' });
        const closed = aCase(5, { stage: 'closed', clocks: [visitClock('2024-03-01T10:00:00.000Z')] });
        await save(store, [timeless, closed, urgent, soon, late]);
        await eventually(async () => {
          expect(await pages(store, ANYWHERE)).toEqual([late, soon, urgent, timeless].map(({ id }) => id));
          expect(await pages(store, { ...ANYWHERE, limit: 1 })).toEqual([late, soon, urgent, timeless].map(({ id }) => id));
          expect(await pages(store, { ...ANYWHERE, order: 'urgent', limit: 2 })).toEqual(
            [urgent, late, soon, timeless].map(({ id }) => id),
          );
          expect(await pages(store, { ...ANYWHERE, stages: ['closed'] })).toEqual([closed.id]);
        });
      }));

    it('lists closed cases whose run has not ended first, the longest closed foremost', () =>
      withCases(async (store) => {
        const closed = (n: number, at: string, workflow: Partial<Case['workflow']> = {}) =>
          aCase(n, {
            stage: 'closed',
            outcome: { code: 'moved', at: at as Instant, by: 'worker-1' },
            workflow: { definition: 'test', run: 1, ...workflow },
          });
        const ended = closed(1, '2024-03-01T00:00:00.000Z');
        const ending = closed(2, '2024-04-02T00:00:00.000Z', { ending: true });
        const longEnding = closed(3, '2024-04-01T00:00:00.000Z', { ending: true });
        await save(store, [ended, ending, longEnding]);
        const listed = () => pages(store, { ...ANYWHERE, stages: ['closed'] });
        await eventually(async () => expect(await listed()).toEqual([longEnding.id, ending.id, ended.id]));
        await save(store, [{ ...longEnding, version: 2, workflow: ended.workflow }]);
        await eventually(async () => expect(await listed()).toEqual([ending.id, ended.id, longEnding.id]));
      }));

    it('lists by area, stage, worker, pool, light and department', () =>
      withCases(async (store) => {
        const at = '2024-04-01T00:00:00.000Z' as Instant;
        const mine = aCase(1, {
          area: '410102001203',
          assignment: { user: 'worker-1', level: 'village', area: '410102001203', at, by: 'system' },
        });
        const pooled = aCase(2, { area: '410102002', stage: 'review', clocks: [visitClock(at, { light: 'red' })] });
        const asked = aCase(3, {
          area: '410103',
          stage: 'referral',
          referrals: [referral('R1', 'education'), referral('R2', 'medical-insurance', { status: 'done' })],
        });
        const elsewhere = aCase(4, { area: '370612' });
        await save(store, [mine, pooled, asked, elsewhere]);
        const listed = (filter: Partial<CaseQuery>) => pages(store, { ...ANYWHERE, ...filter });
        await eventually(async () => {
          expect(await listed({ areas: ['410102'] })).toEqual([pooled.id, mine.id]);
          expect(await listed({ areas: ['37', '410103'] })).toEqual([asked.id, elsewhere.id]);
          expect(await listed({ areas: ['4101020012', '410102'] })).toEqual([pooled.id, mine.id]);
          expect(await listed({ stages: ['visit', 'referral'] })).toEqual([mine.id, asked.id, elsewhere.id]);
          expect(await listed({ assignee: 'worker-1' })).toEqual([mine.id]);
          expect(await listed({ unassigned: true, areas: ['41'] })).toEqual([pooled.id, asked.id]);
          expect(await listed({ light: 'yellow' })).toEqual([pooled.id]);
          expect(await listed({ light: 'county' })).toEqual([]);
          expect(await listed({ department: 'education' })).toEqual([asked.id]);
          expect(await listed({ department: 'medical-insurance' })).toEqual([]);
        });
      }));

    it('counts by stage, light and worker, as they are after every change', () =>
      withCases(async (store) => {
        const at = '2024-04-01T00:00:00.000Z' as Instant;
        const assignment = { user: 'worker-1', level: 'village' as const, area: '410102001203', at, by: 'system' };
        await save(store, [aCase(1, { assignment }), aCase(2), aCase(3, { area: '370612' })]);
        await save(store, [
          aCase(1, { version: 2, assignment, stage: 'review', clocks: [visitClock(at, { light: 'yellow' })] }),
          aCase(2, { version: 2, stage: 'closed', assignment }),
        ]);
        await eventually(async () => {
          expect(await store.counts(['41'])).toEqual({
            byStage: { review: 1, closed: 1 },
            byLight: { yellow: 1 },
            byAssignee: { 'worker-1': 1 },
          });
          expect(await store.counts(['41', '37'])).toMatchObject({ byStage: { visit: 1, review: 1, closed: 1 } });
        });
      }));

    it('tells the counties of open cases, and neither those of closed ones nor what lies beyond the areas', () =>
      withCases(async (store) => {
        const in3706 = aCase(3, { area: '370612100' });
        await save(store, [aCase(1), aCase(2), in3706, aCase(4, { area: '411122', stage: 'review' }), aCase(5, { area: '' })]);
        await save(store, [{ ...in3706, version: 2, stage: 'closed' }]);
        await eventually(async () => {
          expect(await store.openCounties([''])).toEqual(['410102', '411122']);
          expect(await store.openCounties(['4111', '37'])).toEqual(['411122']);
          expect(await store.openCounties(['410102001', '411122002'])).toEqual(['410102']);
          expect(await store.openCounties([])).toEqual([]);
        });
      }));

    it('pages through more cases than one batch of any store holds', () =>
      withCases(async (store) => {
        const many = Array.from({ length: 120 }, (_, n) =>
          aCase(n, { clocks: [visitClock(`2024-04-0${1 + (n % 9)}T10:00:00.000Z`)] }),
        );
        expect(await store.save(many.map((one) => caseChange(one)))).toEqual([]);
        const inOrder = [...many].sort((a, b) => {
          const [x, y] = [a.clocks[0]?.redAt ?? '', b.clocks[0]?.redAt ?? ''];
          return x === y ? (a.id < b.id ? -1 : 1) : x < y ? -1 : 1;
        });
        await eventually(async () => {
          expect(await pages(store, { ...ANYWHERE, areas: ['41'], limit: 17 })).toEqual(inOrder.map(({ id }) => id));
        });
      }));
  });
}
