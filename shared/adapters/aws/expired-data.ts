import * as z from 'zod';
import { dateInChina, type Instant } from '../../calendar/plain-date.ts';
import { ATTACHMENTS } from '../../casework/attachments.ts';
import type { CaseId } from '../../casework/case.ts';
import type { PersonKey } from '../../facts/fact.ts';
import { fileIdOf, INBOX } from '../../intake/normalize-file.ts';
import type { CaseStore } from '../../ports/case-store.ts';
import type { DeletablePurpose, ExpiredData, ExpiredPage, ExpiredThing } from '../../ports/expired-data.ts';
import type { FileRegister } from '../../ports/file-register.ts';
import type { HouseholdRegistry, PersonRegistration } from '../../ports/household-registry.ts';
import type { ObjectInfo } from '../../ports/object-store.ts';
import { inParallel } from './bounded-parallel.ts';
import type { ObjectRemoval } from './exchange-removal.ts';
import { readItems } from './household-reads.ts';
import { branded, parseStored } from './packed-json.ts';
import { storedEvents } from './stream-events.ts';
import { type Table, type TableItem, WIDTH } from './table.ts';
import type { TableWalk } from './table-walk.ts';

/** What finding and deleting in the cloud works on. */
export interface CloudStores {
  readonly table: Table;
  readonly walk: TableWalk;
  readonly exchange: ObjectRemoval;
  readonly files: Pick<FileRegister, 'get'>;
  readonly cases: Pick<CaseStore, 'get'>;
  readonly registry: Pick<HouseholdRegistry, 'ofPersons'>;
}

const REJECTS = 'rejects/';
const IDENTITIES = { expression: 'begins_with(pk, :vault)', values: { ':vault': 'V#' } };
const CARRIERS = { expression: 'begins_with(pk, :carrier)', values: { ':carrier': 'EV#' } };
const storedIdentity = z.object({ person: branded<PersonKey>(), seq: z.string() });
const storedCarrier = z.object({ events: storedEvents });

/** What is past keeping in the cloud: objects of the exchange bucket, items of the table. */
export function cloudExpiredData({ table, walk, exchange, files, cases, registry }: CloudStores): ExpiredData {
  /** Files that were dealt with: one that nobody has read yet stays however old it is. */
  async function isDealtWith({ key, version }: ObjectInfo, before: Instant): Promise<boolean> {
    const file = await files.get(fileIdOf(key.slice(INBOX.length), version));
    return file?.receipt !== undefined && file.arrivedAt < before;
  }

  async function isOfClosedCase(key: string, before: Instant): Promise<boolean> {
    const [id = ''] = key.slice(ATTACHMENTS.length).split('/');
    const found = await cases.get(id as CaseId);
    return found?.stage === 'closed' && found.outcome !== undefined && found.outcome.at < before;
  }

  async function isOver(info: ObjectInfo, before: Instant): Promise<boolean> {
    if (info.key.startsWith(INBOX)) return isDealtWith(info, before);
    if (info.key.startsWith(ATTACHMENTS)) return isOfClosedCase(info.key, before);
    return info.lastModified < before;
  }

  async function objectsOf(
    folders: readonly string[],
    before: Instant,
    after: string | undefined,
    limit: number,
  ): Promise<ExpiredPage> {
    const at = Math.max(
      0,
      folders.findIndex((folder) => after?.startsWith(folder)),
    );
    const folder = folders[at] ?? '';
    // A folder's own name comes before everything in it.
    const listed = await exchange.listAfter(folder, after === folder ? undefined : after, limit);
    const over = await inParallel(WIDTH, listed, (info) => isOver(info, before));
    const things = listed.filter((_, index) => over[index]).map(({ key }) => ({ kind: KINDS[folder] ?? folder, key }));
    const next = listed.length < limit ? folders[at + 1] : listed.at(-1)?.key;
    return next === undefined ? { things } : { things, next };
  }

  async function identitiesOf(before: Instant, after: string | undefined, limit: number): Promise<ExpiredPage> {
    const { items, next } = await walk.page(IDENTITIES, after, limit);
    const persons = items.map((item) => parseStored(storedIdentity, item, 'identity').person);
    const registrations = await registry.ofPersons(persons);
    const things = persons
      .filter((person) => hasLeftAll(registrations.get(person), before))
      .map((person) => ({ kind: 'identity', key: person }));
    return next === undefined ? { things } : { things, next };
  }

  async function readsOf(before: Instant, after: string | undefined, limit: number): Promise<ExpiredPage> {
    const { items, next } = await walk.page(CARRIERS, after, limit);
    const things = items.flatMap((item) => readIn(item, before).map(({ id }) => ({ kind: 'read', key: id })));
    return next === undefined ? { things } : { things, next };
  }

  async function removeObject(key: string, before: Instant): Promise<boolean> {
    // Looked at once more: what came under the same name meanwhile is not what was found.
    const [info] = (await exchange.listAfter(key, undefined, 1)).filter((one) => one.key === key);
    if (info === undefined || !(await isOver(info, before))) return false;
    await exchange.remove(key);
    return true;
  }

  async function forget(person: string, before: Instant): Promise<boolean> {
    const key = { pk: `V#${person}`, sk: 'ID' };
    const item = await table.get(key);
    // Somebody who belongs to a household again since is somebody's business again.
    const registration = (await registry.ofPersons([person as PersonKey])).get(person as PersonKey);
    if (item === undefined || !hasLeftAll(registration, before)) return false;
    const { seq } = parseStored(storedIdentity, item, 'identity');
    return table.delete(key, { expression: '#q = :q', names: { '#q': 'seq' }, values: { ':q': seq } });
  }

  async function forgetRead(id: string, before: Instant): Promise<boolean> {
    const key = { pk: `EV#${id}`, sk: 'EV' };
    const item = await table.get(key);
    const reads = item === undefined ? [] : readIn(item, before);
    if (reads.length === 0) return false;
    // Before the event, which names the households: broken off in between, the next run finds them.
    await inParallel(WIDTH, reads.flatMap(readItems), ({ pk, sk }) => table.delete({ pk, sk }, THERE));
    return table.delete(key, THERE);
  }

  function removeOne(purpose: DeletablePurpose, key: string, before: Instant): Promise<boolean> {
    switch (purpose) {
      case 'sent-files':
      case 'attachments':
        return removeObject(key, before);
      case 'vault':
        return forget(key, before);
      case 'reads':
        return forgetRead(key, before);
    }
  }

  return {
    async page(purpose, before, after, limit) {
      switch (purpose) {
        case 'sent-files':
          return objectsOf([INBOX, REJECTS], before, after, limit);
        case 'attachments':
          return objectsOf([ATTACHMENTS], before, after, limit);
        case 'vault':
          return identitiesOf(before, after, limit);
        case 'reads':
          return readsOf(before, after, limit);
      }
    },
    async remove(purpose, things, before) {
      const removed = await inParallel(WIDTH, things, ({ key }: ExpiredThing) => removeOne(purpose, key, before));
      return removed.filter(Boolean).length;
    },
  };
}

const THERE = { expression: 'attribute_exists(pk)' };
const KINDS: Readonly<Record<string, string>> = { [INBOX]: 'inbox-file', [REJECTS]: 'fix-it-file', [ATTACHMENTS]: 'attachment' };

/** A person whose every membership ended before a day. */
function hasLeftAll(registration: PersonRegistration | undefined, before: Instant): boolean {
  const day = dateInChina(before);
  const memberships = registration?.memberships ?? [];
  return memberships.length > 0 && memberships.every(({ to }) => to !== undefined && to < day);
}

/** The look that an event without a change tells of, if it was before a moment. */
function readIn(item: TableItem, before: Instant) {
  const { events } = parseStored(storedCarrier, item, 'event');
  return events.filter(({ type, at }) => (type === 'data.read' || type === 'data.searched') && at < before);
}
