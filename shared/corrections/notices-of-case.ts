import type { Case, CaseDecision, Codes, HistoryEntry } from '../casework/case.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { CorrectionStore } from '../ports/correction-store.ts';
import { wrongRowsOfCase } from './case-rows.ts';
import { wrongCodes } from './codes.ts';
import type { CorrectionNotice, LocatedRow } from './notice.ts';

/** The notices a case has sent; nothing is asked of the store for the many that call no row wrong. */
export async function noticesOfCase(
  { corrections }: { readonly corrections: Pick<CorrectionStore, 'ofCase'> },
  found: Case,
): Promise<readonly CorrectionNotice[]> {
  return wrongRowsOfCase(found).length === 0 ? [] : corrections.ofCase(found.id);
}

/** A line that a notice or its answer adds to the history of its case; it made no version of the case. */
export type NoticeEntry = Omit<HistoryEntry, 'version' | 'request'>;

/** What became of a case's notices, as lines of its history. Notices are kept once and told here, so the two cannot differ. */
export function historyOfNotices(notices: readonly CorrectionNotice[]): readonly NoticeEntry[] {
  return notices.flatMap((notice) => {
    const { id, department, feed, file, row, found, sentAt, dueAt, by } = notice;
    const about: Codes = { correction: id, department, feed, file, row };
    return [
      { at: sentAt, by, what: 'correction-sent', stage: 'closed' as const, codes: { ...about, found, dueAt } },
      ...notice.answers.map((answer) => ({
        at: answer.at,
        by: answer.by,
        what: 'correction-answered',
        stage: 'closed' as const,
        ...(answer.note === undefined ? undefined : { note: answer.note }),
        codes: {
          ...about,
          answer: answer.kind,
          reason: answer.reason ?? null,
          byFile: answer.file ?? null,
          to: answer.to ?? null,
        },
      })),
    ];
  });
}

/** A row called wrong, as the case shows it. */
export interface WrongRowView {
  readonly feed: string;
  readonly file: string;
  readonly row: number;
  readonly field: string | null;
  readonly found: LocatedRow['found'];
  readonly foundTitle: Bilingual;
  readonly note: string | null;
}

/** Rows called wrong; `words` decides about what people typed. */
export function presentWrongRows(
  rows: readonly LocatedRow[],
  words: (text: string | undefined) => string | null,
): readonly WrongRowView[] {
  return rows.map(({ feed, file, row, field, found, note }) => ({
    feed,
    file,
    row,
    field: field ?? null,
    found,
    foundTitle: wrongCodes[found],
    note: words(note),
  }));
}

/** Whether the departments are told that data are wrong, in words; null for decisions that say nothing of the kind. */
export function noticeText({ kind, wrongRows = [] }: Pick<CaseDecision, 'kind' | 'wrongRows'>): Bilingual | null {
  if (kind !== 'data-wrong') return null;
  if (wrongRows.length > 0) {
    return {
      zh: `就${wrongRows.length}行数据向来源部门发出更正通知。`,
      en: `A correction notice goes to the department about each of ${wrongRows.length} rows.`,
    };
  }
  return {
    zh: '没有指明哪一行数据有误，因此不发更正通知，来源部门不会得知。',
    en: 'No row was named as wrong: no correction notice is sent, and no department is told.',
  };
}
