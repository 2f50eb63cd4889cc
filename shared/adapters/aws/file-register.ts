import * as z from 'zod';
import type { DomainEvent } from '../../audit/event.ts';
import { type Period, periodEnd } from '../../calendar/period.ts';
import type { Instant } from '../../calendar/plain-date.ts';
import type { FeedId } from '../../catalog/feed.ts';
import type { FileId, FileSequence } from '../../facts/fact.ts';
import type { IntakeError, Receipt } from '../../intake/receipt.ts';
import { NotFoundError, RetryLaterError } from '../../ports/errors.ts';
import type { Arrival, ClaimOutcome, FileRecord, FileRegister } from '../../ports/file-register.ts';
import { inParallel } from './bounded-parallel.ts';
import { dynamoDeliveryBook } from './delivery-book.ts';
import { branded, packJson, parseStored, unpackJson } from './packed-json.ts';
import { ABSENT, type Condition, type Table, type TableItem, WIDTH } from './table.ts';

const TRIES = 20;
const OPEN: Condition = { expression: 'attribute_not_exists(receipt)' };

const rows = z.object({
  read: z.number(),
  accepted: z.number(),
  duplicate: z.number(),
  rejected: z.number(),
  skipped: z.number(),
});

const storedError: z.ZodType<IntakeError> = z.object({
  row: z.number().nullable(),
  sheet: z.string().optional(),
  column: z.string().nullable(),
  code: z.string(),
  message: z.object({ zh: z.string(), en: z.string() }),
});

const storedReceipt: z.ZodType<Receipt> = z.object({
  file: z.string(),
  feed: z.string(),
  period: z.string(),
  status: z.enum(['accepted', 'partly', 'refused', 'duplicate']),
  encoding: z.string().nullable(),
  sha256: z.string(),
  size: z.number(),
  receivedAt: branded<Instant>(),
  rows,
  sheets: z
    .array(z.object({ name: z.string(), use: z.enum(['read', 'unfit', 'empty', 'example', 'other', 'hidden']) }))
    .optional(),
  columns: z.record(z.string(), z.string()),
  ignored: z.array(z.string()),
  totals: z.record(z.string(), z.number()),
  errors: z.array(storedError),
  errorCount: z.number(),
  notes: z.array(storedError).optional(),
  noteCount: z.number().optional(),
  fixItFile: z.string().nullable(),
  counties: z.array(z.string()).optional(),
  nothingFor: z.array(z.string()).optional(),
  duplicateOf: z.string().optional(),
});

const storedFile = z.object({
  id: branded<FileId>(),
  path: z.string(),
  feed: branded<FeedId>(),
  period: branded<Period>(),
  sha256: z.string(),
  size: z.number(),
  arrivedAt: branded<Instant>(),
  seq: branded<FileSequence>(),
});

const fileKey = (file: FileId) => ({ pk: `FILE#${file}`, sk: 'META' });
const claimKey = ({ feed, period, sha256 }: Arrival) => ({ pk: `CLAIM#${feed}#${period}#${sha256}`, sk: 'CLAIM' });

/**
 * By drop, not by the order of claiming: messages may come out of order, the later file must still win. The bucket tells no
 * more than the second; within it, whichever was looked at first.
 */
function sequenceOf({ id, period, arrivedAt, droppedAt = arrivedAt }: Arrival): FileSequence {
  const [dropped, arrived] = [droppedAt, arrivedAt].map((at) => at.replace(/[-:.]/g, ''));
  return `${periodEnd(period)}|${dropped}-${arrived}-${id.slice(-8)}` as FileSequence;
}

function recordOf(arrival: Arrival): FileRecord {
  const { id, path, feed, period, sha256, size, arrivedAt } = arrival;
  return { id, path, feed, period, sha256, size, arrivedAt, seq: sequenceOf(arrival) };
}

function fileItem(file: FileRecord) {
  return {
    ...fileKey(file.id),
    ...file,
    gsi1pk: 'FILES',
    gsi1sk: `${file.arrivedAt}#${file.id}`,
    gsi2pk: `FILES#${file.feed}`,
    gsi2sk: `${file.arrivedAt}#${file.id}`,
  };
}

/**
 * The book of files in DynamoDB. Without transactions each change is an order of writes of which the last one counts:
 * claim before file, deliveries before the receipt, receipt before the claim is given up. A crash in between leaves what the
 * repeated message finds and completes.
 */
export function dynamoFileRegister(table: Table): FileRegister {
  const book = dynamoDeliveryBook(table);

  /** File and the rows found known since, read together. */
  async function find(id: FileId): Promise<FileRecord | undefined> {
    let file: TableItem | undefined;
    let known = 0;
    for await (const item of table.query({ partition: `FILE#${id}` })) {
      if (item['sk'] === 'META') file = item;
      else known += parseStored(z.object({ count: z.number() }), item, 'known rows').count;
    }
    if (file === undefined) return undefined;
    const record = parseStored(storedFile, file, 'file');
    if (file['receipt'] === undefined) return record;
    const receipt = unpackJson(storedReceipt, file['receipt'], 'receipt');
    const { accepted, duplicate } = receipt.rows;
    return {
      ...record,
      receipt: { ...receipt, rows: { ...receipt.rows, accepted: accepted - known, duplicate: duplicate + known } },
    };
  }

  async function findAll(ids: readonly FileId[]): Promise<FileRecord[]> {
    const found = await inParallel(WIDTH, [...new Set(ids)], find);
    return found.filter((file) => file !== undefined);
  }

  async function claimOnce(arrival: Arrival): Promise<ClaimOutcome | undefined> {
    const stored = await find(arrival.id);
    if (stored?.receipt !== undefined) return { outcome: 'done', file: stored };
    const first = stored ?? recordOf(arrival);
    if (await table.put({ ...claimKey(arrival), ...first }, ABSENT)) {
      await table.put(fileItem(first), ABSENT);
      return { outcome: 'take', file: first };
    }
    const item = await table.get(claimKey(arrival));
    // Given up between the two requests: try again.
    if (item === undefined) return undefined;
    const holder = parseStored(storedFile, item, 'claim');
    if (holder.id === arrival.id) {
      await table.put(fileItem(holder), ABSENT);
      return { outcome: 'take', file: holder };
    }
    const other = await find(holder.id);
    if (other?.receipt?.status !== 'refused') return { outcome: 'duplicate', of: other ?? holder };
    await release(arrival, holder.id);
    return undefined;
  }

  async function release(arrival: Arrival, holder: FileId): Promise<void> {
    await table.delete(claimKey(arrival), { expression: '#f = :f', names: { '#f': 'id' }, values: { ':f': holder } });
  }

  /** Keeps a receipt for a drop, claimed or not, unless it has one. */
  async function keepReceipt(arrival: Arrival, receipt: Receipt, event: DomainEvent): Promise<void> {
    await table.put(fileItem((await find(arrival.id)) ?? recordOf(arrival)), ABSENT);
    await table.update(fileKey(arrival.id), { receipt: packJson(receipt), events: [event] }, OPEN);
  }

  return {
    async claim(arrival) {
      for (let attempt = 0; attempt < TRIES; attempt += 1) {
        const outcome = await claimOnce(arrival);
        if (outcome !== undefined) return outcome;
      }
      throw new RetryLaterError(
        '同一文件内容正被反复登记与退回，将自动重试。 / the same bytes keep being claimed and given up by others; it will be tried again.',
      );
    },
    async finish(file, receipt, deliveries, event) {
      const stored = await table.get(fileKey(file));
      if (stored === undefined) {
        throw new NotFoundError('没有登记过该文件，无法结案。 / no such file on record, so it cannot be closed.');
      }
      // The receipt comes last: where it is, all of this was done.
      if (stored['receipt'] !== undefined) return;
      await book.tell(deliveries);
      await table.update(fileKey(file), { receipt: packJson(receipt), events: [event] }, OPEN);
    },
    async refuse(arrival, receipt, event) {
      await keepReceipt(arrival, receipt, event);
      await release(arrival, arrival.id);
    },
    recordDuplicate: keepReceipt,
    async recordKnownRows(file, part, count) {
      await table.put({ pk: `FILE#${file}`, sk: `KNOWN#${part}`, count }, ABSENT);
    },
    get: find,
    async getMany(files) {
      return new Map((await findAll(files)).map((file) => [file.id, file]));
    },
    async list({ feed, arrivedFrom, arrivedBefore, limit, after }) {
      // Newest first: of the two places to begin after, the earlier one.
      const beyond = [after, arrivedBefore].filter((place) => place !== undefined).sort()[0];
      const listed = table.query({
        ...(feed === undefined
          ? ({ index: 'gsi1', partition: 'FILES' } as const)
          : ({ index: 'gsi2', partition: `FILES#${feed}` } as const)),
        descending: true,
        pageSize: limit + 1,
        ...(beyond === undefined ? {} : { beyond }),
      });
      const ids: FileId[] = [];
      let last = '';
      let next: string | undefined;
      for await (const item of listed) {
        const place = String(item[feed === undefined ? 'gsi1sk' : 'gsi2sk']);
        if (arrivedFrom !== undefined && place < arrivedFrom) break;
        if (ids.length === limit) {
          next = last;
          break;
        }
        last = place;
        ids.push(last.slice(last.indexOf('#') + 1) as FileId);
      }
      const files = await findAll(ids);
      return next === undefined ? { files } : { files, next };
    },
    deliveries: () => book.all(),
  };
}
