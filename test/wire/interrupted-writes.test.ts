import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoCorrectionStore } from '../../shared/adapters/aws/correction-store.ts';
import { dynamoFactStore } from '../../shared/adapters/aws/fact-store.ts';
import { dynamoFileRegister } from '../../shared/adapters/aws/file-register.ts';
import { dynamoHouseholdRegistry } from '../../shared/adapters/aws/household-registry.ts';
import { dynamoIdentityVault } from '../../shared/adapters/aws/identity-vault.ts';
import { dynamoKeptFacts } from '../../shared/adapters/aws/kept-facts.ts';
import { dynamoStandingStore } from '../../shared/adapters/aws/standing-store.ts';
import type { Table } from '../../shared/adapters/aws/table.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import { catalog } from '../../shared/catalog/index.ts';
import { foldFacts } from '../../shared/facts/fold.ts';
import { withMarks } from '../../shared/privacy/facts-past-keeping.ts';
import type { WarningId } from '../../shared/warnings/warning.ts';
import { correctionAnswer, correctionChange, notice } from '../builders/corrections.ts';
import { factChunk, factRow, feedId, fileSequence, instant, personKey } from '../builders/facts.ts';
import { arrival, deliveryBy, fileEvent, receiptFor } from '../builders/files.ts';
import { membership, registration, sealedIdentity } from '../builders/registrations.ts';
import { householdId, standingChange, warning } from '../builders/standings.ts';
import { startTableServer, type TableServer, type WireTable } from './local-services.ts';

let server: TableServer;
beforeAll(async () => {
  server = await startTableServer();
});
afterAll(() => server.stop());

/** The table as a process sees it that is killed before its write number `last` + 1. */
function dyingAfter(table: Table, last: number): Table {
  let left = last;
  const orDie = <Args extends readonly unknown[], R>(write: (...args: Args) => Promise<R>) => {
    return (...args: Args): Promise<R> => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('killed')) : write(...args);
    };
  };
  return {
    ...table,
    put: orDie(table.put),
    putAll: orDie(table.putAll),
    update: orDie(table.update),
    delete: orDie(table.delete),
  };
}

/** All items, but not how often the deliveries were announced. */
async function everything(wire: WireTable): Promise<string[]> {
  const { Items = [] } = await wire.client.send(new ScanCommand({ TableName: wire.tableName, ConsistentRead: true }));
  return Items.filter((item) => item['pk']?.S !== 'COVERAGE-STATE')
    .map((item) => JSON.stringify(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))))
    .sort();
}

/** Kills the work before each of its writes in turn, repeats it whole, and compares with a run nobody disturbed. */
async function survivesDeath(work: (table: Table) => Promise<unknown>): Promise<void> {
  const undisturbed = await server.newTable();
  await work(undisturbed.table);
  const expected = await everything(undisturbed);
  const events = undisturbed.events();
  for (let writes = 0; ; writes += 1) {
    const wire = await server.newTable();
    const died = await work(dyingAfter(wire.table, writes)).then(
      () => false,
      () => true,
    );
    await work(wire.table);
    expect(await everything(wire)).toEqual(expected);
    const byId = (list: typeof events) => list.map((event) => event.id).sort();
    expect(byId(wire.events())).toEqual(byId(events));
    wire.client.destroy();
    if (!died) break;
  }
  undisturbed.client.destroy();
}

describe('a write cut off at any moment and repeated leaves what an undisturbed run leaves', () => {
  it('for facts', () =>
    survivesDeath((table) =>
      dynamoFactStore(table).append([1, 2, 3].map((n) => factChunk({ person: personKey(n), rows: [factRow({ row: n })] }))),
    ));

  it('for a person who moves between households', () =>
    survivesDeath(async (table) => {
      const registry = dynamoHouseholdRegistry(table);
      await registry.register([registration(1, 1, [membership(1)])], instant());
      await registry.register([registration(1, 2, [membership(2), membership(3)])], instant(1));
      await registry.register([registration(1, 3, [membership(2)])], instant(2));
    }));

  it('for identities', () => survivesDeath((table) => dynamoIdentityVault(table).put([sealedIdentity(1), sealedIdentity(2)])));

  it('for a file from the door to its receipt', () =>
    survivesDeath(async (table) => {
      const files = dynamoFileRegister(table);
      const drop = arrival(1);
      const claim = await files.claim(drop);
      if (claim.outcome === 'done') return;
      await files.recordKnownRows(drop.id, 'part-1', 2);
      await files.finish(drop.id, receiptFor(drop), [deliveryBy(drop), deliveryBy(drop, { county: '410103' })], fileEvent(drop));
    }));

  it('for a duplicate', () =>
    survivesDeath(async (table) => {
      const copy = arrival(2);
      await dynamoFileRegister(table).recordDuplicate(copy, receiptFor(copy), fileEvent(copy, 'file.duplicate'));
    }));

  it('for a correction notice and its answer', () =>
    survivesDeath(async (table) => {
      const corrections = dynamoCorrectionStore(table);
      await corrections.save([correctionChange(notice(1)), correctionChange(notice(2))]);
      await corrections.save([correctionChange(notice(1, { version: 2, answers: [correctionAnswer()] }))]);
    }));

  it('for a warning that gives way to a new one, and that to the next', () =>
    survivesDeath(async (table) => {
      const standings = dynamoStandingStore(table);
      const concern = (n: number) =>
        warning(1, { id: `W-${householdId(1)}-entry-${n}` as WarningId, status: 'handled', openedAt: instant(n) });
      await standings.save([standingChange(1, 1, { warning: concern(1) })]);
      await standings.save([{ ...standingChange(1, 2, { warning: concern(2) }), past: concern(1) }]);
      await standings.save([{ ...standingChange(1, 3, { warning: concern(3) }), past: concern(2) }]);
    }));
});

describe('a deletion cut off at any moment', () => {
  const UNEMPLOYED = feedId('human-resources/unemployment-registration');
  const row = factRow({ key: 'job', from: '2019-03-12' as PlainDate });
  const ending = { ...row, content: 'ended', to: '2019-09-30' as PlainDate };
  const chunks = [
    factChunk({ feed: UNEMPLOYED, rows: [row] }),
    factChunk({ feed: UNEMPLOYED, seq: fileSequence(2), rows: [ending] }),
  ];
  const mark = { on: '2024-06-30' as PlainDate, before: '2021-06-30' as PlainDate, certificate: 'c'.repeat(32) };

  async function deleteIn(table: Table, walk: WireTable['walk']): Promise<readonly boolean[]> {
    const stored = (await dynamoFactStore(table).ofPersons([personKey(1)])).get(personKey(1)) ?? [];
    const going = stored.some(({ rows }) => rows.length > 0) ? [{ feed: UNEMPLOYED, key: 'job' }] : [];
    return dynamoKeptFacts(table, walk).replace([withMarks(stored, going, mark, catalog)]);
  }

  it('never lets hold again what had ended, and is ended by the next', async () => {
    for (let writes = 0; writes <= chunks.length; writes += 1) {
      const { table, walk, client } = await server.newTable();
      const facts = dynamoFactStore(table);
      const holding = async () => {
        const told = (await facts.ofPersons([personKey(1)])).get(personKey(1)) ?? [];
        return foldFacts(told, catalog).filter(({ to }) => to === undefined);
      };
      await facts.append(chunks);
      await deleteIn(dyingAfter(table, writes), walk).catch(() => undefined);
      expect(await holding(), `after ${writes} writes`).toEqual([]);
      await deleteIn(table, walk);
      const left = (await facts.append(chunks)).get(personKey(1)) ?? [];
      expect(left.map(({ rows, deleted }) => [rows.length, deleted?.under.length])).toEqual([
        [0, 1],
        [0, 1],
      ]);
      expect(await holding()).toEqual([]);
      client.destroy();
    }
  });
});

describe('deliveries', () => {
  it('are all told, each once, by a file that was cut off at any moment and closed again', async () => {
    const drop = arrival(1);
    const deliveries = [deliveryBy(drop), deliveryBy(drop, { county: '410103', complete: false })];
    const close = async (table: Table) => {
      const files = dynamoFileRegister(table);
      await files.claim(drop);
      await files.finish(drop.id, receiptFor(drop), deliveries, fileEvent(drop));
    };
    for (let [writes, died] = [0, true]; died; writes += 1) {
      const { table, client } = await server.newTable();
      died = await close(dyingAfter(table, writes)).then(
        () => false,
        () => true,
      );
      await close(table);
      expect(await dynamoFileRegister(table).deliveries(), `after ${writes} writes`).toEqual(deliveries);
      client.destroy();
    }
  });

  it('are seen by a process that read them before another one added to them', async () => {
    const { table, client } = await server.newTable();
    const [reader, writer] = [dynamoFileRegister(table), dynamoFileRegister(table)];
    expect(await reader.deliveries()).toEqual([]);
    for (const n of [1, 2]) {
      const drop = arrival(n);
      await writer.claim(drop);
      await writer.finish(drop.id, receiptFor(drop), [deliveryBy(drop)], fileEvent(drop));
      expect(await reader.deliveries()).toHaveLength(n);
      expect(await reader.deliveries()).toHaveLength(n);
    }
    client.destroy();
  });
});

describe('a refusal cut off before the bytes are freed', () => {
  it('frees them when they come again', async () => {
    const { table, client } = await server.newTable();
    const drop = arrival(1);
    await dynamoFileRegister(table).claim(drop);
    const refusing = dynamoFileRegister(dyingAfter(table, 2));
    const refusal = refusing.refuse(drop, receiptFor(drop, { status: 'refused' }), fileEvent(drop, 'file.refused'));
    await expect(refusal).rejects.toThrow('killed');
    const files = dynamoFileRegister(table);
    expect(await files.get(drop.id)).toMatchObject({ receipt: { status: 'refused' } });
    expect(await files.claim(drop)).toMatchObject({ outcome: 'done' });
    expect(await files.claim(arrival(2, { sha256: drop.sha256 }))).toMatchObject({ outcome: 'take' });
    client.destroy();
  });
});
