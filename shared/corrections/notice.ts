import { hash } from 'node:crypto';
import type { Instant } from '../calendar/plain-date.ts';
import type { CaseId, TimeLimit, UserId } from '../casework/case.ts';
import type { FeedId } from '../catalog/feed.ts';
import type { FileId, PersonKey } from '../facts/fact.ts';
import type { HouseholdId } from '../registry/household.ts';
import type { CorrectionAnswerKind, UpheldCode, WrongCode } from './codes.ts';

/** `N-` + household + ordinal of the case + the row, e.g. `N-H3d3c2e73e55389c8607e3aec-1-5f0a7c1e9b3d`: a row of a case has one. */
export type CorrectionId = string & { readonly __brand: 'CorrectionId' };

/** A row that somebody says is not true. */
export interface WrongRow {
  readonly file: FileId;
  /** The row's number in its file (facts/row-number.ts). */
  readonly row: number;
  readonly found: WrongCode;
  /** Field of the feed that is wrong; absent for the row as a whole. */
  readonly field?: string | undefined;
  /** For the department that sent the row and nobody else; enters no event. */
  readonly note?: string | undefined;
}

/** A wrong row as the facts know it. */
export interface LocatedRow extends WrongRow {
  readonly feed: FeedId;
  readonly person: PersonKey;
  /** Where the row itself places the person: there sits who sent it. */
  readonly area?: string | undefined;
}

/** One answer of the department, or of the platform when a later file has corrected the row. */
export interface CorrectionAnswer {
  /** Key of the request or name of the file, so that a repeat is one answer. */
  readonly id: string;
  readonly at: Instant;
  readonly by: UserId;
  readonly kind: CorrectionAnswerKind;
  /** Of `upheld`. */
  readonly reason?: UpheldCode | undefined;
  /** Of `corrected`: the file that corrects or reverses the row. */
  readonly file?: FileId | undefined;
  /** Of `passed-on`: the department or body asked, a code. */
  readonly to?: string | undefined;
  /** Words of the department, for the office that found the row wrong. */
  readonly note?: string | undefined;
}

/**
 * A correction notice 更正通知: what was found at home about one row of a department's file, sent to that department for it to
 * correct or uphold.
 */
export interface CorrectionNotice {
  readonly id: CorrectionId;
  /** Counts the changes; a writer states the version it read. */
  readonly version: number;
  readonly case: CaseId;
  readonly household: HouseholdId;
  /** Where the row was sent from: what it says itself, else the area of the case. */
  readonly area: string;
  readonly department: string;
  readonly feed: FeedId;
  readonly file: FileId;
  readonly row: number;
  readonly person: PersonKey;
  readonly found: WrongCode;
  readonly field?: string | undefined;
  readonly note?: string | undefined;
  /** When it was decided that the row is wrong, and by whom. */
  readonly sentAt: Instant;
  readonly by: UserId;
  /** The limit in force when it was sent, and when it ends. */
  readonly limit: TimeLimit;
  readonly dueAt: Instant;
  /** Oldest first; at most one of them is the last word. */
  readonly answers: readonly CorrectionAnswer[];
}

/** The id of the notice about a row of a case. */
export function correctionId(of: CaseId, { file, row }: Pick<WrongRow, 'file' | 'row'>): CorrectionId {
  return `N-${of.slice(2)}-${hash('sha256', `${file}\n${row}`, 'hex').slice(0, 12)}` as CorrectionId;
}

/** The last word of the department; undefined while it owes one. */
export function lastWord({ answers }: CorrectionNotice): CorrectionAnswer | undefined {
  return answers.find(({ kind }) => kind !== 'passed-on');
}

/** Where a notice stands. */
export type CorrectionStatus = 'open' | 'overdue' | 'answered';

/** Open until the department's last word; overdue when its time was over before that came. */
export function statusOf(notice: CorrectionNotice, now: Instant): CorrectionStatus {
  if (lastWord(notice) !== undefined) return 'answered';
  return notice.dueAt < now ? 'overdue' : 'open';
}
