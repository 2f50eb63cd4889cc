import { answerablePage } from '../access/answerable-page.ts';
import { discloseText } from '../access/masking.ts';
import { AccessError, allow, decide } from '../access/policy.ts';
import type { Principal } from '../access/principal.ts';
import { type Access, type ReadTrail, recordRead } from '../access/read-trail.ts';
import { parsePeriod } from '../calendar/period.ts';
import { type Instant, instantOf } from '../calendar/plain-date.ts';
import { type Catalog, departmentOf, type FeedId } from '../catalog/feed.ts';
import type { FileId } from '../facts/fact.ts';
import type { Clock } from '../ports/clock.ts';
import { NotFoundError, PermanentError } from '../ports/errors.ts';
import type { FileQuery, FileRecord, FileRegister } from '../ports/file-register.ts';
import type { ObjectStore, UploadLinks } from '../ports/object-store.ts';
import { isTaken } from './file-kinds.ts';
import type { FileStatus, Receipt } from './receipt.ts';

/** How long an upload link holds, seconds. */
export const UPLOAD_SECONDS = 900;

/** A file as its department sees it. `reading` until the receipt is written. */
export interface FileView {
  readonly id: string;
  readonly file: string;
  readonly feed: string;
  readonly period: string;
  readonly size: number;
  readonly arrivedAt: string;
  readonly status: FileStatus | 'reading';
  readonly receipt: Receipt | null;
}

/** A link to send one file to. */
export interface UploadTicket {
  /** Path below the inbox the file will have. */
  readonly file: string;
  readonly method: 'PUT';
  readonly url: string;
  readonly expiresAt: Instant;
}

type Files = Pick<FileRegister, 'list' | 'get'>;

function fileView(record: FileRecord): FileView {
  return {
    id: record.id,
    file: discloseText(record.path),
    feed: record.feed,
    period: record.period,
    size: record.size,
    arrivedAt: record.arrivedAt,
    status: record.receipt?.status ?? 'reading',
    receipt: record.receipt === undefined ? null : receiptShown(record.receipt),
  };
}

/** The receipt as it is shown: where it names files, without the numbers people stand by in their names. */
function receiptShown({ duplicateOf, ...receipt }: Receipt): Receipt {
  const shown = {
    ...receipt,
    file: discloseText(receipt.file),
    fixItFile: receipt.fixItFile === null ? null : discloseText(receipt.fixItFile),
  };
  return duplicateOf === undefined ? shown : { ...shown, duplicateOf: discloseText(duplicateOf) };
}

/** Pages looked through for one answer, so that a department with no files does not walk the whole register in one request. */
const PAGES_PER_ANSWER = 10;

/**
 * Errors and remarks on one page of receipts: some 4 MB; in the cloud an answer may have six. A receipt holds up to two thousand, so
 * that a page of twenty bad files came to more.
 */
const PAGE_REMARKS = 12_000;

function remarksOf({ receipt }: FileRecord): number {
  return (receipt?.errors.length ?? 0) + (receipt?.notes?.length ?? 0);
}

/** A page no longer than asked for that can be answered. */
function pageOf(files: Files, query: FileQuery): ReturnType<Files['list']> {
  return answerablePage(
    (asked) => files.list(asked),
    query,
    (page) => page.files.map(remarksOf),
    PAGE_REMARKS,
  );
}

/**
 * Files the user may know of, newest first. A page may be shorter than asked while `next` is still given, since other
 * departments' files are passed over, and since receipts may have very much to remark.
 */
export async function listFiles(
  deps: { readonly files: Files },
  principal: Principal,
  query: { readonly feed?: FeedId; readonly limit: number; readonly after?: string },
): Promise<{ readonly files: readonly FileView[]; readonly next?: string }> {
  const { feed } = query;
  allow(principal, 'files.list', feed === undefined ? {} : { department: departmentOf(feed) });
  let after = query.after;
  for (let round = 1; ; round += 1) {
    const page = await pageOf(deps.files, {
      limit: query.limit,
      ...(feed === undefined ? {} : { feed }),
      ...(after === undefined ? {} : { after }),
    });
    const files = page.files
      .filter((record) => decide(principal, 'files.list', { department: departmentOf(record.feed) }).allowed)
      .map(fileView);
    after = page.next;
    if (after === undefined) return { files };
    if (files.length > 0 || round === PAGES_PER_ANSWER) return { files, next: after };
  }
}

/** One file with its receipt. Throws NotFoundError, or AccessError for another department's file. */
export async function readFileRecord(deps: { readonly files: Files }, principal: Principal, id: string): Promise<FileView> {
  allow(principal, 'files.read');
  const record = await deps.files.get(id as FileId);
  if (record === undefined) throw new NotFoundError('no such file');
  allow(principal, 'files.read', { department: departmentOf(record.feed) });
  return fileView(record);
}

/** The refused rows of a file, to mend and send again: whole rows with names and numbers, so the read is recorded. */
export async function readFixItFile(
  deps: ReadTrail & { readonly files: Files; readonly exchange: Pick<ObjectStore, 'info' | 'read'> },
  access: Access,
  id: string,
): Promise<{ readonly name: string; readonly size: number; readonly body: AsyncIterable<Uint8Array> }> {
  allow(access.principal, 'fix-it.read');
  const record = await deps.files.get(id as FileId);
  if (record === undefined) throw new NotFoundError('no such file');
  const department = departmentOf(record.feed);
  allow(access.principal, 'fix-it.read', { department });
  // One of them is enough: a school's roll names the home counties of its pupils, and who sent it is responsible for one.
  const counties = (record.receipt?.counties ?? []).map((area) => ({ department, area }));
  const own = counties.find((county) => decide(access.principal, 'fix-it.read', county).allowed);
  allow(access.principal, 'fix-it.read', own ?? counties[0] ?? { department });
  const key = record.receipt?.fixItFile ?? null;
  const info = key === null ? undefined : await deps.exchange.info(key);
  if (key === null || info === undefined) throw new NotFoundError('no fix-it file for this file');
  await recordRead(deps, access, 'fix-it.read', { file: record.id }, record.receipt?.rows.rejected ?? 0);
  return { name: key.slice(key.lastIndexOf('/') + 1), size: info.size, body: deps.exchange.read(key) };
}

/** A file name a department may send: no folders, no control characters, at most 100 characters and an ending. */
const FILE_NAME = /^(?!\.)[^/\\\p{Cc}:*?"<>|]{1,100}\.[^/\\\p{Cc}:*?"<>|.]+$/u;

/**
 * A link to send a file of a feed for a period. `unique` names the request: the same one gives the same path again, another
 * one never overwrites it. Throws PermanentError with code `unknown-feed`, `bad-period` or `bad-file-name`.
 */
export async function prepareUpload(
  deps: { readonly catalog: Catalog; readonly links: UploadLinks; readonly clock: Clock },
  principal: Principal,
  wanted: { readonly feed: string; readonly period: string; readonly name: string },
  unique: string,
): Promise<UploadTicket> {
  allow(principal, 'files.upload');
  const feed = deps.catalog.get(wanted.feed as FeedId);
  if (feed === undefined) throw new PermanentError('unknown-feed', 'no feed of this name in the catalogue');
  if (!decide(principal, 'files.upload', { department: departmentOf(feed.id) }).allowed) throw new AccessError('department');
  if (parsePeriod(wanted.period) === undefined) throw new PermanentError('bad-period', 'the period is no month or day');
  const name = wanted.name.normalize('NFC');
  if (!FILE_NAME.test(name) || !isTaken(name))
    throw new PermanentError('bad-file-name', 'the file name is not one that can be taken');
  const file = `${feed.id}/${wanted.period}/${unique}-${name}`;
  const url = await deps.links.uploadUrl(`inbox/${file}`, UPLOAD_SECONDS);
  const expiresAt = instantOf(Date.parse(deps.clock.now()) + UPLOAD_SECONDS * 1000);
  return { file, method: 'PUT', url, expiresAt };
}
