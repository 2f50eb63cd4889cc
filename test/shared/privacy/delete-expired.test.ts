import { describe, expect, it } from 'vitest';
import { type Embedded, openEmbedded } from '../../../shared/adapters/embedded/open-embedded.ts';
import type { Instant, PlainDate } from '../../../shared/calendar/plain-date.ts';
import { ATTACHMENTS } from '../../../shared/casework/attachments.ts';
import { fileIdOf, INBOX } from '../../../shared/intake/normalize-file.ts';
import { deleteExpired, planDeletion } from '../../../shared/privacy/delete-expired.ts';
import { aCase, caseChange, caseId } from '../../builders/cases.ts';
import { deletionOver } from '../../builders/deletion.ts';
import { instant, personKey } from '../../builders/facts.ts';
import { arrival, fileEvent, receiptFor } from '../../builders/files.ts';
import { membership, registration, sealedIdentity } from '../../builders/registrations.ts';
import { householdEvent, householdId } from '../../builders/standings.ts';
import { withFolder } from '../adapters/embedded/data-folder.ts';

const YEARS_LATER = '2030-01-15T02:00:00.000Z' as Instant;
const DROP = 'medical-insurance/inpatient-settlement/2024-03/张三的结算.csv';
const UNREAD = 'medical-insurance/inpatient-settlement/2024-03/未读.csv';

/** A county with one of everything that is kept for a time, and beside each something that is not past keeping. */
async function fill(stores: Embedded): Promise<void> {
  const { objects, files, cases, identities, households, eventLog } = stores;
  for (const path of [DROP, UNREAD]) await objects.write(`${INBOX}${path}`, Buffer.from('姓名'));
  const info = await objects.info(`${INBOX}${DROP}`);
  const drop = arrival(1, { path: DROP, id: fileIdOf(DROP, info?.version ?? '') });
  await files.claim(drop);
  await files.finish(drop.id, receiptFor(drop), [], fileEvent(drop));
  await objects.write(`rejects/${DROP}`, Buffer.from('行号'));
  const outcome = { code: 'no-need', at: instant(5), by: 'caseworker-1' } as const;
  await cases.save([caseChange(aCase(1, { stage: 'closed', outcome } as never)), caseChange(aCase(2))]);
  for (const n of [1, 2]) await objects.write(`${ATTACHMENTS}${caseId(n)}/${'0'.repeat(64)}`, Buffer.from('photo'));
  await identities.put([1, 2].map((n) => sealedIdentity(n)));
  await households.register(
    [registration(1, 1, [membership(1, { to: '2024-02-01' as PlainDate })]), registration(2, 1, [membership(2)])],
    instant(),
  );
  await eventLog.append([
    { ...householdEvent(1, 1, 'data.read'), data: { action: 'household.read', found: 1, purpose: 'visit' } },
  ]);
}

async function withCounty(test: (stores: Embedded) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const stores = openEmbedded(folder);
    try {
      await fill(stores);
      await test(stores);
    } finally {
      stores.close();
    }
  });
}

describe('deleting what is past keeping', () => {
  it('plans nothing while everything is within its time', () =>
    withCounty(async (stores) => {
      const plans = await planDeletion(deletionOver(stores, instant(60)));
      expect(plans.map(({ purpose, kinds }) => [purpose, kinds])).toEqual([
        ['facts', []],
        ['sent-files', []],
        ['attachments', []],
        ['vault', []],
        ['reads', []],
      ]);
      expect(await deleteExpired(deletionOver(stores, instant(60)), 'operator:test')).toEqual([]);
    }));

  it('deletes what the plan says and leaves what is still needed: unread files, open cases, people who live somewhere', () =>
    withCounty(async (stores) => {
      const deps = deletionOver(stores, YEARS_LATER);
      const plans = await planDeletion(deps);
      expect(plans.map(({ kinds }) => kinds)).toEqual([
        [],
        [
          { kind: 'inbox-file', count: 1 },
          { kind: 'fix-it-file', count: 1 },
        ],
        [{ kind: 'attachment', count: 1 }],
        [{ kind: 'identity', count: 1 }],
        [{ kind: 'read', count: 1 }],
      ]);
      const certificates = await deleteExpired(deps, 'operator:test');
      expect(certificates.map(({ deleted, digest }) => [deleted, digest])).toEqual(
        plans.slice(1).map(({ kinds, digest }) => [kinds.reduce((sum, { count }) => sum + count, 0), digest]),
      );
      const { objects } = stores;
      expect(await objects.info(`${INBOX}${DROP}`)).toBeUndefined();
      expect(await objects.info(`${INBOX}${UNREAD}`)).toBeDefined();
      expect(await objects.info(`rejects/${DROP}`)).toBeUndefined();
      expect(await objects.info(`${ATTACHMENTS}${caseId(1)}/${'0'.repeat(64)}`)).toBeUndefined();
      expect(await objects.info(`${ATTACHMENTS}${caseId(2)}/${'0'.repeat(64)}`)).toBeDefined();
      expect([...(await stores.identities.get([personKey(1), personKey(2)])).keys()]).toEqual([personKey(2)]);
      expect((await stores.reads.ofHousehold({ household: householdId(1), limit: 9 })).reads).toEqual([]);
      expect(await deleteExpired(deps, 'operator:test')).toEqual([]);
    }));

  it('keeps a certificate as an event before and after, with nothing of anybody', () =>
    withCounty(async (stores) => {
      const [certificate] = await deleteExpired(deletionOver(stores, YEARS_LATER), 'operator:test');
      const lists = await stores.outbox.pending('', 10_000);
      const told = lists.flatMap(({ events }) => events).filter(({ type }) => type.startsWith('data.delet'));
      expect(told.map(({ type }) => type)).toEqual(
        Array.from({ length: 4 }, () => ['data.deletion-begun', 'data.deleted']).flat(),
      );
      expect(told[1]).toEqual({
        id: certificate?.id,
        type: 'data.deleted',
        at: YEARS_LATER,
        actor: 'operator:test',
        subject: { purpose: 'sent-files' },
        data: {
          before: '2029-07-15',
          deleted: 2,
          digest: certificate?.digest,
          kinds: [
            ['inbox-file', 1],
            ['fix-it-file', 1],
          ],
          months: 6,
          ruleFrom: '2000-01-01',
        },
      });
      for (const secret of ['张三', personKey(1), caseId(1)]) expect(JSON.stringify([told, certificate])).not.toContain(secret);
    }));

  it('takes no person who came back between plan and deletion', () =>
    withCounty(async (stores) => {
      const deps = deletionOver(stores, YEARS_LATER);
      const { things: vault } = await stores.expired.page('vault', instant(60), undefined, 10);
      expect(vault).toHaveLength(1);
      await stores.households.register([registration(1, 2, [membership(3)])], instant(90));
      expect(await stores.expired.remove('vault', vault, instant(60))).toBe(0);
      expect((await planDeletion(deps))[3]?.kinds).toEqual([]);
    }));

  it('is refused as a whole where facts are to be kept for less than a pack in force looks back, saying which', () =>
    withCounty(async (stores) => {
      const retention = [{ purpose: 'facts', from: '2024-01-01', months: 3, basis: { zh: '县', en: 'county' } }] as never;
      const deps = deletionOver(stores, YEARS_LATER, { retention });
      await expect(planDeletion(deps)).rejects.toMatchObject({
        code: 'retention-too-short',
        message: expect.stringContaining('规则包 henan'),
      });
      await expect(deleteExpired(deps, 'operator:test')).rejects.toMatchObject({ code: 'retention-too-short' });
      expect(await stores.objects.info(`${INBOX}${DROP}`)).toBeDefined();
    }));
});
