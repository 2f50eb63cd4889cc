import * as z from 'zod';
import type { PlainDate } from '../../calendar/plain-date.ts';
import type { VerifiedDays } from '../../ports/verified-days.ts';
import { inParallel } from './bounded-parallel.ts';
import { branded, parseStored } from './packed-json.ts';
import type { Table } from './table.ts';

const PARTITION = 'VERIFIED-DAYS';
const WIDTH = 8;

const storedDay = z.object({ sk: branded<PlainDate>(), root: z.string(), digest: z.string() });

/** Days of the archive that were verified, in the table that holds the head of its chain: one is as far to be trusted as the other. */
export function dynamoVerifiedDays(table: Table): VerifiedDays {
  return {
    async all() {
      const days = [];
      for await (const item of table.query({ partition: PARTITION })) {
        const { sk: day, root, digest } = parseStored(storedDay, item, 'verified day');
        days.push({ day, root, digest });
      }
      return days;
    },
    async keep(days) {
      await inParallel(WIDTH, days, ({ day, root, digest }) => table.put({ pk: PARTITION, sk: day, root, digest }));
    },
  };
}
