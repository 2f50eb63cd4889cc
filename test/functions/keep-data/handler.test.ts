import { describe, expect, it } from 'vitest';
import { createHandler, type KeepAnswer, type KeepDeps } from '../../../functions/keep-data/handler.ts';
import { type Embedded, openEmbedded } from '../../../shared/adapters/embedded/open-embedded.ts';
import type { Instant, PlainDate } from '../../../shared/calendar/plain-date.ts';
import { ATTACHMENTS } from '../../../shared/casework/attachments.ts';
import type { PersonKey } from '../../../shared/facts/fact.ts';
import type { KeptRun } from '../../../shared/ports/kept-run.ts';
import { countByKey, resealAll } from '../../../shared/registry/reseal.ts';
import { type DataKeys, sealerUnder } from '../../../shared/registry/sealing.ts';
import { caseId } from '../../builders/cases.ts';
import { deletionOver } from '../../builders/deletion.ts';
import { factChunk, factRow, fileId, fileSequence, instant, personKey } from '../../builders/facts.ts';
import { membership, registration } from '../../builders/registrations.ts';
import { withFolder } from '../../shared/adapters/embedded/data-folder.ts';

const NOW = '2024-06-30T02:00:00.000Z' as Instant;
const OLD = '2019-03-12' as PlainDate;
const INPATIENT = 'medical-insurance/inpatient-settlement';
/** Three pages of people. */
const PEOPLE = 1_200;
const everybody = Array.from({ length: PEOPLE }, (_, n) => n);
const photo = `${ATTACHMENTS}${caseId(1)}/${'0'.repeat(64)}`;

/** A run kept in memory as the table keeps it: as text. `failing` makes the n-th writing fail, as a killed function would. */
function memoryRun<Run>(failing = 0): KeptRun<Run> {
  let text: string | undefined;
  let saves = 0;
  return {
    load: async () => (text === undefined ? undefined : (JSON.parse(text) as Run)),
    async save(run) {
      saves += 1;
      if (saves === failing) throw new Error('killed');
      text = JSON.stringify(run);
    },
  };
}

interface Desk {
  readonly stores: Embedded;
  readonly deps: KeepDeps;
  readonly keys: { current: number };
  /** Calls once; time is up after so many pages. */
  call(order: unknown, pages?: number): Promise<KeepAnswer>;
  /** Calls until it answers something else than `going-on`; how often is told. */
  callOn(order: unknown, pages?: number): Promise<KeepAnswer & { readonly calls: number }>;
}

async function withDesk(test: (desk: Desk) => Promise<void>, options: { failing?: number; waiting?: () => number } = {}) {
  await withFolder(async (folder) => {
    const stores = openEmbedded(folder);
    const keys = { current: 1 };
    const dataKeys: DataKeys = { current: () => keys.current, keyOf: (id) => new Uint8Array(32).fill(id) };
    const sealer = sealerUnder(dataKeys);
    const deletion = deletionOver(stores, NOW);
    const deps: KeepDeps = {
      deletion,
      resealing: async () => ({
        sealed: stores.sealed,
        sealer,
        current: keys.current,
        objects: stores.objects,
        onTheirWay: async () => options.waiting?.() ?? 0,
        eventLog: stores.eventLog,
        clock: deletion.clock,
      }),
      deletionRun: memoryRun(options.failing),
      resealRun: memoryRun(options.failing),
    };
    const handle = createHandler(deps);
    const call = (order: unknown, pages = Number.POSITIVE_INFINITY) => {
      let left = pages;
      return handle(order, () => {
        left -= 1;
        return left < 0;
      });
    };
    const callOn = async (order: unknown, pages?: number) => {
      for (let calls = 1; ; calls += 1) {
        const answer = await call(order, pages);
        if (answer.state !== 'going-on') return { ...answer, calls };
      }
    };
    try {
      await stores.facts.append(
        everybody.flatMap((n) => {
          const person = personKey(n);
          const sealed = sealer.seal(person, '{"diagnosisName":"肺炎"}');
          const old = factRow({ key: 'old', from: OLD, content: 'old', sealed });
          return [
            factChunk({ person, rows: [old] }),
            factChunk({ person, file: fileId(2), seq: fileSequence(2), rows: [factRow({ key: 'new' })] }),
          ];
        }),
      );
      await stores.households.register(
        everybody.map((n) => registration(n, 2, [membership(n)])),
        instant(),
      );
      await stores.objects.write(photo, Buffer.from(sealer.seal(caseId(1) as string as PersonKey, 'cGhvdG8=')));
      await test({ stores, deps, keys, call, callOn });
    } finally {
      stores.close();
    }
  });
}

const told = async ({ stores }: Desk, prefix: string) =>
  (await stores.outbox.pending('', 10_000)).flatMap(({ events }) => events).filter(({ type }) => type.startsWith(prefix));
const oldRows = async ({ stores }: Desk) =>
  [...(await stores.facts.ofPersons(everybody.map(personKey))).values()]
    .flat()
    .flatMap(({ rows }) => rows)
    .filter(({ key }) => key === 'old').length;

describe('deleting in the cloud', () => {
  it('plans in portions, and deletes nothing by planning', () =>
    withDesk(async (desk) => {
      const answer = await desk.callOn({ do: 'plan' }, 1);
      expect(answer.calls).toBeGreaterThan(3);
      expect(answer).toMatchObject({ state: 'planned', digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
      expect(answer.plans?.[0]).toMatchObject({ purpose: 'facts', kinds: [{ kind: INPATIENT, count: PEOPLE }] });
      expect((await desk.callOn({ do: 'plan' })).digest).toBe(answer.digest);
      expect(await oldRows(desk)).toBe(PEOPLE);
      expect(await told(desk, 'data.delet')).toEqual([]);
    }));

  it('deletes what was confirmed, in portions, under one certificate, and says the same when told so again', () =>
    withDesk(async (desk) => {
      const { digest, plans } = await desk.callOn({ do: 'plan' });
      const order = { do: 'delete', digest, by: 'operator:li' };
      const answer = await desk.callOn(order, 1);
      expect(answer.calls).toBeGreaterThan(6);
      expect(answer.state).toBe('done');
      expect(answer.certificates).toEqual([
        expect.objectContaining({ purpose: 'facts', deleted: PEOPLE, digest: plans?.[0]?.digest, by: 'operator:li' }),
      ]);
      expect(await oldRows(desk)).toBe(0);
      const events = await told(desk, 'data.delet');
      expect([...new Set(events.map(({ id, type }) => `${type} ${id}`))]).toHaveLength(2);
      expect(events.at(-1)).toMatchObject({ id: answer.certificates?.[0]?.id, actor: 'operator:li', data: { deleted: PEOPLE } });
      expect(await desk.call(order)).toMatchObject({ state: 'done', certificates: answer.certificates });
      expect(await told(desk, 'data.delet')).toHaveLength(events.length);
      const again = await desk.callOn({ do: 'plan' });
      expect(again.plans?.flatMap(({ kinds }) => kinds)).toEqual([]);
    }));

  it('goes on where it was killed: one beginning, one certificate, nothing left', () =>
    withDesk(
      async (desk) => {
        const { digest } = await desk.callOn({ do: 'plan' });
        const order = { do: 'delete', digest, by: 'operator:li' };
        await expect(desk.callOn(order)).rejects.toThrow('killed');
        expect(await oldRows(desk)).toBeLessThan(PEOPLE);
        expect(await oldRows(desk)).toBeGreaterThan(0);
        await expect(desk.call({ do: 'plan' })).rejects.toMatchObject({ code: 'DELETION_UNDER_WAY' });
        const answer = await desk.callOn(order);
        // The page that was deleted when it was killed is in the plan, and in no count.
        expect(answer.certificates).toEqual([expect.objectContaining({ purpose: 'facts', deleted: PEOPLE - 500 })]);
        expect(await oldRows(desk)).toBe(0);
        const events = await told(desk, 'data.delet');
        expect([...new Set(events.map(({ id }) => id))]).toHaveLength(2);
        expect(events[0]?.data).toMatchObject({ kinds: [[INPATIENT, PEOPLE]], certificate: events.at(-1)?.id });
      },
      // Written down: planned, confirmed, checked, begun, the first page; the second not any more.
      { failing: 6 },
    ));

  it('asks to look again when more has become past keeping since, and deletes nothing', () =>
    withDesk(async (desk) => {
      const { digest } = await desk.callOn({ do: 'plan' });
      const late = factChunk({
        person: personKey(0),
        file: fileId(9),
        seq: fileSequence(9),
        rows: [factRow({ key: 'late', from: OLD })],
      });
      await desk.stores.facts.append([late]);
      const answer = await desk.callOn({ do: 'delete', digest, by: 'operator:li' });
      expect(answer.state).toBe('planned');
      expect(answer.digest).not.toBe(digest);
      expect(answer.plans?.[0]?.kinds).toEqual([{ kind: INPATIENT, count: PEOPLE + 1 }]);
      expect(await oldRows(desk)).toBe(PEOPLE);
      const confirmed = await desk.callOn({ do: 'delete', digest: answer.digest, by: 'operator:li' });
      expect(confirmed.certificates?.[0]?.deleted).toBe(PEOPLE + 1);
    }));

  it('says so when things were left because somebody changed them at the same moment', () =>
    withDesk(async ({ deps, callOn }) => {
      const { keptFacts } = deps.deletion;
      const busy = {
        people: keptFacts.people.bind(keptFacts),
        replace: async (people: readonly unknown[]) => people.map(() => false),
      };
      const handle = createHandler({ ...deps, deletion: { ...deps.deletion, keptFacts: busy } });
      const { digest } = await callOn({ do: 'plan' });
      const answer = await handle({ do: 'delete', digest, by: 'operator:li' }, () => false);
      expect(answer.certificates?.[0]?.deleted).toBe(0);
      expect(answer.say.en).toContain(`${PEOPLE} things had changed`);
    }));

  it('refuses what nobody planned, another digest, and what is no order', () =>
    withDesk(async (desk) => {
      const digest = '0'.repeat(64);
      await expect(desk.call({ do: 'delete', digest, by: 'li' })).rejects.toMatchObject({ code: 'not-planned' });
      await desk.callOn({ do: 'plan' });
      await expect(desk.call({ do: 'delete', digest, by: 'li' })).rejects.toMatchObject({ code: 'other-plan' });
      for (const order of [undefined, {}, { do: 'delete' }, { do: 'plan', force: true }, { do: 'delete', digest, by: '' }]) {
        await expect(desk.call(order)).rejects.toMatchObject({ code: 'UNKNOWN_ORDER' });
      }
      expect(await oldRows(desk)).toBe(PEOPLE);
    }));

  it('says why in its words: of an error the service passes on the name and the message alone', () =>
    withDesk(async (desk) => {
      await expect(desk.call({ do: 'delete', digest: '0'.repeat(64), by: 'li' })).rejects.toThrow(/^not-planned: /);
      await expect(desk.call({ do: 'forget' })).rejects.toThrow(/^UNKNOWN_ORDER: /);
    }));
});

describe('sealing anew in the cloud', () => {
  const order = { do: 'reseal', by: 'operator:li' };

  it('seals everything anew with the current key, in portions, until a whole look finds nothing old', () =>
    withDesk(async (desk) => {
      desk.keys.current = 2;
      const answer = await desk.callOn(order, 1);
      expect(answer.calls).toBeGreaterThan(5);
      expect(answer).toMatchObject({ state: 'done', sealing: { current: 2, resealed: PEOPLE + 1 } });
      expect(await countByKey(desk.stores.sealed)).toEqual(new Map([[2, PEOPLE]]));
      expect((await told(desk, 'keys.')).map(({ type, data }) => [type, data])).toEqual([
        ['keys.rotation-begun', {}],
        ['keys.rotated', { resealed: PEOPLE + 1 }],
      ]);
      expect(await desk.callOn(order)).toMatchObject({ state: 'done', sealing: { resealed: 0 } });
      expect(await told(desk, 'keys.')).toHaveLength(2);
    }));

  it('has told that it began before the first text is changed, so that a run cut off at once is known too', () =>
    withDesk(async (desk) => {
      desk.keys.current = 2;
      const { resealing } = desk.deps;
      const dying = async () => {
        const deps = await resealing();
        const replace = async () => {
          throw new Error('killed');
        };
        return { ...deps, sealed: { page: deps.sealed.page.bind(deps.sealed), replace } };
      };
      const handle = createHandler({ ...desk.deps, resealing: dying });
      await expect(handle(order, () => false)).rejects.toThrow('killed');
      expect((await told(desk, 'keys.')).map(({ type }) => type)).toEqual(['keys.rotation-begun']);
      await desk.callOn(order);
      expect((await told(desk, 'keys.')).map(({ type }) => type)).toEqual(['keys.rotation-begun', 'keys.rotated']);
    }));

  it('tells its beginning where only pictures are left under an old key', () =>
    withDesk(async (desk) => {
      desk.keys.current = 2;
      const deps = await desk.deps.resealing();
      await resealAll(desk.stores.sealed, deps.sealer, 2);
      expect(await desk.callOn(order)).toMatchObject({ state: 'done', sealing: { resealed: 1 } });
      expect((await told(desk, 'keys.')).map(({ type }) => type)).toEqual(['keys.rotation-begun', 'keys.rotated']);
    }));

  it('keeps the old keys needed while files or messages are on their way', () => {
    let waiting = 1;
    return withDesk(
      async (desk) => {
        desk.keys.current = 2;
        expect(await desk.callOn(order)).toMatchObject({ state: 'waiting', sealing: { resealed: PEOPLE + 1 } });
        waiting = 0;
        expect(await told(desk, 'keys.rotated')).toEqual([]);
        expect(await desk.callOn(order)).toMatchObject({ state: 'done', sealing: { resealed: PEOPLE + 1 } });
        expect(await told(desk, 'keys.rotated')).toHaveLength(1);
      },
      { waiting: () => waiting },
    );
  });

  it('goes on where it was killed, and begins anew for a newer key', () =>
    withDesk(
      async (desk) => {
        desk.keys.current = 2;
        await expect(desk.callOn(order)).rejects.toThrow('killed');
        desk.keys.current = 3;
        expect(await desk.callOn(order)).toMatchObject({ state: 'done', sealing: { current: 3, resealed: PEOPLE + 1 } });
        expect(await countByKey(desk.stores.sealed)).toEqual(new Map([[3, PEOPLE]]));
      },
      { failing: 3 },
    ));
});
