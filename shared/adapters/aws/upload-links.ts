import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { DownloadLinks, UploadLinks } from '../../ports/object-store.ts';
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

/** Presigned links to GET an object. Needs a client made for links, as above. */
export function s3DownloadLinks(client: S3Client, bucket: string): DownloadLinks {
  return {
    downloadUrl: (key, name, seconds) => {
      const ResponseContentDisposition = `attachment; filename*=UTF-8''${encodeURIComponent(name)}`;
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, ResponseContentDisposition });
      return atEdge('S3 presign', () => getSignedUrl(client, command, { expiresIn: seconds }));
    },
  };
}
