import * as z from 'zod';
import { discloseText } from '../access/masking.ts';
import { allow } from '../access/policy.ts';
import type { Access } from '../access/read-trail.ts';
import { makeEvent } from '../audit/make-event.ts';
import { writtenText } from '../casework/written-text.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { FileId } from '../facts/fact.ts';
import type { CorrectionChange, CorrectionStore } from '../ports/correction-store.ts';
import { KeyReusedError, NotFoundError, RetryLaterError } from '../ports/errors.ts';
import type { FileRecord, FileRegister } from '../ports/file-register.ts';
import { correctionAnswers, type UpheldCode, upheldCodes } from './codes.ts';
import { type CorrectionAnswer, type CorrectionId, type CorrectionNotice, lastWord } from './notice.ts';
import type { CorrectionPage } from './present-notice.ts';
import { type CorrectionReading, readPage } from './read-corrections.ts';
import { subjectOf } from './send-corrections.ts';

const note = writtenText(500).optional();

/** An answer as a department gives it. */
export const CorrectionAnswerForm = z.discriminatedUnion('kind', [
  /** `file`: the file of the same feed that corrects or reverses the row. */
  z.strictObject({
    kind: z.literal('corrected'),
    file: z
      .string()
      .regex(/^[0-9a-f]{24}$/)
      .transform((value) => value as FileId),
    note,
  }),
  z.strictObject({ kind: z.literal('upheld'), reason: z.enum(Object.keys(upheldCodes) as [UpheldCode, ...UpheldCode[]]), note }),
  z.strictObject({ kind: z.literal('unknown-row'), note }),
  /** `to`: the department or body asked, a code such as `hospital`. */
  z.strictObject({ kind: z.literal('passed-on'), to: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/), note }),
]);
export type CorrectionAnswerForm = z.infer<typeof CorrectionAnswerForm>;

/** What answering needs. */
export interface AnsweringDeps extends CorrectionReading {
  readonly corrections: Pick<CorrectionStore, 'get' | 'list' | 'save'>;
  readonly files: Pick<FileRegister, 'get'>;
  readonly pause: (attempt: number) => Promise<void>;
}

/** What came of it. */
export type Answered =
  | { readonly kind: 'done' | 'already'; readonly notice: CorrectionPage }
  | { readonly kind: 'refused'; readonly text: Bilingual };

const TRIES = 6;

/**
 * Takes the answer of the department that sent the row; `key` makes a repeat one answer. Throws NotFoundError when there is no
 * such notice, AccessError for another department's or area's, KeyReusedError when the key was another answer's.
 */
export async function answerCorrection(
  deps: AnsweringDeps,
  access: Access,
  { id, form, key }: { readonly id: string; readonly form: CorrectionAnswerForm; readonly key: string },
): Promise<Answered> {
  const { principal } = access;
  allow(principal, 'corrections.answer');
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const found = await deps.corrections.get(id as CorrectionId);
    if (found === undefined) throw new NotFoundError('no such correction notice');
    allow(principal, 'corrections.answer', { department: found.department, area: found.area });
    if (isRepeat(found, form, key)) return { kind: 'already', notice: await readPage(deps, access, found) };
    const refusal = await problemOf(deps, found, form);
    if (refusal !== undefined) return { kind: 'refused', text: refusal };
    const answer: CorrectionAnswer = { ...plain(form), id: key, at: deps.clock.now(), by: principal.id };
    const change = answered(found, answer);
    if ((await deps.corrections.save([change])).length === 0) {
      return { kind: 'done', notice: await readPage(deps, access, change.notice) };
    }
    await deps.pause(attempt);
  }
  throw new RetryLaterError('the notice kept changing while it was answered');
}

/** The change an answer makes, with its event: codes only, never words. */
export function answered(found: CorrectionNotice, answer: CorrectionAnswer): CorrectionChange {
  const notice: CorrectionNotice = { ...found, version: found.version + 1, answers: [...found.answers, answer] };
  const { kind, reason, file, to, at, by } = answer;
  const data = {
    answer: kind,
    area: found.area,
    department: found.department,
    feed: found.feed,
    file: file ?? null,
    late: found.dueAt < at,
    reason: reason ?? null,
    to: to ?? null,
  };
  return { notice, events: [makeEvent('correction.answered', at, subjectOf(found), data, String(notice.version), by)] };
}

/** The same key, a last word that says the same, or passed on to where it was passed on before. */
function isRepeat(found: CorrectionNotice, form: CorrectionAnswerForm, key: string): boolean {
  const before = found.answers.find(({ id }) => id === key);
  if (before !== undefined) {
    if (!says(before, form)) throw new KeyReusedError();
    return true;
  }
  if (form.kind === 'passed-on') return found.answers.some(({ to }) => to === form.to);
  const last = lastWord(found);
  if (last === undefined || last.kind !== form.kind) return false;
  return last.file === ('file' in form ? form.file : undefined) && last.reason === ('reason' in form ? form.reason : undefined);
}

function says(answer: CorrectionAnswer, form: CorrectionAnswerForm): boolean {
  const said = plain(form);
  return (['kind', 'reason', 'file', 'to', 'note'] as const).every((part) => answer[part] === said[part]);
}

async function problemOf(
  { files }: Pick<AnsweringDeps, 'files'>,
  found: CorrectionNotice,
  form: CorrectionAnswerForm,
): Promise<Bilingual | undefined> {
  const last = lastWord(found);
  if (last !== undefined) {
    const title = correctionAnswers[last.kind];
    return {
      zh: `该更正通知已答复（${title.zh}），不能再作不同答复。如情况有变，请联系发出通知的乡镇或县级经办人。`,
      en: `This notice has its answer (${title.en}); another cannot be given. If things have changed, tell the office that sent it.`,
    };
  }
  if (form.kind !== 'corrected') return undefined;
  const [wrong, right] = [await files.get(found.file), await files.get(form.file)];
  return corrects(found, wrong, right) ? undefined : NOT_A_CORRECTION;
}

const NOT_A_CORRECTION: Bilingual = {
  zh: '更正文件应是同一类数据、已接收、且序号在原文件之后的文件。请先报送更正（或冲销）文件，再填写它的文件编号（见 /api/v1/files）。',
  en: 'The file that corrects is one of the same feed, taken in, that counts after the file in question. Send the correction or reversal first, then name its id (see /api/v1/files).',
};

function corrects(found: CorrectionNotice, wrong: FileRecord | undefined, right: FileRecord | undefined): boolean {
  if (right === undefined || right.feed !== found.feed || right.id === found.file) return false;
  const taken = right.receipt?.status === 'accepted' || right.receipt?.status === 'partly';
  return taken && (wrong === undefined || right.seq > wrong.seq);
}

/** Without the names of what was left out, and with numbers somebody typed into the words masked. */
function plain({
  note: words,
  ...form
}: CorrectionAnswerForm): Pick<CorrectionAnswer, 'kind' | 'reason' | 'file' | 'to' | 'note'> {
  return words === undefined ? form : { ...form, note: discloseText(words) };
}
