import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type Instant, instantOf } from '../../calendar/plain-date.ts';
import { NotFoundError } from '../../ports/errors.ts';
import type { ObjectInfo, ObjectStore } from '../../ports/object-store.ts';
import { withinReach } from './client-limits.ts';
import { atEdge } from './service-errors.ts';

/** Parts of a streamed write: at most this much is held in memory; S3 wants at least 5 MiB for all but the last. */
const PART_BYTES = 8 * 1024 * 1024;

interface StoredFacts {
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
}

/** Whole seconds: a HEAD tells no more, and both ways of asking must give the same. */
function modified(stored: StoredFacts): number {
  return Math.floor((stored.LastModified?.getTime() ?? 0) / 1_000);
}

/** Hash of the bytes and the second they were put: listings do not tell version ids, and both ways must agree. */
function versionOf(stored: StoredFacts): string {
  return `${(stored.ETag ?? '').replaceAll('"', '')}-${modified(stored)}`;
}

/** What is told of a stored object. */
export function infoOf(key: string, size: number | undefined, stored: StoredFacts): ObjectInfo {
  const lastModified: Instant = instantOf(modified(stored) * 1_000);
  return { key, size: size ?? 0, version: versionOf(stored), lastModified };
}

/** Gathers a stream into parts of PART_BYTES; the last may be shorter, and there is at least one. */
async function* partsOfStream(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  let given = 0;
  for await (const chunk of body) {
    held.push(chunk);
    size += chunk.length;
    while (size >= PART_BYTES) {
      const all = Buffer.concat(held);
      yield all.subarray(0, PART_BYTES);
      given += 1;
      held = [all.subarray(PART_BYTES)];
      size = all.length - PART_BYTES;
    }
  }
  if (size > 0 || given === 0) yield Buffer.concat(held);
}

/** The bytes of an object as they come. */
export async function* bytesOf(client: S3Client, object: GetObjectCommandInput, silentMs?: number): AsyncGenerator<Uint8Array> {
  const { Body } = await atEdge('S3 GetObject', () => client.send(new GetObjectCommand(object)));
  if (Body === undefined) return;
  const chunks = Body.transformToWebStream().getReader();
  try {
    for (;;) {
      const { done, value } = await atEdge('S3 GetObject', () => withinReach(chunks.read(), silentMs));
      if (done) return;
      yield value;
    }
  } finally {
    // A reader that stops early must not keep the connection.
    await chunks.cancel().catch(() => undefined);
  }
}

/** Objects in a bucket. A streamed write becomes visible as a whole when it ends; one that breaks off leaves nothing. */
export function s3ObjectStore(client: S3Client, bucket: string, silentMs?: number): ObjectStore {
  const at = (key: string) => ({ Bucket: bucket, Key: key });

  const put = (key: string, Body: Uint8Array) =>
    atEdge('S3 PutObject', () => client.send(new PutObjectCommand({ ...at(key), Body })));

  async function putInParts(key: string, parts: AsyncGenerator<Uint8Array>, first: Uint8Array): Promise<void> {
    const { UploadId } = await atEdge('S3 CreateMultipartUpload', () =>
      client.send(new CreateMultipartUploadCommand({ ...at(key), ChecksumAlgorithm: 'CRC32' })),
    );
    try {
      const done: { PartNumber: number; ETag: string | undefined; ChecksumCRC32: string | undefined }[] = [];
      const send = async (Body: Uint8Array) => {
        const PartNumber = done.length + 1;
        const { ETag, ChecksumCRC32 } = await atEdge('S3 UploadPart', () =>
          client.send(new UploadPartCommand({ ...at(key), UploadId, PartNumber, Body, ChecksumAlgorithm: 'CRC32' })),
        );
        done.push({ PartNumber, ETag, ChecksumCRC32 });
      };
      await send(first);
      for await (const part of parts) await send(part);
      await atEdge('S3 CompleteMultipartUpload', () =>
        client.send(new CompleteMultipartUploadCommand({ ...at(key), UploadId, MultipartUpload: { Parts: done } })),
      );
    } catch (error) {
      // The bucket's lifecycle rule clears away what a failed abort leaves.
      await client.send(new AbortMultipartUploadCommand({ ...at(key), UploadId })).catch(() => undefined);
      throw error;
    }
  }

  return {
    async info(key) {
      try {
        const head = await atEdge('S3 HeadObject', () => client.send(new HeadObjectCommand(at(key))));
        return infoOf(key, head.ContentLength, head);
      } catch (error) {
        if (error instanceof NotFoundError) return undefined;
        throw error;
      }
    },
    read: (key) => bytesOf(client, at(key), silentMs),
    async write(key, body) {
      if (body instanceof Uint8Array) {
        await put(key, body);
        return;
      }
      const parts = partsOfStream(body);
      const first = await parts.next();
      const bytes = first.value ?? new Uint8Array(0);
      if (bytes.length < PART_BYTES) await put(key, bytes);
      else await putInParts(key, parts, bytes);
    },
    async *list(prefix) {
      let token: string | undefined;
      do {
        const ContinuationToken = token;
        const page = await atEdge('S3 ListObjectsV2', () =>
          client.send(
            new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(ContinuationToken ? { ContinuationToken } : {}) }),
          ),
        );
        const listed = (page.Contents ?? []).flatMap(({ Key, ...object }) =>
          Key === undefined ? [] : infoOf(Key, object.Size, object),
        );
        // S3 lists in the order of UTF-8 bytes; not every server of its kind does so within a page.
        yield* listed.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
  };
}
