import { createHash, hash } from 'node:crypto';
import { makeEvent } from '../audit/make-event.ts';
import { type Period, parsePeriod } from '../calendar/period.ts';
import { dateInChina, type Instant, type PlainDate } from '../calendar/plain-date.ts';
import type { Catalog, FeedId, FeedSpec } from '../catalog/feed.ts';
import type { Delivery } from '../facts/coverage.ts';
import type { FileId } from '../facts/fact.ts';
import { dueOn } from '../facts/timeliness.ts';
import type { Clock } from '../ports/clock.ts';
import type { Arrival, FileRecord, FileRegister } from '../ports/file-register.ts';
import type { IdentityVault } from '../ports/identity-vault.ts';
import { type Log, LogCode, type Metrics } from '../ports/log.ts';
import type { ObjectInfo, ObjectStore } from '../ports/object-store.ts';
import type { QueueSender } from '../ports/queue.ts';
import type { FileDropped } from '../ports/queue-messages.ts';
import { maskIdentityNumbers } from '../registry/identity-number.ts';
import type { Pseudonyms } from '../registry/pseudonym.ts';
import type { Sealer } from '../registry/sealing.ts';
import { answerPath } from './answer-path.ts';
import { parseDropPath } from './drop-path.ts';
import type { Fault } from './fault.ts';
import { FixItFile } from './fix-it-file.ts';
import { type ReadResult, readDepartmentFile } from './read-department-file.ts';
import type { IntakeError, Receipt } from './receipt.ts';
import { UpdateSender } from './send-updates.ts';
import { type ReadList, shorterList, shorterThanBefore } from './shorter-list.ts';

/** What reading a dropped file needs. */
export interface NormalizeDeps {
  readonly catalog: Catalog;
  readonly pseudonyms: Pseudonyms;
  readonly sealer: Sealer;
  /** Store of inbox, receipts and fix-it files. */
  readonly exchange: ObjectStore;
  readonly register: FileRegister;
  readonly vault: IdentityVault;
  readonly queue: QueueSender;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Where files are dropped, and where their answers are put. */
export const INBOX = 'inbox/';
const RECEIPTS = 'receipts/';

/** The id of one drop: the same path and store version is the same drop, however often it is announced. */
export function fileIdOf(path: string, version: string): FileId {
  return hash('sha256', `${path}\n${version}`, 'hex').slice(0, 24) as FileId;
}

/**
 * Reads a dropped file: facts go on to the queue, identities to the vault, refused rows to the fix-it file, the account of
 * it all to the receipt. May be repeated at any point: an unfinished file is read again from the start and gives the same
 * messages, a finished one is left alone, the same bytes under another name are answered with `duplicate`.
 */
export async function normalizeFile(deps: NormalizeDeps, message: FileDropped): Promise<void> {
  const path = message.key.startsWith(INBOX) ? message.key.slice(INBOX.length) : message.key;
  const info = await deps.exchange.info(message.key);
  if (info === undefined) {
    deps.log.warn(LogCode.FileGone, { file: fileIdOf(path, '') });
    return;
  }
  const place = parseDropPath(path, deps.catalog, dateInChina(deps.clock.now()));
  if ('code' in place) {
    await refuse(deps, await arrivalOf(deps, path, info, claimedPlace(path)), null, [place]);
    return;
  }
  const feed = deps.catalog.get(place.feed);
  if (feed === undefined) throw new RangeError('the drop path named a feed that is not in the catalog');
  const arrival = await arrivalOf(deps, path, info, place);
  const claim = await deps.register.claim(arrival);
  switch (claim.outcome) {
    case 'done':
      return;
    case 'duplicate':
      // Whoever was reading the first drop may have died, and its bytes may be these by now: finish it in its name.
      if (claim.of.receipt === undefined) await take(deps, feed, info.key, claim.of);
      await answerDuplicate(deps, arrival, claim.of);
      return;
    case 'take':
      await take(deps, feed, info.key, claim.file);
      return;
  }
}

/** Reads the bytes under `key` as the file on record. */
async function take(deps: NormalizeDeps, feed: FeedSpec, key: string, file: FileRecord): Promise<void> {
  const { result, fixItFile } = await sendRows(deps, feed, key, file);
  if (result.outcome === 'refused') {
    await refuse(deps, file, result.encoding, result.errors);
    return;
  }
  const shorter = feed.kind === 'snapshot' ? await shorterThanBefore(deps.register, listOf(file, result)) : undefined;
  const receipt = receiptOf(file, shorter === undefined ? result : remarkedOn(result, shorterList(shorter)), fixItFile);
  await writeReceipt(deps, receipt);
  if (receipt.status === 'refused') {
    await deps.register.refuse(file, receipt, fileEvent(deps, 'file.refused', file, receipt));
    counted(deps, LogCode.FileRefused, receipt, file);
    return;
  }
  const complete = receipt.rows.rejected === 0;
  const deliveries = [...result.counties].map(
    (county): Delivery => ({ feed: feed.id, county, period: file.period, complete, file: file.id }),
  );
  const areas = [...result.counties].sort().join(' ');
  await deps.register.finish(
    file.id,
    receipt,
    deliveries,
    fileEvent(deps, 'file.taken', file, receipt, {
      areas,
      due: dueOn(feed, file.period) ?? null,
      ...(shorter === undefined ? {} : { linesBefore: shorter.before }),
    }),
  );
  if (shorter !== undefined) {
    deps.metrics.count('ListsShorter', 1);
    deps.log.warn(LogCode.ListShorter, { file: file.id, before: shorter.before, now: shorter.now });
  }
  counted(deps, LogCode.FileTaken, receipt, file);
}

type Read = Extract<ReadResult, { outcome: 'read' }>;

function listOf({ id, feed, period }: FileRecord, { counties, rows }: Read): ReadList {
  return { id, feed, period, counties, lines: rows.accepted + rows.duplicate };
}

/** With a remark on the file as a whole, before those on its rows. */
function remarkedOn(read: Read, { code, message }: Fault): Read {
  const { notes = [], noteCount = 0 } = read;
  return { ...read, notes: [{ row: null, column: null, code, message }, ...notes], noteCount: noteCount + 1 };
}

/** Sends accepted rows on and refused ones back. */
async function sendRows(
  deps: NormalizeDeps,
  feed: FeedSpec,
  key: string,
  file: FileRecord,
): Promise<{ readonly result: ReadResult; readonly fixItFile: string | null }> {
  const sender = new UpdateSender(file, deps.vault, deps.queue, deps.pseudonyms, deps.sealer);
  const fixIt = new FixItFile(deps.exchange, file.path);
  try {
    const result = await readDepartmentFile({
      feed,
      period: file.period,
      fileName: file.path.slice(file.path.lastIndexOf('/') + 1),
      size: file.size,
      today: dateInChina(deps.clock.now()),
      read: () => deps.exchange.read(key),
      pseudonym: deps.pseudonyms.person,
      keyOf: deps.pseudonyms.naturalKeysOf(feed.id),
      markOf: deps.pseudonyms.maskedText,
      seal: deps.sealer.seal,
      onRows: (rows) => sender.send(rows),
      onRejected: (rows, layout) => fixIt.add(rows, layout),
    });
    await sender.finish();
    return { result, fixItFile: await fixIt.close() };
  } catch (error) {
    await fixIt.abandon();
    throw error;
  }
}

async function arrivalOf(
  deps: NormalizeDeps,
  path: string,
  info: ObjectInfo,
  place: { feed: FeedId; period: Period },
): Promise<Arrival> {
  const digest = createHash('sha256');
  let size = 0;
  for await (const bytes of deps.exchange.read(info.key)) {
    digest.update(bytes);
    size += bytes.length;
  }
  const arrivedAt: Instant = deps.clock.now();
  return {
    id: fileIdOf(path, info.version),
    path,
    feed: place.feed,
    period: place.period,
    sha256: digest.digest('hex'),
    size,
    arrivedAt,
    droppedAt: info.lastModified,
  };
}

/** What the folders claim, for the record of a file that cannot be placed. */
function claimedPlace(path: string): { feed: FeedId; period: Period } {
  const [department = '', category = '', period = ''] = path.split('/');
  return { feed: `${department}/${category}` as FeedId, period: period as Period };
}

function receiptOf(file: FileRecord, read: Read, fixItFile: string | null): Receipt {
  const { rows, sheets, encoding, columns, ignored, totals, errors, errorCount, notes, noteCount, nothingFor, counties } = read;
  const nothing = rows.read > 0 && rows.accepted === 0 && rows.duplicate === 0;
  return {
    ...heading(file),
    status: nothing ? 'refused' : rows.rejected > 0 ? 'partly' : 'accepted',
    encoding,
    rows,
    ...(sheets === undefined ? {} : { sheets }),
    columns,
    ignored,
    totals,
    errors,
    errorCount,
    ...(notes === undefined ? {} : { notes, noteCount }),
    fixItFile,
    ...(counties.has('*') ? {} : { counties: [...counties].sort() }),
    ...(nothingFor === undefined ? {} : { nothingFor }),
  };
}

function heading({ path, feed, period, sha256, size, arrivedAt }: Arrival) {
  return { file: path, feed, period, sha256, size, receivedAt: arrivedAt };
}

const NOTHING_READ = {
  rows: { read: 0, accepted: 0, duplicate: 0, rejected: 0, skipped: 0 },
  columns: {},
  ignored: [],
  totals: {},
  fixItFile: null,
};

async function refuse(
  deps: NormalizeDeps,
  arrival: Arrival,
  encoding: string | null,
  errors: readonly IntakeError[],
): Promise<void> {
  const receipt: Receipt = {
    ...heading(arrival),
    ...NOTHING_READ,
    status: 'refused',
    encoding,
    errors,
    errorCount: errors.length,
  };
  await writeReceipt(deps, receipt);
  await deps.register.refuse(arrival, receipt, fileEvent(deps, 'file.refused', arrival, receipt));
  counted(deps, LogCode.FileRefused, receipt, arrival);
}

async function answerDuplicate(deps: NormalizeDeps, arrival: Arrival, of: FileRecord): Promise<void> {
  const path = maskIdentityNumbers(of.path);
  const error: IntakeError = {
    row: null,
    column: null,
    code: 'SAME_BYTES',
    message: {
      zh: `内容与此前已接收的文件 ${path} 完全相同，本次未作任何改动，无需处理。`,
      en: `The content is the same as ${path}, which was taken before. Nothing was changed and nothing needs to be done.`,
    },
  };
  const receipt: Receipt = {
    ...heading(arrival),
    ...NOTHING_READ,
    status: 'duplicate',
    encoding: of.receipt?.encoding ?? null,
    errors: [error],
    errorCount: 0,
    duplicateOf: of.path,
  };
  // The receipt of the file that was taken stays where its sender looks for it.
  if (arrival.path !== of.path) await writeReceipt(deps, receipt);
  await deps.register.recordDuplicate(arrival, receipt, fileEvent(deps, 'file.duplicate', arrival, receipt));
  counted(deps, LogCode.FileDuplicate, receipt, arrival);
}

async function writeReceipt(deps: NormalizeDeps, receipt: Receipt): Promise<void> {
  await deps.exchange.write(`${RECEIPTS}${answerPath(receipt.file)}.json`, Buffer.from(`${JSON.stringify(receipt, null, 2)}\n`));
}

/** No name of a file in the event, nor of a folder that is no feed or period: departments put people's names into them. */
function fileEvent(
  { catalog }: Pick<NormalizeDeps, 'catalog'>,
  type: 'file.taken' | 'file.refused' | 'file.duplicate',
  arrival: Arrival,
  receipt: Receipt,
  taken?: { readonly areas: string; readonly due: PlainDate | null; readonly linesBefore?: number },
) {
  const { read, accepted, duplicate, rejected } = receipt.rows;
  const data = {
    accepted,
    ...(taken === undefined ? undefined : { areas: taken.areas, due: taken.due }),
    duplicate,
    feed: catalog.has(arrival.feed) ? arrival.feed : null,
    ...(taken?.linesBefore === undefined ? undefined : { linesBefore: taken.linesBefore }),
    period: parsePeriod(arrival.period) ?? null,
    read,
    rejected,
    sha256: arrival.sha256,
    size: arrival.size,
    status: receipt.status,
  };
  return makeEvent(type, arrival.arrivedAt, { file: arrival.id }, data, arrival.sha256);
}

function counted(deps: NormalizeDeps, code: LogCode, receipt: Receipt, arrival: Arrival): void {
  const { read, accepted, duplicate, rejected } = receipt.rows;
  deps.metrics.count('RowsAccepted', accepted);
  deps.metrics.count('RowsRejected', rejected);
  deps.log.info(code, { file: arrival.id, status: receipt.status, read, accepted, duplicate, rejected });
}
