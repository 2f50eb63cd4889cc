import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { s3EventArchive } from '../../shared/adapters/aws/event-archive.ts';
import { s3ObjectStore } from '../../shared/adapters/aws/object-store.ts';
import { s3ReportArchive } from '../../shared/adapters/aws/report-archive.ts';
import type { Table } from '../../shared/adapters/aws/table.ts';
import { dynamoVerifiedDays } from '../../shared/adapters/aws/verified-days.ts';
import type { ArchiveForReports } from '../contract/report-archive.contract.ts';
import { collect, type Subject } from '../contract/subject.ts';

/** The archive of a bucket as reports read it, with copies in a folder of its own. */
export function archiveInBucket(s3: S3Client, bucket: string, table: Table): Subject<ArchiveForReports> {
  const scratch = mkdtempSync(join(tmpdir(), 'aidwatch-copies-'));
  const [archive, objects] = [s3EventArchive(s3, bucket, table), s3ObjectStore(s3, bucket)];
  return {
    port: {
      archive,
      reports: s3ReportArchive({ archive, objects, verified: dynamoVerifiedDays(table), scratch }),
      scratch,
      async tamper(name, change) {
        const key = `archive/${name}`;
        await objects.write(key, change(Buffer.concat(await collect(objects.read(key)))));
      },
    },
    events: async () => [],
    close: async () => rmSync(scratch, { recursive: true, force: true }),
  };
}
