import { S3Client } from '@aws-sdk/client-s3';
import { ATTEMPTS, answersWithObjects } from './client-limits.ts';

/**
 * The S3 client of the adapters; region, endpoint and credentials come from the environment. `forLinks` leaves out the
 * checksum of the body, which is unknown when a link is signed.
 */
export function connectS3(env: Readonly<Record<string, string | undefined>>, forLinks = false): S3Client {
  // A local endpoint rarely has a host name for each bucket.
  const forcePathStyle = (env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']) !== undefined;
  return new S3Client({
    maxAttempts: ATTEMPTS,
    requestHandler: answersWithObjects,
    forcePathStyle,
    ...(forLinks ? { requestChecksumCalculation: 'WHEN_REQUIRED' } : {}),
  });
}
