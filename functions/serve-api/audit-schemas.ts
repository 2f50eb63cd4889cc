import * as z from 'zod';
import type { HouseholdReadView } from '../../shared/access/household-reads.ts';
import { roles } from '../../shared/access/principal.ts';
import type { DailyRoot } from '../../shared/audit/daily-root.ts';
import { type FindingCode, findingActs, findingCodes, findingStates, findingSubjects } from '../../shared/audit/finding.ts';
import { AuditFindingForm, FindingStepForm, type FindingView } from '../../shared/audit/finding-desk.ts';
import { dayForm } from '../../shared/calendar/day-form.ts';
import type { ImpactAssessment } from '../../shared/privacy/impact-assessment.ts';
import { type RetentionPurpose, retentionPurposes } from '../../shared/privacy/retention.ts';
import { area, cursor, department, limit, type Plain, Text } from './schemas.ts';

/** Request and answer shapes of audit and privacy. */

const evidence = z.enum(['A', 'A-', 'B', 'C', 'CODE', 'K', 'I']);
const protectionNames = ['pseudonym', 'vault', 'sealed', 'scoped'] as const;

export const FindingBody = AuditFindingForm.meta({
  id: 'AuditFindingForm',
  description: '审计发现；对象为文件、数据类别、报表时须写明 area / a finding; about a file, feed or report it says its area',
});
export const FindingStepBody = FindingStepForm.meta({
  id: 'AuditFindingStep',
  description: '整改答复（主管或部门）；销号、重开、撤销（审计员） / the answer, or what the auditor says to it',
});
export const FindingsQuery = z.object({
  state: z.enum(findingStates).optional().meta({ description: '状态；缺省不含已撤销 / without it all but withdrawn ones' }),
  area: area.optional(),
  department: department.optional(),
  limit,
  cursor,
});
export const FindingPath = z.object({ id: z.string().regex(/^AF-[0-9a-f]{24}$/) });
const act = z.enum(findingActs);
export const FindingShape = z
  .object({
    id: z.string(),
    version: z.int(),
    subject: z.object({ kind: z.enum(findingSubjects), id: z.string() }),
    code: z.enum(Object.keys(findingCodes) as [FindingCode, ...FindingCode[]]),
    codeTitle: Text,
    text: z.string(),
    area: z.string(),
    department: z.string().nullable().meta({ description: '由该部门答复；空则由辖区主管 / who answers; null: the supervisors' }),
    raisedAt: z.string(),
    by: z.string(),
    due: z.string(),
    state: z.enum(findingStates),
    overdue: z.boolean(),
    steps: z.array(z.object({ at: z.string(), by: z.string(), act, text: z.string().nullable() })),
    possible: z.array(act),
  })
  .meta({ id: 'AuditFinding', description: '审计发现与整改任务 / a finding and its corrective task' }) satisfies z.ZodType<
  Plain<FindingView>
>;
export const FindingDoneShape = FindingShape.extend({ done: z.enum(['done', 'already']) }).meta({ id: 'AuditFindingDone' });

export const PiaQuery = z.object({
  format: z.enum(['json', 'html']).default('json').meta({ description: 'json，或可打印的网页 / json, or a page to print' }),
});
const RetentionShape = z.object({
  purpose: z.enum(Object.keys(retentionPurposes) as [RetentionPurpose, ...RetentionPurpose[]]),
  title: Text,
  months: z.int(),
  after: Text,
  left: Text,
  basis: z.object({ zh: z.string(), en: z.string(), evidence: evidence.optional() }),
});
export const PiaShape = z
  .object({
    on: z.string(),
    version: z.string(),
    why: Text,
    feeds: z.array(
      z.object({
        feed: z.string(),
        title: Text,
        department: z.string(),
        departmentTitle: Text,
        legalBasis: z.object({ text: z.string(), evidence }),
        uses: z.array(Text),
        fields: z.array(z.object({ name: z.string(), title: Text, sensitive: z.boolean(), protection: z.enum(protectionNames) })),
        seenBy: z.object({ sensitive: z.array(Text), other: z.array(Text) }),
        retention: RetentionShape,
      }),
    ),
    retention: z.array(RetentionShape),
    deletion: Text,
    roles: z.array(
      z.object({
        role: z.enum(roles),
        title: Text,
        seesHouseholds: z.boolean(),
        names: z.enum(['full', 'masked', 'none']),
        numbers: z.enum(['masked', 'none']),
        sensitive: z.boolean(),
      }),
    ),
    purposes: z.array(z.object({ code: z.string(), title: Text })),
    protections: z.object({ pseudonym: Text, vault: Text, sealed: Text, scoped: Text }),
    automatedDecisions: Text,
    toJudge: z.array(Text),
  })
  .meta({ id: 'ImpactAssessment', description: '个人信息保护影响评估 / the impact assessment' }) satisfies z.ZodType<
  Plain<ImpactAssessment>
>;

export const HouseholdReadsQuery = z.object({
  from: dayForm.optional().meta({ description: '首日，含 / first day', example: '2024-03-01' }),
  to: dayForm.optional().meta({ description: '末日，含 / last day', example: '2024-03-31' }),
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

export const RootsQuery = z.object({
  from: dayForm.optional().meta({ description: '首日，含 / first day', example: '2024-03-01' }),
  to: dayForm.optional().meta({ description: '末日，含 / last day', example: '2024-03-31' }),
  limit,
  cursor,
});
export const RootShape = z
  .object({
    day: z.string().meta({ description: '事件归档的日期（北京时间） / day in China on which the events were archived' }),
    first: z.int().meta({ description: '首个事件号 / number of the first event' }),
    last: z.int(),
    count: z.int(),
    before: z.string().meta({ description: '首个事件之前的链值 / chain hash before the first event' }),
    hash: z.string().meta({ description: '末个事件之后的链值 / chain hash after the last event' }),
    previous: z.string().meta({ description: '前一日根 / root of the day before' }),
    root: z.string().meta({ description: '以上各项逐行的 SHA-256 / SHA-256 over the fields above, one to a line' }),
  })
  .meta({
    id: 'DailyRoot',
    description: '事件档案的日根，请另存 / root of a day of the archive: keep it elsewhere',
  }) satisfies z.ZodType<Plain<DailyRoot>>;
