import { hash } from 'node:crypto';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { packLines, unpackFrames } from '../../audit/archive-frames.ts';
import {
  dayFolder,
  dayOfFolder,
  dayOfRootFile,
  eventsFile,
  firstOfEventsFile,
  ROOTS_FOLDER,
  rootFile,
} from '../../audit/archive-layout.ts';
import { EMPTY_CHAIN, lineOf, readEntry } from '../../audit/chain.ts';
import { dayAfter, type OpenDay, rootOf, rootText } from '../../audit/daily-root.ts';
import type { PlainDate } from '../../calendar/plain-date.ts';
import type { ArchivePart, ChainHead, EventArchive } from '../../ports/event-log.ts';
import { withinReach } from './client-limits.ts';
import { branded, packJson, parseStored, unpackJson } from './packed-json.ts';
import { atEdge, ifMet } from './service-errors.ts';
import type { Table } from './table.ts';

/** Where the archive lies in its bucket. */
export const ARCHIVE_PREFIX = 'archive/';
const DAYS = `${ARCHIVE_PREFIX}day=`;
const HEAD = { pk: 'CHAIN', sk: 'HEAD' };

const storedPositions = z.record(z.string(), z.string());
const storedDay = z.object({ day: branded<PlainDate>(), first: z.number(), before: z.string(), previous: z.string() });
const storedHead = z.object({ number: z.number(), hash: z.string(), positions: z.unknown(), open: storedDay.optional() });
/** What an object tells beside its lines: how far the sources were taken with it, or which day it makes way for. */
const storedMarks = z.union([
  z.object({ positions: z.string().transform((text) => storedPositions.parse(JSON.parse(text))) }),
  z.object({ next: branded<PlainDate>() }),
]);

function digestOf(head: ChainHead): string {
  const positions = Object.entries(head.positions).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash(
    'sha256',
    JSON.stringify([head.number, head.hash, positions, ...(head.open === undefined ? [] : [head.open.day])]),
    'hex',
  );
}

/** The one object that can follow a head. */
function nextKey({ number, open }: ChainHead & { readonly open: OpenDay }): string {
  return `${ARCHIVE_PREFIX}${dayFolder(open.day)}/${eventsFile(number + 1)}`;
}

/**
 * The archive as write-once objects, a prefix a day, and its head an item of the table. Only one object can follow a head:
 * its key is given by day and number, and whoever creates it first has added to the archive; others are refused by the
 * bucket, so no object is ever left beside the chain, and whatever reads all objects of a day reads every event once. The
 * head is moved after the object. A crash in between is made good by the next writer, who finds the object there and reads
 * from it how far the chain goes. A day is ended the same way, by an object without lines.
 */
export function s3EventArchive(client: S3Client, bucket: string, table: Table): EventArchive {
  async function head(): Promise<ChainHead> {
    const item = await table.get(HEAD);
    if (item === undefined) return EMPTY_CHAIN;
    const { positions, open, ...rest } = parseStored(storedHead, item, 'chain head');
    return {
      ...rest,
      positions: unpackJson(storedPositions, positions, 'chain head'),
      ...(open === undefined ? undefined : { open }),
    };
  }

  function moveHead(from: ChainHead, next: ChainHead): Promise<boolean> {
    const digest = digestOf(from);
    const unchanged = digest === digestOf(EMPTY_CHAIN) ? 'attribute_not_exists(pk) OR #d = :d' : '#d = :d';
    const { number, hash: end, positions, open } = next;
    return table.update(
      HEAD,
      {
        number,
        hash: end,
        positions: packJson(positions),
        digest: digestOf(next),
        ...(open === undefined ? undefined : { open }),
      },
      { expression: unchanged, names: { '#d': 'digest' }, values: { ':d': digest } },
    );
  }

  /** False when it is there already. */
  function create(Key: string, Body: Uint8Array | string, Metadata: Readonly<Record<string, string>> = {}): Promise<boolean> {
    return ifMet('S3 PutObject', () =>
      client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, Metadata, IfNoneMatch: '*' })),
    );
  }

  async function fetch(Key: string) {
    const { Body, Metadata } = await atEdge('S3 GetObject', () => client.send(new GetObjectCommand({ Bucket: bucket, Key })));
    const bytes = Body === undefined ? undefined : await atEdge('S3 GetObject', () => withinReach(Body.transformToByteArray()));
    return { bytes: bytes ?? new Uint8Array(0), marks: Metadata };
  }

  /** Ends the open day as `from` left it: its root for good, then the head. */
  async function openDay(from: ChainHead, next: ChainHead): Promise<boolean> {
    const root = rootOf(from);
    if (root !== undefined) await create(`${ARCHIVE_PREFIX}${ROOTS_FOLDER}/${rootFile(root.day)}`, rootText(root));
    return moveHead(from, next);
  }

  /** Moves the head over an object that somebody else put after it. Answers where the chain then ends. */
  async function catchUp(from: ChainHead & { readonly open: OpenDay }): Promise<ChainHead> {
    const { bytes, marks } = await fetch(nextKey(from));
    const told = parseStored(storedMarks, marks, 'marks of an archive object');
    if ('next' in told) {
      const next = { ...from, open: dayAfter(from, told.next) };
      await openDay(from, next);
      return next;
    }
    let last = '';
    for await (const text of unpackFrames(only(bytes))) last = text.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
    const end = readEntry(last);
    if (end === undefined) throw new Error('an archive object without events');
    const next = { ...from, number: end.number, hash: end.hash, positions: { ...from.positions, ...told.positions } };
    await moveHead(from, next);
    return next;
  }

  async function* keysIn(prefix: string, after: string | undefined): AsyncGenerator<string> {
    let token: string | undefined;
    do {
      const ContinuationToken = token;
      const more = ContinuationToken === undefined ? (after === undefined ? {} : { StartAfter: after }) : { ContinuationToken };
      const page = await atEdge('S3 ListObjectsV2', () =>
        client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...more })),
      );
      yield* (page.Contents ?? []).map(({ Key }) => Key ?? '').sort();
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  /** The folder of the last day that begins at this number or before: a year has millions of objects, but few days. */
  async function folderWith(number: number): Promise<string | undefined> {
    const folders: string[] = [];
    let token: string | undefined;
    do {
      const page = await atEdge('S3 ListObjectsV2', () =>
        client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: DAYS, Delimiter: '/', ContinuationToken: token })),
      );
      folders.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ''));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    for (const folder of folders.sort().reverse()) {
      const { Contents } = await atEdge('S3 ListObjectsV2', () =>
        client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${folder}events-`, MaxKeys: 1 })),
      );
      const first = firstOfEventsFile(Contents?.[0]?.Key?.slice(folder.length) ?? '');
      if (first !== undefined && first <= number) return folder;
    }
    return undefined;
  }

  return {
    head,
    async append(from, entries, next) {
      const { open } = from;
      if (open === undefined) throw new Error('no day is open');
      if (digestOf(await head()) !== digestOf(from)) return false;
      if (entries.length === 0) return moveHead(from, next);
      const taken = Object.entries(next.positions).filter(([source, position]) => from.positions[source] !== position);
      const at = { ...from, open };
      const marks = { positions: JSON.stringify(Object.fromEntries(taken)) };
      if (await create(nextKey(at), packLines(entries.map(lineOf)), marks)) {
        // What was created counts, whoever moves the head.
        await moveHead(from, next);
        return true;
      }
      const there = await catchUp(at);
      return there.number === next.number && there.hash === next.hash;
    },
    async turn(from, next) {
      const { open } = from;
      if (digestOf(await head()) !== digestOf(from)) return false;
      if (open === undefined) return moveHead(from, next);
      const at = { ...from, open };
      if (await create(nextKey(at), packLines([]), { next: next.open.day })) return openDay(from, next);
      await catchUp(at);
      return false;
    },
    async *parts(from) {
      for await (const key of keysIn(DAYS, from === undefined ? undefined : await folderWith(from))) {
        const [folder = '', name = ''] = key.slice(ARCHIVE_PREFIX.length).split('/');
        const day = dayOfFolder(folder);
        if (day === undefined || firstOfEventsFile(name) === undefined) continue;
        const part: ArchivePart = {
          day,
          name: key.slice(ARCHIVE_PREFIX.length),
          async *texts() {
            yield* unpackFrames(only((await fetch(key)).bytes));
          },
        };
        yield part;
      }
    },
    async *roots({ from, to } = {}) {
      const folder = `${ARCHIVE_PREFIX}${ROOTS_FOLDER}/`;
      // A name that sorts just before the first day's.
      for await (const key of keysIn(folder, from === undefined ? undefined : `${folder}${from}`)) {
        const day = dayOfRootFile(key.slice(folder.length));
        if (day === undefined) continue;
        if (to !== undefined && day > to) return;
        const { bytes } = await fetch(key);
        yield { day, text: Buffer.from(bytes).toString('utf8'), where: key.slice(ARCHIVE_PREFIX.length) };
      }
    },
  };
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
