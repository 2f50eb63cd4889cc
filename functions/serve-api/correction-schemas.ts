import * as z from 'zod';
import { dayForm } from '../../shared/calendar/day-form.ts';
import { CorrectionAnswerForm } from '../../shared/corrections/answer-correction.ts';
import type { CorrectionLine, CorrectionPage } from '../../shared/corrections/present-notice.ts';
import type { ScorecardLine } from '../../shared/corrections/scorecard.ts';
import { area, cursor, department, limit, type Plain, SheetRow, Text } from './schemas.ts';

/** Request and answer shapes of the correction notices. */

export const CorrectionsQuery = z.object({
  status: z
    .enum(['open', 'overdue', 'answered'])
    .optional()
    .meta({ description: '待答复（含超期）、已超期、已答复 / open (overdue ones among them), overdue, answered' }),
  department: department.optional(),
  area: area.optional(),
  limit,
  cursor,
});
export const CorrectionPath = z.object({
  id: z
    .string()
    .regex(/^N-H[0-9a-f]{24}-\d{1,6}-[0-9a-f]{12}$/)
    .meta({ description: '更正通知编号 / notice id' }),
});
export const CorrectionAnswerBody = CorrectionAnswerForm.meta({
  id: 'CorrectionAnswer',
  description:
    '部门对更正通知的答复：已更正（写明更正文件）、核对无误（写明理由代码）、本部门无此数据、已转来源单位 / a department’s answer',
});

export const ScorecardQuery = z.object({
  from: dayForm.meta({ description: '首日 / first day', example: '2024-03-01' }),
  to: dayForm.meta({ description: '末日 / last day', example: '2024-03-31' }),
  department: department.optional(),
});
export const ScorecardLineShape = z
  .object({
    department: z.string(),
    departmentTitle: Text,
    feed: z.string(),
    feedTitle: Text,
    files: z
      .object({ onTime: z.int(), late: z.int(), missing: z.int(), refused: z.int() })
      .meta({ description: '时段内到期的报送：按时、逾期、缺报；整份退回 / deliveries due in the stretch; files refused whole' }),
    rows: z
      .object({
        read: z.int(),
        accepted: z.int(),
        duplicate: z.int(),
        rejected: z.int(),
        rejectedShare: z.number().nullable(),
      })
      .meta({ description: '时段内收到文件的行数 / rows of the files that came' }),
    notices: z
      .object({
        sent: z.int(),
        answered: z.int(),
        overdue: z.int(),
        corrected: z.int(),
        upheld: z.int(),
        unknownRow: z.int(),
      })
      .meta({ description: '时段内发出的更正通知及现状 / correction notices sent, as they stand now' }),
    wrongPer10000: z
      .number()
      .nullable()
      .meta({ description: '每万行有误数：未被核对无误的通知 ÷ 接收行数 / notices not upheld for every 10,000 rows accepted' }),
  })
  .meta({
    id: 'ScorecardLine',
    description: '一类数据的质量记分 / the scorecard of one feed',
  }) satisfies z.ZodType<ScorecardLine>;

const AnswerShape = z.object({
  at: z.string(),
  by: z.string(),
  kind: z.string(),
  title: Text,
  reason: z.string().nullable(),
  reasonTitle: Text.nullable(),
  file: z.string().nullable(),
  to: z.string().nullable(),
  note: z.string().nullable(),
});
export const CorrectionLineShape = z
  .object({
    id: z.string(),
    version: z.int(),
    case: z.string(),
    area: z.string(),
    department: z.string(),
    feed: z.string(),
    feedTitle: Text,
    file: z.string(),
    row: z.int(),
    field: z.string().nullable(),
    fieldTitle: Text.nullable(),
    found: z.string(),
    foundTitle: Text,
    note: z.string().nullable(),
    sentAt: z.string(),
    dueAt: z.string(),
    status: z.enum(['open', 'overdue', 'answered']),
    answers: z.array(AnswerShape),
  })
  .meta({ id: 'CorrectionNotice', description: '更正通知 / a correction notice' }) satisfies z.ZodType<Plain<CorrectionLine>>;
export const CorrectionPageShape = CorrectionLineShape.extend({
  path: z.string().nullable(),
  at: SheetRow.optional(),
  period: z.string().nullable(),
  fields: z
    .array(z.object({ name: z.string(), title: Text, type: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) }))
    .nullable(),
}).meta({
  id: 'CorrectionNoticeWithRow',
  description: '更正通知及所报数据行 / a notice with the row as it was sent',
}) satisfies z.ZodType<Plain<CorrectionPage>>;
export const CorrectionAnsweredShape = CorrectionPageShape.extend({ done: z.enum(['done', 'already']) }).meta({
  id: 'CorrectionAnswered',
});
