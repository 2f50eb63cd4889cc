import * as z from 'zod';
import { areaNamed } from '../../shared/access/principal.ts';
import { archiveFaults } from '../../shared/audit/verify-archive.ts';
import type { PlainDate } from '../../shared/calendar/plain-date.ts';
import { reportEncodings, reportFormats, reportLanguages } from '../../shared/reports/cover.ts';
import { type PeriodRecord, periodStates } from '../../shared/reports/period-record.ts';
import { type ReportKindView, type ReportView, reportStates } from '../../shared/reports/report-desk.ts';
import { reportIds } from '../../shared/reports/report-ids.ts';
import { MOST_DRAWN, type ReportPullId, USUAL_SAMPLE } from '../../shared/reports/report-job.ts';
import { cursor, limit, month, type Plain, Text } from './schemas.ts';

/** Request and answer shapes of reports. */

const day = z.iso.date().transform((text) => text as PlainDate);
const format = z.enum(reportFormats);
const language = z.enum(reportLanguages);
/** An area code, with or without the zeros after it. */
const areaCode = z
  .string()
  .regex(/^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/)
  .transform(areaNamed);
const encoding = z.enum(reportEncodings);

/** Why something was not made or done, and what to do. */
const failure = z.object({ code: z.string(), zh: z.string(), en: z.string() });

export const ReportBody = z
  .strictObject({
    report: z.enum(reportIds).meta({ description: '报表，见 /report-kinds / which report, see /report-kinds' }),
    from: day.meta({ description: '首日，含 / first day', example: '2024-03-01' }),
    to: day.meta({ description: '末日，含 / last day', example: '2024-03-31' }),
    area: areaCode
      .optional()
      .meta({ description: '区划代码；缺省为本人全部辖区 / area code; without it all of the user’s area', example: '411122' }),
    format: format.default('csv'),
    language: language.default('zh'),
    encoding: encoding.default('utf-8').meta({ description: 'CSV 的编码 / encoding of CSV' }),
    seed: z
      .string()
      .max(100)
      // A character of no text, NUL above all, is one no query can hold.
      .regex(/^\P{Cc}*$/u)
      .optional()
      .meta({ description: '抽样种子（仅抽样清单） / seed of the drawing (sampling list only)' }),
    sample: z
      .int()
      .min(1)
      .max(MOST_DRAWN)
      .optional()
      .meta({ description: `抽取数（仅抽样清单），缺省${USUAL_SAMPLE} / how many to draw, ${USUAL_SAMPLE} unless said` }),
  })
  .meta({ id: 'ReportRequest', description: '要什么报表 / which report is wanted' });

const id = z
  .string()
  .regex(/^R-[0-9a-f]{24}$/)
  .transform((text) => text as ReportPullId);
export const ReportPath = z.object({ id });
export const ReportFilePath = z.object({
  id,
  name: z
    .string()
    .regex(/^[\w.-]{1,200}$/)
    .meta({ description: '文件名，见 files / a name of files' }),
});
export const ReportsQuery = z.object({ limit, cursor });

const CoverShape = z
  .object({
    report: z.string(),
    title: Text,
    about: Text,
    parameters: z.object({
      from: z.string(),
      to: z.string(),
      area: z.string(),
      seed: z.string(),
      sample: z.int(),
      smallCells: z.int(),
    }),
    format,
    language,
    encoding,
    period: z.object({
      state: z.enum(['closed', 'open']),
      closedBy: z.string().optional(),
      closedAt: z.string().optional(),
    }),
    data: z.object({
      archivedUpTo: z.int(),
      archiveHash: z.string(),
      countedUpTo: z.int(),
      asOf: z.string(),
      rulePacks: z.array(z.string()),
      program: z.string(),
    }),
    archive: z
      .union([
        z.object({
          ok: z.literal(true),
          events: z.int(),
          head: z.string(),
          roots: z.int(),
          unfinished: z.literal(true).optional(),
        }),
        z.object({
          ok: z.literal(false),
          fault: z.enum(archiveFaults),
          number: z.int().meta({ description: '第一个与写入时不符的事件 / the first event that is not as it was written' }),
          until: z.int().optional(),
          day: z.string().optional(),
          where: z.string(),
          events: z.int(),
        }),
      ])
      .meta({ description: '档案验证结论 / verdict on the archive' }),
    proof: z.object({ rows: z.int(), rowsSha256: z.string(), querySha256: z.string(), adjustments: z.int() }),
    pulled: z.object({ by: z.string(), for: z.string().optional(), purpose: z.string(), at: z.string() }),
  })
  .meta({ id: 'ReportCover', description: '封面：参数、数据截至、验证、提取人 / what stands beside every report' });

export const ReportShape = z
  .object({
    id: z.string(),
    report: z.string(),
    title: Text,
    from: z.string(),
    to: z.string(),
    area: z.string().meta({ description: '空为全部 / empty: everywhere' }),
    seed: z.string(),
    sample: z.int(),
    format,
    language,
    encoding,
    purpose: z.string(),
    by: z.string().meta({ description: '提取人；schedule 为定期生成 / who asked; schedule: made by the schedule' }),
    askedAt: z.string(),
    state: z.enum(reportStates),
    rows: z.int().meta({ description: '已得行数 / rows so far' }),
    readyAt: z.string().nullable(),
    keptUntil: z.string().nullable().meta({ description: '可下载至该日 / the last day it can be downloaded' }),
    files: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string(), cover: z.boolean() })),
    cover: CoverShape.nullable(),
    period: z.enum(['open', 'closed']).nullable().meta({ description: '是否已关账 / whether the period was closed' }),
    notice: Text.nullable(),
    archive: z
      .enum(['whole', ...archiveFaults])
      .nullable()
      .meta({
        description:
          'whole，或与写入时如何不符；不符时数字不可采信 / whole, or how it differs from what was written: no figure counts then',
      }),
    alarm: Text.nullable(),
    failure: failure.nullable(),
  })
  .meta({ id: 'Report', description: '一份报表及其进度 / a report and how far it is' }) satisfies z.ZodType<Plain<ReportView>>;

export const ReportKindShape = z
  .object({
    id: z.string(),
    title: Text,
    about: Text,
    kind: z.enum(['ledger', 'aggregate']),
    parameters: z.array(z.enum(['seed', 'sample'])),
    columns: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['text', 'id', 'code', 'date', 'moment', 'count', 'number', 'fen', 'yes-no']),
        title: Text,
      }),
    ),
  })
  .meta({ id: 'ReportKind', description: '一种报表 / a report that can be asked for' }) satisfies z.ZodType<
  Plain<ReportKindView>
>;

export const PeriodPath = z.object({ period: month.meta({ description: '月份 / month', example: '2024-03' }) });
export const PeriodsQuery = z.object({
  from: month.optional().meta({
    description: '首月，含；缺省为近两年，至多十年 / first month; without it the last two years, ten at most',
    example: '2024-01',
  }),
  to: month.optional().meta({ description: '末月，含 / last month', example: '2024-12' }),
});
export const ClosingBody = z.strictObject({ area: areaCode.optional() }).meta({
  id: 'PeriodClosing',
  description: '关账的区划，缺省为本人全部辖区 / of which area; without it all of the user’s area',
});

/** A month as its supervisors and auditors see it. */
export function periodView({
  period,
  area,
  state,
  askedBy,
  askedAt,
  closed,
  failure,
}: PeriodRecord): z.infer<typeof PeriodShape> {
  return {
    period,
    area,
    state,
    askedBy,
    askedAt,
    closedBy: closed?.by ?? null,
    closedAt: closed?.at ?? null,
    upTo: closed?.upTo ?? null,
    failure: failure ?? null,
  };
}
export const PeriodShape = z
  .object({
    period: z.string(),
    area: z.string().meta({ description: '空为全部 / empty: everywhere' }),
    state: z.enum(periodStates).meta({ description: 'closing 正在核验档案 / the archive is being proven' }),
    askedBy: z.string(),
    askedAt: z.string(),
    closedBy: z.string().nullable(),
    closedAt: z.string().nullable(),
    upTo: z.int().nullable().meta({ description: '计入的最后一个事件 / the last event that counts' }),
    failure: failure.nullable(),
  })
  .meta({ id: 'Period', description: '一个月的关账情况 / a month and whether it is closed' });
