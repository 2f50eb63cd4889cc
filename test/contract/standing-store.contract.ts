import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { addDays, type PlainDate } from '../../shared/calendar/plain-date.ts';
import type { FileId, PersonKey } from '../../shared/facts/fact.ts';
import type { StandingStore, WarningQuery } from '../../shared/ports/standing-store.ts';
import type { Warning, WarningId } from '../../shared/warnings/warning.ts';
import { feedId, instant } from '../builders/facts.ts';
import { GENERAL, householdEvent, householdId, standing, standingChange, URGENT, warning } from '../builders/standings.ts';
import { type SubjectMaker, settle, withSubject } from './subject.ts';

const ANYWHERE: Pick<WarningQuery, 'areas' | 'limit'> = { areas: [''], limit: 100 };

async function pages(store: StandingStore, query: WarningQuery): Promise<Warning[]> {
  const seen: Warning[] = [];
  let after: string | undefined;
  do {
    const page = await store.warnings({ ...query, ...(after === undefined ? {} : { after }) });
    expect(page.warnings.length).toBeLessThanOrEqual(query.limit);
    seen.push(...page.warnings);
    after = page.next;
  } while (after !== undefined);
  return seen;
}

/** What every StandingStore promises. */
export function standingStoreContract(name: string, maker: SubjectMaker<StandingStore>): void {
  const eventually = settle(maker);
  const save = async (store: StandingStore, warnings: readonly Warning[]) => {
    const changes = warnings.map((one, n) => ({
      standing: { ...standing(n, 1), household: one.household, family: one.family, area: one.area, warning: one },
      events: [],
      messages: [],
    }));
    expect(await store.save(changes)).toEqual([]);
  };

  describe(`standing store: ${name}`, () => {
    it('gives back a standing exactly as it was saved', () =>
      withSubject(maker, async (store) => {
        const change = standingChange(1, 1, {
          handled: {
            at: instant(),
            gradeRank: 2,
            values: { 'medical-self-paid-12m': 500_000, 指标: 1.5 },
            rows: ['0a1b 4', '0a1b 17'],
          },
        });
        expect(await store.save([change])).toEqual([]);
        expect(await store.load([householdId(1)])).toEqual(new Map([[householdId(1), [change.standing]]]));
      }));

    it('gives back a warning of which each of 24 indicators rests on two thousand rows, and the one before it', () =>
      withSubject(maker, async (store) => {
        const [reason] = warning(1).reasons;
        const evidence = Array.from({ length: 2_000 }, (_, n) => {
          const digest = createHash('sha256').update(`row ${n}`);
          const [person, file] = [n % 40, n % 12].map((k) => createHash('sha256').update(`${k}`).digest('hex'));
          return {
            feed: feedId(),
            file: (file ?? '').slice(0, 24) as FileId,
            row: digest.copy().digest().readUInt16BE(0),
            date: addDays('2023-04-01' as PlainDate, n % 365),
            person: (person ?? '').slice(0, 32) as PersonKey,
            amount: digest.digest().readUInt32BE(2) % 1_000_000,
          };
        });
        const reasons = Array.from({ length: 24 }, (_, k) => ({ ...reason, indicator: `indicator-${k}`, evidence }));
        const past = { ...warning(1), status: 'handled' as const, reasons } as Warning;
        const now = { ...warning(1), id: `W-${householdId(1)}-entry-2` as WarningId, reasons } as Warning;
        expect(await store.save([standingChange(1, 1, { warning: past })])).toEqual([]);
        expect(await store.save([{ ...standingChange(1, 2, { warning: now }), past }])).toEqual([]);
        expect(await store.warning(now.id)).toEqual(now);
        expect(await store.past(householdId(1))).toEqual([past]);
      }));

    it('gives back what a warning did not ask and why it was withdrawn', () =>
      withSubject(maker, async (store) => {
        const [reason] = warning(1).reasons;
        const delivered = warning(1, {
          id: `W-${householdId(1)}-entitlement-1` as WarningId,
          family: 'entitlement',
          status: 'withdrawn',
          withdrawal: 'entitlement-delivered',
          reasons: reason === undefined ? [] : [reason, { ...reason, indicator: 'not-asked', result: 'miss', excluded: true }],
        });
        const change = standingChange(1, 1, { family: 'entitlement', warning: delivered });
        await store.save([change]);
        expect(await store.load([householdId(1)])).toEqual(new Map([[householdId(1), [change.standing]]]));
      }));

    it('keeps a standing without a warning or grade', () =>
      withSubject(maker, async (store) => {
        const quiet = standing(1, 1);
        const plain = { ...quiet, area: '', assessment: { ...quiet.assessment, grade: null } };
        await store.save([{ standing: plain, events: [], messages: [] }]);
        expect((await store.load([householdId(1)])).get(householdId(1))).toEqual([plain]);
        expect((await store.warnings(ANYWHERE)).warnings).toEqual([]);
      }));

    it('keeps a standing per family of a household', () =>
      withSubject(maker, async (store) => {
        const rejectWarning = warning(1, { id: `W-${householdId(1)}-reject-1` as WarningId, family: 'reject' });
        await store.save([
          standingChange(1, 1),
          { ...standingChange(1, 1, { family: 'reject', warning: rejectWarning }), events: [], messages: [] },
        ]);
        const families = ((await store.load([householdId(1)])).get(householdId(1)) ?? []).map((one) => one.family);
        expect([...families].sort()).toEqual(['entry', 'reject']);
      }));

    it('leaves households without a standing out, and takes empty lists', () =>
      withSubject(maker, async (store, subject) => {
        expect(await store.save([])).toEqual([]);
        expect(await store.load([])).toEqual(new Map());
        expect(await store.load([householdId(1)])).toEqual(new Map());
        expect(await store.warnings(ANYWHERE)).toEqual({ warnings: [] });
        expect(await store.past(householdId(1))).toEqual([]);
        expect(await store.warning(warning(1).id)).toBeUndefined();
        expect(await subject.events()).toEqual([]);
      }));

    it('keeps every event of a saved change', () =>
      withSubject(maker, async (store, subject) => {
        const events = [householdEvent(1, 1), householdEvent(1, 1, 'warning.opened')];
        await store.save([{ ...standingChange(1, 1), events }]);
        const found = await subject.events();
        expect([...found].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([...events].sort((a, b) => (a.id < b.id ? -1 : 1)));
      }));

    it('saves the next version and refuses one that was computed from an older or a newer state', () =>
      withSubject(maker, async (store, subject) => {
        expect(await store.save([standingChange(1, 2)])).toEqual([standingChange(1, 2)]);
        expect(await store.load([householdId(1)])).toEqual(new Map());
        await store.save([standingChange(1, 1)]);
        expect(await store.save([standingChange(1, 2, { area: '410103' })])).toEqual([]);
        for (const version of [1, 2, 4]) {
          const stale = standingChange(1, version, { area: '999999' });
          expect(await store.save([stale])).toEqual([stale]);
        }
        expect((await store.load([householdId(1)])).get(householdId(1))).toMatchObject([{ version: 2, area: '410103' }]);
        expect((await subject.events()).map((event) => event.id).sort()).toEqual(
          [householdEvent(1, 1).id, householdEvent(1, 2).id].sort(),
        );
      }));

    it('lets exactly one of simultaneous writers through', () =>
      withSubject(maker, async (store, subject) => {
        await store.save([standingChange(1, 1)]);
        const writers = Array.from({ length: 6 }, (_, n) => ({
          ...standingChange(1, 2, { area: `41010${n}` }),
          events: [householdEvent(100 + n, 2)],
        }));
        const conflicts = await Promise.all(writers.map((writer) => store.save([writer])));
        const winner = conflicts.findIndex((list) => list.length === 0);
        expect(conflicts.filter((list) => list.length === 0)).toHaveLength(1);
        expect((await store.load([householdId(1)])).get(householdId(1))).toMatchObject([{ version: 2, area: `41010${winner}` }]);
        expect((await subject.events()).filter((event) => event.data['version'] === 2)).toEqual([
          householdEvent(100 + winner, 2),
        ]);
      }));

    it('saves the others when one of a batch conflicts', () =>
      withSubject(maker, async (store) => {
        await store.save([standingChange(30, 1)]);
        const batch = Array.from({ length: 60 }, (_, n) => standingChange(n, 1));
        expect(await store.save(batch)).toEqual([standingChange(30, 1)]);
        expect((await store.load(batch.map((change) => change.standing.household))).size).toBe(60);
      }));

    it('finds a warning by its id, with its reasons', () =>
      withSubject(maker, async (store) => {
        await store.save([standingChange(1, 1)]);
        expect(await store.warning(warning(1).id)).toEqual(warning(1));
        expect(await store.warning(warning(2).id)).toBeUndefined();
        expect(await store.warning('nonsense' as WarningId)).toBeUndefined();
      }));

    it('shows the newest state of a warning that changed', () =>
      withSubject(maker, async (store) => {
        await store.save([standingChange(1, 1)]);
        const withdrawn = warning(1, { status: 'withdrawn', withdrawal: 'reason-taken-back', changedAt: instant(5) });
        await store.save([standingChange(1, 2, { warning: withdrawn })]);
        expect(await store.warning(withdrawn.id)).toEqual(withdrawn);
        await eventually(async () => {
          expect((await store.warnings({ ...ANYWHERE, status: 'open' })).warnings).toEqual([]);
          expect((await store.warnings({ ...ANYWHERE, status: 'withdrawn' })).warnings).toEqual([withdrawn]);
        });
      }));

    it('takes a warning off the list when its standing no longer has one', () =>
      withSubject(maker, async (store) => {
        await store.save([standingChange(1, 1)]);
        await store.save([{ standing: standing(1, 2), events: [], messages: [] }]);
        await eventually(async () => {
          expect((await store.warnings(ANYWHERE)).warnings).toEqual([]);
        });
      }));

    it('keeps handled warnings for good beside the new one, oldest first', () =>
      withSubject(maker, async (store) => {
        const concern = (ordinal: number, changes: Partial<Warning> = {}) =>
          warning(1, { id: `W-${householdId(1)}-entry-${ordinal}` as WarningId, openedAt: instant(ordinal), ...changes });
        const handled = (ordinal: number) => concern(ordinal, { status: 'handled' });
        await store.save([standingChange(1, 1, { warning: handled(1) })]);
        await store.save([{ ...standingChange(1, 2, { warning: handled(2) }), past: handled(1) }]);
        await store.save([{ ...standingChange(1, 3, { warning: concern(3) }), past: handled(2) }]);
        expect(await store.past(householdId(1))).toEqual([handled(1), handled(2)]);
        expect(await store.past(householdId(2))).toEqual([]);
        expect(await store.warning(handled(1).id)).toEqual(handled(1));
        expect(await store.warning(concern(3).id)).toEqual(concern(3));
        await eventually(async () => {
          expect((await store.warnings(ANYWHERE)).warnings).toEqual([concern(3)]);
        });
      }));

    it('keeps no past warning of a change that was not saved', () =>
      withSubject(maker, async (store) => {
        const change = { ...standingChange(1, 7), past: warning(1, { status: 'handled' }) };
        expect(await store.save([change])).toEqual([change]);
        expect(await store.past(householdId(1))).toEqual([]);
      }));

    it('lists by grade rank, then points from high to low, then oldest, then id', () =>
      withSubject(maker, async (store) => {
        const points = (low: number) => ({ points: { low, high: 200 } });
        const inOrder = [
          warning(9, { grade: URGENT, ...points(100) }),
          warning(8, { grade: URGENT, ...points(9) }),
          warning(7, { grade: GENERAL, ...points(100), openedAt: instant(3) }),
          warning(6, { grade: GENERAL, ...points(99.5), openedAt: instant(1) }),
          warning(3, { grade: GENERAL, ...points(99), openedAt: instant(2) }),
          warning(4, { grade: GENERAL, ...points(99), openedAt: instant(2) }),
          warning(1, { grade: GENERAL, ...points(0), openedAt: instant(0) }),
          warning(2, { grade: GENERAL, ...points(-5), openedAt: instant(0) }),
        ];
        await save(
          store,
          [...inOrder].sort((a, b) => (a.id < b.id ? -1 : 1)),
        );
        await eventually(async () => {
          expect(await pages(store, ANYWHERE)).toEqual(inOrder);
          expect(await pages(store, { ...ANYWHERE, limit: 3 })).toEqual(inOrder);
          expect(await pages(store, { ...ANYWHERE, limit: 1 })).toEqual(inOrder);
          expect(await pages(store, { ...ANYWHERE, areas: ['41'], status: 'open', limit: 3 })).toEqual(inOrder);
        });
      }));

    it('lists areas by prefix, once each however the prefixes overlap, still most urgent first', () =>
      withSubject(maker, async (store) => {
        const county = warning(1, { area: '410102' });
        const village = warning(2, { area: '410102001203', grade: URGENT });
        const nextCounty = warning(3, { area: '410103', points: { low: 90, high: 90 } });
        const shandong = warning(4, { area: '370602', points: { low: 80, high: 90 } });
        const unknown = warning(5, { area: '', points: { low: 1, high: 90 } });
        await save(store, [county, village, nextCounty, shandong, unknown]);
        const listed = async (areas: readonly string[], limit = 100) => {
          return (await pages(store, { areas, limit })).map((one) => one.id);
        };
        const ids = (...list: readonly Warning[]) => list.map((one) => one.id);
        await eventually(async () => {
          expect(await listed(['410102'])).toEqual(ids(village, county));
          expect(await listed(['410102001203'])).toEqual(ids(village));
          expect(await listed(['37', '410103'])).toEqual(ids(nextCounty, shandong));
          expect(await listed(['41', '410102', '41'])).toEqual(ids(village, nextCounty, county));
          expect(await listed(['410102', '37', '410103'], 1)).toEqual(ids(village, nextCounty, shandong, county));
          expect(await listed([''], 2)).toEqual(ids(village, nextCounty, shandong, county, unknown));
          expect(await listed(['42', '4101021'])).toEqual([]);
          expect(await listed([])).toEqual([]);
          expect(await listed(['4_', '41%', '*'])).toEqual([]);
        });
      }));

    it('lists by status, grade and family', () =>
      withSubject(maker, async (store) => {
        const open = warning(1);
        const urgent = warning(2, { grade: URGENT });
        const withdrawn = warning(3, { status: 'withdrawn', withdrawal: 'household-superseded' });
        const handled = warning(4, { status: 'handled' });
        const reject = warning(5, { family: 'reject', points: { low: 10, high: 10 } });
        await save(store, [open, urgent, withdrawn, handled, reject]);
        const listed = async (filter: Partial<WarningQuery>) =>
          (await pages(store, { ...ANYWHERE, ...filter })).map((one) => one.id);
        await eventually(async () => {
          expect(await listed({})).toEqual([urgent.id, open.id, withdrawn.id, handled.id, reject.id]);
          expect(await listed({ status: 'open' })).toEqual([urgent.id, open.id, reject.id]);
          expect(await listed({ status: 'handled' })).toEqual([handled.id]);
          expect(await listed({ grade: 'urgent' })).toEqual([urgent.id]);
          expect(await listed({ family: 'reject' })).toEqual([reject.id]);
          expect(await listed({ status: 'open', grade: 'general', family: 'entry', limit: 1 })).toEqual([open.id]);
          expect(await listed({ grade: 'red' })).toEqual([]);
        });
      }));

    it('pages through more warnings than one batch of any store holds', () =>
      withSubject(maker, async (store) => {
        const many = Array.from({ length: 120 }, (_, n) => warning(n, { points: { low: n % 7, high: 100 } }));
        await save(store, many);
        const inOrder = [...many].sort((a, b) => b.points.low - a.points.low || (a.id < b.id ? -1 : 1)).map((one) => one.id);
        await eventually(async () => {
          expect((await pages(store, { ...ANYWHERE, areas: ['41'], limit: 17 })).map((one) => one.id)).toEqual(inOrder);
        });
      }));
  });
}
