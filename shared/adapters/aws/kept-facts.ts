import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { PersonKey } from '../../facts/fact.ts';
import type { ChangedChunk, KeptFacts } from '../../ports/kept-facts.ts';
import { inParallel } from './bounded-parallel.ts';
import { chunkKey, chunkOf, rowsAre } from './fact-store.ts';
import { branded, packJson, parseStored } from './packed-json.ts';
import { type Table, WIDTH } from './table.ts';
import type { TableWalk } from './table-walk.ts';

const storedPerson = z.object({ person: branded<PersonKey>() });
const REGISTERED = { expression: 'sk = :registration', values: { ':registration': 'REG' } };

/** People by their registrations, and their facts to be marked as deleted, in DynamoDB. */
export function dynamoKeptFacts(table: Table, walk: TableWalk): KeptFacts {
  async function replaceAll(changes: readonly ChangedChunk[]): Promise<boolean> {
    // One after the other: a key is closed by its latest word before the earlier ones go.
    for (const change of changes) if (!(await replaceOne(change))) return false;
    return true;
  }

  async function replaceOne({ before, after }: ChangedChunk): Promise<boolean> {
    const item = await table.get(chunkKey(before));
    // Compared as read: the stored text may name the parts of a row in another order.
    if (item === undefined || !isDeepStrictEqual(chunkOf(item).rows, before.rows)) return false;
    // No events: the chunk's own must not be told a second time.
    const marked = { rows: packJson(after.rows), deleted: packJson(after.deleted), events: [] };
    return table.update(chunkKey(before), marked, rowsAre(item['rows']));
  }

  return {
    async people(after, limit) {
      const { items, next } = await walk.page(REGISTERED, after, limit);
      const people = items.map((item) => parseStored(storedPerson, item, 'registration').person);
      return next === undefined ? { people } : { people, next };
    },
    replace: (people) => inParallel(WIDTH, people, replaceAll),
  };
}
