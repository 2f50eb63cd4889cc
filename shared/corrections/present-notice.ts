import { discloseFields, pathShown } from '../access/masking.ts';
import { type Disclosure, decide } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import type { Instant } from '../calendar/plain-date.ts';
import type { Bilingual, Catalog, FeedSpec } from '../catalog/feed.ts';
import type { FactChunk, FactValue, FileId } from '../facts/fact.ts';
import { placeShown, type SheetRow } from '../intake/row-place.ts';
import type { FileRecord } from '../ports/file-register.ts';
import { openFields, type Sealer } from '../registry/sealing.ts';
import { correctionAnswers, upheldCodes, wrongCodes } from './codes.ts';
import { rowAmong } from './locate-rows.ts';
import { type CorrectionAnswer, type CorrectionNotice, type CorrectionStatus, statusOf } from './notice.ts';

/** One answer as readers see it. */
export interface CorrectionAnswerView {
  readonly at: string;
  readonly by: string;
  readonly kind: CorrectionAnswer['kind'];
  readonly title: Bilingual;
  readonly reason: string | null;
  readonly reasonTitle: Bilingual | null;
  readonly file: string | null;
  readonly to: string | null;
  readonly note: string | null;
}

/** A notice in a list. Words that people typed are null for everybody but the department that sent the row. */
export interface CorrectionLine {
  readonly id: string;
  readonly version: number;
  readonly case: string;
  readonly area: string;
  readonly department: string;
  readonly feed: string;
  readonly feedTitle: Bilingual;
  readonly file: string;
  readonly row: number;
  readonly field: string | null;
  readonly fieldTitle: Bilingual | null;
  readonly found: CorrectionNotice['found'];
  readonly foundTitle: Bilingual;
  readonly note: string | null;
  readonly sentAt: string;
  readonly dueAt: string;
  readonly status: CorrectionStatus;
  readonly answers: readonly CorrectionAnswerView[];
}

/** A notice with the row as it was sent. */
export interface CorrectionPage extends CorrectionLine {
  /** Path below the inbox; null when the file is not on record. */
  readonly path: string | null;
  /** Where to look, in a workbook with rows in several sheets; `row` is then the row's number in the file. */
  readonly at?: SheetRow;
  readonly period: string | null;
  /** The row's fields as they were taken in, those the reader may see; null when the facts do not have it. */
  readonly fields:
    | readonly {
        readonly name: string;
        readonly title: Bilingual;
        /** What the column holds: `money` is in fen. */
        readonly type: string;
        readonly value: FactValue;
      }[]
    | null;
}

/** The line of a notice for one reader. */
export function presentNotice(notice: CorrectionNotice, principal: Principal, catalog: Catalog, now: Instant): CorrectionLine {
  const { id, version, area, department, file, row, found, sentAt, dueAt } = notice;
  const feed = catalog.get(notice.feed);
  const own = isOwn(principal, notice);
  return {
    id,
    version,
    case: notice.case,
    area,
    department,
    feed: notice.feed,
    feedTitle: feed?.title ?? { zh: notice.feed, en: notice.feed },
    file,
    row,
    field: notice.field ?? null,
    fieldTitle: feed?.fields.find(({ name }) => name === notice.field)?.title ?? null,
    found,
    foundTitle: wrongCodes[found],
    note: own ? (notice.note ?? null) : null,
    sentAt,
    dueAt,
    status: statusOf(notice, now),
    answers: notice.answers.map((answer) => answerView(answer, own)),
  };
}

/** Whether the reader is of the department that sent the row. */
function isOwn(principal: Principal, { department, area }: CorrectionNotice): boolean {
  const asDepartment = { ...principal, roles: principal.roles.filter((role) => role === 'department') };
  return decide(asDepartment, 'corrections.read', { department, area }).allowed;
}

function answerView({ at, by, kind, reason, file, to, note }: CorrectionAnswer, own: boolean): CorrectionAnswerView {
  return {
    at,
    by,
    kind,
    title: correctionAnswers[kind],
    reason: reason ?? null,
    reasonTitle: reason === undefined ? null : upheldCodes[reason],
    file: file ?? null,
    to: to ?? null,
    note: own ? (note ?? null) : null,
  };
}

/** What the page of a notice is made from beside it. */
export interface NoticeRow {
  readonly file: FileRecord | undefined;
  readonly chunks: readonly FactChunk[];
  readonly sealer: Sealer;
  readonly disclosure: Disclosure;
}

/** The page of a notice for one reader. */
export function presentNoticePage(
  line: CorrectionLine,
  feed: FeedSpec | undefined,
  { file, chunks, sealer, disclosure }: NoticeRow,
): CorrectionPage {
  const there = rowAmong(chunks, { file: line.file as FileId, row: line.row });
  return {
    ...line,
    path: pathShown(file),
    ...placeShown(file?.receipt, line.row),
    period: file?.period ?? null,
    fields: there === undefined ? null : fieldsOf(feed, there, sealer, disclosure),
  };
}

/** People the row names beside its own are pseudonyms here and told to nobody. */
function fieldsOf(
  feed: FeedSpec | undefined,
  { chunk, row }: NonNullable<ReturnType<typeof rowAmong>>,
  sealer: Sealer,
  disclosure: Disclosure,
): CorrectionPage['fields'] {
  const sealed = row.sealed !== undefined && disclosure.sensitive ? openFields(sealer, chunk.person, row.sealed) : {};
  const shown = discloseFields(feed, { ...row.fields, ...sealed }, disclosure);
  return (feed?.fields ?? []).flatMap(({ name, title, type }) => {
    const value = shown[name];
    return value === undefined || type.kind === 'identity' || type.kind === 'name'
      ? []
      : [{ name, title, type: type.kind, value }];
  });
}
