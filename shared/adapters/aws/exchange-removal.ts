import { DeleteObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { ObjectInfo } from '../../ports/object-store.ts';
import { infoOf } from './object-store.ts';
import { atEdge } from './service-errors.ts';

/** Objects that are past keeping, found in order and removed: apart from `ObjectStore`, since only one function may. */
export interface ObjectRemoval {
  /** At most `limit` objects below a prefix whose keys come after one. */
  listAfter(prefix: string, after: string | undefined, limit: number): Promise<readonly ObjectInfo[]>;
  /** Removes an object; in a versioned bucket its bytes stay as long as the bucket keeps what was removed. */
  remove(key: string): Promise<void>;
}

/** Removal from a bucket. */
export function s3ObjectRemoval(client: S3Client, bucket: string): ObjectRemoval {
  return {
    async listAfter(prefix, after, limit) {
      const { Contents } = await atEdge('S3 ListObjectsV2', () =>
        client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: limit, ...(after ? { StartAfter: after } : {}) }),
        ),
      );
      return (Contents ?? []).flatMap(({ Key, ...object }) => (Key === undefined ? [] : infoOf(Key, object.Size, object)));
    },
    async remove(key) {
      await atEdge('S3 DeleteObject', () => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })));
    },
  };
}
