import { DeleteObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { ObjectInfo } from '../../ports/object-store.ts';
import { infoOf } from './object-store.ts';
import { atEdge } from './service-errors.ts';

/** Objects that are past keeping, found in order and removed: apart from `ObjectStore`, since only one function may. */
export interface ObjectRemoval {
  /** The next objects below a prefix whose keys come after one: `limit` of them, or all there are. */
  listAfter(prefix: string, after: string | undefined, limit: number): Promise<readonly ObjectInfo[]>;
  /** Removes an object; in a versioned bucket its bytes stay as long as the bucket keeps what was removed. */
  remove(key: string): Promise<void>;
}

/** Removal from a bucket. */
export function s3ObjectRemoval(client: S3Client, bucket: string): ObjectRemoval {
  return {
    async listAfter(prefix, after, limit) {
      const found: ObjectInfo[] = [];
      let [last, more] = [after, true];
      // A listing may break off before it has as many as were asked for.
      while (more && found.length < limit) {
        const [StartAfter, MaxKeys] = [last, limit - found.length];
        const { Contents = [], IsTruncated } = await atEdge('S3 ListObjectsV2', () =>
          client.send(
            new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys, ...(StartAfter ? { StartAfter } : {}) }),
          ),
        );
        found.push(...Contents.flatMap(({ Key, ...object }) => (Key === undefined ? [] : infoOf(Key, object.Size, object))));
        last = found.at(-1)?.key;
        more = IsTruncated === true && Contents.length > 0;
      }
      return found;
    },
    async remove(key) {
      await atEdge('S3 DeleteObject', () => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })));
    },
  };
}
