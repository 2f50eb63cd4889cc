import * as z from 'zod';
import type { PersonKey } from '../../facts/fact.ts';
import { sealedIn, withSealed } from '../../facts/sealed-fields.ts';
import type { ResealedRecord, SealedRecord, SealedTexts } from '../../ports/sealed-texts.ts';
import { inParallel } from './bounded-parallel.ts';
import { rowsAre, storedRows } from './fact-store.ts';
import { branded, packJson, parseStored, unpackJson } from './packed-json.ts';
import { type Condition, type Table, type TableItem, WIDTH } from './table.ts';
import { keyAt, placeOf, type TableWalk } from './table-walk.ts';

const storedPerson = z.object({ person: branded<PersonKey>() });
const storedSeal = z.object({ sealed: z.string() });

/** Sealed identities and chunks of facts, by their keys. */
const SEALED: Condition = {
  expression: 'begins_with(pk, :vault) OR begins_with(sk, :facts)',
  values: { ':vault': 'V#', ':facts': 'F#' },
};

/** Sealed identities and the sealed fields of facts in DynamoDB. */
export function dynamoSealedTexts(table: Table, walk: TableWalk): SealedTexts {
  async function replaceOne({ record, texts }: ResealedRecord): Promise<boolean> {
    const key = keyAt(record.place);
    const [before, after] = [record.texts[0], texts[0]];
    if (key.sk === 'ID') {
      return table.update(
        key,
        { sealed: after },
        { expression: '#sealed = :before', names: { '#sealed': 'sealed' }, values: { ':before': before } },
      );
    }
    const item = await table.get(key);
    if (item === undefined || textsOf(item).join() !== record.texts.join()) return false;
    const rows = withSealed(unpackJson(storedRows, item['rows'], 'fact chunk'), texts);
    // No events: the chunk says what it said, and its own event must not be told a second time.
    return table.update(key, { rows: packJson(rows), events: [] }, rowsAre(item['rows']));
  }

  return {
    async page(after, limit) {
      const { items, next } = await walk.page(SEALED, after, limit);
      const records = items.flatMap((item): SealedRecord[] => {
        const texts = textsOf(item);
        if (texts.length === 0) return [];
        return [{ place: placeOf(item), person: parseStored(storedPerson, item, 'sealed record').person, texts }];
      });
      return next === undefined ? { records } : { records, next };
    },
    async replace(records) {
      const replaced = await inParallel(WIDTH, records, replaceOne);
      return replaced.filter(Boolean).length;
    },
  };
}

function textsOf(item: TableItem): readonly string[] {
  if (item['sk'] === 'ID') return [parseStored(storedSeal, item, 'identity').sealed];
  return sealedIn(unpackJson(storedRows, item['rows'], 'fact chunk'));
}
