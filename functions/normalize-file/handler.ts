import * as z from 'zod';
import { type NormalizeDeps, normalizeFile } from '../../shared/intake/normalize-file.ts';
import { FileDropped } from '../../shared/ports/queue-messages.ts';
import { parseBody } from '../parse-body.ts';
import { type BatchAnswer, type BatchDeps, processBatch, type QueueEvent } from '../process-batch.ts';

/** Stops events of other buckets' services and other kinds; the key comes unencoded from EventBridge, unlike from S3 itself. */
const ObjectCreated = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.literal('Object Created'),
  detail: z.object({ object: z.object({ key: z.string().min(1) }) }),
});

/** A drop as our own message, or as S3 announces it through EventBridge. */
const Announcement = z.union([
  FileDropped,
  ObjectCreated.transform((event): FileDropped => ({ v: 1, kind: 'file-dropped', key: event.detail.object.key })),
]);

/** What the function needs: ports only, so that every host can run it. */
export type FileDeps = NormalizeDeps & BatchDeps;

/** The handler of the queue `files`: each file by itself. */
export function createHandler(deps: FileDeps): (event: QueueEvent) => Promise<BatchAnswer> {
  return (event) =>
    processBatch<FileDropped>(event, deps, {
      parse: (body) => parseBody(body, Announcement),
      groupOf: (message) => message.key,
      work: async ([message]) => normalizeFile(deps, message),
    });
}
