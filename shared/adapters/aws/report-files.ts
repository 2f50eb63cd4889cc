import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ReportFiles } from '../../ports/report-job-store.ts';
import { s3ObjectStore } from './object-store.ts';
import { atEdge } from './service-errors.ts';

/** Reports in a bucket. Only what makes reports may delete, and only below `reports/`. */
export function s3ReportFiles(client: S3Client, bucket: string): ReportFiles {
  const store = s3ObjectStore(client, bucket);
  return {
    ...store,
    async remove(key) {
      if ((await store.info(key)) === undefined) return false;
      await atEdge('S3 DeleteObject', () => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })));
      return true;
    },
  };
}
