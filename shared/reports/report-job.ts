import { hash } from 'node:crypto';
import type { Purpose } from '../access/purpose.ts';
import type { Instant, PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual } from '../catalog/feed.ts';
import type { ReportCover, ReportFigures, ReportForm } from './cover.ts';

/** What is computed: everything the rows of a report depend on, but for how much is archived when they are counted. */
export interface ReportQuestion {
  readonly report: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
  /** Area code prefix; `''` is the whole deployment. */
  readonly area: string;
  readonly seed: string;
  readonly sample: number;
}

/** Rows drawn by the sampling list unless said otherwise. */
export const USUAL_SAMPLE = 30;
/** And at most. */
export const MOST_DRAWN = 100_000;

/** `RQ-` and 24 hex digits: a question, whoever asks it. */
export type QuestionId = string & { readonly __brand: 'QuestionId' };
/** A question and which computing of it, e.g. `RQ-5f0a7c1e9b3d5f0a7c1e9b3d-2`. */
export type ReportJobId = string & { readonly __brand: 'ReportJobId' };
/** `R-` and 24 hex digits: what one person asked for, as that person knows it. */
export type ReportPullId = string & { readonly __brand: 'ReportPullId' };

/** A file of a report that is ready. */
export interface ReportFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** One person's asking, with form, cover and files of its own. */
export interface ReportPull {
  readonly id: ReportPullId;
  /** Who may see and download it. */
  readonly owner: string;
  /** Who pulls it: the owner, or `schedule`. */
  readonly by: string;
  readonly purpose: Purpose;
  /** The request it was asked under. */
  readonly request: string;
  readonly at: Instant;
  readonly form: ReportForm;
  /** When it is ready. */
  readonly ready?: { readonly at: Instant; readonly files: readonly ReportFile[] };
}

/** Why there is no report, and what to do, in words. */
export interface ReportFailure extends Bilingual {
  readonly code: string;
}

/**
 * One computing of a question and everybody who waits for it. It ends when every pull has its files, or when it fails; until then
 * whoever asks the same joins it, and afterwards a new asking is a new computing, over all that was archived since.
 */
export interface ReportJob {
  readonly id: ReportJobId;
  readonly question: QuestionId;
  /** From 1. */
  readonly run: number;
  /** Counts the changes; a writer states the version it read. */
  readonly version: number;
  readonly asked: ReportQuestion;
  readonly state: 'waiting' | 'making' | 'ended';
  /** How often making it was begun: what kills its worker each time must come to an end. */
  readonly begun?: number;
  /** Rows computed so far. */
  readonly rows: number;
  /** The last sign of life. */
  readonly touchedAt: Instant;
  readonly pulls: readonly ReportPull[];
  /** Everything of the covers but who pulled it in which form; once the rows are computed. */
  readonly figures?: ReportFigures;
  readonly failure?: ReportFailure;
  /** When it ended, while its files are kept. */
  readonly keptSince?: Instant;
}

/** The same for the same question, whoever asks. */
export function questionId({ report, from, to, area, seed, sample }: ReportQuestion): QuestionId {
  return `RQ-${digestOf([report, from, to, area, seed, String(sample)])}` as QuestionId;
}

/** The computing of a question with this number. */
export function reportJobId(question: QuestionId, run: number): ReportJobId {
  return `${question}-${run}` as ReportJobId;
}

/** The same for the same question, form and key of one person, so that a repeated request is one pull. */
export function reportPullId(
  question: QuestionId,
  { format, encoding, language }: ReportForm,
  owner: string,
  key: string,
): ReportPullId {
  return `R-${digestOf([question, format, encoding, language, owner, key])}` as ReportPullId;
}

/** The cover of what somebody asked for, over what was computed. */
export function coverOf({ form, owner, by, purpose, at }: ReportPull, figures: ReportFigures): ReportCover {
  return { ...figures, ...form, pulled: { by, purpose, at, ...(by === owner ? undefined : { for: owner }) } };
}

/** Where a file of a report lies. */
export function reportKey(pull: ReportPullId, name: string): string {
  return `reports/${pull}/${name}`;
}

function digestOf(parts: readonly string[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 24);
}
