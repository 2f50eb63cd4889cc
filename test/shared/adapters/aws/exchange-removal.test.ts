import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { s3ObjectRemoval } from '../../../../shared/adapters/aws/exchange-removal.ts';

const s3 = mockClient(S3Client);
const removal = s3ObjectRemoval(new S3Client({ region: 'cn-north-1' }), 'exchange');

beforeEach(() => s3.reset());

it('goes on where a listing breaks off before it has as many as were asked for: fewer than those would be the end', async () => {
  s3.on(ListObjectsV2Command)
    .resolvesOnce({ Contents: [{ Key: 'inbox/a' }, { Key: 'inbox/b' }], IsTruncated: true })
    .resolvesOnce({ Contents: [{ Key: 'inbox/c' }], IsTruncated: true });
  const found = await removal.listAfter('inbox/', undefined, 3);
  expect(found.map(({ key }) => key)).toEqual(['inbox/a', 'inbox/b', 'inbox/c']);
  const asked = s3.commandCalls(ListObjectsV2Command).map((call) => call.args[0].input);
  expect(asked.map(({ StartAfter, MaxKeys }) => [StartAfter, MaxKeys])).toEqual([
    [undefined, 3],
    ['inbox/b', 1],
  ]);
});
