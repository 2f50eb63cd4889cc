import * as z from 'zod';
import type { Instant, PlainDate } from '../../calendar/plain-date.ts';
import type { FeedId } from '../../catalog/feed.ts';
import type { FileId, PersonKey } from '../../facts/fact.ts';
import type { HouseholdCategory, HouseholdId } from '../../registry/household.ts';
import { type Grade, type IndicatorResult, warningFamilies } from '../../scoring/assessment.ts';
import { type Standing, type Warning, type WarningId, withdrawalReasons } from '../../warnings/warning.ts';
import { branded } from './packed-json.ts';

/** The categories as they lie in stored items. */
export const storedCategory: z.ZodType<HouseholdCategory> = z.enum([
  'minimum-living-allowance',
  'destitute-support',
  'near-poor',
  'rigid-expenditure',
  'falling-back-monitored',
  'other-hardship',
  'none',
]);

const family = z.enum(warningFamilies);
const points = z.object({ low: z.number(), high: z.number() });

const grade: z.ZodType<Grade> = z.object({
  id: z.string(),
  rank: z.number(),
  title: z.object({ zh: z.string(), en: z.string() }),
});

const result: z.ZodType<IndicatorResult> = z.object({
  indicator: z.string(),
  result: z.enum(['hit', 'miss', 'unknown']),
  value: z.number().nullable(),
  valueHigh: z.number().nullable(),
  unit: z.enum(['fen', 'count', 'yes-no', 'ratio', 'years']),
  line: z.number().nullable(),
  points,
  excluded: z.literal(true).optional(),
  trigger: z.string().optional(),
  evidence: z.array(
    z.object({
      feed: branded<FeedId>(),
      file: branded<FileId>(),
      row: z.number(),
      date: branded<PlainDate>(),
      person: branded<PersonKey>(),
      amount: z.number().optional(),
    }),
  ),
  missing: z.array(branded<FeedId>()),
});

/** A warning as it lies in stored items. */
export const storedWarning: z.ZodType<Warning> = z.object({
  id: branded<WarningId>(),
  household: branded<HouseholdId>(),
  area: z.string(),
  category: storedCategory,
  family,
  grade,
  status: z.enum(['open', 'withdrawn', 'handled']),
  openedAt: branded<Instant>(),
  changedAt: branded<Instant>(),
  asOf: branded<PlainDate>(),
  pack: z.string(),
  version: z.string(),
  points,
  completeness: z.number(),
  reasons: z.array(result),
  withdrawal: z.enum(withdrawalReasons).optional(),
});

/** A standing as it lies in stored items. */
export const storedStanding: z.ZodType<Standing> = z.object({
  household: branded<HouseholdId>(),
  family,
  version: z.number(),
  area: z.string(),
  category: storedCategory,
  assessment: z.object({
    pack: z.string(),
    version: z.string(),
    asOf: branded<PlainDate>(),
    points,
    completeness: z.number(),
    grade: grade.nullable(),
    digest: z.string(),
  }),
  warning: storedWarning.optional(),
  handled: z
    .object({
      at: branded<Instant>(),
      gradeRank: z.number(),
      values: z.record(z.string(), z.number()),
      rows: z.array(z.string()).optional(),
      people: z.array(branded<PersonKey>()).optional(),
    })
    .optional(),
});
