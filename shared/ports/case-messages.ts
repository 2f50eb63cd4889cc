import * as z from 'zod';
import type { CaseId } from '../casework/case.ts';
import type { HouseholdId } from '../registry/household.ts';
import type { WarningId } from '../warnings/warning.ts';

/** The messages of the queue `cases`. Ids and codes only. Parsed on receipt; what fits none of them is a dead letter. */

const household = z.string().transform((text) => text as HouseholdId);
const caseId = z.string().transform((text) => text as CaseId);

/** A warning of a household changed: a case is opened, joined or told of it. The warning itself is read from the store. */
export const WarningChanged = z.object({
  v: z.literal(1),
  kind: z.literal('warning-changed'),
  household,
  warning: z.string().transform((text) => text as WarningId),
  change: z.enum(['opened', 'reopened', 'merged', 'raised', 'lowered', 'withdrawn']),
  /** Version of the standing that made the change, so that a repeat is known. */
  version: z.int().positive(),
});
export type WarningChanged = z.infer<typeof WarningChanged>;

/** Start this run of the workflow for the case. */
export const StartRun = z.object({ v: z.literal(1), kind: z.literal('start-run'), case: caseId, run: z.int().positive() });
export type StartRun = z.infer<typeof StartRun>;

/** The case moved on or its clock changed: wake the wait of this token, of this run (and referral). */
export const WakeRun = z.object({
  v: z.literal(1),
  kind: z.literal('wake-run'),
  case: caseId,
  run: z.int().positive(),
  referral: z.string().optional(),
  token: z.string().min(1),
});
export type WakeRun = z.infer<typeof WakeRun>;

/** Files told of these households what may answer a referral that waits. The facts themselves are read from the store. */
export const AnswersCame = z.object({
  v: z.literal(1),
  kind: z.literal('answers-came'),
  households: z.array(household).min(1).readonly(),
});
export type AnswersCame = z.infer<typeof AnswersCame>;

/** The case calls rows of departments' files wrong: their departments are sent a notice about each, once. */
export const SendCorrections = z.object({ v: z.literal(1), kind: z.literal('send-corrections'), case: caseId });
export type SendCorrections = z.infer<typeof SendCorrections>;

/** Look, page by page, whether later files have corrected the rows that notices are open about. */
export const TendCorrections = z.object({ v: z.literal(1), kind: z.literal('tend-corrections'), after: z.string().optional() });
export type TendCorrections = z.infer<typeof TendCorrections>;

export const CaseMessage = z.discriminatedUnion('kind', [WarningChanged, StartRun, WakeRun, AnswersCame, SendCorrections]);
export type CaseMessage = z.infer<typeof CaseMessage>;

/**
 * Look after the open cases, page by page: whose run was lost gets another, and clocks are planned by the calendar of now.
 * `closed`: after the closed ones instead whose run has not ended.
 */
export const TendCases = z.object({
  v: z.literal(1),
  kind: z.literal('tend-cases'),
  closed: z.literal(true).optional(),
  after: z.string().optional(),
});
export type TendCases = z.infer<typeof TendCases>;
