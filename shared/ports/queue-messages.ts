import * as z from 'zod';
import type { Period } from '../calendar/period.ts';
import type { Instant, PlainDate } from '../calendar/plain-date.ts';
import type { FeedId } from '../catalog/feed.ts';
import type { FileId, FileSequence, PersonKey } from '../facts/fact.ts';
import type { HouseholdId } from '../registry/household.ts';
import type { ReportJobId } from '../reports/report-job.ts';

/**
 * The messages between the steps. Pseudonyms only: no name, identity number or diagnosis ever enters a queue.
 * Parsed on receipt; a body that fits none of them is a dead letter, never dropped.
 */

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const date = z
  .string()
  .regex(DATE)
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

/**
 * Whether a value is a message of updates just as the schema would give it back: nothing more, nothing less. By hand,
 * because half a million rows a month pass here and the schema takes five times as long; whatever is not plainly right is
 * for the schema to judge.
 */
export function isPlainUpdates(value: unknown): value is HouseholdUpdates {
  if (!isObject(value)) return false;
  for (const name in value) if (!UPDATES_NAMES.has(name)) return false;
  const { v, kind, file, feed, seq, recordedAt, updates } = value;
  if (v !== 1 || kind !== 'household-updates' || !Array.isArray(updates) || updates.length === 0) return false;
  if (typeof file !== 'string' || typeof feed !== 'string' || typeof seq !== 'string' || typeof recordedAt !== 'string')
    return false;
  return updates.every(isPlainUpdate);
}

const UPDATES_NAMES: ReadonlySet<string> = new Set(['v', 'kind', 'file', 'feed', 'seq', 'recordedAt', 'updates']);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlainUpdate(update: unknown): boolean {
  if (!isObject(update)) return false;
  for (const name in update) if (name !== 'person' && name !== 'birth' && name !== 'sex' && name !== 'rows') return false;
  const { person, birth, sex, rows } = update;
  if (typeof person !== 'string' || typeof birth !== 'string' || !DATE.test(birth)) return false;
  return (sex === 'male' || sex === 'female') && Array.isArray(rows) && rows.length > 0 && rows.every(isPlainRow);
}

function isPlainRow(row: unknown): boolean {
  if (!isObject(row)) return false;
  if (row['row'] === undefined || row['key'] === undefined || row['from'] === undefined) return false;
  if (row['fields'] === undefined || row['content'] === undefined) return false;
  for (const name in row) if (!isPlainPart(name, row[name])) return false;
  return true;
}

function isPlainPart(name: string, value: unknown): boolean {
  switch (name) {
    case 'row':
      return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
    case 'key':
    case 'content':
    case 'area':
    case 'sealed':
      return typeof value === 'string';
    case 'from':
    case 'to':
      return typeof value === 'string' && DATE.test(value);
    case 'reversal':
    case 'areaAssumed':
      return value === true;
    case 'fields':
      return isPlainFields(value);
    default:
      return false;
  }
}

function isPlainFields(fields: unknown): boolean {
  if (!isObject(fields)) return false;
  for (const name in fields) {
    const value = fields[name];
    if (name === '__proto__') return false;
    if (typeof value === 'number' ? !Number.isFinite(value) : typeof value !== 'string' && typeof value !== 'boolean')
      return false;
  }
  return true;
}

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

/** Make the report of this job, for everybody who waits for it. */
export const MakeReport = z.object({
  v: z.literal(1),
  kind: z.literal('make-report'),
  job: z.string().transform((text) => text as ReportJobId),
});
export type MakeReport = z.infer<typeof MakeReport>;

/** Ask for the scheduled reports that fell due, and clear away those past keeping. Once a day, and when a host starts. */
export const TendReports = z.object({ v: z.literal(1), kind: z.literal('tend-reports') });
export type TendReports = z.infer<typeof TendReports>;

/** Close a month that somebody wants closed for an area. */
export const ClosePeriod = z.object({
  v: z.literal(1),
  kind: z.literal('close-period'),
  period: z
    .string()
    .regex(/^\d{4}-\d{2}$/)
    .transform((text) => text as Period),
  area: z.string(),
});
export type ClosePeriod = z.infer<typeof ClosePeriod>;
