import * as z from 'zod';
import type { DomainEvent } from '../../audit/event.ts';
import { type HouseholdRead, readShown } from '../../audit/household-reads.ts';
import type { Instant } from '../../calendar/plain-date.ts';
import type { HouseholdReads } from '../../ports/household-reads.ts';
import { branded, packJson, unpackJson } from './packed-json.ts';
import type { Table, TableItem, TableKey } from './table.ts';

const storedRead: z.ZodType<HouseholdRead> = z.object({
  event: z.string(),
  type: z.enum(['data.read', 'data.searched']),
  at: branded<Instant>(),
  actor: z.string(),
  roles: z.array(z.string()),
  departments: z.array(z.string()),
  action: z.string(),
  purpose: z.string(),
  households: z.int(),
});

/** Sorts after every moment. */
const END = '~';

/** The items that let a read be found by the households it showed. The same read gives the same items. */
export function readItems(event: DomainEvent): readonly (TableItem & TableKey)[] {
  const shown = readShown(event);
  if (shown === undefined) return [];
  const read = packJson(shown.read);
  return shown.households.map((household) => ({ pk: `HR#${household}`, sk: `${event.at}#${event.id}`, read }));
}

/** Reads by household in DynamoDB: an item for each household a read showed, in partitions of their own, by time. */
export function dynamoHouseholdReads(table: Table): HouseholdReads {
  return {
    async ofHousehold({ household, from, before, limit, after }) {
      const page: TableItem[] = [];
      const items = table.query({
        partition: `HR#${household}`,
        descending: true,
        beyond: after ?? before ?? END,
        pageSize: limit + 1,
      });
      for await (const item of items) {
        if (page.length > limit || (from !== undefined && String(item['sk']) < from)) break;
        page.push(item);
      }
      const shown = page.slice(0, limit);
      const reads = shown.map((item) => unpackJson(storedRead, item['read'], 'read'));
      const last = shown.at(-1);
      return page.length > limit && last !== undefined ? { reads, next: String(last['sk']) } : { reads };
    },
  };
}
