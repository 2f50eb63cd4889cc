import * as z from 'zod';
import { roles } from '../../shared/access/principal.ts';
import { knownDepartments } from '../../shared/assistance/known-names.ts';
import { measures } from '../../shared/assistance/measures.ts';
import { dayForm } from '../../shared/calendar/day-form.ts';
import { SentAction, VisitForm } from '../../shared/casework/actions.ts';
import { lights, stages } from '../../shared/casework/case.ts';
import { needCodes } from '../../shared/casework/codes.ts';
import { worklists } from '../../shared/casework/read-cases.ts';
import { writtenText } from '../../shared/casework/written-text.ts';
import type { Dashboard, MonthFigures } from '../../shared/reports/dashboard.ts';
import { area, cursor, department, limit, month, type Plain } from './schemas.ts';

/** Request and answer shapes of the casework. */

const caseId = z
  .string()
  .regex(/^C-H[0-9a-f]{24}-\d{1,6}$/)
  .meta({ description: '办件编号 / case number' });

export const CasesQuery = z.object({
  worklist: z
    .enum(worklists)
    .default('all')
    .meta({ description: '清单：我的、待认领、等待他人、已超期、全部 / mine, pool, waiting on others, escalated, all' }),
  area: area.optional(),
  stage: z.enum(stages).optional().meta({ description: '环节 / stage' }),
  light: z.enum(lights).optional().meta({ description: '不低于此灯 / this light or a stronger one' }),
  order: z.enum(['due', 'urgent']).default('due').meta({ description: '先到期或先紧急 / due soonest or most urgent first' }),
  limit,
  cursor,
});
export const ChangesQuery = CasesQuery.omit({ cursor: true }).extend({
  token: z.string().max(24).optional().meta({ description: '上次得到的标记 / the token of the answer before' }),
  wait: z.coerce.number().int().min(0).max(20).default(20).meta({ description: '最多等待秒数 / seconds to wait at most' }),
});
export const ChangesShape = z.object({ changed: z.boolean(), token: z.string() }).meta({ id: 'WorklistChanges' });
export const CountsQuery = z.object({ area: area.optional() });
export const DashboardQuery = z.object({
  area: area.optional(),
  month: month.optional().meta({ description: '月份，缺省为当月 / month, this one by default', example: '2024-03' }),
});
export const CasePath = z.object({ id: caseId });
export const AttachmentPath = z.object({ id: caseId, attachment: z.string().regex(/^[0-9a-f]{64}$/) });
export const AttachmentQuery = z.object({ kind: z.enum(['photo', 'signature', 'paper', 'consent']) });
export const PackPath = z.object({ area: z.string().regex(/^\d{12}$/) });
export const ReferralPath = z.object({ id: caseId, referral: z.string().regex(/^R\d{1,3}$/) });
export const InboxQuery = z.object({ department, limit, cursor });
export const StaffPath = z.object({ id: z.string().min(1).max(200) });

export const ActionBody = SentAction.meta({ id: 'CaseAction', description: '对办件的一次办理 / one action on a case' });
export const BulkBody = z
  .strictObject({ cases: z.array(caseId).min(1).max(200), action: SentAction })
  .meta({ id: 'BulkAction', description: '对多个办件作同一办理，逐件回执 / one action on many cases, answered one by one' });
export const SubmissionsBody = z
  .strictObject({
    visits: z
      .array(z.strictObject({ case: caseId, visit: VisitForm }))
      .min(1)
      .max(100),
  })
  .meta({ id: 'VisitSubmissions', description: '离线填写的核查，逐件回执 / visits written down offline, answered one by one' });
export const ApplicationBody = z
  .strictObject({
    household: z.string().regex(/^H[0-9a-f]{24}$/),
    channel: z.enum(['family', 'cadre', 'hotline', 'caseworker']),
    needs: z
      .array(z.enum(Object.keys(needCodes) as [keyof typeof needCodes]))
      .max(10)
      .default([]),
    // Told in an event, so never free words.
    measures: z
      .array(z.enum([...measures.keys()]))
      .max(12)
      .default([]),
    statement: writtenText(2_000),
    urgent: z.boolean().default(false),
  })
  .meta({
    id: 'Application',
    description: '申请或报告；已知信息不再填写 / an application or report; what is known is not asked',
  });
export const AnswerBody = z
  .strictObject({
    kind: z.enum(['accept', 'refuse', 'ask-more', 'part-done', 'done']),
    code: z.string().max(40).optional(),
    note: writtenText(2_000).optional(),
    amount: z.int().min(1).optional(),
    rhythm: z.enum(['once', 'monthly']).optional(),
  })
  .meta({ id: 'ReferralAnswer', description: '部门答复 / a department’s answer' });
export const StaffBody = z
  .strictObject({
    name: writtenText(100),
    roles: z.array(z.enum(roles)).min(1),
    areas: z.array(z.string().regex(/^(\*|\d{2,12})$/)).max(50),
    departments: z.array(z.enum(['*', ...knownDepartments.keys()])).max(50),
    absences: z
      .array(
        z
          .strictObject({ from: dayForm, to: dayForm, cover: z.string().max(200).optional() })
          // Days that end before they begin are no absence: work would go on falling to somebody who is away.
          .refine(({ from, to }) => from <= to, { path: ['to'] }),
      )
      .max(50)
      .default([]),
  })
  .meta({
    id: 'StaffMember',
    description: '工作人员：角色、辖区、部门、请假与代班 / staff: roles, areas, departments, absences and cover',
  });

export const CountsShape = z
  .object({
    byStage: z.record(z.string(), z.int()),
    byLight: z.record(z.string(), z.int()),
    byAssignee: z.record(z.string(), z.int()),
  })
  .meta({ id: 'CaseCounts' });
const amounts = z.record(z.string(), z.int());
const MonthShape = z
  .object({
    month: z.string(),
    files: z.object({ inTime: z.int(), late: z.int(), refused: z.int() }),
    rows: z.object({ read: z.int(), accepted: z.int(), rejected: z.int() }),
    warnings: amounts.meta({ description: '新开预警，按等级 / opened, by grade' }),
    warningsWithdrawn: z.int(),
    cases: amounts.meta({ description: '新开办件，按来源 / opened, by source' }),
    visits: z.object({ made: z.int(), foundTrue: z.int() }),
    closed: amounts.meta({ description: '办结，按结果 / closed, by outcome' }),
    closedHelped: z.int(),
    help: z.object({ times: z.int(), fen: z.int() }),
    referralsSent: z.int(),
    limits: z.record(z.string(), z.object({ inTime: z.int(), late: z.int() })),
  })
  .meta({ id: 'MonthFigures' }) satisfies z.ZodType<Plain<MonthFigures>>;
export const DashboardShape = z
  .object({
    area: z.string(),
    month: z.string(),
    countedUpTo: z.int(),
    now: CountsShape,
    months: z.array(MonthShape),
    rules: z.array(
      z.object({
        indicator: z.string(),
        title: z.object({ zh: z.string(), en: z.string() }).nullable(),
        closed: z.int(),
        helped: z.int(),
      }),
    ),
    below: z.array(z.object({ area: z.string(), figures: MonthShape })),
  })
  .meta({ id: 'Dashboard', description: '辖区概况 / an area at a glance' }) satisfies z.ZodType<Plain<Dashboard>>;
export const ReceiptsShape = z
  .object({
    items: z.array(
      z.object({ case: z.string(), status: z.string(), code: z.string().nullable(), message: z.string().nullable() }),
    ),
  })
  .meta({ id: 'ActionReceipts', description: '逐件回执 / an answer for each' });
export const StaffShape = z.looseObject({ id: z.string(), name: z.string() }).meta({ id: 'Staff' });
