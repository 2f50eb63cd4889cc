import * as z from 'zod';
import { type NormalizeDeps, normalizeFile } from '../../shared/intake/normalize-file.ts';
import type { ObjectStore } from '../../shared/ports/object-store.ts';
import { FileDropped } from '../../shared/ports/queue-messages.ts';
import { parseBody } from '../parse-body.ts';
import { type BatchAnswer, type BatchDeps, processBatch, type QueueEvent } from '../process-batch.ts';

/** Stops events of other buckets' services and other kinds; the key comes unencoded from EventBridge, unlike from S3 itself. */
const ObjectCreated = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.literal('Object Created'),
  detail: z.object({ object: z.object({ key: z.string().min(1), 'version-id': z.string().min(1).optional() }) }),
});

/** A drop, and which of those under its key, where the store tells. */
interface FileAnnounced extends FileDropped {
  readonly version?: string;
}

/** A drop as our own message, or as S3 announces it through EventBridge. */
const Announcement = z.union([
  FileDropped,
  ObjectCreated.transform(({ detail: { object } }): FileAnnounced => {
    const version = object['version-id'];
    return { v: 1, kind: 'file-dropped', key: object.key, ...(version === undefined ? {} : { version }) };
  }),
]);

/** What the function needs: ports only, so that every host can run it. */
export interface FileDeps extends NormalizeDeps, BatchDeps {
  /** The exchange as it is for one of several drops under a key, where the store keeps each. */
  readonly exchangeOf?: (drop: { readonly key: string; readonly version: string }) => ObjectStore;
}

/** The handler of the queue `files`: each file by itself. */
export function createHandler(deps: FileDeps): (event: QueueEvent) => Promise<BatchAnswer> {
  return (event) =>
    processBatch<FileAnnounced>(event, deps, {
      parse: (body) => parseBody(body, Announcement),
      groupOf: ({ key, version = '' }) => `${key} ${version}`,
      work: async ([message]) => normalizeFile(atDrop(deps, message), message),
    });
}

function atDrop(deps: FileDeps, { key, version }: FileAnnounced): NormalizeDeps {
  return version === undefined || deps.exchangeOf === undefined ? deps : { ...deps, exchange: deps.exchangeOf({ key, version }) };
}
