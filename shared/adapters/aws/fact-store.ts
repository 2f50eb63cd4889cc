import * as z from 'zod';
import { factsRecordedEvents } from '../../audit/make-event.ts';
import type { Instant, PlainDate } from '../../calendar/plain-date.ts';
import type { FeedId } from '../../catalog/feed.ts';
import {
  type DeletedRows,
  type FactChunk,
  type FactRow,
  type FileId,
  type FileSequence,
  firstRowOf,
  type PersonKey,
} from '../../facts/fact.ts';
import type { FactStore } from '../../ports/fact-store.ts';
import { inParallel } from './bounded-parallel.ts';
import { branded, packJson, parseStored, unpackJson } from './packed-json.ts';
import { ABSENT, type Condition, type Table, type TableItem, type TableKey, WIDTH } from './table.ts';

/** The rows of a chunk as stored. */
export const storedRows: z.ZodType<readonly FactRow[]> = z.array(
  z.object({
    row: z.number(),
    key: z.string(),
    from: branded<PlainDate>(),
    to: branded<PlainDate>().optional(),
    reversal: z.literal(true).optional(),
    area: z.string().optional(),
    areaAssumed: z.literal(true).optional(),
    fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    sealed: z.string().optional(),
    content: z.string(),
  }),
);

const storedDeleted: z.ZodType<DeletedRows> = z.object({
  firstRow: z.number(),
  keys: z.array(z.string()),
  under: z.array(z.object({ on: branded<PlainDate>(), before: branded<PlainDate>(), certificate: z.string() })),
  place: z.object({ area: z.string(), areaAssumed: z.literal(true).optional(), seq: branded<FileSequence>() }).optional(),
});

const storedChunk = z.object({
  person: branded<PersonKey>(),
  birth: branded<PlainDate>(),
  sex: z.enum(['male', 'female']),
  feed: branded<FeedId>(),
  file: branded<FileId>(),
  seq: branded<FileSequence>(),
  recordedAt: branded<Instant>(),
  rows: z.unknown(),
  deleted: z.unknown().optional(),
});

/** The key of the item of a chunk. */
export function chunkKey(chunk: FactChunk): TableKey {
  return {
    pk: `P#${chunk.person}`,
    sk: `F#${chunk.feed}#${chunk.seq}#${String(firstRowOf(chunk)).padStart(8, '0')}`,
  };
}

/** The chunk an item holds. */
export function chunkOf(item: TableItem): FactChunk {
  const { rows, deleted, ...chunk } = parseStored(storedChunk, item, 'fact chunk');
  return {
    ...chunk,
    rows: unpackJson(storedRows, rows, 'fact chunk'),
    ...(deleted === undefined ? {} : { deleted: unpackJson(storedDeleted, deleted, 'fact chunk') }),
  };
}

/**
 * Facts in DynamoDB, one item per chunk. Each is written under the condition that it is not there yet, not in batches:
 * a batch would overwrite, and the stream would then show the chunk's event a second time. The capacity used is the same.
 */
export function dynamoFactStore(table: Table): FactStore {
  async function chunksOf(person: PersonKey): Promise<[PersonKey, FactChunk[]]> {
    const chunks: FactChunk[] = [];
    for await (const item of table.query({ partition: `P#${person}`, prefix: 'F#' })) {
      chunks.push(chunkOf(item));
    }
    return [person, chunks];
  }

  async function ofPersons(persons: readonly PersonKey[]) {
    const found = await inParallel(WIDTH, [...new Set(persons)], chunksOf);
    return new Map(found.filter(([, chunks]) => chunks.length > 0));
  }

  return {
    async append(chunks) {
      await inParallel(WIDTH, chunks, (chunk) =>
        table.put({ ...chunkKey(chunk), ...chunk, rows: packJson(chunk.rows), events: factsRecordedEvents([chunk]) }, ABSENT),
      );
      return ofPersons(chunks.map((chunk) => chunk.person));
    },
    ofPersons,
  };
}

/** Condition that the rows of a chunk are still those that were read. */
export function rowsAre(rows: unknown): Condition {
  return { expression: '#rows = :rows', names: { '#rows': 'rows' }, values: { ':rows': rows } };
}
