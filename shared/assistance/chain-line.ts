import type { Period } from '../calendar/period.ts';
import type { PlainDate } from '../calendar/plain-date.ts';
import type { CaseId, UserId } from '../casework/case.ts';
import type { ActionCode, RecallCode, RefusalCode } from '../casework/codes.ts';
import type { FeedId } from '../catalog/feed.ts';
import type { FileId, PersonKey } from '../facts/fact.ts';

/** Who says so: a case in which it was asked or given, or a row of a department's file. */
export type ChainSource =
  | { readonly kind: 'referral'; readonly case: CaseId; readonly referral: string; readonly answer?: string }
  | { readonly kind: 'aid'; readonly case: CaseId; readonly aid: string }
  | { readonly kind: 'decision'; readonly case: CaseId; readonly number: number }
  | { readonly kind: 'fact'; readonly feed: FeedId; readonly file: FileId; readonly row: number };

/**
 * What happened. `given`: at once or for one month. `standing`: given every month from `date` to `to`. `decided`: a person of
 * the township or county decided on the household. The others are about referrals.
 */
export type ChainKind = 'decided' | 'asked' | 'more-asked' | 'given' | 'standing' | 'refused' | 'recalled';

/** A sum that is certain only within bounds, because two tellings may or may not be of the same payment. Fen. */
export interface FenRange {
  readonly low: number;
  readonly high: number;
}

/** One line of a household's assistance chain 救助链. */
export interface ChainLine {
  /** Made from its first source, so that the same telling always has the same id. */
  readonly id: string;
  readonly kind: ChainKind;
  readonly date: PlainDate;
  /** The month the help is for. */
  readonly month: Period;
  /** Last day of something standing; absent while it lasts. */
  readonly to?: PlainDate;
  readonly measure: string;
  readonly department: string;
  /** Absent for the household. */
  readonly person?: PersonKey;
  /** Fen; of something standing, fen a month. Absent for goods, services and places. */
  readonly amount?: number;
  readonly by?: UserId;
  readonly refusal?: RefusalCode;
  readonly recall?: RecallCode;
  readonly actions?: readonly ActionCode[];
  /** The event it answers: a warning id or the key of a fact. */
  readonly event?: string;
  readonly sources: readonly ChainSource[];
  /** Ids of lines that may be another telling of the same payment: neither the same for certain nor another for certain. */
  readonly possiblySame: readonly string[];
  /** Everything given to the household in the calendar year up to and with this line, where it adds to it. */
  readonly yearToDate?: FenRange;
}

/** What was given in a calendar year. */
export interface YearTotal {
  readonly year: number;
  readonly given: FenRange;
  readonly byMeasure: Readonly<Record<string, FenRange>>;
}

/** Everything asked, given and refused for a household across all departments, in time order. */
export interface AssistanceChain {
  readonly asOf: PlainDate;
  readonly lines: readonly ChainLine[];
  /** Oldest year first. */
  readonly years: readonly YearTotal[];
}

/** What one source tells, before it is compared with what others tell. */
export interface ChainClaim extends Omit<ChainLine, 'possiblySame' | 'yearToDate'> {
  /** Number the payment goes by in the department's books. */
  readonly number?: string;
  /** The row of a file that an answer was read from, as `lineId` names it without the feed. */
  readonly row?: string;
  /** The referral, with its case, that the help was given on. */
  readonly referral?: string;
}

/** The id of a line told by this source. */
export function lineId(source: ChainSource): string {
  switch (source.kind) {
    case 'referral':
      return `${source.case}:${source.referral}:${source.answer ?? 'sent'}`;
    case 'aid':
      return `${source.case}:aid:${source.aid}`;
    case 'decision':
      return `${source.case}:decision:${source.number}`;
    case 'fact':
      return `${source.feed}:${source.file}:${source.row}`;
  }
}
