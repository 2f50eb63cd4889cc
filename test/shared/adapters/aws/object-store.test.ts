import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { sdkStreamMixin } from '@smithy/util-stream';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { s3ObjectStore } from '../../../../shared/adapters/aws/object-store.ts';
import { collect } from '../../../contract/subject.ts';

const s3 = mockClient(S3Client);
const store = s3ObjectStore(new S3Client({ region: 'cn-north-1' }), 'exchange');

beforeEach(() => s3.reset());

function failure(name: string, status: number): Error {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
}

describe('reading from S3', () => {
  it('says to try again when the service asks to slow down', async () => {
    s3.on(GetObjectCommand).rejects(failure('SlowDown', 503));
    await expect(collect(store.read('inbox/a.csv'))).rejects.toMatchObject({ name: 'RetryLaterError' });
  });

  it('says to try again when the connection is lost in the middle, after what came before', async () => {
    async function* cut() {
      yield Buffer.from('first part');
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    }
    s3.on(GetObjectCommand).callsFake(() => ({ Body: sdkStreamMixin(Readable.from(cut(), { objectMode: false })) }));
    const seen: string[] = [];
    const reading = async () => {
      for await (const chunk of store.read('inbox/a.csv')) seen.push(Buffer.from(chunk).toString());
    };
    await expect(reading()).rejects.toMatchObject({ name: 'RetryLaterError' });
    expect(seen).toEqual(['first part']);
  });

  it('does not take a forbidden object for an absent one', async () => {
    s3.on(HeadObjectCommand).rejects(failure('Forbidden', 403));
    await expect(store.info('inbox/a.csv')).rejects.toMatchObject({ name: 'PermanentError' });
  });
});

describe('writing large objects to S3', () => {
  it('gives up the upload and reports the first fault, even when giving up fails too', async () => {
    s3.on(CreateMultipartUploadCommand).resolves({ UploadId: 'upload-1' });
    s3.on(UploadPartCommand).resolvesOnce({ ETag: '"1"' }).rejects(failure('SlowDown', 503));
    s3.on(AbortMultipartUploadCommand).rejects(failure('InternalError', 500));
    async function* parts() {
      for (let n = 0; n < 20; n += 1) yield new Uint8Array(1_000_000);
    }
    await expect(store.write('rejects/a.csv', parts())).rejects.toMatchObject({ name: 'RetryLaterError' });
    expect(s3.commandCalls(AbortMultipartUploadCommand)[0]?.args[0].input.UploadId).toBe('upload-1');
  });
});
