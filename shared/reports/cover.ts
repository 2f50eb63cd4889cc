import type { ArchiveVerdict } from '../audit/verify-archive.ts';
import type { Instant, PlainDate } from '../calendar/plain-date.ts';
import type { Bilingual } from '../catalog/feed.ts';

/** Forms a report can be had in. */
export const reportFormats = ['csv', 'xlsx', 'json', 'html'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** Languages a report's words are written in. */
export const reportLanguages = ['zh', 'en'] as const;
export type ReportLanguage = (typeof reportLanguages)[number];
/** Encodings of its CSV. */
export const reportEncodings = ['utf-8', 'gb18030'] as const;

/** In which form somebody wants a report. */
export interface ReportForm {
  readonly format: ReportFormat;
  readonly language: ReportLanguage;
  /** Of CSV. */
  readonly encoding: (typeof reportEncodings)[number];
}

/**
 * What was asked, on which data, and how it can be computed again: the same for everybody a computing is for. A report pulled again
 * with the same parameters up to the same event has the same rows, and so the same `rowsSha256`.
 */
export interface ReportFigures {
  readonly report: string;
  readonly title: Bilingual;
  readonly about: Bilingual;
  readonly parameters: {
    readonly from: PlainDate;
    readonly to: PlainDate;
    readonly area: string;
    readonly seed: string;
    readonly sample: number;
    /** Counts of people below it are not shown. */
    readonly smallCells: number;
  };
  /** `closed`: a person closed the period, later events show as adjustments only. `open`: the figures may still change. */
  readonly period: {
    readonly state: 'closed' | 'open';
    readonly closedBy?: string;
    readonly closedAt?: Instant;
  };
  readonly data: {
    /** Number and hash of the last event of the archive when the report was pulled. */
    readonly archivedUpTo: number;
    readonly archiveHash: string;
    /** Number of the last event that counts. */
    readonly countedUpTo: number;
    readonly asOf: Instant;
    /** Rule packs with their versions whose results are in the rows. */
    readonly rulePacks: readonly string[];
    readonly program: string;
  };
  /** Whether the archive is whole. Nothing of a report counts when it is not. */
  readonly archive: ArchiveVerdict;
  readonly proof: {
    readonly rows: number;
    /** SHA-256 over the rows as JSON arrays, a line each: the same whatever the format. */
    readonly rowsSha256: string;
    /** SHA-256 of the query's text. */
    readonly querySha256: string;
    readonly adjustments: number;
  };
}

/** What stands beside every report: its figures, in which form it was had, and who pulled it. */
export interface ReportCover extends ReportFigures, ReportForm {
  /** `for`: whom the schedule made it for. */
  readonly pulled: { readonly by: string; readonly for?: string; readonly purpose: string; readonly at: Instant };
}

/** What must be said in red: the archive was tampered with. */
export function alarmOf({ archive }: Pick<ReportCover, 'archive'>): Bilingual | undefined {
  if (archive.ok) return undefined;
  return {
    zh: `档案验证不通过：第 ${archive.number} 个事件（${archive.where}）与写入时不符（${archive.fault}）。本报表数字不可采信。`,
    en: `The archive is not as it was written: event ${archive.number} at ${archive.where} is ${archive.fault}. The figures of this report must not be relied on.`,
  };
}

/** That figures may still change. */
export function noticeOf({ period }: Pick<ReportCover, 'period'>): Bilingual | undefined {
  if (period.state === 'closed') return undefined;
  return {
    zh: '本期尚未关账，数字可能继续变化。',
    en: 'This period has not been closed; the figures may still change.',
  };
}
