import { describe, expect, it } from 'vitest';
import type { Instant, PlainDate } from '../../shared/calendar/plain-date.ts';
import { ATTACHMENTS } from '../../shared/casework/attachments.ts';
import type { FileId } from '../../shared/facts/fact.ts';
import { fileIdOf, INBOX } from '../../shared/intake/normalize-file.ts';
import type { CaseStore } from '../../shared/ports/case-store.ts';
import type { EventLog } from '../../shared/ports/event-log.ts';
import type { DeletablePurpose, ExpiredData, ExpiredThing } from '../../shared/ports/expired-data.ts';
import type { FileRegister } from '../../shared/ports/file-register.ts';
import type { HouseholdReads } from '../../shared/ports/household-reads.ts';
import type { HouseholdRegistry } from '../../shared/ports/household-registry.ts';
import type { IdentityVault } from '../../shared/ports/identity-vault.ts';
import type { ObjectStore } from '../../shared/ports/object-store.ts';
import { aCase, caseChange, caseId } from '../builders/cases.ts';
import { instant, personKey } from '../builders/facts.ts';
import { arrival, fileEvent, receiptFor } from '../builders/files.ts';
import { membership, registration, sealedIdentity } from '../builders/registrations.ts';
import { householdEvent, householdId } from '../builders/standings.ts';
import { type SubjectMaker, withSubject } from './subject.ts';

/** What things kept for a time lie in. */
export interface ExpiringStores {
  readonly expired: ExpiredData;
  readonly objects: ObjectStore;
  readonly files: FileRegister;
  readonly cases: CaseStore;
  readonly vault: IdentityVault;
  readonly registry: HouseholdRegistry;
  readonly eventLog: EventLog;
  readonly reads: HouseholdReads;
}

/** After everything these tests put down, whatever the clock of the store says. */
const LATER = '2099-01-15T02:00:00.000Z' as Instant;
/** Before any of it. */
const EARLIER = '2020-01-15T02:00:00.000Z' as Instant;
const FEED = 'medical-insurance/inpatient-settlement/2024-03';
const PURPOSES: readonly DeletablePurpose[] = ['sent-files', 'attachments', 'vault', 'reads'];

async function everything(expired: ExpiredData, purpose: DeletablePurpose, before: Instant, limit = 2) {
  const found: ExpiredThing[] = [];
  let after: string | undefined;
  do {
    const page = await expired.page(purpose, before, after, limit);
    found.push(...page.things);
    after = page.next;
  } while (after !== undefined);
  return found;
}

async function sendFile({ objects, files }: ExpiringStores, n: number, read = true): Promise<string> {
  const path = `${FEED}/张三的结算${n}.csv`;
  await objects.write(`${INBOX}${path}`, Buffer.from(`姓名${n}`));
  const info = await objects.info(`${INBOX}${path}`);
  const drop = arrival(n, { path, id: fileIdOf(path, info?.version ?? '') as FileId });
  await files.claim(drop);
  if (read) await files.finish(drop.id, receiptFor(drop), [], fileEvent(drop));
  return `${INBOX}${path}`;
}

/** What every ExpiredData promises of the stores beside it. */
export function expiredDataContract(name: string, maker: SubjectMaker<ExpiringStores>): void {
  describe(`expired data: ${name}`, () => {
    it('has nothing where there is nothing, and deletes nothing', () =>
      withSubject(maker, async ({ expired }) => {
        for (const purpose of PURPOSES) {
          expect(await everything(expired, purpose, LATER)).toEqual([]);
          expect(await expired.remove(purpose, [], LATER)).toBe(0);
        }
      }));

    it('finds sent files that were dealt with and fix-it files, page by page, and deletes those and no others', () =>
      withSubject(maker, async (stores) => {
        const { expired, objects } = stores;
        const sent = [await sendFile(stores, 1), await sendFile(stores, 2), await sendFile(stores, 3)];
        const unread = await sendFile(stores, 4, false);
        await objects.write(`rejects/${FEED}/a.csv`, Buffer.from('行号'));
        expect(await everything(expired, 'sent-files', EARLIER)).toEqual([]);
        const things = await everything(expired, 'sent-files', LATER);
        expect(things).toEqual([
          ...sent.map((key) => ({ kind: 'inbox-file', key })),
          { kind: 'fix-it-file', key: `rejects/${FEED}/a.csv` },
        ]);
        expect(await expired.remove('sent-files', things, LATER)).toBe(4);
        for (const key of sent) expect(await objects.info(key)).toBeUndefined();
        expect(await objects.info(unread)).toBeDefined();
        expect(await expired.remove('sent-files', things, LATER)).toBe(0);
        expect(await everything(expired, 'sent-files', LATER)).toEqual([]);
      }));

    it('leaves a file that came under the same name since', () =>
      withSubject(maker, async (stores) => {
        const key = await sendFile(stores, 1);
        const things = await everything(stores.expired, 'sent-files', LATER);
        await stores.objects.write(key, Buffer.from('another, not read yet'));
        expect(await stores.expired.remove('sent-files', things, LATER)).toBe(0);
        expect(await stores.objects.info(key)).toBeDefined();
      }));

    it('finds what was kept of closed cases alone', () =>
      withSubject(maker, async ({ expired, cases, objects }) => {
        const outcome = { code: 'no-need', at: instant(5), by: 'caseworker-1' } as const;
        await cases.save([caseChange(aCase(1, { stage: 'closed', outcome } as never)), caseChange(aCase(2))]);
        const photos = [1, 1, 2].map((n, index) => `${ATTACHMENTS}${caseId(n)}/${String(index).repeat(64)}`);
        for (const key of photos) await objects.write(key, Buffer.from('photo'));
        expect(await everything(expired, 'attachments', EARLIER)).toEqual([]);
        const things = await everything(expired, 'attachments', LATER, 1);
        expect(things).toEqual(photos.slice(0, 2).map((key) => ({ kind: 'attachment', key })));
        expect(await expired.remove('attachments', things, LATER)).toBe(2);
        expect(await objects.info(photos[2] ?? '')).toBeDefined();
        expect(await objects.info(photos[0] ?? '')).toBeUndefined();
      }));

    it('finds names of people who belong to no household any more, and leaves those who came back meanwhile', () =>
      withSubject(maker, async ({ expired, vault, registry }) => {
        const left = membership(1, { to: '2024-02-01' as PlainDate });
        await vault.put([1, 2, 3, 4].map((n) => sealedIdentity(n)));
        await registry.register(
          [registration(1, 1, [left]), registration(2, 1, [membership(2)]), registration(3, 1, [left])],
          instant(),
        );
        expect(await everything(expired, 'vault', EARLIER)).toEqual([]);
        const things = await everything(expired, 'vault', LATER);
        expect(things.map(({ key }) => key).sort()).toEqual([personKey(1), personKey(3)].sort());
        await registry.register([registration(3, 2, [membership(3)])], instant(90));
        expect(await expired.remove('vault', things, LATER)).toBe(1);
        expect([...(await vault.get([1, 2, 3, 4].map(personKey))).keys()].sort()).toEqual([2, 3, 4].map(personKey).sort());
        expect(await expired.remove('vault', things, LATER)).toBe(0);
      }));

    it('finds looks at households by their day, and deletes them with what finds them by household', () =>
      withSubject(maker, async ({ expired, eventLog, reads }) => {
        const look = { action: 'household.read', found: 1, purpose: 'visit' };
        const looks = [1, 2, 3].map((n) => ({ ...householdEvent(1, n, 'data.read'), data: look }));
        await eventLog.append([...looks, householdEvent(2, 5, 'message.put-back')]);
        const before = looks[2]?.at ?? LATER;
        const things = await everything(expired, 'reads', before, 1);
        expect(things.map(({ kind }) => kind)).toEqual(['read', 'read']);
        expect(await expired.remove('reads', things, before)).toBe(2);
        const still = await reads.ofHousehold({ household: householdId(1), limit: 9 });
        expect(still.reads.map(({ event }) => event)).toEqual([looks[2]?.id]);
        expect(await expired.remove('reads', things, before)).toBe(0);
        expect(await everything(expired, 'reads', before)).toEqual([]);
        expect(await everything(expired, 'reads', LATER)).toHaveLength(1);
      }));
  });
}
