import * as z from 'zod';
import type { HouseholdReadView } from '../../shared/access/household-reads.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import { cursor, limit, type Plain, Text } from './schemas.ts';

/** Request and answer shapes of audit and privacy. */

const day = z.iso.date().transform((text) => text as PlainDate);

export const HouseholdReadsQuery = z.object({
  from: day.optional().meta({ description: '首日，含 / first day', example: '2024-03-01' }),
  to: day.optional().meta({ description: '末日，含 / last day', example: '2024-03-31' }),
  limit,
  cursor,
});
export const HouseholdReadShape = z
  .object({
    event: z.string().meta({ description: '存档事件编号 / the event in the archive that proves it' }),
    at: z.string(),
    by: z.string(),
    roles: z.array(z.object({ role: z.string(), title: Text })),
    departments: z.array(z.string()),
    searched: z.boolean().meta({ description: '由查找得到 / found by a search' }),
    action: z.string(),
    actionTitle: Text,
    purpose: z.string(),
    purposeTitle: Text,
    households: z.int().meta({ description: '同一次查询显示的户数 / households the same answer showed' }),
  })
  .meta({ id: 'HouseholdRead', description: '一次查询 / one time the household was shown to somebody' }) satisfies z.ZodType<
  Plain<HouseholdReadView>
>;
