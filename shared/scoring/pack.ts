import * as z from 'zod';
import { parsePlainDate } from '../calendar/plain-date.ts';
import type { Bilingual, EvidenceMark } from '../catalog/feed.ts';
import type { HouseholdCategory } from '../registry/household.ts';
import { type WarningFamily, warningFamilies } from './assessment.ts';
import { PackError } from './pack-error.ts';
import { packProblems } from './pack-problems.ts';
import { parseWindow } from './windows.ts';

/**
 * Where a number comes from: a published source with its evidence mark, or, for a number nobody has published, the reason
 * we propose it. Exactly one of the two (design invariant 10).
 */
export interface Basis {
  readonly source?: { readonly ref: string; readonly evidence: EvidenceMark };
  readonly proposed?: Bilingual;
}

/** A number a value is held against: in yuan for money, else in the measure's own unit. */
export type Line =
  | number
  | { readonly by: 'category'; readonly default: number; readonly values: Readonly<Partial<Record<HouseholdCategory, number>>> }
  | { readonly param: string; readonly times?: number };

/** `from`: reached at the line itself. `over`: only above it. Neither: for a yes/no question, at yes. */
export interface Threshold {
  readonly from?: Line;
  readonly over?: Line;
}

/** A value at or over the line gives these points; the highest points reached count, they do not add up. */
export interface Band extends Threshold, Basis {
  readonly points: number;
}

/** A value at or over the line gives this grade, whatever the points. */
export interface Trigger extends Threshold, Basis {
  readonly grade: string;
}

export type Scalar = string | number | boolean;

/** Asks one row of a department's file. A row that lacks the field answers `absent`, or "unknown" without it. Money in yuan. */
export type Filter =
  | { readonly all: readonly Filter[] }
  | { readonly any: readonly Filter[] }
  | { readonly not: Filter }
  | {
      readonly field: string;
      readonly equals?: Scalar;
      readonly in?: readonly Scalar[];
      readonly gte?: string | number;
      readonly lte?: string | number;
      readonly absent?: boolean;
    };

/** `household`: all members together. `person`: the one it is worst for. `head`: the head alone. */
export type Per = 'household' | 'person' | 'head';

/** Feeds by id, or every category of a department that has the field: `medical-insurance/*`. */
export type FeedPattern = string | readonly string[];

interface Scope {
  readonly where?: Filter;
  readonly window: string;
  readonly per?: Per;
}

/** A yes/no question to the facts. */
export interface ExistsMeasure extends Scope {
  readonly exists: FeedPattern;
}

/** One field, or several in one row added and taken off; a row whose deductions pass its charges counts as nothing. */
export type FieldExpression = string | { readonly plus: readonly string[]; readonly minus?: readonly string[] };

/** A question to the facts that ends in a number. */
export type Measure =
  | (Scope & { readonly sum: FeedPattern; readonly field: FieldExpression })
  | (Scope & { readonly max: FeedPattern; readonly field: FieldExpression })
  | (Scope & { readonly latest: FeedPattern; readonly field: FieldExpression })
  | (Scope & { readonly count: FeedPattern })
  | ExistsMeasure
  | { readonly add: readonly Measure[]; readonly per?: Per }
  | { readonly ratio: { readonly of: Measure; readonly to: Measure }; readonly per?: Per }
  | { readonly holds: Condition };

/** A question to the household and its members; three-valued. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly category: readonly HouseholdCategory[] }
  | { readonly attribute: string; readonly in: readonly Scalar[] }
  | { readonly member: MemberCondition }
  | { readonly has: ExistsMeasure };

/** True when one member fulfils every part given. Ages in completed years. */
export interface MemberCondition {
  readonly age?: { readonly gte?: number; readonly lte?: number };
  readonly relation?: readonly string[];
  readonly sex?: 'male' | 'female';
  readonly head?: boolean;
  readonly has?: ExistsMeasure;
  /** No such row of this member. A list of a time before the member was born leaves it open. */
  readonly lacks?: ExistsMeasure;
}

/** One question of a pack: measure → bands → points, or a trigger. */
export interface Indicator extends Basis {
  readonly id: string;
  readonly title: Bilingual;
  readonly dimension: string;
  /** Only households for which this holds are asked; unknown keeps the question open. */
  readonly when?: Condition;
  readonly measure: Measure;
  readonly bands: readonly Band[];
  readonly triggers: readonly Trigger[];
}

/** A grade of the pack; `from` is its point line, absent when only a trigger reaches it. */
export interface GradeLine extends Basis {
  readonly id: string;
  readonly rank: number;
  readonly title: Bilingual;
  readonly from?: number;
}

/** A value of a dated parameter; the longest area prefix wins, then the latest date not after the as-of date. */
export interface ParameterValue extends Basis {
  readonly from: string;
  readonly area?: string;
  readonly value: number;
}

/** A set of indicators with its lines, for an area. Immutable once published under its id and version. */
export interface RulePack {
  readonly id: string;
  readonly version: string;
  readonly family: WarningFamily;
  /** Area code prefix the pack is written for. */
  readonly area: string;
  readonly effectiveFrom: string;
  readonly title: Bilingual;
  readonly grades: readonly GradeLine[];
  readonly parameters: Readonly<Record<string, readonly ParameterValue[]>>;
  readonly indicators: readonly Indicator[];
}

const bilingual = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, '小写字母、数字和连字符 / lower-case letters, digits and hyphens');
const date = z.string().refine((text) => parsePlainDate(text) !== undefined, '日期 YYYY-MM-DD / a date YYYY-MM-DD');
const areaPrefix = z.string().regex(/^\d{2,6}$/, '2至6位区划代码前缀 / an area code prefix of 2 to 6 digits');
const points = z.number().int().min(0).max(10_000);
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const categories = [
  'minimum-living-allowance',
  'destitute-support',
  'near-poor',
  'rigid-expenditure',
  'falling-back-monitored',
  'other-hardship',
  'none',
] as const;
const category = z.enum(categories);

const basisFields = {
  source: z.strictObject({ ref: z.string().min(1), evidence: z.enum(['A', 'A-', 'B', 'C', 'CODE', 'K', 'I']) }).optional(),
  proposed: bilingual.optional(),
};
const ONE_BASIS = '要写明 source(出处）或 proposed(拟定理由）之一 / give exactly one of source or proposed';
const hasOneBasis = (it: Basis): boolean => (it.source === undefined) !== (it.proposed === undefined);
const hasAtMostOneBasis = (it: Basis): boolean => it.source === undefined || it.proposed === undefined;

const line: z.ZodType<Line> = z.union([
  z.number().positive(),
  z.strictObject({
    by: z.literal('category'),
    default: z.number().positive(),
    values: z.partialRecord(category, z.number().positive()),
  }),
  z.strictObject({ param: slug, times: z.number().positive().optional() }),
]);
const thresholdFields = { from: line.optional(), over: line.optional() };
const notBoth = (it: Threshold): boolean => it.from === undefined || it.over === undefined;
const NOT_BOTH = 'from(达到）与 over(超过）只能写一个 / give from (reached) or over (exceeded), not both';

const filter: z.ZodType<Filter> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(filter).min(1) }),
    z.strictObject({ any: z.array(filter).min(1) }),
    z.strictObject({ not: filter }),
    z
      .strictObject({
        field: z.string().min(1),
        equals: scalar.optional(),
        in: z.array(scalar).min(1).optional(),
        gte: z.union([z.string(), z.number()]).optional(),
        lte: z.union([z.string(), z.number()]).optional(),
        absent: z.boolean().optional(),
      })
      .refine(
        (it) => it.equals !== undefined || it.in !== undefined || it.gte !== undefined || it.lte !== undefined,
        '要写 equals、in、gte 或 lte / give equals, in, gte or lte',
      ),
  ]),
);

const pattern = z.string().regex(/^[a-z-]+\/([a-z-]+|\*)$/, '部门/类别 或 部门/* / department/category or department/*');
const feeds = z.union([pattern, z.array(pattern).min(1)]);
const window = z
  .string()
  .refine(
    (text) => parseWindow(text) !== undefined,
    'P12M、P30D、P1Y、calendar-year、calendar-years-3、calendar-month、previous-month 或 current / P12M, P30D, P1Y, calendar-year, calendar-years-3, calendar-month, previous-month or current',
  );
const per = z.enum(['household', 'person', 'head']).optional();
const scope = { where: filter.optional(), window, per };
const field = z.union([
  z.string().min(1),
  z.strictObject({ plus: z.array(z.string()).min(1), minus: z.array(z.string()).min(1).optional() }),
]);
const exists: z.ZodType<ExistsMeasure> = z.strictObject({ exists: feeds, ...scope });

const measure: z.ZodType<Measure> = z.lazy(() =>
  z.union([
    z.strictObject({ sum: feeds, field, ...scope }),
    z.strictObject({ max: feeds, field, ...scope }),
    z.strictObject({ latest: feeds, field, ...scope }),
    z.strictObject({ count: feeds, ...scope }),
    exists,
    z.strictObject({ add: z.array(measure).min(2), per }),
    z.strictObject({ ratio: z.strictObject({ of: measure, to: measure }), per }),
    z.strictObject({ holds: condition }),
  ]),
);

const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(condition).min(1) }),
    z.strictObject({ any: z.array(condition).min(1) }),
    z.strictObject({ not: condition }),
    z.strictObject({ category: z.array(category).min(1) }),
    z.strictObject({ attribute: z.string().min(1), in: z.array(scalar).min(1) }),
    z.strictObject({
      member: z.strictObject({
        age: z.strictObject({ gte: z.number().optional(), lte: z.number().optional() }).optional(),
        relation: z.array(z.string()).min(1).optional(),
        sex: z.enum(['male', 'female']).optional(),
        head: z.boolean().optional(),
        has: exists.optional(),
        lacks: exists.optional(),
      }),
    }),
    z.strictObject({ has: exists }),
  ]),
);

const trigger = z
  .strictObject({ ...thresholdFields, grade: slug, ...basisFields })
  .refine(notBoth, NOT_BOTH)
  .refine(hasOneBasis, ONE_BASIS);

const indicator = z
  .strictObject({
    id: slug,
    title: bilingual,
    dimension: slug,
    when: condition.optional(),
    measure,
    bands: z
      .array(
        z
          .strictObject({ ...thresholdFields, points, ...basisFields })
          .refine(notBoth, NOT_BOTH)
          .refine(hasAtMostOneBasis, ONE_BASIS),
      )
      .default([]),
    trigger: z.union([trigger, z.array(trigger).min(1)]).optional(),
    ...basisFields,
  })
  .refine(hasOneBasis, ONE_BASIS)
  .refine(
    (it) => it.bands.length > 0 || it.trigger !== undefined,
    '至少要有一档分值或一条触发线 / give at least one band or trigger',
  )
  .transform(({ trigger: given, ...rest }): Indicator => ({ ...rest, triggers: given === undefined ? [] : [given].flat() }));

const unique = (ids: readonly (string | number)[]): boolean => new Set(ids).size === ids.length;

const rulePack: z.ZodType<RulePack> = z.strictObject({
  id: slug,
  version: z.string().min(1),
  family: z.enum(warningFamilies),
  area: areaPrefix,
  effectiveFrom: date,
  title: bilingual,
  grades: z
    .array(
      z
        .strictObject({
          id: slug,
          rank: z.number().int().min(1),
          title: bilingual,
          from: z.number().min(1).optional(),
          ...basisFields,
        })
        .refine(hasOneBasis, ONE_BASIS),
    )
    .min(1)
    .refine((grades) => unique(grades.map((grade) => grade.id)), '等级代码不能重复 / grade ids must differ')
    .refine((grades) => unique(grades.map((grade) => grade.rank)), '等级次序不能重复 / grade ranks must differ'),
  parameters: z
    .record(
      slug,
      z
        .array(
          z
            .strictObject({ from: date, area: areaPrefix.optional(), value: z.number().positive(), ...basisFields })
            .refine(hasOneBasis, ONE_BASIS),
        )
        .min(1),
    )
    .default({}),
  indicators: z
    .array(indicator)
    .min(1)
    .refine((list) => unique(list.map((it) => it.id)), '指标代码不能重复 / indicator ids must differ'),
});

/**
 * Checks the shape of a rule pack read from a file. Money lines stay in yuan; whether feeds, fields, grades and parameters
 * exist is `compilePack`'s business. `where` names the file in errors.
 * @throws PackError `pack-wrong-shape` with every fault and its path
 */
export function parsePack(data: unknown, where: string): RulePack {
  const parsed = rulePack.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new PackError('pack-wrong-shape', where, packProblems(parsed.error.issues));
}
