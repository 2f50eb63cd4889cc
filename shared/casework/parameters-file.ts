import * as z from 'zod';
import { scopePrefix } from '../access/principal.ts';
import { type Purpose, parsePurpose, purposeCodes } from '../access/purpose.ts';
import { type PlainDate, parsePlainDate } from '../calendar/plain-date.ts';
import type { DayChange } from '../calendar/working-days.ts';
import type { FeedId } from '../catalog/feed.ts';
import { PermanentError } from '../ports/errors.ts';
import { type RetentionPurpose, type RetentionRow, retentionPurposes } from '../privacy/retention.ts';
import { reportEncodings, reportFormats, reportLanguages } from '../reports/cover.ts';
import { reportIds } from '../reports/report-ids.ts';
import type { PackProblem } from '../scoring/pack-error.ts';
import { packProblems } from '../scoring/pack-problems.ts';
import { caseSources, limitSteps } from './case.ts';
import {
  type AmountName,
  type AmountRow,
  amountUnits,
  type CaseworkParameters,
  type LightRow,
  type LimitRow,
  localAmounts,
  unitOfAmount,
} from './parameters.ts';

/**
 * The file in which an area sets its own limits, amounts and holidays. Money is in yuan there, as in rule packs. Unknown keys
 * are refused, so that a slip of the pen does not leave a limit as it was in silence.
 */

const area = z.string().transform((code, context) => {
  const prefix = code === '' ? '' : scopePrefix(code);
  if (prefix !== undefined) return prefix;
  context.addIssue('2、4、6、9或12位区划代码，全部地区写 * / an area code of 2, 4, 6, 9 or 12 digits, or * for everywhere');
  return z.NEVER;
});
const day = z.string().transform((text, context): PlainDate => {
  const date = parsePlainDate(text);
  if (date !== undefined) return date;
  context.addIssue('日期，如 2026-01-01 / a date such as 2026-01-01');
  return z.NEVER;
});
/** The document that says so; shown beside the figure. */
const basis = z.string().trim().min(1).max(300);
const dated = { area, from: day, basis };

const limit = z
  .strictObject({
    ...dated,
    step: z.enum(limitSteps),
    source: z.enum(caseSources).optional(),
    grade: z.string().min(1).max(60).optional(),
    amount: z.int().min(1).max(1_000),
    unit: z.enum(['working-days', 'calendar-days', 'hours']),
  })
  .transform(({ basis: text, amount, unit, source, grade, ...row }): LimitRow => {
    const condition = { ...(source === undefined ? {} : { source }), ...(grade === undefined ? {} : { grade }) };
    return { ...row, ...condition, limit: { amount, unit }, basis: { zh: text, en: text } };
  });

const lights = z
  .strictObject({
    ...dated,
    yellow: z.int().min(1).max(99),
    county: z.int().min(101).max(1_000),
    reminderDays: z.int().min(1).max(90),
  })
  .transform(
    ({ basis: text, yellow, county, reminderDays, ...row }): LightRow => ({
      ...row,
      lights: { yellow, county, reminderDays },
      basis: { zh: text, en: text },
    }),
  );

const amountNames = [...localAmounts, ...(Object.keys(amountUnits) as AmountName[])] as const;

/** Lengths of time among the amounts: whole, and no longer than anybody would plan. */
const longest: Partial<Readonly<Record<(typeof amountNames)[number], number>>> = {
  'watch-months': 120,
  'days-before-case': 366,
};

const amount = z
  .strictObject({ ...dated, name: z.enum(amountNames), value: z.number().positive().max(1_000_000) })
  .superRefine(({ name, value }, context) => {
    const most = longest[name];
    if (most === undefined || (Number.isInteger(value) && value <= most)) return;
    context.addIssue({
      code: 'custom',
      path: ['value'],
      message: `1 到 ${most} 的整数 / a whole number from 1 to ${most}`,
    });
  })
  .transform(
    ({ basis: text, name, value, ...row }): AmountRow => ({
      ...row,
      name,
      value: unitOfAmount(name) === 'fen' ? Math.round(value * 100) : value,
      basis: { zh: text, en: text },
    }),
  );

const holiday = z
  .strictObject({ area, date: day, working: z.boolean(), announcedOn: day, basis })
  .transform(({ basis: source, ...row }): DayChange => ({ ...row, source }));

/** For the whole deployment: what is kept lies together, whichever area it is of. */
const retention = z
  .strictObject({
    purpose: z.enum(Object.keys(retentionPurposes) as [RetentionPurpose, ...RetentionPurpose[]]),
    feed: z
      .string()
      .regex(/^[a-z-]{1,60}\/[a-z-]{1,60}$/)
      .optional(),
    from: day,
    months: z.int().min(1).max(1_200),
    basis,
  })
  .transform(
    ({ basis: text, feed, ...row }): RetentionRow => ({
      ...row,
      ...(feed === undefined ? {} : { feed: feed as FeedId }),
      basis: { zh: text, en: text },
    }),
  );

/** Made for a period once it is over, without anybody asking. */
const report = z
  .strictObject({
    report: z.enum(reportIds),
    area,
    rhythm: z.enum(['monthly', 'weekly']),
    day: z.int().min(1).max(28),
    format: z.enum(reportFormats),
    language: z.enum(reportLanguages).default('zh'),
    encoding: z.enum(reportEncodings).default('utf-8'),
    for: z.string().trim().min(1).max(200),
    purpose: z.string().transform((text, context): Purpose => {
      const purpose = parsePurpose(text);
      if (purpose !== undefined) return purpose;
      const codes = Object.keys(purposeCodes).join(', ');
      context.addIssue(`办件编号 C-… 或 ${codes} / a case number C-… or one of ${codes}`);
      return z.NEVER;
    }),
  })
  .superRefine(({ rhythm, day: on }, context) => {
    if (rhythm !== 'weekly' || on <= 7) return;
    context.addIssue({
      code: 'custom',
      path: ['day'],
      message: '每周的星期几，1（周一）至 7（周日） / a day of the week, 1 (Monday) to 7 (Sunday)',
    });
  });

const parametersFile = z.strictObject({
  limits: z.array(limit).default([]),
  lights: z.array(lights).default([]),
  amounts: z.array(amount).default([]),
  days: z.array(holiday).default([]),
  retention: z.array(retention).default([]),
  reports: z.array(report).default([]),
});

/** A parameters file that cannot be used. Nothing of it takes effect; every fault is listed with its path. */
export class ParametersError extends PermanentError {
  readonly where: string;
  readonly problems: readonly PackProblem[];

  constructor(where: string, problems: readonly PackProblem[]) {
    const lines = problems.map(({ path, message }) => `  ${path || '.'}: ${message.zh} / ${message.en}`);
    super(
      'PARAMETERS',
      `办理参数 ${where} 不能使用，请改正后重试 / parameters ${where} cannot be used; correct them\n${lines.join('\n')}`,
    );
    this.where = where;
    this.problems = problems;
  }
}

/**
 * Checks the content of a parameters file, already read as JSON. `where` names the file in errors.
 * @throws ParametersError
 */
export function parseParameters(data: unknown, where: string): CaseworkParameters {
  const parsed = parametersFile.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new ParametersError(where, packProblems(parsed.error.issues));
}

/**
 * Checks the text of a parameters file.
 * @throws ParametersError, also when it is not JSON
 */
export function parseParametersText(text: string, where: string): CaseworkParameters {
  return parseParameters(parsedJson(text, where), where);
}

function parsedJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ParametersError(where, [{ path: '', message: { zh: '不是有效的 JSON', en: 'not valid JSON' } }]);
  }
}
