import { hash } from 'node:crypto';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { EMPTY_CHAIN, lineOf } from '../../audit/chain.ts';
import type { ArchiveEntry, ChainHead, EventArchive } from '../../ports/event-log.ts';
import { packJson, parseStored, unpackJson } from './packed-json.ts';
import { atEdge, ifMet } from './service-errors.ts';
import type { Table } from './table.ts';

const PREFIX = 'events/';
const HEAD = { pk: 'CHAIN', sk: 'HEAD' };

const storedHead = z.object({ number: z.number(), hash: z.string(), positions: z.unknown() });
const storedPositions = z.record(z.string(), z.string());

function digestOf(head: ChainHead): string {
  const positions = Object.entries(head.positions).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify([head.number, head.hash, positions]), 'hex');
}

/** First number, and the ends of the hash before and the hash after: with these the chain can be followed by names alone. */
function objectKey(from: ChainHead, first: number, next: ChainHead): string {
  return `${PREFIX}${String(first).padStart(12, '0')}-${from.hash.slice(-12)}-${next.hash.slice(-12)}.jsonl`;
}

interface Segment {
  readonly key: string;
  readonly first: number;
  readonly before: string;
  readonly after: string;
}

function segmentOf(key: string): Segment | undefined {
  const parts = /^events\/(\d{12})-([0-9a-f]{12})-([0-9a-f]{12})\.jsonl$/.exec(key);
  const [, first, before, after] = parts ?? [];
  if (first === undefined || before === undefined || after === undefined) return undefined;
  return { key, first: Number(first), before, after };
}

/**
 * The segments that make the chain up to `head`, in order. Of several that begin with the same number (writers that lost
 * the race for the head) only one leads on to what follows. Where none does, one is kept all the same: the reader
 * verifies every line and must come upon the break, not pass over it.
 */
export function chainOf(segments: readonly Segment[], head: Pick<ChainHead, 'number' | 'hash'>): Segment[] {
  const starts = [...Map.groupBy(segments, (segment) => segment.first)].sort(([a], [b]) => b - a);
  const chain: Segment[] = [];
  let wanted = head.hash.slice(-12);
  for (const [first, candidates] of starts) {
    if (first > head.number) continue;
    const chosen = candidates.find((segment) => segment.after === wanted) ?? candidates[0];
    if (chosen === undefined) continue;
    chain.push(chosen);
    wanted = chosen.before;
  }
  return chain.reverse();
}

/**
 * The archive as write-once objects of JSON lines, its head an item of the table. The object is written first and the
 * head then advanced under the condition that nobody else did: a crash or a lost race leaves an object that the chain
 * does not lead to, and no reader sees it.
 */
export function s3EventArchive(client: S3Client, bucket: string, table: Table): EventArchive {
  async function head(): Promise<ChainHead> {
    const item = await table.get(HEAD);
    if (item === undefined) return EMPTY_CHAIN;
    const { positions, ...rest } = parseStored(storedHead, item, 'chain head');
    return { ...rest, positions: unpackJson(storedPositions, positions, 'chain head') };
  }

  async function segments(): Promise<Segment[]> {
    const found: Segment[] = [];
    let token: string | undefined;
    do {
      const ContinuationToken = token;
      const page = await atEdge('S3 ListObjectsV2', () =>
        client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: PREFIX, ...(ContinuationToken ? { ContinuationToken } : {}) }),
        ),
      );
      for (const object of page.Contents ?? []) {
        const segment = segmentOf(object.Key ?? '');
        if (segment !== undefined) found.push(segment);
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return found;
  }

  async function writeOnce(Key: string, entries: readonly ArchiveEntry[]): Promise<void> {
    const Body = entries.map((entry) => `${lineOf(entry)}\n`).join('');
    // Already there: the same first number between the same hashes is the same text, left by a crash before the head moved.
    await ifMet('S3 PutObject', () =>
      client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, IfNoneMatch: '*', ContentType: 'application/jsonl' })),
    );
  }

  return {
    head,
    async append(from, entries, next) {
      const first = entries[0];
      const digest = digestOf(from);
      if (digestOf(await head()) !== digest) return false;
      if (first !== undefined) await writeOnce(objectKey(from, first.number, next), entries);
      const unchanged = digest === digestOf(EMPTY_CHAIN) ? 'attribute_not_exists(pk) OR #d = :d' : '#d = :d';
      return table.update(
        HEAD,
        { number: next.number, hash: next.hash, positions: packJson(next.positions), digest: digestOf(next) },
        { expression: unchanged, names: { '#d': 'digest' }, values: { ':d': digest } },
      );
    },
    async *lines() {
      const chain = chainOf(await segments(), await head());
      for (const { key } of chain) {
        const text = await atEdge('S3 GetObject', async () => {
          const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
          return (await Body?.transformToString('utf-8')) ?? '';
        });
        const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n');
        for (const [index, line] of lines.entries()) yield { text: line, where: `${key}:${index + 1}` };
      }
    },
  };
}
