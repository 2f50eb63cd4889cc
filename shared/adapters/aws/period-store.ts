import * as z from 'zod';
import { monthOf, type Period, periodStart } from '../../calendar/period.ts';
import { addMonths } from '../../calendar/plain-date.ts';
import type { PeriodStore } from '../../ports/period-store.ts';
import { type PeriodRecord, periodStates } from '../../reports/period-record.ts';
import { inParallel } from './bounded-parallel.ts';
import { packJson, unpackJson } from './packed-json.ts';
import { messagesAttribute } from './stream-messages.ts';
import { follows, type Table, type TableItem, WIDTH } from './table.ts';

/** Only the platform writes records: the parts every reader relies on are looked at, the rest is taken as written. */
const storedRecord: z.ZodType<PeriodRecord> = z
  .looseObject({ period: z.string(), area: z.string(), version: z.int(), state: z.enum(periodStates), askedBy: z.string() })
  .transform((read) => read as unknown as PeriodRecord);

const keyOf = (period: Period, area: string) => ({ pk: `PERIOD#${period}`, sk: `AREA#${area}` });

function recordOf(item: TableItem): PeriodRecord {
  return unpackJson(storedRecord, item['record'], 'period');
}

/** Months that people wanted closed, in DynamoDB: an item for each and each area. */
export function dynamoPeriodStore(table: Table): PeriodStore {
  async function ofMonth(period: Period): Promise<PeriodRecord[]> {
    const found: PeriodRecord[] = [];
    for await (const item of table.query({ partition: `PERIOD#${period}`, prefix: 'AREA#' })) found.push(recordOf(item));
    return found;
  }

  return {
    async get(period, area) {
      const item = await table.get(keyOf(period, area));
      return item === undefined ? undefined : recordOf(item);
    },
    save({ record, events, messages }) {
      const { period, area, version } = record;
      const item = { version, record: packJson(record), events: [...events], messages: messagesAttribute(messages) };
      return table.put({ ...keyOf(period, area), ...item }, follows(version));
    },
    async list(from, to) {
      const months: Period[] = [];
      for (let month = from; month <= to; month = monthOf(addMonths(periodStart(month), 1))) months.push(month);
      return (await inParallel(WIDTH, months, ofMonth)).flat();
    },
  };
}
