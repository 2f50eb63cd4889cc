import * as z from 'zod';
import type { PersonKey } from '../../facts/fact.ts';
import { sealedIn, withSealed } from '../../facts/sealed-fields.ts';
import type { ResealedRecord, SealedRecord, SealedTexts } from '../../ports/sealed-texts.ts';
import { sealedRecordOf, withSealsAnew, wordedRecords } from '../../privacy/worded-records.ts';
import type { Worded } from '../../registry/sealed-words.ts';
import { FINDING, findingOf } from './audit-finding-store.ts';
import { inParallel } from './bounded-parallel.ts';
import { CASE, storedCase } from './case-store.ts';
import { NOTICE, noticeOf } from './correction-store.ts';
import { rowsAre, storedRows } from './fact-store.ts';
import { branded, packJson, parseStored, unpackJson } from './packed-json.ts';
import { allOf, type Condition, type Table, type TableItem, WIDTH } from './table.ts';
import { keyAt, placeOf, type TableWalk } from './table-walk.ts';

const storedPerson = z.object({ person: branded<PersonKey>() });
const storedSeal = z.object({ sealed: z.string() });

/** Sealed identities, chunks of facts, and what people write in, by their keys. */
const SEALED: Condition = {
  expression: [
    'begins_with(pk, :vault)',
    ...['facts', 'case', 'notice', 'finding'].map((one) => `begins_with(sk, :${one})`),
  ].join(' OR '),
  values: { ':vault': 'V#', ':facts': 'F#', ':case': CASE, ':notice': NOTICE, ':finding': FINDING },
};

/** One attribute that holds sealed texts. */
interface SealedAttribute {
  /** What is sealed in it, undefined where nothing is. */
  record(item: TableItem, place: string): SealedRecord | undefined;
  /** What to set it to, with all that goes with it; undefined when it holds other texts by now. */
  anew(item: TableItem, resealed: ResealedRecord): TableItem | undefined;
  /** That it is still as it was read. */
  unchanged(item: TableItem): Condition;
}

const identity: SealedAttribute = {
  record: (item, place) => ({ place, person: personIn(item), texts: [sealIn(item)] }),
  anew: (item, { record, texts }) => (sealIn(item) === record.texts[0] ? { sealed: texts[0] } : undefined),
  unchanged: (item) => isStill('sealed', item),
};

const facts: SealedAttribute = {
  record(item, place) {
    const texts = sealedIn(rowsIn(item));
    return texts.length === 0 ? undefined : { place, person: personIn(item), texts };
  },
  anew(item, { record, texts }) {
    const rows = rowsIn(item);
    return sealedIn(rows).join() === record.texts.join() ? { rows: packJson(withSealed(rows, texts)) } : undefined;
  },
  unchanged: (item) => rowsAre(item['rows']),
};

/**
 * A record in which people write. Sealed anew it is a new version: whoever works with the one before, its old seals included, must
 * read it again before anything is saved.
 */
function words<Stored extends { readonly version: number }>(
  name: 'case' | 'past' | 'notice' | 'finding',
  kind: Worded<Stored>,
  read: (item: TableItem) => Stored,
): SealedAttribute {
  return {
    record: (item, place) => sealedRecordOf(kind, read(item), place),
    anew(item, resealed) {
      const stored = withSealsAnew(kind, read(item), resealed);
      if (stored === undefined) return undefined;
      // A case of before, on the item of the one that followed it or on its own, is never written again.
      const closed = name === 'past' || item['version'] === undefined;
      if (closed) return { [name]: packJson(stored) };
      const version = stored.version + 1;
      return { [name]: packJson({ ...stored, version }), version };
    },
    unchanged: (item) =>
      allOf([isStill(name, item), item['version'] === undefined ? undefined : isStill('version', item)]) ?? isStill(name, item),
  };
}

const caseOf = (attribute: 'case' | 'past') => (item: TableItem) => unpackJson(storedCase, item[attribute], attribute);
const current = words('case', wordedRecords.case, caseOf('case'));
const past = words('past', wordedRecords.case, caseOf('past'));
const notice = words('notice', wordedRecords.notice, noticeOf);
const finding = words('finding', wordedRecords.finding, findingOf);

/** Where texts are sealed in an item, by its key. */
function attributesOf(item: TableItem): readonly SealedAttribute[] {
  const sk = String(item['sk']);
  if (sk === 'ID') return [identity];
  if (sk.startsWith(CASE)) return item['past'] === undefined ? [current] : [current, past];
  if (sk.startsWith(NOTICE)) return [notice];
  return sk === FINDING ? [finding] : [facts];
}

/** Sealed identities, the sealed fields of facts, and the words of cases, notices and findings in DynamoDB. */
export function dynamoSealedTexts(table: Table, walk: TableWalk): SealedTexts {
  async function replaceOne(resealed: ResealedRecord): Promise<boolean> {
    const { place, person } = resealed.record;
    const key = keyAt(place);
    const item = await table.get(key);
    if (item === undefined) return false;
    const attribute = attributesOf(item).find((one) => one.record(item, place)?.person === person);
    const set = attribute?.anew(item, resealed);
    if (attribute === undefined || set === undefined) return false;
    // No events and messages: the record says what it said, and its own must not be told a second time.
    const quiet = {
      ...('events' in item ? { events: [] } : undefined),
      ...('messages' in item ? { messages: undefined } : undefined),
    };
    return table.update(key, { ...set, ...quiet }, attribute.unchanged(item));
  }

  return {
    async page(after, limit) {
      const { items, next } = await walk.page(SEALED, after, limit);
      const records = items.flatMap((item) =>
        attributesOf(item).flatMap((attribute) => attribute.record(item, placeOf(item)) ?? []),
      );
      return next === undefined ? { records } : { records, next };
    },
    async replace(records) {
      // The two cases of one item one after the other: each is replaced only in the item as it was read.
      const ofItems = [...Map.groupBy(records, ({ record }) => record.place).values()];
      const replaced = await inParallel(WIDTH, ofItems, async (ofItem) => {
        let count = 0;
        for (const one of ofItem) if (await replaceOne(one)) count += 1;
        return count;
      });
      return replaced.reduce((sum, count) => sum + count, 0);
    },
  };
}

function personIn(item: TableItem): PersonKey {
  return parseStored(storedPerson, item, 'sealed record').person;
}

function sealIn(item: TableItem): string {
  return parseStored(storedSeal, item, 'identity').sealed;
}

function rowsIn(item: TableItem) {
  return unpackJson(storedRows, item['rows'], 'fact chunk');
}

/** An attribute must hold what it held when the item was read. */
function isStill(name: string, item: TableItem): Condition {
  return { expression: `#${name} = :${name}`, names: { [`#${name}`]: name }, values: { [`:${name}`]: item[name] } };
}
