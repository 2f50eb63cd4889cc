import * as z from 'zod';
import type { Instant, PlainDate } from '../calendar/plain-date.ts';
import type { FeedId } from '../catalog/feed.ts';
import type { FileId, FileSequence, PersonKey } from '../facts/fact.ts';
import type { HouseholdId } from '../registry/household.ts';

/**
 * The three messages between the steps. Pseudonyms only: no name, identity number or diagnosis ever enters a queue.
 * Parsed on receipt; a body that fits none of them is a dead letter, never dropped.
 */

const date = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .transform((text) => text as PlainDate);
const row = z.object({
  row: z.int().positive(),
  key: z.string(),
  from: date,
  to: date.optional(),
  reversal: z.literal(true).optional(),
  area: z.string().optional(),
  areaAssumed: z.literal(true).optional(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  sealed: z.string().optional(),
  content: z.string(),
});

/** A file was dropped at `key` (with the `inbox/` prefix) of the exchange store. */
export const FileDropped = z.object({ v: z.literal(1), kind: z.literal('file-dropped'), key: z.string().min(1) });
export type FileDropped = z.infer<typeof FileDropped>;

/** Facts of one file for some people; each update is one person's rows, so it concerns one household. */
export const HouseholdUpdates = z.object({
  v: z.literal(1),
  kind: z.literal('household-updates'),
  file: z.string().transform((text) => text as FileId),
  feed: z.string().transform((text) => text as FeedId),
  seq: z.string().transform((text) => text as FileSequence),
  recordedAt: z.string().transform((text) => text as Instant),
  updates: z
    .array(
      z.object({
        person: z.string().transform((text) => text as PersonKey),
        birth: date,
        sex: z.enum(['male', 'female']),
        rows: z.array(row).min(1),
      }),
    )
    .min(1),
});
export type HouseholdUpdates = z.infer<typeof HouseholdUpdates>;

/** Look at these households again. */
export const AssessHouseholds = z.object({
  v: z.literal(1),
  kind: z.literal('assess-households'),
  households: z.array(z.string().transform((text) => text as HouseholdId)).min(1),
});
export type AssessHouseholds = z.infer<typeof AssessHouseholds>;

/** Look at every household again, page by page: time has passed or a feed has become fresh. */
export const Sweep = z.object({ v: z.literal(1), kind: z.literal('sweep'), after: z.string().optional() });
export type Sweep = z.infer<typeof Sweep>;
