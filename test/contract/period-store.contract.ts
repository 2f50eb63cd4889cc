import { describe, expect, it } from 'vitest';
import { makeEvent } from '../../shared/audit/make-event.ts';
import type { Period } from '../../shared/calendar/period.ts';
import type { PeriodStore } from '../../shared/ports/period-store.ts';
import { instant } from '../builders/facts.ts';
import { periodRecord } from '../builders/periods.ts';
import { type Subject, type SubjectMaker, settle, withSubject } from './subject.ts';

/** A subject that also shows which messages went out with changes. */
interface PeriodStoreSubject extends Subject<PeriodStore> {
  messages(): Promise<readonly { readonly queue: string; readonly body: string }[]>;
}

/** How the suite gets at a store of periods. */
interface PeriodStoreMaker extends SubjectMaker<PeriodStore> {
  make(): Promise<PeriodStoreSubject>;
}

const plain = { events: [], messages: [] };
const month = (text: string) => text as Period;

/** What every PeriodStore promises. */
export function periodStoreContract(name: string, maker: PeriodStoreMaker): void {
  const eventually = settle(maker);

  describe(`store of periods: ${name}`, () => {
    it('gives back a record exactly as it was saved, for its own month and area', () =>
      withSubject(maker, async (store) => {
        const closed = { by: 'user-supervisor', at: instant(3), upTo: 4_711 };
        const records = [periodRecord('2024-03', ''), periodRecord('2024-03', '411122', { state: 'closed', closed })];
        for (const record of records) expect(await store.save({ record, ...plain })).toBe(true);
        expect(await store.get(month('2024-03'), '')).toEqual(records[0]);
        expect(await store.get(month('2024-03'), '411122')).toEqual(records[1]);
        expect(await store.get(month('2024-03'), '4111')).toBeUndefined();
        expect(await store.get(month('2024-02'), '')).toBeUndefined();
      }));

    it('takes the next version only from the one before, with its events and messages, and lets one of simultaneous ones through', () =>
      withSubject(maker, async (store, subject) => {
        const messages = [{ queue: 'reports', message: { body: '{"v":1,"kind":"close-period"}' } }] as const;
        expect(await store.save({ record: periodRecord('2024-03', '41'), events: [], messages })).toBe(true);
        expect(await store.save({ record: periodRecord('2024-03', '41'), events: [], messages })).toBe(false);
        const closing = [1, 2, 3].map((upTo) => ({
          record: periodRecord('2024-03', '41', { version: 2, state: 'closed', closed: { by: 'u', at: instant(), upTo } }),
          events: [makeEvent('period.closed', instant(), { period: '2024-03' }, { area: '41', upTo }, `41 ${upTo}`)],
          messages: [],
        }));
        const saved = await Promise.all(closing.map((change) => store.save(change)));
        expect(saved.filter((one) => one)).toHaveLength(1);
        expect(await store.save({ record: periodRecord('2024-03', '41', { version: 5 }), ...plain })).toBe(false);
        await eventually(async () => {
          expect((await subject.events()).map(({ type }) => type)).toEqual(['period.closed']);
          expect(await (subject as PeriodStoreSubject).messages()).toEqual([
            { queue: 'reports', body: messages[0].message.body },
          ]);
        });
      }));

    it('lists months and areas in order', () =>
      withSubject(maker, async (store) => {
        for (const [period, area] of [
          ['2024-02', '41'],
          ['2023-12', ''],
          ['2024-01', '411122'],
          ['2024-01', ''],
          ['2024-01', '4111'],
        ] as const) {
          await store.save({ record: periodRecord(period, area), ...plain });
        }
        const listed = async (from: string, to: string) =>
          (await store.list(month(from), month(to))).map(({ period, area }) => `${period} ${area}`);
        expect(await listed('2023-12', '2024-01')).toEqual(['2023-12 ', '2024-01 ', '2024-01 4111', '2024-01 411122']);
        expect(await listed('2024-02', '2024-02')).toEqual(['2024-02 41']);
        expect(await listed('2025-01', '2025-12')).toEqual([]);
      }));
  });
}
