import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { UploadLinks } from '../../ports/object-store.ts';
import { atEdge } from './service-errors.ts';

/** Presigned links to PUT an object. Needs a client made for links: connectS3(env, true). */
export function s3UploadLinks(client: S3Client, bucket: string): UploadLinks {
  return {
    uploadUrl: (key, seconds) =>
      atEdge('S3 presign', () =>
        getSignedUrl(client, new PutObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: seconds }),
      ),
  };
}
