import * as z from 'zod';
import { dayForm } from '../calendar/day-form.ts';
import type { Instant } from '../calendar/plain-date.ts';
import { wrongCodes } from '../corrections/codes.ts';
import type { FileId, PersonKey } from '../facts/fact.ts';
import { clockSteps } from './case.ts';
import {
  actionCodes,
  needCodes,
  outcomeCodes,
  pauseCodes,
  reassignCodes,
  recallCodes,
  refusalCodes,
  truthCodes,
  workAbilityCodes,
  workCodes,
} from './codes.ts';
import { writtenText } from './written-text.ts';

/**
 * Everything people do to a case, as the API, the command line and the phone's submissions state it. One schema for all
 * three; who may do it, and when, is the table in transitions.ts. A part that nobody knows is refused: a misspelt one would be
 * lost in silence, such as that a visit found it more urgent.
 */

function codeOf<Code extends string>(codes: Readonly<Record<Code, unknown>>) {
  return z.enum(Object.keys(codes) as [Code, ...Code[]]);
}

const note = writtenText(2_000);
const fen = z.int().min(1).max(100_000_000_00);
/** Names a measure, a department or a checked item; goes into events, so it is never free text. */
const code = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/);
const instant = z.iso.datetime().transform((value) => new Date(value).toISOString() as Instant);
const person = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .transform((value) => value as PersonKey);
const attachment = z.string().regex(/^[0-9a-f]{64}$/);

/** Item → text or number, as the family declares it. */
const declared = z.record(writtenText(60), z.union([writtenText(200), z.number()]));

const measureAsked = z.strictObject({
  measure: code,
  department: code,
  person: person.optional(),
  ask: writtenText(1_000),
});

const aid = z.strictObject({
  measure: code,
  department: code,
  person: person.optional(),
  amount: fen.optional(),
  rhythm: z.enum(['once', 'monthly']),
  date: dayForm,
  referral: z.string().optional(),
  /** Why it is right although the guard warned of double aid. */
  guardOverride: note.optional(),
});

/** A row that is not true, with what was found instead. The words are for its department alone and name nobody. */
const wrongRow = z.strictObject({
  file: z
    .string()
    .regex(/^[0-9a-f]{24}$/)
    .transform((value) => value as FileId),
  row: z.int().positive(),
  found: codeOf(wrongCodes),
  field: z
    .string()
    .regex(/^[A-Za-z]{1,60}$/)
    .optional(),
  note: writtenText(200).optional(),
});
const wrongRows = z
  .array(wrongRow)
  .max(20)
  .refine((rows) => new Set(rows.map(({ file, row }) => `${file} ${row}`)).size === rows.length, 'a row is named twice')
  .optional();

/** A visit as the phone sends it; see `Visit`. */
export const VisitForm = z.strictObject({
  id: z.uuid(),
  means: z.enum(['home', 'telephone']),
  visitedAt: instant,
  investigators: z.array(writtenText(50)).min(1).max(10),
  truth: codeOf(truthCodes),
  needs: z.array(codeOf(needCodes)).max(10).default([]),
  proposed: z.array(codeOf(actionCodes)).max(8).default([]),
  members: z
    .array(
      z.strictObject({
        person: person.optional(),
        present: z.boolean(),
        workAbility: codeOf(workAbilityCodes).optional(),
        work: codeOf(workCodes).optional(),
        studying: z.boolean().optional(),
        graveIllness: z.boolean().optional(),
        correction: writtenText(500).optional(),
      }),
    )
    .max(30)
    .default([]),
  raisesGrade: z.boolean().optional(),
  notes: note.optional(),
  photos: z.array(attachment).max(20).default([]),
  signature: attachment.optional(),
  baseVersion: z.int().positive(),
});
export type VisitForm = z.infer<typeof VisitForm>;

/** One action on one case, as people send it. */
export const SentAction = z.discriminatedUnion('action', [
  /** Desk check: `index` of the proposal. */
  z.strictObject({
    action: z.literal('answer-proposal'),
    index: z.int().min(0),
    accepted: z.boolean(),
    note: note.optional(),
    /** When accepted: rows of departments' files that the desk check showed to be wrong. */
    wrongRows,
  }),
  z.strictObject({ action: z.literal('claim') }),
  z.strictObject({ action: z.literal('assign'), to: z.string().min(1).max(200), reason: codeOf(reassignCodes).optional() }),
  z.strictObject({ action: z.literal('return-to-pool'), reason: codeOf(reassignCodes) }),
  z.strictObject({ action: z.literal('record-visit'), visit: VisitForm }),
  /** Which of two visits that contradict each other counts; both stay. */
  z.strictObject({ action: z.literal('choose-visit'), visit: z.uuid(), note }),
  /** Township review, and the county's conference with the same answers. */
  z.strictObject({
    action: z.literal('decide'),
    kind: z.enum(['no-need', 'data-wrong', 'help', 'conference', 'urgent', 'observe']),
    outcome: codeOf(outcomeCodes).optional(),
    actions: z.array(codeOf(actionCodes)).max(8).default([]),
    until: dayForm.optional(),
    note: note.optional(),
    /** Help: what is asked of whom; urgent: the small rapid relief given at once. */
    referrals: z.array(measureAsked).max(12).default([]),
    aids: z.array(aid).max(12).default([]),
    /** Data wrong: the rows of departments' files that are not true. */
    wrongRows,
    /** Data wrong, and nobody can say in which row: no department is told. */
    rowsUnknown: z.literal(true).optional(),
  }),
  /** The papers of help that came first are complete. */
  z.strictObject({ action: z.literal('file-papers'), papers: z.array(attachment).min(1).max(20), note: note.optional() }),
  z.strictObject({ action: z.literal('add-referral'), referral: measureAsked }),
  z.strictObject({
    action: z.literal('answer-referral'),
    referral: z.string(),
    kind: z.enum(['accept', 'refuse', 'ask-more', 'part-done', 'done']),
    code: codeOf(refusalCodes).optional(),
    note: note.optional(),
    amount: fen.optional(),
    rhythm: z.enum(['once', 'monthly']).optional(),
  }),
  /** What the department asked for. */
  z.strictObject({ action: z.literal('supply'), referral: z.string(), note }),
  z.strictObject({ action: z.literal('recall-referral'), referral: z.string(), code: codeOf(recallCodes) }),
  z.strictObject({ action: z.literal('record-aid'), aid }),
  z.strictObject({ action: z.literal('give-consent'), paper: attachment.optional() }),
  z.strictObject({
    action: z.literal('pause-clock'),
    step: z.enum(clockSteps),
    referral: z.string().optional(),
    reason: codeOf(pauseCodes),
  }),
  z.strictObject({ action: z.literal('resume-clock'), step: z.enum(clockSteps), referral: z.string().optional() }),
  z.strictObject({ action: z.literal('raise-grade'), note }),
  z.strictObject({
    action: z.literal('record-check'),
    check: z
      .array(
        z.strictObject({
          item: writtenText(60),
          declared: z.union([writtenText(200), z.number()]).optional(),
          found: z.discriminatedUnion('kind', [
            z.strictObject({ kind: z.literal('value'), value: z.union([writtenText(200), z.number()]) }),
            z.strictObject({ kind: z.enum(['no-record', 'no-answer']) }),
          ]),
        }),
      )
      .min(1)
      .max(60),
    /** What the report comes to; offers are made from it. */
    incomePerHead: z.int().min(0).max(100_000_000_00).optional(),
    assets: z.enum(['within', 'over']).optional(),
  }),
  z.strictObject({
    action: z.literal('sign-commitment'),
    signature: attachment,
    waived: z
      .array(z.strictObject({ code: writtenText(40), title: z.strictObject({ zh: writtenText(100), en: writtenText(200) }) }))
      .min(1)
      .max(60),
    declared,
  }),
  /** The family corrects what it declared; it may at any time, and that is no mark against it. */
  z.strictObject({ action: z.literal('correct-declaration'), declared, note: note.optional() }),
  z.strictObject({ action: z.literal('look-again'), outcome: codeOf(outcomeCodes).optional(), note: note.optional() }),
  z.strictObject({ action: z.literal('close'), outcome: codeOf(outcomeCodes), note: note.optional() }),
  z.strictObject({ action: z.literal('comment'), note }),
]);

/**
 * A photo, signature or paper that has been uploaded and looked at (type, size, hash) is put to the case. Nobody sends it:
 * whoever takes the bytes makes it.
 */
const AttachAction = z.strictObject({
  action: z.literal('attach'),
  id: attachment,
  kind: z.enum(['photo', 'signature', 'paper', 'consent']),
  type: z.enum(['image/jpeg', 'image/png', 'image/webp', 'application/pdf']),
  size: z.int().positive(),
});

/** One action on one case. */
export const CaseAction = z.discriminatedUnion('action', [...SentAction.options, AttachAction]);
export type CaseAction = z.infer<typeof CaseAction>;
export type SentAction = z.infer<typeof SentAction>;
export type CaseActionName = CaseAction['action'];
