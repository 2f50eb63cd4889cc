import * as z from 'zod';
import { roles } from '../../shared/access/principal.ts';
import { knownDepartments } from '../../shared/assistance/known-names.ts';
import type { Period } from '../../shared/calendar/period.ts';
import { writtenText } from '../../shared/casework/written-text.ts';
import type { FeedView } from '../../shared/intake/feed-desk.ts';
import type { FileView, UploadTicket } from '../../shared/intake/file-desk.ts';
import type { SearchHit } from '../../shared/registry/find-household.ts';
import type { HouseholdPage } from '../../shared/registry/household-page.ts';
import { warningFamilies } from '../../shared/scoring/assessment.ts';
import type { WarningView } from '../../shared/warnings/present-warning.ts';
import { withdrawalReasons } from '../../shared/warnings/warning.ts';

/** Request and answer shapes of the API: requests are parsed with them, and the OpenAPI document is made from them. */

/** Items per page. */
export const limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(200)
  .default(50)
  .meta({ description: '每页条数 1–200 / items per page, 1 to 200' });
/** Where a page begins. */
export const cursor = z.string().max(4_000).optional().meta({ description: '上一页的 next / next of the page before' });
/** A department that owns a measure or sends a feed: a misspelt one would list nothing, as if nothing waited. */
export const department = z
  .enum([...knownDepartments.keys()])
  .meta({ description: '部门 / department', example: 'medical-insurance' });
/** Narrows a list to an area. */
export const area = z
  .string()
  .regex(/^\d{2,12}$/)
  .meta({ description: '区划代码，末尾的零可省 / area code, with or without its zeros', example: '411122' });
/** A month of the years the platform knows. */
export const month = z
  .string()
  .regex(/^20\d{2}-(0[1-9]|1[0-2])$/)
  .transform((text) => text as Period);

export const WarningsQuery = z.object({
  area: area.optional(),
  grade: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .optional()
    .meta({ description: '预警等级 / grade', example: 'urgent' }),
  status: z.enum(['open', 'withdrawn', 'handled', 'any']).default('open').meta({ description: '状态 / status' }),
  family: z.enum(warningFamilies).optional().meta({ description: '进入类、拒止类、政策落实 / family' }),
  limit,
  cursor,
});

export const FilesQuery = z.object({
  feed: z
    .string()
    .regex(/^[a-z-]{1,60}\/[a-z-]{1,60}$/)
    .optional()
    .meta({ description: '部门/数据类别 / feed', example: 'medical-insurance/inpatient-settlement' }),
  limit,
  cursor,
});

export const HouseholdPath = z.object({
  id: z
    .string()
    .regex(/^H[0-9a-f]{24}$/)
    .meta({ description: '家庭编号 / household id' }),
});
export const WarningPath = z.object({
  id: z
    .string()
    .regex(/^W-[\w-]{1,120}$/)
    .meta({ description: '预警编号 / warning id' }),
});
export const FilePath = z.object({
  id: z
    .string()
    .regex(/^[0-9a-f]{24}$/)
    .meta({ description: '文件编号 / file id' }),
});

export const SearchBody = z
  .union([z.strictObject({ number: z.string().min(15).max(40) }), z.strictObject({ name: writtenText(60) })])
  .meta({ id: 'Search', description: '按身份证号或姓名精确查找，二者选一 / exact identity number or exact name, one of them' });

export const UploadBody = z
  .strictObject({ feed: z.string().max(120), period: z.string().max(10), name: z.string().max(200) })
  .meta({
    id: 'UploadRequest',
    example: { feed: 'medical-insurance/inpatient-settlement', period: '2024-03', name: '住院结算.csv' },
  });

/** A use-case's answer as it is after JSON: brands gone. `satisfies` then proves that the document describes it. */
export type Plain<T> = T extends string
  ? string
  : T extends number | boolean | null
    ? T
    : { readonly [K in keyof T]: Plain<T[K]> };

/** Both languages. */
export const Text = z.object({ zh: z.string(), en: z.string() }).meta({ id: 'Text', description: '中英文 / both languages' });

/** Where to look for a row whose `row` is its number in a workbook with rows in several sheets. */
export const SheetRow = z.object({ sheet: z.string(), row: z.int() }).meta({
  id: 'SheetRow',
  description: '多个工作表时的位置：工作表名和表内行号 / sheet and row, in a workbook with rows in several sheets',
});
export const fen = z.int().meta({ description: '分（人民币）/ fen (CNY)' });
export const Range = z.object({ low: z.number(), high: z.number() });

export const Warning = z
  .object({
    id: z.string(),
    household: z.string(),
    area: z.string(),
    family: z.enum(warningFamilies),
    grade: z.string(),
    gradeTitle: Text,
    status: z.enum(['open', 'withdrawn', 'handled']),
    withdrawal: z.enum(withdrawalReasons).nullable(),
    openedAt: z.string(),
    changedAt: z.string(),
    asOf: z.string(),
    category: z.string(),
    alreadyReceives: Text,
    pack: z.string(),
    version: z.string(),
    points: Range,
    completeness: z.number(),
    reasons: z.array(
      z.object({
        indicator: z.string(),
        result: z.enum(['hit', 'miss', 'unknown']),
        value: z.number().nullable(),
        line: z.number().nullable(),
        unit: z.enum(['fen', 'count', 'yes-no', 'ratio', 'years']),
        points: z.number(),
        pointsHigh: z.number(),
        evidence: z.array(
          z.object({
            feed: z.string(),
            file: z.string().nullable(),
            row: z.int(),
            at: SheetRow.optional(),
            date: z.string(),
            amount: fen.nullable(),
          }),
        ),
        missing: z.array(z.string()),
        text: Text,
      }),
    ),
  })
  .meta({ id: 'Warning', description: '预警及其理由 / a warning with its reasons' }) satisfies z.ZodType<WarningView>;

const Field = z.union([z.string(), z.number(), z.boolean()]);

export const Household = z
  .object({
    id: z.string(),
    area: z.string(),
    asOf: z.string(),
    provisional: z.boolean(),
    category: z.string(),
    categoryTitle: Text,
    members: z.array(
      z.object({
        person: z.string(),
        name: z.string(),
        number: z.string().nullable(),
        sex: z.enum(['male', 'female']),
        birth: z.string(),
        relation: z.string(),
        head: z.boolean(),
        basis: z.enum(['declared', 'registered', 'alone']),
        category: z.string(),
        from: z.string().nullable(),
        to: z.string().nullable(),
        current: z.boolean(),
      }),
    ),
    categories: z.array(z.object({ category: z.string(), title: Text, from: z.string().nullable(), to: z.string().nullable() })),
    facts: z.array(
      z.object({
        feed: z.string(),
        title: Text,
        person: z.string(),
        from: z.string(),
        to: z.string().nullable(),
        fields: z.record(z.string(), Field),
        file: z.string().nullable(),
        fileId: z.string(),
        row: z.int(),
        at: SheetRow.optional(),
        countedBy: z.object({ fileId: z.string(), row: z.int() }).optional(),
        recordedAt: z.string(),
      }),
    ),
    assessments: z.array(
      z.object({
        family: z.enum(warningFamilies),
        pack: z.string(),
        version: z.string(),
        asOf: z.string(),
        points: Range,
        completeness: z.number(),
        grade: z.object({ id: z.string(), rank: z.number(), title: Text }).nullable(),
        digest: z.string(),
      }),
    ),
    warnings: z.object({ open: z.array(Warning), past: z.array(Warning) }),
  })
  .meta({ id: 'Household', description: '家庭页，按角色脱敏 / household page, masked by role' }) satisfies z.ZodType<
  Plain<HouseholdPage>
>;

const Hit = z
  .object({
    household: z.string(),
    area: z.string(),
    name: z.string(),
    number: z.string().nullable(),
    relation: z.string(),
    current: z.boolean(),
  })
  .meta({ id: 'SearchHit' }) satisfies z.ZodType<SearchHit>;

export const Feed = z
  .object({
    id: z.string(),
    title: Text,
    department: Text,
    kind: z.enum(['event', 'status', 'snapshot']),
    cadence: z.string(),
    dueDay: z.int(),
    legalBasis: z.object({ text: z.string(), evidence: z.string() }),
    fields: z.array(z.object({ name: z.string(), title: Text, type: z.string(), required: z.boolean(), sensitive: z.boolean() })),
    freshness: z.array(z.object({ county: z.string(), latestPeriod: z.string(), complete: z.boolean(), fresh: z.boolean() })),
  })
  .meta({ id: 'Feed', description: '数据目录与更新情况 / a feed and its freshness' }) satisfies z.ZodType<FeedView>;

const RowProblem = z
  .object({
    row: z.int().nullable(),
    sheet: z.string().optional(),
    column: z.string().nullable(),
    code: z.string(),
    message: Text,
  })
  .meta({ id: 'RowProblem', description: '某行的问题或提示 / what is wrong with a row, or to be looked at' });

const ReceiptShape = z
  .object({
    file: z.string(),
    feed: z.string(),
    period: z.string(),
    status: z.enum(['accepted', 'partly', 'refused', 'duplicate']),
    encoding: z.string().nullable(),
    sha256: z.string(),
    size: z.int(),
    receivedAt: z.string(),
    rows: z.object({ read: z.int(), accepted: z.int(), duplicate: z.int(), rejected: z.int(), skipped: z.int() }),
    sheets: z
      .array(z.object({ name: z.string(), use: z.enum(['read', 'unfit', 'empty', 'example', 'other', 'hidden']) }))
      .optional(),
    columns: z.record(z.string(), z.string()),
    ignored: z.array(z.string()),
    totals: z.record(z.string(), fen),
    errors: z.array(RowProblem),
    errorCount: z.int(),
    notes: z.array(RowProblem).optional(),
    noteCount: z.int().optional(),
    fixItFile: z.string().nullable(),
    counties: z.array(z.string()).optional(),
    nothingFor: z.array(z.string()).optional(),
    duplicateOf: z.string().optional(),
  })
  .meta({ id: 'Receipt', description: '回执 / receipt' });

export const File = z
  .object({
    id: z.string(),
    file: z.string(),
    feed: z.string(),
    period: z.string(),
    size: z.int(),
    arrivedAt: z.string(),
    status: z.enum(['reading', 'accepted', 'partly', 'refused', 'duplicate']),
    receipt: ReceiptShape.nullable(),
  })
  .meta({ id: 'File', description: '报送文件 / a file sent by a department' }) satisfies z.ZodType<Plain<FileView>>;

export const Ticket = z
  .object({ file: z.string(), method: z.literal('PUT'), url: z.string(), expiresAt: z.string() })
  .meta({ id: 'UploadTicket', description: '上传链接 / where to send the file' }) satisfies z.ZodType<Plain<UploadTicket>>;

export const Me = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    roles: z.array(z.enum(roles)),
    areas: z.array(z.string()),
    departments: z.array(z.string()),
    actions: z.array(z.string()),
    purposes: z.array(z.object({ code: z.string(), title: Text })),
  })
  .meta({ id: 'Me', description: '当前用户 / the signed-in user' });

export const Health = z.object({ status: z.literal('ok'), version: z.string(), time: z.string() }).meta({ id: 'Health' });

export const ProblemShape = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string(),
    errors: z.array(z.object({ where: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

/** A page of a list. `next` is null on the last. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

export const SearchAnswer = pageOf(Hit).extend({
  more: z.boolean().meta({
    description: '同名者多于所列，请按身份证号查找 / more bear the name than are shown: search by number',
  }),
});
