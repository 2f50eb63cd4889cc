import { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { sdkStreamMixin } from '@smithy/util-stream';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createHandler } from '../../../../functions/normalize-file/handler.ts';
import { stoppedClock } from '../../../../infra/local/clock.ts';
import { openPlatform } from '../../../../infra/local/platform.ts';
import { s3DroppedObject } from '../../../../shared/adapters/aws/dropped-object.ts';
import { s3ObjectStore } from '../../../../shared/adapters/aws/object-store.ts';
import type { Instant } from '../../../../shared/calendar/plain-date.ts';
import { catalog } from '../../../../shared/catalog/index.ts';
import { collect } from '../../../contract/subject.ts';
import { silentLog } from '../../../whole-way/silent-log.ts';
import { HEADER, row } from '../../intake/read-file.ts';
import { withFolder } from '../embedded/data-folder.ts';

const KEY = 'inbox/medical-insurance/inpatient-settlement/2024-03/三月.csv';
const RECEIPT = 'receipts/medical-insurance/inpatient-settlement/2024-03/三月.csv.json';

const s3 = mockClient(S3Client);
const client = new S3Client({ region: 'cn-north-1' });
const store = s3ObjectStore(client, 'exchange');

interface Version {
  readonly id: string;
  readonly bytes: Buffer;
  readonly at: Date;
}

/** A bucket that keeps every version, the latest one last; nothing under the key once it was deleted. */
const bucket = { versions: [] as Version[], deleted: false, others: new Map<string, string>() };

function drop(content: string): string {
  const n = bucket.versions.length + 1;
  bucket.versions.push({ id: `v${n}`, bytes: Buffer.from(content), at: new Date(Date.UTC(2024, 4, 1, 0, 0, n)) });
  return `v${n}`;
}

beforeEach(() => {
  Object.assign(bucket, { versions: [], deleted: false, others: new Map() });
  s3.reset();
  const found = ({ VersionId }: { VersionId?: string | undefined }): Version => {
    const version = VersionId === undefined ? bucket.versions.at(-1) : bucket.versions.find(({ id }) => id === VersionId);
    if (version === undefined || (VersionId === undefined && bucket.deleted)) {
      throw Object.assign(new Error(), { name: 'NotFound', $metadata: { httpStatusCode: 404 } });
    }
    return version;
  };
  const told = ({ id, bytes, at }: Version) => ({
    VersionId: id,
    ETag: `"${bytes.toString('hex').slice(-8)}"`,
    LastModified: at,
    ContentLength: bytes.length,
  });
  s3.on(HeadObjectCommand).callsFake((input) => told(found(input)));
  s3.on(GetObjectCommand).callsFake((input) => {
    const version = found(input);
    return { ...told(version), Body: sdkStreamMixin(Readable.from([version.bytes])) };
  });
  s3.on(PutObjectCommand).callsFake(({ Key, Body }) => {
    bucket.others.set(Key, Buffer.from(Body).toString());
    return {};
  });
});

const at = (version: string) => s3DroppedObject(store, client, 'exchange', { key: KEY, version });
const bytes = async (version: string) => Buffer.concat(await collect(at(version).read(KEY))).toString();

describe('a drop that another came after under the same name', () => {
  it('is there with its own bytes, and known by the id it has without the other', async () => {
    const first = drop('first');
    const alone = await at(first).info(KEY);
    const second = drop('second one');
    expect(await at(first).info(KEY)).toEqual(alone);
    expect(await at(second).info(KEY)).toEqual(await store.info(KEY));
    expect([await bytes(first), await bytes(second)]).toEqual(['first', 'second one']);
  });

  it('is answered beside the other, whose answer stays', async () => {
    const [first, second] = [drop('first'), drop('second')];
    await at(second).write(RECEIPT, Buffer.from('to the second'));
    await at(first).write(RECEIPT, Buffer.from('to the first'));
    expect(bucket.others.get(RECEIPT)).toBe('to the second');
    const [beside] = [...bucket.others.keys()].filter((key) => key !== RECEIPT);
    expect(beside).toMatch(/\.csv\.json\.before-[0-9a-f]{8}$/);
    expect(bucket.others.get(beside ?? '')).toBe('to the first');
  });

  it('is gone when its sender has deleted what is under the name, or the bucket no longer keeps it', async () => {
    const first = drop('first');
    drop('second');
    bucket.deleted = true;
    expect(await at(first).info(KEY)).toBeUndefined();
    bucket.deleted = false;
    expect(await at('v0').info(KEY)).toBeUndefined();
  });

  it('is read, entered and answered like the other, in whatever order they are announced', () =>
    withFolder(async (folder) => {
      const platform = openPlatform(folder, stoppedClock('2024-05-01T01:00:00.000Z' as Instant), silentLog);
      const { files, identities, queue } = platform.stores;
      const handle = createHandler({
        ...platform,
        catalog,
        exchange: store,
        exchangeOf: (one) => s3DroppedObject(store, client, 'exchange', one),
        register: files,
        vault: identities,
        queue,
        deadLetters: queue,
        queueOf: () => 'files',
      });
      const [first, second] = ['1000.00', '2000.00'].map((selfPaid) => drop([HEADER, row(1, { 7: selfPaid }), ''].join('\n')));
      for (const version of [second, first, first]) {
        const object = { key: KEY, 'version-id': version };
        const body = JSON.stringify({ source: 'aws.s3', 'detail-type': 'Object Created', detail: { object } });
        const attributes = { ApproximateReceiveCount: '1' };
        const answer = await handle({ Records: [{ messageId: 'm', body, eventSourceARN: 'arn:files', attributes }] });
        expect(answer).toEqual({ batchItemFailures: [] });
      }
      const entered = (await files.list({ limit: 10 })).files;
      expect(entered.map(({ receipt }) => [receipt?.status, receipt?.rows.accepted])).toEqual([
        ['accepted', 1],
        ['accepted', 1],
      ]);
      expect(new Set(entered.map(({ sha256 }) => sha256)).size).toBe(2);
      expect(JSON.parse(bucket.others.get(RECEIPT) ?? '')).toMatchObject({ totals: { selfPaid: 200_000 } });
      await platform.close();
    }));
});
