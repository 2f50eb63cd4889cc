import { describe, expect, it } from 'vitest';
import { type Embedded, openEmbedded } from '../../../shared/adapters/embedded/open-embedded.ts';
import type { Instant, PlainDate } from '../../../shared/calendar/plain-date.ts';
import type { FactChunk } from '../../../shared/facts/fact.ts';
import { type DeletionDeps, deleteExpired, planDeletion } from '../../../shared/privacy/delete-expired.ts';
import type { RetentionRow } from '../../../shared/privacy/retention.ts';
import { aCase, caseChange } from '../../builders/cases.ts';
import { correctionChange, notice } from '../../builders/corrections.ts';
import { deletionOver } from '../../builders/deletion.ts';
import { factChunk, factRow, feedId, fileId, fileSequence, instant, personKey } from '../../builders/facts.ts';
import { membership, registration } from '../../builders/registrations.ts';
import { standingChange, warning } from '../../builders/standings.ts';
import { withFolder } from '../adapters/embedded/data-folder.ts';

const NOW = '2024-06-30T02:00:00.000Z' as Instant;
const OLD = '2019-03-12' as PlainDate;
const INPATIENT = 'medical-insurance/inpatient-settlement';

/** The n-th person's bill of long ago and one of this spring. */
function bills(n: number): FactChunk[] {
  return [
    factChunk({ person: personKey(n), rows: [factRow({ key: 'old', from: OLD, content: 'old' })] }),
    factChunk({ person: personKey(n), file: fileId(2), seq: fileSequence(2), rows: [factRow({ key: 'new' })] }),
  ];
}

async function withPeople(count: number, test: (stores: Embedded) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const stores = openEmbedded(folder);
    try {
      const all = Array.from({ length: count }, (_, n) => n);
      await stores.facts.append(all.flatMap(bills));
      await stores.households.register(
        all.map((n) => registration(n, 2, [membership(n)])),
        instant(),
      );
      await test(stores);
    } finally {
      stores.close();
    }
  });
}

const factsIn = async (deps: DeletionDeps) =>
  (await planDeletion(deps)).filter(({ purpose }) => purpose === 'facts').map(({ kinds }) => kinds);
const rowsLeft = async (stores: Embedded, n: number) =>
  (await stores.facts.ofPersons([personKey(n)])).get(personKey(n))?.flatMap(({ rows }) => rows.map(({ key }) => key));

describe('facts past keeping', () => {
  it('go while newer ones of the same person stay', () =>
    withPeople(1, async (stores) => {
      const [certificate] = await deleteExpired(deletionOver(stores, NOW), 'operator:test');
      expect(certificate).toMatchObject({ purpose: 'facts', kinds: [{ kind: INPATIENT, count: 1 }], deleted: 1 });
      expect(await rowsLeft(stores, 0)).toEqual(['new']);
      expect(await factsIn(deletionOver(stores, NOW))).toEqual([[]]);
    }));

  it('wait while a warning or a case of the household is open, or a department has not answered about the person', () =>
    withPeople(4, async (stores) => {
      await stores.standings.save([standingChange(0, 1, { warning: warning(0) })]);
      await stores.cases.save([caseChange(aCase(1))]);
      await stores.corrections.save([correctionChange(notice(2, { sentAt: instant(2) }))]);
      expect(await factsIn(deletionOver(stores, NOW))).toEqual([[{ kind: INPATIENT, count: 1 }]]);
      await deleteExpired(deletionOver(stores, NOW), 'operator:test');
      for (const busy of [0, 1, 2]) expect(await rowsLeft(stores, busy)).toContain('old');
      expect(await rowsLeft(stores, 3)).toEqual(['new']);
    }));

  it('are left alone of somebody whose household is not written down yet', () =>
    withPeople(1, async (stores) => {
      await stores.facts.append(bills(7));
      expect(await factsIn(deletionOver(stores, NOW))).toEqual([[{ kind: INPATIENT, count: 1 }]]);
    }));

  it('are planned and certified for each rule apart where a deployment keeps a feed longer', () =>
    withPeople(1, async (stores) => {
      const relief = feedId('emergency-management/disaster-relief');
      const reliefRow = factRow({ key: 'flood', from: OLD });
      await stores.facts.append([factChunk({ person: personKey(0), feed: relief, rows: [reliefRow] })]);
      const longer: RetentionRow = {
        purpose: 'facts',
        feed: feedId(INPATIENT),
        from: '2020-01-01' as PlainDate,
        months: 120,
        basis: { zh: '县', en: 'county' },
      };
      const deps = deletionOver(stores, NOW, { retention: [longer] });
      expect((await planDeletion(deps)).slice(0, 2).map(({ rule, before, kinds }) => [rule.months, before, kinds])).toEqual([
        [36, '2021-06-30', [{ kind: relief, count: 1 }]],
        [120, '2014-06-30', []],
      ]);
      expect(await deleteExpired(deps, 'operator:test')).toHaveLength(1);
      expect(await rowsLeft(stores, 0)).toEqual(expect.arrayContaining(['old', 'new']));
    }));

  it('show a run that was broken off as begun and not ended, and the next run ends it under a certificate of its own', () =>
    withPeople(1_200, async (stores) => {
      let pages = 0;
      const dying: DeletionDeps['keptFacts'] = {
        people: (after, limit) => stores.keptFacts.people(after, limit),
        replace: (people) => {
          pages += 1;
          if (pages === 2) throw new Error('killed');
          return stores.keptFacts.replace(people);
        },
      };
      await expect(deleteExpired(deletionOver(stores, NOW, { keptFacts: dying }), 'operator:test')).rejects.toThrow('killed');
      expect(await rowsLeft(stores, 0)).toEqual(['new']);
      expect(await rowsLeft(stores, 1_199)).toEqual(['old', 'new']);
      const [certificate] = await deleteExpired(deletionOver(stores, NOW), 'operator:test');
      expect(certificate).toMatchObject({ deleted: 700 });
      expect(await rowsLeft(stores, 1_199)).toEqual(['new']);
      const told = (await stores.outbox.pending('', 10_000)).flatMap(({ events }) => events);
      const deletions = told.filter(({ type }) => type.startsWith('data.delet'));
      expect(deletions.map(({ type, data }) => [type, data['kinds']])).toEqual([
        ['data.deletion-begun', [[INPATIENT, 1_200]]],
        ['data.deletion-begun', [[INPATIENT, 700]]],
        ['data.deleted', [[INPATIENT, 700]]],
      ]);
      expect(deletions[1]?.data['certificate']).toBe(deletions[2]?.id);
    }));
});
